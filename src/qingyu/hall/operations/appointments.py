"""Booking a time, changing one's mind, coming, not coming. Who walks in is never limited by any of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from qingyu.cases import rows
from qingyu.cases.actors import Actor
from qingyu.hall import appointments
from qingyu.hall.models import Appointment, AppointmentTerms, Hall, PlannedOpening, Service, Ticket, new_ticket
from qingyu.hall.operations import holding
from qingyu.hall.operations.placing import put
from qingyu.hall.operations.tickets import known_needs, place_in_line, with_phone
from qingyu.people import queries as people
from qingyu.people import sealing
from qingyu.rules import appointing, identifiers
from qingyu.rules.identifiers.numbers import QUERY_ALPHABET
from qingyu.rules.refusals import NotAllowed, NotValid

LONGEST_NAME = 40


def book(
    service: Service, *, starts: datetime, name: str, phone: str, at: datetime, needs: Iterable[str] = ()
) -> Appointment:
    """A person is expected at the beginning of a slot.

    NotValid("visitor_name_missing" | "phone_not_valid" | "need_unknown" | "slot_unknown"),
    NotAllowed("no_appointments" | "slot_full" | "appointment_same_day" | "appointment_barred", until).
    """
    said, number, wanted = _name(name), identifiers.normalise_phone(phone), known_needs(needs)
    index, code = appointments.person(number), new_code()
    with holding.booking(service.hall_id):
        _require_free(service, starts, index, at)
        appointment = Appointment(
            hall=service.hall, service=service, code=code, starts_at=starts, day=people.city_day(starts), needs=wanted,
            name=sealing.seal(said, column=appointments.NAME, row=code), phone_index=index, booked_at=at,
            phone=sealing.seal(number, column=appointments.PHONE, row=code),
        )  # fmt: skip
        rows.insert([appointment])
    return appointment


def new_code() -> str:
    """Eight signs that nobody mistakes for others."""
    return "".join(secrets.choice(QUERY_ALPHABET) for _ in range(appointments.CODE_LENGTH))


def _name(name: str) -> str:
    said = " ".join(name.split())
    if not said:
        raise NotValid("visitor_name_missing", field="name")
    if len(said) > LONGEST_NAME:
        raise NotValid("field_too_long", field="name")
    return said


def _require_free(
    service: Service, starts: datetime, index: str, at: datetime, *, moving: Appointment | None = None
) -> None:
    today, day = people.city_day(at), people.city_day(starts)
    policy = appointments.required_terms(service.hall, on=today)
    until = appointing.barred_until(appointments.missed_days(index), today, policy)
    if until:
        raise NotAllowed("appointment_barred", until=until.isoformat())
    if day not in appointments.open_days(service.hall, at=at):
        raise NotValid("slot_unknown", field="starts")
    mine = Appointment.objects.filter(phone_index=index, day=day, hall=service.hall, state="booked")
    if sum(1 for one in mine if one != moving) >= policy.per_day:
        raise NotAllowed("appointment_same_day")
    left = {slot.starts_at: slot.left for slot in appointments.slots(service, day)}
    if starts not in left:
        raise NotValid("slot_unknown", field="starts")
    if not left[starts]:
        raise NotAllowed("slot_full")


def cancel(appointment: Appointment, *, at: datetime) -> None:
    """The person does not come. NotAllowed("appointment_ended" | "appointment_too_late")."""
    with holding.booking(appointment.hall_id):
        _require_changeable(appointment, at)
        rows.update(appointment, {"state": Appointment.State.CANCELLED, "ended_at": at})


def move(appointment: Appointment, *, to: datetime, at: datetime) -> None:
    """Another time under the same code; refuses as ``cancel`` and ``book`` do."""
    with holding.booking(appointment.hall_id):
        _require_changeable(appointment, at)
        _require_free(appointment.service, to, appointment.phone_index, at, moving=appointment)
        moved = {"starts_at": to, "day": people.city_day(to), "moved": appointment.moved + 1}
        rows.update(appointment, moved)


def _require_changeable(appointment: Appointment, at: datetime) -> None:
    appointment.refresh_from_db(fields=["state", "starts_at", "day", "moved"])
    if appointment.state != Appointment.State.BOOKED:
        raise NotAllowed("appointment_ended")
    policy = appointments.required_terms(appointment.hall, on=people.city_day(at))
    if not appointing.may_change(appointment.starts_at, at, policy):
        raise NotAllowed("appointment_too_late", hours=policy.cancel_hours)


def check_in(appointment: Appointment, *, by: Actor, at: datetime, source: str = "kiosk") -> Ticket:
    """The person is there: a ticket that goes before from the later of booked time and arrival; late it is a walk-in.

    Coming twice gives the same ticket. NotAllowed("appointment_ended" | "appointment_other_day").
    """
    holding.require_guide(by, appointment.hall)
    with holding.changing(appointment.hall_id):
        appointment.refresh_from_db()
        if appointment.state == Appointment.State.ARRIVED:
            return Ticket.objects.select_related("service", "hall").get(appointment=appointment)
        if appointment.state != Appointment.State.BOOKED:
            raise NotAllowed("appointment_ended")
        if appointment.day != people.city_day(at):
            raise NotAllowed("appointment_other_day")
        return _arrived(appointment, at, source)


def _arrived(appointment: Appointment, at: datetime, source: str) -> Ticket:
    policy = appointments.terms(appointment.hall, on=appointment.day) or appointing.Terms()
    due = appointing.counts_from(appointment.starts_at, at, policy)
    phone = sealing.unseal(appointment.phone, column=appointments.PHONE, row=appointment.code)
    blank = with_phone(Ticket(ticket=new_ticket(), needs=appointment.needs, source=source), phone)
    ticket = place_in_line(appointment.service, blank, at=at, due=due)
    ended = {"state": Appointment.State.ARRIVED, "ended_at": at, "late": due is None, "ticket_id": ticket.pk}
    rows.update(appointment, ended)
    return ticket


def end_missed(*, at: datetime) -> int:
    """Whoever was expected on a day before today did not come; how many."""
    past = Appointment.objects.filter(state="booked", day__lt=people.city_day(at))
    return past.update(state=Appointment.State.MISSED, ended_at=at)


# What a city sets up -----------------------------------------------------------------------------------------------


@transaction.atomic
def place_terms(hall: Hall, *, valid_from: date, **values: Any) -> tuple[AppointmentTerms, bool]:
    """The terms of a hall from a day on; the same day again changes them. NotValid("field_not_valid")."""
    return _placed(AppointmentTerms, {"hall": hall, "valid_from": valid_from}, values)


@transaction.atomic
def place_opening(service: Service, *, valid_from: date, starts: time, **values: Any) -> tuple[PlannedOpening, bool]:
    """A part of the opening plan; the same start again changes it. NotValid("field_not_valid")."""
    return _placed(PlannedOpening, {"service": service, "valid_from": valid_from, "starts": starts}, values)


def _placed(model: Any, key: dict[str, Any], values: dict[str, Any]) -> tuple[Any, bool]:
    found = put(model, key, values)
    people.forget()
    return found
