"""Rounds: somebody goes through the hall and says of each facility how it stands. Each tick is kept at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db import transaction

from qingyu.cases import rows
from qingyu.cases.actors import Actor, ActorKind
from qingyu.hall.facilities import queries
from qingyu.hall.models import Facility, Hall, OpeningHours, Round, RoundPlan
from qingyu.hall.operations import facilities
from qingyu.hall.operations.facilities import NOTHING, Seen
from qingyu.notify import operations as notify
from qingyu.notify.messages import Message
from qingyu.people import queries as people
from qingyu.rules.facilities import FacilityState, Trouble, trouble_of_count
from qingyu.rules.refusals import NotPermitted, NotValid

MOST = 9999
TICKS = frozenset({FacilityState.IN_ORDER.value, FacilityState.MISSING.value, FacilityState.BROKEN.value})


def require_rounds(by: Actor, hall: Hall) -> None:
    """NotPermitted("round_denied") to all but guides and managers of the hall."""
    if by.kind is ActorKind.SYSTEM:
        return
    if by.viewer is None or not queries.may_go_round(by.viewer, hall):
        raise NotPermitted("round_denied")


@transaction.atomic
def begin(hall: Hall, *, time: str, by: Actor, at: datetime) -> Round:
    """The round of this day and time; the first who ticks has begun it. NoSuchHall for a time that is none."""
    require_rounds(by, hall)
    day = people.city_day(at)
    found = queries.round_on(hall, day, time) or _planned(hall, day, time)
    if found.began_at is None:
        rows.update(found, {"began_at": at, "staff_id": by.staff_id})
    return found


def _planned(hall: Hall, day: date, time: str) -> Round:
    due = next((one.due_at for one in queries.rounds_on(hall, day) if one.time == time), None)
    return Round.objects.get_or_create(hall=hall, day=day, time=time, defaults={"due_at": due})[0]


@transaction.atomic
def tick(
    hall: Hall, facility: Facility, *, time: str, said: str, by: Actor, at: datetime, seen: Seen = NOTHING
) -> Round:
    """What was seen of one facility: ``in_order``, ``missing`` or ``broken``; a count that is short is missing.

    NotValid: state_unknown_here, count_not_valid; what ``facilities.report`` and ``put_in_order`` say.
    """
    if said not in TICKS or facility.hall_id != hall.pk:
        raise NotValid("state_unknown_here", field="said")
    if seen.count is not None and not 0 <= seen.count <= MOST:
        raise NotValid("count_not_valid", field="count")
    found = begin(hall, time=time, by=by, at=at)
    told = Seen(photo=seen.photo, note=seen.note, count=seen.count, round=found)
    trouble = _trouble(facility, said, seen.count)
    if trouble:
        facilities.report(facility, trouble=trouble, by=by, at=at, seen=told)
    else:
        facilities.put_in_order(facility, by=by, at=at, seen=told)
    _finish(found, at=at)
    return found


def _trouble(facility: Facility, said: str, count: int | None) -> Trouble | None:
    if said != FacilityState.IN_ORDER:
        return Trouble(said)
    return trouble_of_count(facility.wanted, count) if count is not None and facility.several else None


@transaction.atomic
def tick_rest(hall: Hall, places: Sequence[Facility], *, time: str, by: Actor, at: datetime) -> int:
    """All of these that were in order and have not been ticked in this round are in order still; how many."""
    found = begin(hall, time=time, by=by, at=at)
    done = queries.seen_in(found)
    rest = [one for one in places if one.pk not in done and one.state == Facility.State.IN_ORDER]
    for one in rest:
        facilities.put_in_order(one, by=by, at=at, seen=Seen(round=found))
    _finish(found, at=at)
    return len(rest)


def _finish(found: Round, *, at: datetime) -> None:
    """Done once all has been seen; what is out of use need not be."""
    if found.done_at is not None:
        return
    wanted = Facility.objects.filter(hall_id=found.hall_id, active=True).exclude(state=Facility.State.OUT_OF_USE)
    if not wanted.exclude(pk__in=found.seen.values("facility_id")).exists():
        rows.update(found, {"done_at": at})


# Late -------------------------------------------------------------------------------------------------------------


def tell_late(hall: Hall, *, at: datetime) -> int:
    """Rounds of today that should have been done: the managers are told, once for each; how many rounds."""
    day = people.city_day(at)
    late = [one for one in queries.rounds_on(hall, day) if one.due_at and one.due_at < at and _is_open(one.row)]
    return sum(_tell(hall, day, one, at) for one in late)


def _is_open(row: Round | None) -> bool:
    return row is None or (row.done_at is None and row.late_at is None)


@transaction.atomic
def _tell(hall: Hall, day: date, due: queries.Due, at: datetime) -> bool:
    row = _planned(hall, day, due.time)
    found = rows.locked(Round, row.pk)
    if not _is_open(found):
        return False
    rows.update(found, {"late_at": at})
    link = f"{settings.PUBLIC_URL}/hall/{hall.code}/rounds/{due.time}/"
    notify.plan([_message(found, hall, due, one.username, link) for one in queries.managers_of(hall)], at=at)
    return True


def _message(row: Round, hall: Hall, due: queries.Due, username: str, link: str) -> Message:
    return Message(
        source_event=row.pk, follower="rounds", audience=f"staff:{username}"[:60], channel="inbox", address=username,
        event_code="round_late", language=settings.LANGUAGE_CODE,
        facts={"unit": hall.name, "number": f"{row.day} {due.label}", "due": due.due_at, "link": link},
    )  # fmt: skip


# When the hall is open and when somebody goes round -----------------------------------------------------------------


@transaction.atomic
def place_hours(hall: Hall, *, weekday: int, opens: time, closes: time, valid_from: date, **more: Any) -> bool:
    """Opening hours of a weekday (0 is Monday) from a day on; whether they are new. NotValid("opening_not_valid")."""
    if weekday not in range(7) or closes <= opens:
        raise NotValid("opening_not_valid", field="opens")
    key: dict[str, Any] = {"hall": hall, "weekday": weekday, "opens": opens, "valid_from": valid_from}
    return OpeningHours.objects.update_or_create(**key, defaults={"closes": closes, **more})[1]


@transaction.atomic
def place_plan(hall: Hall, *, time: str, minutes: int, valid_from: date, **more: Any) -> bool:
    """By when a round is to be done, from a day on; whether it is new. NotValid("round_unknown")."""
    if time not in RoundPlan.Time.values:
        raise NotValid("round_unknown", field="time")
    key: dict[str, Any] = {"hall": hall, "time": time, "valid_from": valid_from}
    return RoundPlan.objects.update_or_create(**key, defaults={"minutes": minutes, **more})[1]
