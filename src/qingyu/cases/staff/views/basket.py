"""My basket by time left."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from qingyu.cases import labels
from qingyu.cases.models import Case
from qingyu.cases.staff import baskets, options, showing
from qingyu.people.doors import staff_door
from qingyu.people.policy import Viewer


@require_safe
@staff_door()
def basket(request: HttpRequest) -> HttpResponse:
    """One basket as a list; six statements with session and user."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    at = datetime.now(UTC)
    if not baskets.of(viewer):
        return HttpResponseRedirect(_elsewhere(viewer))
    frame = shelf(request, at=at)
    return render(request, "cases/staff/desk.html", {**frame, **_list(request, viewer, frame["basket"], at)})


def _elsewhere(viewer: Viewer) -> str:
    """Where those work who have no baskets."""
    places = (("case.file", "new_case"), ("people.manage", "admin_desk"), ("operation.read", "dead_letters"))
    for permission, name in places:
        if viewer.may(permission):
            with suppress(NoReverseMatch):
                return reverse(name)
    return reverse("me")


def shelf(request: HttpRequest, *, at: datetime) -> dict[str, Any]:
    """The baskets at the left with their counts; one statement."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found, counted = baskets.of(viewer), baskets.counts(viewer, at=at)
    named = request.GET.get("basket", "")
    chosen = named if named in baskets.BY_NAME else baskets.first(found, counted)
    names = tuple(one.name for one in found)
    counts = tuple(counted.get(name) for name in names)
    open_one, none_open = (showing.shelf(names, counts, name) for name in (chosen, ""))
    return {"shelf": open_one, "shelf_closed": none_open, "basket": chosen, "counted": counted}


def _list(request: HttpRequest, viewer: Viewer, name: str, at: datetime) -> dict[str, Any]:
    wanted = baskets.wanted(name, request.GET, viewer=viewer, at=at)
    page = baskets.listed(viewer, wanted, request.GET.get("words", ""))
    kind = baskets.BY_NAME.get(name)
    mixed = kind is None or kind.mixed or bool(wanted.state)
    narrowed = any(request.GET.get(field) for field in (*baskets.FILTERS, "words"))
    return {
        "lines": showing.lines(page.rows, at=at, mixed=mixed),
        "label": kind.label if kind else "",
        "narrowed": narrowed,
        "query": baskets.address(name, request.GET),
        "plain": baskets.address(name, request.GET.__class__()),
        "page": page,
        "previous_url": baskets.address(name, request.GET, page=page.page - 1) if page.page > 1 else "",
        "next_url": baskets.address(name, request.GET, page=page.page + 1) if page.more else "",
        "filters": _filters(request) if narrowed or request.GET.get("filter") else [],
    }


def _filters(request: HttpRequest) -> list[dict[str, Any]]:
    """The selects above the list; only made when they are open, as they hold hundreds of options."""
    from django.utils.translation import gettext as _

    choices: list[tuple[str, str, options.Choices]] = [
        ("state", _("State"), [(v, labels.standing(v)) for v in Case.State.values if v != "draft"]),
        ("type", _("Type"), [(str(v), str(label)) for v, label in Case.Type.choices]),
        ("topic", _("Topic"), options.topics()),
        ("area", _("Area"), options.areas()),
        ("owner", _("Unit"), options.units()),
    ]
    return [{"name": n, "label": label, "html": _select(n, c, request.GET.get(n, ""))} for n, label, c in choices]


def _select(name: str, choices: options.Choices, chosen: str) -> str:
    widget = options.PlainSelect(filtered=len(choices) > 15)
    widget.choices = [("", "—"), *choices]
    return widget.render(name, chosen, {"id": f"filter-{name}"})
