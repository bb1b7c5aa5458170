"""What everybody in the hall sees: the board, the own ticket, the hall itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from qingyu.cases import tokens
from qingyu.cases.wording import sentence
from qingyu.hall import appointments, operations, queries
from qingyu.hall.models import Ticket
from qingyu.hall.views import parts, taking
from qingyu.people import queries as people
from qingyu.people.doors import open_door
from qingyu.rules.refusals import NotAllowed


@open_door
@never_cache
@require_safe
def board(request: HttpRequest, code: str) -> HttpResponse:
    """The screen over the hall; six statements at most."""
    hall = queries.hall(code)
    context = {"hall": hall, "state": queries.state(hall, at=datetime.now(UTC)), "events": taking.events_of(hall)}
    return render(request, "hall/board.html", context)


@open_door
@never_cache
@require_safe
def halls(request: HttpRequest) -> HttpResponse:
    """Every hall; where there is only one, that one."""
    found = list(queries.halls().values())
    if len(found) == 1:
        return redirect("hall", found[0].code)
    return render(request, "hall/public_halls.html", {"halls": found})


@open_door
@never_cache
@require_safe
def hall(request: HttpRequest, code: str) -> HttpResponse:
    """What the hall offers and how long it takes now; a ticket by the own phone."""
    found, at = queries.hall(code), datetime.now(UTC)
    state = queries.state(found, at=at)
    context = {
        "hall": found,
        "state": state,
        "events": taking.events_of(found),
        "appointments": appointments.terms(found, on=people.city_day(at)) is not None,
    }
    context |= parts.door(found, state, at=at)
    return render(request, "hall/hall.html", context)


@open_door
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ticket(request: HttpRequest, ticket: str) -> HttpResponse:
    """The own ticket, live; posted: the person no longer waits."""
    found = queries.ticket(ticket)
    error = ""
    if request.method == "POST":
        try:
            operations.leave(found, at=datetime.now(UTC))
            return redirect("ticket", ticket)
        except NotAllowed as refusal:
            error = sentence(refusal)
            found = queries.ticket(ticket)
    return render(request, "hall/ticket.html", _shown(found) | {"error": error}, status=409 if error else 200)


def _shown(found: Ticket) -> dict[str, Any]:
    outlook = queries.outlook(found) if found.state == Ticket.State.WAITING else None
    return {
        "ticket": found,
        "hall": found.hall,
        "outlook": outlook,
        "wait": outlook.minutes if outlook else None,
        "needs": taking.words_of(found.need_set),
        "events": taking.events_of(found.hall),
        "language": get_language(),
        "rate": tokens.rating_token(found.case) if found.case else "",
        "title": _("Number %(number)s") % {"number": found.number},
    }
