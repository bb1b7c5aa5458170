"""The next case to send, with what past cases say about it; and returns to decide, with both sides' reasons."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qingyu.cases import queries
from qingyu.cases.models import Case
from qingyu.cases.queries import Wanted
from qingyu.cases.staff import acts, baskets, file
from qingyu.cases.staff.views.page import blank
from qingyu.people.doors import staff_door
from qingyu.people.policy import Viewer

ROUND = ("route", "answer_at_once", "divert", "refuse", "classify")
DISPUTE = ("arbitrate",)


@require_safe
@staff_door("case.dispatch", "case.arbitrate")
def dispatch(request: HttpRequest) -> HttpResponse:
    """One case at a time, first due first; ``?skip=`` passes over as many, ``?what=disputed`` the returns."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    at = datetime.now(UTC)
    disputed = request.GET.get("what") == "disputed" or not viewer.may("case.dispatch")
    skip = baskets.number(request.GET.get("skip", "")) or 0
    name = "disputed" if disputed else "received"
    case, skipped = _next(viewer, name, skip)
    counted = baskets.counts(viewer, at=at)
    context: dict[str, Any] = {
        "what": name, "skip": skip + 1 if skipped else 0, "at": at, "from_dispatch": True,
        "received": counted.get("received"), "disputed": counted.get("disputed"), "count": counted.get(name, 0),
    }  # fmt: skip
    if case:
        context |= _case(viewer, case, at, DISPUTE if disputed else ROUND)
    return render(request, "cases/staff/dispatch.html", context)


def _next(viewer: Viewer, basket: str, skip: int) -> tuple[Case | None, bool]:
    """The case at that place of the basket, and whether there is another behind it."""
    found = queries.filtered(viewer, Wanted(basket=basket), most=skip + 2).select_related("title")[skip : skip + 2]
    rows = list(found)
    if not rows and skip:
        return _next(viewer, basket, 0)
    return (rows[0] if rows else None), len(rows) > 1


def _case(viewer: Viewer, case: Case, at: datetime, wanted: tuple[str, ...]) -> dict[str, Any]:
    context = file.read(viewer, case, at=at)
    suggestions = acts.in_words(acts.suggested(case)) if case.state == Case.State.RECEIVED else []
    spoke = [word for row in suggestions for word in row["words"]]
    offers = [
        (act, None if act.page else blank(act, case, viewer), act.name in DISPUTE)
        for act in acts.offered(viewer, case) if act.name in wanted
    ]  # fmt: skip
    return {
        **context,
        "suggestions": suggestions,
        "marked": file.marked(context["words"], spoke),
        "offers": offers,
        "main": "arbitrate",
        "sides": sides(context["timeline"]),
    }


def sides(timeline: list[queries.Entry]) -> dict[str, Any]:
    """What the unit says against the case and what the centre said when it sent it."""
    returned = next((entry for entry in reversed(timeline) if entry.kind == "returned"), None)
    routed = next((entry for entry in reversed(timeline) if entry.kind == "routed"), None)
    if returned is None:
        return {}
    return {
        "unit": returned, "reason": file.reason_name(str(returned.facts.get("reason", ""))),
        "proposed": queries.unit_name(returned.facts.get("proposed")), "centre": routed,
        "returns": sum(1 for entry in timeline if entry.kind == "returned"),
    }  # fmt: skip
