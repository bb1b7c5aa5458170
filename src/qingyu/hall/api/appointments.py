"""Appointments as JSON: the same operations as the pages."""

# No `from __future__ import annotations`: the shape of each body is an annotation that must be a class.

from datetime import UTC, datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Header, Query, Router, Schema
from pydantic import AwareDatetime, Field

from qingyu.cases import actors
from qingyu.cases.actors import CITIZEN
from qingyu.cases.api.answers import REFUSALS, once, reply
from qingyu.cases.api.shapes import Code, Line
from qingyu.hall import appointments, operations, queries
from qingyu.hall.api.queue import Issued, Key, issued
from qingyu.hall.models import Appointment, Hall
from qingyu.people.api import bearer
from qingyu.people.bodies import Body
from qingyu.people.doors import open_door
from qingyu.people.policy import Viewer

router = Router(tags=["hall"])
OfAppointment = Annotated[str, Header("", alias="X-Query-Code", max_length=12, description="or ?code=")]
InAddress = Annotated[str, Query("", alias="code", max_length=12)]


class SlotOut(Schema):
    starts_at: str
    left: int


class DayOut(Schema):
    day: str
    slots: list[SlotOut]


class SlotsOut(Schema):
    """What may be booked now; walk-ins are not limited by it."""

    service: str
    days: list[DayOut]


class AppointmentIn(Body):
    """``starts_at`` of one of the slots; ``needs`` as for tickets."""

    service: Code
    starts_at: AwareDatetime
    name: Line
    phone: Line
    needs: Annotated[list[Code], Field(max_length=5)] = []


class AppointmentOut(Schema):
    """``code`` opens it; ``state`` booked, cancelled, arrived or missed."""

    code: str
    service: str
    starts_at: str
    state: str


class MoveIn(Body):
    starts_at: AwareDatetime


class ArrivalIn(Body):
    """``appointment``: its code; with the token of staff also the phone number it was booked with."""

    appointment: Line


@router.get("/halls/{hall}/slots", url_name="hall_slots", response={200: SlotsOut, **REFUSALS})
def slots(request: HttpRequest, hall: str, service: Code) -> HttpResponse:
    """The days and times that may be booked for a service. 409 no_appointments where the hall takes none."""
    at, found = datetime.now(UTC), queries.service_of(queries.hall(hall), service)
    days = [
        {"day": day.isoformat(),
         "slots": [{"starts_at": one.starts_at, "left": one.left} for one in appointments.slots(found, day)]}
        for day in appointments.open_days(found.hall, at=at)
    ]  # fmt: skip
    return reply({"service": found.code, "days": days})


@router.post("/halls/{hall}/appointments", url_name="hall_book", response={201: AppointmentOut, **REFUSALS})
def book(request: HttpRequest, hall: str, body: AppointmentIn, key: Key) -> HttpResponse:
    """Books a time. 409 slot_full, appointment_same_day or appointment_barred; 422 slot_unknown."""
    at, service = datetime.now(UTC), queries.service_of(queries.hall(hall), body.service)

    def act() -> tuple[int, object]:
        booked = operations.book(
            service, starts=body.starts_at.astimezone(UTC), name=body.name, phone=body.phone, needs=body.needs, at=at
        )
        return 201, _shown(booked)

    return once(request, "anyone", act, at=at)


def _shown(one: Appointment) -> dict[str, object]:
    return {"code": one.code, "service": one.service.code, "starts_at": one.starts_at, "state": one.state}


def _mine(hall: str, header: str, address: str) -> Appointment:
    return appointments.by_code(queries.hall(hall), header or address)


@router.get("/halls/{hall}/appointments/mine", url_name="hall_mine", response={200: AppointmentOut, **REFUSALS})
def mine(request: HttpRequest, hall: str, header: OfAppointment, code: InAddress) -> HttpResponse:
    """One appointment, by its code. 404 where the code opens none."""
    return reply(_shown(_mine(hall, header, code)))


@router.post("/halls/{hall}/appointments/cancel", url_name="hall_cancel", response={200: AppointmentOut, **REFUSALS})
def cancel(request: HttpRequest, hall: str, header: OfAppointment, code: InAddress, key: Key) -> HttpResponse:
    """The person does not come. 409 appointment_too_late, appointment_ended."""
    at, found = datetime.now(UTC), _mine(hall, header, code)

    def act() -> tuple[int, object]:
        operations.cancel(found, at=at)
        return 200, _shown(found)

    return once(request, f"appointment:{found.pk}", act, at=at)


@router.post("/halls/{hall}/appointments/move", url_name="hall_move", response={200: AppointmentOut, **REFUSALS})
def move(
    request: HttpRequest, hall: str, body: MoveIn, header: OfAppointment, code: InAddress, key: Key
) -> HttpResponse:
    """Another time under the same code."""
    at, found = datetime.now(UTC), _mine(hall, header, code)

    def act() -> tuple[int, object]:
        operations.move(found, to=body.starts_at.astimezone(UTC), at=at)
        return 200, _shown(found)

    return once(request, f"appointment:{found.pk}", act, at=at)


@router.post("/halls/{hall}/arrivals", url_name="hall_arrival", response={201: Issued, **REFUSALS})
def arrive(request: HttpRequest, hall: str, body: ArrivalIn, key: Key) -> HttpResponse:
    """Whoever has an appointment is there: a ticket. 422 appointment_unknown, 409 appointment_other_day.

    A stranger who knows a phone number learns nothing by it: neither that there is an appointment, nor what for.
    """
    at, viewer = datetime.now(UTC), bearer(request)
    found = _expected(queries.hall(hall), body.appointment, viewer, at)
    by, source = (actors.staff(viewer), "guide") if viewer else (CITIZEN, "kiosk")

    def act() -> tuple[int, object]:
        return 201, issued(operations.check_in(found, by=by, source=source, at=at))

    return once(request, f"staff:{viewer.staff_id}" if viewer else "anyone", act, at=at)


def _expected(hall: Hall, said: str, viewer: Viewer | None, at: datetime) -> Appointment:
    return appointments.expected(hall, said, at=at) if viewer else appointments.named(hall, said)


for view in (slots, book, mine, cancel, move, arrive):
    open_door(view)
