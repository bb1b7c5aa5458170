"""Reads about facilities, opening hours and rounds; one statement each unless it says otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from qingyu.hall.models import Facility, FacilityEvent, Hall, OpeningHours, Round, RoundPlan
from qingyu.hall.queries import NoSuchHall, may, may_work
from qingyu.people import deputies, policy
from qingyu.people import queries as people
from qingyu.people.models import Staff
from qingyu.people.policy import Viewer
from qingyu.rules.coverage import Period, Timetable
from qingyu.rules.coverage.opening import Week
from qingyu.rules.facilities import FacilityKind, RoundTime, Standard, lacking, round_due
from qingyu.rules.hours import Hours

MIDDAY = time(12, 0)
LAST = 50


def _whole() -> QuerySet[Facility]:
    return Facility.objects.select_related("hall", "window__hall", "fault__case", "person", "deputy")


def facility(code: str) -> Facility:
    """The facility in use with that code; NoSuchHall."""
    found = _whole().filter(code=code, active=True, hall__active=True).first()
    if found is None:
        raise NoSuchHall(code)
    return found


def facilities_of(hall: Hall) -> list[Facility]:
    """All in use, by window and place in their order."""
    return list(_whole().filter(hall=hall, active=True).order_by("order", "id"))


def out_of_order(found: Iterable[Facility]) -> list[Facility]:
    """Those that are not in order; first due first, what nobody works on last."""
    wrong = [one for one in found if one.state != Facility.State.IN_ORDER]
    return sorted(
        wrong, key=lambda one: (one.fault is None, due_of(one) or datetime.max.replace(tzinfo=ZoneInfo("UTC")))
    )


def due_of(found: Facility) -> datetime | None:
    """By when its fault is to be gone: the promise of its case."""
    return found.fault.case.due_at if found.fault else None


def in_charge(found: Facility, *, on: date) -> Staff | None:
    """Who answers for it on a day: the person, their deputy where they are away or have left; None where both have.

    Where both are away it is the person: whoever stands in for them that day has their basket. One statement each ten
    seconds.
    """
    away = {one.staff_id for absent in deputies.on_day(on).values() for one in absent}
    here = [one for one in (found.person, found.deputy) if one is not None and one.is_active]
    return next((one for one in here if one.pk not in away), here[0] if here else None)


def may_keep(viewer: Viewer, found: Facility) -> bool:
    """Whether this person may say that it is in order: who answers for it, and who works in its hall."""
    if {found.person_id, found.deputy_id} & set(viewer.staff_ids):
        return True
    if found.window and may_work(viewer, found.window):
        return True
    return any(may(viewer, code, found.hall) for code in ("hall.manage", "hall.ticket", "hall.window"))


def may_go_round(viewer: Viewer, hall: Hall) -> bool:
    """Whether this person may make the rounds of the hall."""
    return may(viewer, "hall.ticket", hall) or may(viewer, "hall.manage", hall)


def history(found: Facility, *, most: int = LAST) -> list[FacilityEvent]:
    """What happened to it, the newest first."""
    return list(found.events.select_related("by_staff", "round").order_by("-id")[:most])


def short_of(hall: Hall, found: Iterable[Facility], *, on: date) -> list[tuple[Standard, int]]:
    """What the register lacks against the standards of a day."""
    held: dict[FacilityKind, int] = {}
    for one in found:
        held[FacilityKind(one.kind)] = held.get(FacilityKind(one.kind), 0) + one.wanted
    held[FacilityKind.SEATS] = max(held.get(FacilityKind.SEATS, 0), hall.seats)
    return lacking(held, windows=hall.windows.count(), on=on)


# Opening hours and rounds ---------------------------------------------------------------------------------------


def _dated(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))


def hours_on(hall: Hall, day: date) -> Hours:
    """When the hall is open that day, by the rule of all service points; none on a day off."""
    calendar = people.calendar(people.units()[hall.unit_id].calendar)
    return Timetable((Period(day, day, week_on(hall, day)),), calendar).hours(day)


def week_on(hall: Hall, day: date) -> Week:
    """The usual hours of the seven weekdays, as the rules see them."""
    return _week(week_of(hall, day))


def _week(rows: Iterable[OpeningHours]) -> Week:
    week: list[Hours] = [()] * 7
    for row in rows:
        week[row.weekday] += ((row.opens, row.closes),)
    return tuple(week)


@dataclass(frozen=True)
class Standing:
    """Whether a hall is open, and when that changes next; ``turns`` is None where it does not within forty days."""

    is_open: bool
    turns: datetime | None


def standing(hall: Hall, rows: list[OpeningHours], *, at: datetime) -> Standing | None:
    """How a hall stands by the hours of its week, days off counted; None where nobody has said them. No statement."""
    if not rows:
        return None
    calendar = people.calendar(people.units()[hall.unit_id].calendar)
    table = Timetable((Period(date.min, None, _week(rows)),), calendar)
    until = table.open_until(at)
    return Standing(until is not None, until or table.opens(at))


def week_of(hall: Hall, day: date) -> list[OpeningHours]:
    """The usual opening hours of the seven weekdays, as they hold that day."""
    return list(OpeningHours.objects.filter(_dated(day), hall=hall).order_by("weekday", "opens"))


@dataclass(frozen=True)
class Due:
    """A round of today: which, by when it must be done (None: no plan says), and its row once there is one."""

    time: str
    due_at: datetime | None
    row: Round | None

    @property
    def label(self) -> str:
        return str(RoundPlan.Time(self.time).label)


def rounds_on(hall: Hall, day: date) -> list[Due]:
    """The rounds of a day that a plan asks for, in the order of the day; three statements."""
    hours = hours_on(hall, day)
    if not hours:
        return []
    rows = {one.time: one for one in Round.objects.filter(hall=hall, day=day).select_related("staff")}
    newest: dict[str, RoundPlan] = {}
    for plan in RoundPlan.objects.filter(_dated(day), hall=hall).order_by("valid_from"):
        newest[plan.time] = plan
    found = [Due(plan.time, _due(plan, day, hours), rows.get(plan.time)) for plan in newest.values()]
    return sorted(found, key=lambda one: one.due_at or datetime.max.replace(tzinfo=ZoneInfo("UTC")))


def _due(plan: RoundPlan, day: date, hours: Hours) -> datetime:
    clock = {RoundTime.OPENING: hours[0][0], RoundTime.MIDDAY: MIDDAY, RoundTime.CLOSING: hours[-1][1]}
    reference = datetime.combine(day, clock[RoundTime(plan.time)], tzinfo=ZoneInfo(settings.TIME_ZONE))
    return round_due(reference, plan.minutes).astimezone(ZoneInfo("UTC"))


def round_on(hall: Hall, day: date, time: str) -> Round | None:
    """The round of a day and time; NoSuchHall for a time that is none."""
    if time not in RoundPlan.Time.values:
        raise NoSuchHall(time)
    return Round.objects.filter(hall=hall, day=day, time=time).select_related("staff").first()


def seen_in(found: Round) -> dict[int, FacilityEvent]:
    """What was seen of each facility in a round; the last word holds."""
    return {one.facility_id: one for one in found.seen.order_by("id")}


def managers_of(hall: Hall) -> list[Staff]:
    """Who runs the hall: staff of its unit, or of one above, whose right to manage halls reaches it."""
    path = people.units()[hall.unit_id].path
    above = [one.id for one in people.units().values() if path.startswith(one.path)]
    staff = Staff.objects.filter(is_active=True, unit_id__in=above).order_by("pk")
    return [one for one in staff if may(policy.viewer(one), "hall.manage", hall)]
