"""Pages that show several apps at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from qingyu.cases import actors
from qingyu.cases.staff import showing
from qingyu.cases.wording import sentence
from qingyu.desk import handover, queries
from qingyu.hall import queries as halls
from qingyu.people.doors import staff_door
from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotPermitted, Refusal

LISTS = {
    "late": _("overdue"),
    "soon": _("due within 24 hours"),
    "received": _("to dispatch"),
    "disputed": _("returns to decide"),
    "review": _("answers to review"),
    "extension": _("extensions to decide"),
}
LINKED = ("late", "received", "disputed", "review", "extension")
CHART_HEIGHT, BAR, GAP = 120, 32, 8


@staff_door("case.supervise", "assessment.read")
@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What is about to be late, what is, and where it sticks; at most ten statements with who asks."""
    at, viewer = datetime.now(UTC), _viewer(request)
    late = queries.late_units(viewer, at=at)
    counted = queries.counts(viewer, at=at)
    context = {
        "figures": [(_list(name), counted[name], words) for name, words in LISTS.items()],
        "soon": showing.lines(queries.due_soon(viewer, at=at), at=at),
        "late": [(unit, _share(unit.count, late.units[0].count), _list("late", unit.id)) for unit in late.units],
        "more": late.more,
        "stuck": queries.stuck(viewer),
        "bars": bars(queries.inflow(viewer, at=at)),
        "at": at,
    }
    return render(request, "desk/overview.html", context)


def _viewer(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


def _list(name: str, owner: int | None = None) -> str:
    """The address of a list; empty where there is none."""
    if name not in LINKED:
        return ""
    return f"{reverse('desk')}?{urlencode({'basket': name} | ({'owner': owner} if owner else {}))}"


def _share(count: int, most: int) -> int:
    return round(100 * count / most)


@dataclass(frozen=True)
class Bar:
    """One hour of the chart, in units of its view box."""

    hour: int
    count: int
    x: int
    y: int
    height: int

    @property
    def middle(self) -> int:
        return self.x + BAR // 2


@dataclass(frozen=True)
class Chart:
    """The bars of a day; ``total`` is their sum."""

    bars: list[Bar]
    total: int
    peak: int


def bars(counts: list[int]) -> Chart:
    """Bars of one scale for the counts of each hour from midnight on."""
    peak = max([*counts, 1])
    heights = [round(CHART_HEIGHT * count / peak) for count in counts]
    found = [
        Bar(hour, count, hour * (BAR + GAP), 20 + CHART_HEIGHT - height, height)
        for hour, (count, height) in enumerate(zip(counts, heights, strict=True))
    ]
    return Chart(found, sum(counts), peak)


class NumberForm(forms.Form):
    """What a person at the window shows."""

    number = forms.CharField(
        label=gettext_lazy("Number of the application"), max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Please enter the number.")},
    )  # fmt: skip
    proof = forms.CharField(
        label=gettext_lazy("Query code, or the phone number of the person"), max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Ask for the query code or the phone number.")},
    )  # fmt: skip


@staff_door("hall.window")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def window_application(request: HttpRequest, code: str, n: str) -> HttpResponse:
    """At a window: the application that the person names opens here, with all they have handed in."""
    window = halls.window(halls.hall(code), n)
    viewer = request.viewer  # type: ignore[attr-defined]
    if not halls.may_work(viewer, window):
        raise PermissionDenied
    form, status = NumberForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            by = actors.staff(viewer)
            case = handover.go_on(window, number=given["number"], proof=given["proof"], by=by, at=datetime.now(UTC))
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
            status = 403 if isinstance(refusal, NotPermitted) else 409
        else:
            messages.success(request, gettext("The application is open at this window. Its number stays the same."))
            return redirect("case", case.number)
    status = 422 if form.errors and status == 200 else status
    return render(request, "desk/handover.html", {"window": window, "form": form}, status=status)
