"""Reads about appointments: on which terms, which slots are left, who is expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q

from qingyu.hall import floor
from qingyu.hall.models import Appointment, AppointmentTerms, Hall, PlannedOpening, Service
from qingyu.hall.queries import NoSuchHall
from qingyu.people import queries as people
from qingyu.people import sealing
from qingyu.rules import appointing, identifiers
from qingyu.rules.appointing import Slot, Terms
from qingyu.rules.hours import Calendar
from qingyu.rules.refusals import NotAllowed, NotValid

NAME, PHONE, PERSON = "appointment:name", "appointment:phone", "appointment:person"
TAKEN = (Appointment.State.BOOKED, Appointment.State.ARRIVED, Appointment.State.MISSED)
CODE_LENGTH = 8


@dataclass(frozen=True)
class Free:
    """A slot of a day and how many more may be booked."""

    starts_at: datetime
    left: int


@dataclass(frozen=True)
class Day:
    """A day that may be booked and how many places it still has."""

    day: date
    left: int


def _in_force(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gte=on))


@people.remembered
def all_terms() -> list[AppointmentTerms]:
    """Every row of terms, the newest last; one statement each ten seconds."""
    return list(AppointmentTerms.objects.order_by("valid_from", "id"))


def terms(hall: Hall, *, on: date) -> Terms | None:
    """The terms in force on a day; None where the hall takes no appointments."""
    fitting = [
        row for row in all_terms()
        if row.hall_id == hall.pk and row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)
    ]  # fmt: skip
    return fitting[-1].terms if fitting else None


def required_terms(hall: Hall, *, on: date) -> Terms:
    """NotAllowed("no_appointments") where the hall takes none."""
    found = terms(hall, on=on)
    if found is None:
        raise NotAllowed("no_appointments")
    return found


def bookable(hall: Hall, *, at: datetime) -> list[Service]:
    """The services for which the hall has a plan; empty where it takes no appointments."""
    today = people.city_day(at)
    if terms(hall, on=today) is None:
        return []
    planned = PlannedOpening.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), service__hall=hall)
    return list(
        Service.objects.filter(hall=hall, active=True, id__in=planned.values("service_id")).order_by("order", "id")
    )


def open_days(hall: Hall, *, at: datetime) -> list[date]:
    """The days that may be booked now. NotAllowed("no_appointments")."""
    today = people.city_day(at)
    return appointing.days(today, _calendar(hall), required_terms(hall, on=today))


def days(service: Service, *, at: datetime) -> list[Day]:
    """The days that may be booked now, with what is left of them. NotAllowed("no_appointments")."""
    return [Day(day, sum(slot.left for slot in slots(service, day))) for day in open_days(service.hall, at=at)]


def slots(service: Service, day: date) -> list[Free]:
    """The slots of a day with what is left of them; full ones stay in the list. Two statements."""
    policy = required_terms(service.hall, on=day)
    booked = dict(
        Appointment.objects.filter(service=service, day=day, state__in=TAKEN)
        .values_list("starts_at")
        .annotate(n=Count("id"))
    )
    found = [(instant(day, slot), slot.room) for slot in _planned(service, day, policy)]
    return [Free(starts, max(0, room - booked.get(starts, 0))) for starts, room in found]


@dataclass(frozen=True)
class Coming:
    """A service on the days to come: how many may be booked, and how many have been."""

    service: Service
    days: list[tuple[date, int, int]]


def coming(hall: Hall, *, at: datetime) -> list[Coming]:
    """The next working days of every service that is planned or booked on one of them; three statements."""
    today = people.city_day(at)
    wanted = appointing.days(today, _calendar(hall), terms(hall, on=today) or Terms())
    rows = list(PlannedOpening.objects.filter(service__hall=hall))
    taken = Appointment.objects.filter(hall=hall, day__in=wanted, state__in=TAKEN).values_list("service_id", "day")
    booked = {(service, day): n for service, day, n in taken.annotate(n=Count("id"))}
    found = []
    for service in Service.objects.filter(hall=hall, active=True).order_by("order", "id"):
        mine = [row for row in rows if row.service_id == service.pk]
        days = [(day, _room(service, mine, day), booked.get((service.pk, day), 0)) for day in wanted]
        if any(room or n for _day, room, n in days):
            found.append(Coming(service, days))
    return found


def _room(service: Service, rows: list[PlannedOpening], day: date) -> int:
    policy = terms(service.hall, on=day)
    in_force = [row.opening for row in rows if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)]
    return sum(slot.room for slot in appointing.slots(in_force, policy, mean=_mean(service))) if policy else 0


def openings(service: Service, *, on: date) -> list[PlannedOpening]:
    """The opening plan of a service in force on a day, in the order of the day."""
    return list(PlannedOpening.objects.filter(_in_force(on), service=service).order_by("starts"))


def _mean(service: Service) -> float:
    return floor.pace(service.typical, service.counted, service.mean, service.square).mean


def _planned(service: Service, day: date, policy: Terms) -> Sequence[Slot]:
    rows = PlannedOpening.objects.filter(_in_force(day), service=service)
    return appointing.slots([row.opening for row in rows], policy, mean=_mean(service))


def instant(day: date, slot: Slot) -> datetime:
    """When a slot of the city's day begins."""
    return datetime.combine(day, slot.starts, tzinfo=ZoneInfo(settings.TIME_ZONE)).astimezone(ZoneInfo("UTC"))


def _calendar(hall: Hall) -> Calendar:
    unit = people.units().get(hall.unit_id)
    return people.calendar(unit.calendar if unit else "city")


def missed_days(index: str) -> list[date]:
    """On which days the person with that phone did not come."""
    return list(Appointment.objects.filter(phone_index=index, state="missed").values_list("day", flat=True))


def person(phone: str) -> str:
    """The blind index by which a person's appointments are found. NotValid("phone_not_valid")."""
    return sealing.blind(identifiers.normalise_phone(phone), column=PERSON)


def by_code(hall: Hall, code: str) -> Appointment:
    """The appointment with that code in the hall; NoSuchHall (404)."""
    name = "".join(code.split()).upper()[:CODE_LENGTH]
    found = Appointment.objects.select_related("service", "hall", "ticket").filter(hall=hall, code=name).first()
    if found is None:
        raise NoSuchHall("appointment")
    return found


def named(hall: Hall, code: str) -> Appointment:
    """Who is there, by code alone. NotValid("appointment_unknown")."""
    try:
        return by_code(hall, code)
    except NoSuchHall:
        raise NotValid("appointment_unknown", field="appointment") from None


def expected(hall: Hall, said: str, *, at: datetime) -> Appointment:
    """Who is there: by code, or by phone the nearest of today. NotValid("appointment_unknown")."""
    try:
        return by_code(hall, said)
    except NoSuchHall:
        pass
    today, rows = people.city_day(at), Appointment.objects.select_related("service", "hall", "ticket")
    try:
        mine = rows.filter(hall=hall, day=today, phone_index=person(said), state__in=("booked", "arrived"))
    except NotValid:
        mine = rows.none()
    found = sorted(mine, key=lambda one: (one.state != "booked", abs(one.starts_at - at)))
    if not found:
        raise NotValid("appointment_unknown", field="appointment")
    return found[0]


def clear(appointment: Appointment) -> dict[str, str]:
    """Name and phone as the screen may show them (张**, 138****8000)."""
    name = sealing.unseal(appointment.name, column=NAME, row=appointment.code)
    phone = sealing.unseal(appointment.phone, column=PHONE, row=appointment.code)
    return {"name": identifiers.mask_name(name), "phone": identifiers.mask_phone(phone)}


def of_day(hall: Hall, *, at: datetime) -> list[Appointment]:
    """Who is expected today, in the order of the times; without those who cancelled."""
    rows = Appointment.objects.select_related("service", "ticket").filter(hall=hall, day=people.city_day(at))
    return list(rows.exclude(state="cancelled").order_by("starts_at", "id"))


def last_change(appointment: Appointment, policy: Terms) -> datetime:
    """Until when it may be cancelled or moved."""
    return appointment.starts_at - timedelta(hours=policy.cancel_hours)
