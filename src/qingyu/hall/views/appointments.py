"""Booking a time, step by step and without scripts: service, day, time, name and phone; a receipt with a code."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qingyu.cases.idempotency import Call, once
from qingyu.cases.wording import sentence
from qingyu.hall import appointments, operations, queries
from qingyu.hall.appointments import Free
from qingyu.hall.models import Appointment, Hall, Service
from qingyu.hall.views import taking
from qingyu.people import queries as people
from qingyu.people.doors import open_door
from qingyu.rules.refusals import NotAllowed, NotValid, Refusal

NOON = 12
FIELDS = {"phone_not_valid": "phone", "visitor_name_missing": "name"}  # where the form shows the error


@open_door
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """What the address names already is chosen; the next step is asked for. Posted: booked, or moved."""
    hall, at = queries.hall(code), datetime.now(UTC)
    moving = appointments.by_code(hall, request.GET["code"]) if request.GET.get("code") else None
    if request.method == "POST":
        return _post(request, hall, moving, at)
    return _step(request, hall, moving, at, request.GET.get("service", ""))


def _step(
    request: HttpRequest, hall: Hall, moving: Appointment | None, at: datetime, letter: str, **more: Any
) -> HttpResponse:
    status = 422 if "error" in more else 200
    context = {"hall": hall, "moving": moving, "steps": 3 if moving else 4} | more
    services = appointments.bookable(hall, at=at)
    service = moving.service if moving else next((one for one in services if one.code == letter), None)
    if service is None:
        return render(request, "hall/appointment_service.html", context | {"services": services}, status=status)
    context |= {"service": service}
    day = parse_date_or_none(request.GET.get("day", ""))
    if day is None or day not in appointments.open_days(hall, at=at):
        days = appointments.days(service, at=at) if services else []
        return render(request, "hall/appointment_day.html", context | {"days": days}, status=status)
    found = appointments.slots(service, day)
    starts = moment(request.GET.get("at", ""))
    if moving or starts not in [slot.starts_at for slot in found] or more.get("full"):
        context |= {"day": day, "halves": _halves(found), "key": taking.new_key()}
        return render(request, "hall/appointment_slot.html", context, status=status)
    context |= {"day": day, "starts": starts, "needs": taking.need_choices(), "key": taking.new_key()}
    return render(request, "hall/appointment_who.html", context, status=status)


def parse_date_or_none(text: str) -> date | None:
    """The day, or None where it is none."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def moment(text: str) -> datetime | None:
    """An instant with its zone, or None; a plus sign that an address turned into a space is put back."""
    try:
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None
    return found.astimezone(UTC) if found and found.tzinfo else None


def _halves(found: list[Free]) -> list[list[Free]]:
    """Morning and afternoon."""
    local = [(slot, localtime(slot.starts_at).hour < NOON) for slot in found]
    halves = [[slot for slot, early in local if early is half] for half in (True, False)]
    return [half for half in halves if half]


def _post(request: HttpRequest, hall: Hall, moving: Appointment | None, at: datetime) -> HttpResponse:
    said = {name: request.POST.get(name, "")[:80] for name in ("service", "starts", "name", "phone")}
    try:
        code = _moved(moving, said, at) if moving else _booked(request, hall, said, at)
    except Refusal as refusal:
        field = refusal.facts.get("field", "") or FIELDS.get(refusal.code, "")
        more = {"error": sentence(refusal), "field": field, "said": said, "chosen": request.POST.getlist("need")}
        if isinstance(refusal, NotAllowed) or field == "starts":
            more |= {"full": True}
        return _step(request, hall, moving, at, said["service"], **more)
    return redirect(f"{reverse('hall_appointment', args=[hall.code])}?code={code}")


def _moved(moving: Appointment, said: dict[str, str], at: datetime) -> str:
    operations.move(moving, to=_starts(said), at=at)
    return str(moving.code)


def _starts(said: dict[str, str]) -> datetime:
    starts = moment(said["starts"])
    if starts is None:
        raise NotValid("slot_unknown", field="starts")
    return starts


def _booked(request: HttpRequest, hall: Hall, said: dict[str, str], at: datetime) -> str:
    service: Service = queries.service_of(hall, said["service"])
    needs = [need for need in request.POST.getlist("need") if need]
    body = "\n".join([*said.values(), *sorted(needs)]).encode()

    def act() -> tuple[int, str]:
        booked = operations.book(
            service, starts=_starts(said), name=said["name"], phone=said["phone"], needs=needs, at=at
        )
        return 201, booked.code

    key = request.POST.get("key", "")[:64]
    return once(Call("appointment", f"book:{hall.pk}", key, body), act, at=at)[1]


@open_door
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, code: str) -> HttpResponse:
    """The receipt of one appointment, found by its code; posted: it is cancelled."""
    hall, at = queries.hall(code), datetime.now(UTC)
    said = request.GET.get("code", "") or request.POST.get("code", "")
    try:
        found = appointments.by_code(hall, said)
    except queries.NoSuchHall:
        context = {"hall": hall, "said": said[:20], "missing": bool(said)}
        return render(request, "hall/appointment_find.html", context, status=404 if said else 200)
    error = ""
    if request.method == "POST":
        try:
            operations.cancel(found, at=at)
        except NotAllowed as refusal:
            error = sentence(refusal)
    return render(request, "hall/appointment.html", _receipt(found, at, error), status=409 if error else 200)


def _receipt(found: Appointment, at: datetime, error: str) -> dict[str, Any]:
    policy = appointments.terms(found.hall, on=people.city_day(at))
    until = appointments.last_change(found, policy) if policy else None
    return {
        "hall": found.hall, "appointment": found, "who": appointments.clear(found), "error": error,
        "until": until, "changeable": bool(until and at <= until and found.state == "booked"),
        "needs": taking.words_of(frozenset(filter(None, found.needs.split(",")))),
        "grace": policy.grace_minutes if policy else 0,
    }  # fmt: skip
