"""Time passing is an event too: what happens to a case because nobody did anything. Called by ``cases.tasks``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from qingyu.cases import log, standing
from qingyu.cases.actors import SYSTEM
from qingyu.cases.models import Case, CaseClock
from qingyu.people import queries as people
from qingyu.rules import clocks
from qingyu.rules.lifecycle import Kind


@transaction.atomic
def accept_silently(case: Case, *, at: datetime) -> None:
    """Silence past the limit accepts by itself (天津细则: 逾期视为接受); it does not count as signed in time."""
    log.record(case, Kind.AUTO_ACCEPTED, by=SYSTEM, at=at)


@transaction.atomic
def resume(case: Case, *, at: datetime) -> None:
    """The citizen has not replied within the longest pause: the handle clock goes on."""
    log.record(case, Kind.RESUMED, by=SYSTEM, at=at)


@transaction.atomic
def warn(clock: CaseClock, *, at: datetime) -> None:
    """A quarter of the time is left."""
    log.record(clock.case, Kind.WARNED, by=SYSTEM, at=at, mark="warned", **_key(clock))


@transaction.atomic
def mark_overdue(clock: CaseClock, *, at: datetime) -> None:
    """The time has run out."""
    log.record(clock.case, Kind.OVERDUE, by=SYSTEM, at=at, mark="overdue", **_key(clock))


@transaction.atomic
def reschedule(clock: CaseClock, *, at: datetime) -> bool:
    """Counts a provisional due date anew with the calendar as it is now known; False if nothing changes."""
    case = Case.objects.select_for_update().get(pk=clock.case_id)  # nothing may move the date while it is counted
    clock.refresh_from_db()
    due = clocks.recompute(history(clock), people.calendar(clock.calendar))
    if due.at == clock.due_at and due.provisional:
        return False
    log.record(case, Kind.RESCHEDULED, by=SYSTEM, at=at, due=due.at, provisional=due.provisional, **_key(clock))
    return True


def history(clock: CaseClock) -> list[tuple[datetime, clocks.Change]]:
    """The changes of one clock since it was last started, oldest first, with the instants of their events."""
    key, found = (clock.kind, clock.unit_id, clock.round), list[tuple[datetime, clocks.Change]]()
    for event in clock.case.events.order_by("seq"):
        for change in clocks.from_facts(event.facts.get("clocks", ())):
            if standing.key_of(change) == key:
                found = [] if change["do"] == "start" else found
                found.append((event.at, change))
    return found


def _key(clock: CaseClock) -> dict[str, Any]:
    return {"clock": clock.kind, "unit": clock.unit_id, "round": clock.round}
