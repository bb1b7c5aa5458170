"""Time limits: what is in force, what other cities have, and from which day on something else holds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingyu.cases.limits import LAST_RESORT
from qingyu.cases.models import Case, TimeLimit
from qingyu.cases.operations import reference
from qingyu.cases.operations.reference.limits import CLOCKS, OWN, catalogue
from qingyu.desk.administration import labels, queries
from qingyu.desk.administration.forms import policy as forms
from qingyu.desk.administration.views.acting import Page, answer
from qingyu.desk.administration.views.staff import posts
from qingyu.people.doors import staff_door
from qingyu.people.models import Staff
from qingyu.people.queries import city_day

MANAGES = "routes.manage"


@dataclass(frozen=True)
class Line:
    """One limit in words; ``row`` is None for the house's own figure."""

    row: TimeLimit | None
    step: labels.Words
    type: labels.Words
    urgency: labels.Words
    amount: int
    unit: labels.Words
    clock: str


@require_safe
@staff_door(MANAGES)
def listed(request: HttpRequest) -> HttpResponse:
    """What holds now and later, and the catalogue."""
    today = city_day(datetime.now(UTC))
    holding = TimeLimit.objects.filter(in_force=True).exclude(valid_to__lt=today)
    context = {"lines": _lines(list(holding)), "presets": _presets(), "today": today, "here": "limits"}
    return render(request, "desk/administration/limits.html", context)


def _lines(rows: list[TimeLimit]) -> list[Line]:
    """In the order of the work; steps without a row show the house's own figure."""
    found = []
    for clock in CLOCKS:
        own = sorted((row for row in rows if row.clock == clock), key=lambda r: (r.urgency, r.type, r.valid_from))
        found += [_line(row) for row in own] or [_default(clock)]
    return found


def _line(row: TimeLimit) -> Line:
    type_ = Case.Type(row.type).label if row.type else _("every type")
    type_ = f"{labels.DOORS[row.door]}, {type_}" if row.door in labels.DOORS else type_
    urgency = Case.Urgency(row.urgency).label if row.urgency else _("every urgency")
    return Line(
        row, labels.CLOCKS.get(row.clock, row.clock), type_, urgency, row.amount, labels.AMOUNTS[row.unit], row.clock
    )


def _default(clock: str) -> Line:
    limit = LAST_RESORT[clock]
    every = _("every type"), _("every urgency")
    return Line(None, labels.CLOCKS[clock], *every, limit.amount, labels.AMOUNTS[limit.unit], clock)


def _presets() -> list[dict[str, Any]]:
    """Every set with its cities, how many rows, how many of them checked; one statement."""
    rows = defaultdict(list)
    for row in TimeLimit.objects.exclude(preset=OWN).order_by("preset", "pk"):
        rows[row.preset].append(row)
    return [
        {
            "code": preset,
            "cities": sorted({row.city for row in found if row.city}),
            "rows": len(found),
            "checked": sum(row.verified for row in found),
            "in_force": any(row.in_force for row in found),
        }
        for preset, found in rows.items()
    ]


@posts
@staff_door(MANAGES)
def preset(request: HttpRequest, preset: str) -> HttpResponse:
    """One set in full, to be chosen from a day on."""
    rows = catalogue(preset)
    if not rows:
        raise Http404

    def act(form: Any, by: Staff, at: datetime) -> str:
        data = form.cleaned_data
        reference.choose_preset(preset, starts=data["starts"], by=by, at=at, reason=data["reason"])
        return reverse("admin_limits")

    return answer(
        request,
        Page(
            title=_("Choose this set"),
            form=forms.StartsForm,
            act=act,
            back=reverse("admin_limits"),
            here="limits",
            button=_("Choose it from that day on"),
            done=_("The set is chosen."),
            template="desk/administration/preset.html",
            intro=_(
                "New cases get these limits from that day on. Clocks that run keep theirs, and so "
                "does every promise made."
            ),
            context={"preset": preset, "lines": _lines(rows)},
        ),
    )


@posts
@staff_door(MANAGES)
def own(request: HttpRequest) -> HttpResponse:
    """A limit of the city's own."""

    def act(form: Any, by: Staff, at: datetime) -> str:
        given = {name: value for name, value in form.cleaned_data.items() if name not in ("seen", "key")}
        reference.set_limit(**given, by=by, at=at)
        return reverse("admin_limits")

    names = ("clock", "type", "urgency", "door", "amount", "unit")
    return answer(
        request,
        Page(
            title=_("Set a time limit"),
            form=forms.LimitForm,
            act=act,
            back=reverse("admin_limits"),
            here="limits",
            button=_("Set it"),
            done=_("The time limit is set."),
            initial={n: request.GET[n] for n in names if n in request.GET},
            intro=_("The row for the same step, type and urgency ends the day before. Clocks that run keep theirs."),
        ),
    )


def _row_page(row: TimeLimit, **more: Any) -> Page:
    line = _line(row)
    about = f"{line.step} · {line.type} · {line.urgency}: {line.amount} {line.unit}"
    return Page(
        row=row,
        subject=f"limit:{row.pk}",
        back=reverse("admin_limits"),
        here="limits",
        context={"about": about, "changes": queries.about(f"limit:{row.pk}")},
        **more,
    )


@posts
@staff_door(MANAGES)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """A row that no longer holds from a day on."""
    row = get_object_or_404(TimeLimit, pk=pk, in_force=True)

    def act(form: Any, by: Staff, at: datetime) -> str:
        reference.end_limit(row, starts=form.cleaned_data["starts"], by=by, at=at, reason=form.cleaned_data["reason"])
        return reverse("admin_limits")

    return answer(
        request,
        _row_page(
            row,
            title=_("End the time limit"),
            form=forms.StartsForm,
            act=act,
            button=_("End it"),
            danger=True,
            done=_("The time limit is ended."),
            intro=_(
                "From that day on the next wider row holds, or the house's own figure. Clocks that run keep theirs."
            ),
        ),
    )


@posts
@staff_door(MANAGES)
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody has read the source."""
    row = get_object_or_404(TimeLimit, pk=pk)

    def act(form: Any, by: Staff, at: datetime) -> str:
        reference.verify_limit(
            row, source=form.cleaned_data["source"], by=by, at=at, reason=form.cleaned_data["reason"]
        )
        return reverse("admin_limits")

    return answer(
        request,
        _row_page(
            row,
            title=_("Check against the source"),
            form=forms.SourceForm,
            act=act,
            button=_("The figure is right"),
            done=_("Marked as checked."),
            initial={"source": row.source},
            intro=row.source,
        ),
    )
