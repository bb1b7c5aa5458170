"""The kiosk: a service, a need, a number. At most six buttons on a screen, no scripts needed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qingyu.cases.actors import CITIZEN
from qingyu.cases.wording import sentence
from qingyu.hall import appointments, queries
from qingyu.hall.models import Hall, Ticket
from qingyu.hall.views import parts, taking
from qingyu.people import queries as people
from qingyu.people.doors import open_door
from qingyu.rules.refusals import Refusal

BUTTONS = 6
SOURCES = {"phone": "phone"}
READING = ("qingyu_mode", "qingyu_contrast")


@open_door
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk(request: HttpRequest, code: str) -> HttpResponse:
    """GET: the services, or with ``service`` the needs. POST: the ticket."""
    hall = queries.hall(code)
    context = {"hall": hall, "low": "low" in request.GET, "source": "phone" if "phone" in request.GET else "kiosk"}
    if request.method == "POST":
        return _issue(request, hall, context)
    if "service" in request.GET:
        service = queries.service(hall, request.GET["service"])
        more = {"service": service, "needs": taking.need_choices(), "key": taking.new_key()}
        return render(request, "hall/kiosk_need.html", context | more)
    return render(request, "hall/kiosk.html", context | _screen(hall, request.GET.get("from", "0")))


def _screen(hall: Hall, start: str) -> dict[str, Any]:
    """Up to six services, or five and one button that leads on."""
    state = queries.state(hall, at=datetime.now(UTC))
    found = state["services"]
    first = int(start) if start.isdecimal() and int(start) < len(found) else 0
    rest = found[first:]
    all_fit = len(found) <= BUTTONS
    shown = rest if all_fit else rest[: BUTTONS - 1]
    following = first + len(shown) if first + len(shown) < len(found) else 0
    booked = appointments.terms(hall, on=people.city_day(datetime.now(UTC))) is not None
    screen = {"services": shown, "more": not all_fit, "following": following, "state": state, "appointments": booked}
    return screen | parts.door(hall, state, at=datetime.now(UTC))


def _issue(request: HttpRequest, hall: Hall, context: dict[str, Any]) -> HttpResponse:
    service = queries.service(hall, request.POST.get("service", ""))
    at, source = datetime.now(UTC), SOURCES.get(request.POST.get("source", ""), "kiosk")
    caller = "kiosk" if source == "kiosk" else "phone"
    context |= {"source": source}
    try:
        ticket, outlook = taking.take(request, service, caller=caller, by=CITIZEN, source=source, at=at)
    except Refusal as refusal:
        more = {"service": service, "needs": taking.need_choices(), "key": taking.new_key()}
        return render(request, "hall/kiosk_need.html", context | more | {"error": sentence(refusal)}, status=422)
    if source == "phone":
        return redirect("ticket", ticket.ticket)
    return _slip(request, ticket, outlook, context)


@open_door
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def arrival(request: HttpRequest, code: str) -> HttpResponse:
    """Whoever has an appointment is there: code or phone. POST: the ticket."""
    hall = queries.hall(code)
    context = {"hall": hall, "low": "low" in request.GET, "source": "kiosk"}
    if request.method != "POST":
        return render(request, "hall/kiosk_arrival.html", context)
    try:
        ticket = taking.arrive(
            hall, request.POST.get("appointment", ""), by=CITIZEN, source="kiosk", at=datetime.now(UTC)
        )
    except Refusal as refusal:
        return render(request, "hall/kiosk_arrival.html", context | {"error": sentence(refusal)}, status=422)
    return _slip(request, ticket, queries.outlook(ticket), context)


def _slip(request: HttpRequest, ticket: Ticket, outlook: queries.Outlook, context: dict[str, Any]) -> HttpResponse:
    shown = {"ticket": ticket, "outlook": outlook, "wait": outlook.minutes, "needs": taking.words_of(ticket.need_set)}
    qr = taking.picture(taking.address(ticket))
    response = render(request, "hall/kiosk_ticket.html", context | shown | {"qr": qr}, status=201)
    response["Referrer-Policy"] = "no-referrer"
    for name in (*READING, settings.LANGUAGE_COOKIE_NAME):  # whoever comes next begins anew
        response.delete_cookie(name, samesite="Lax")
    return response
