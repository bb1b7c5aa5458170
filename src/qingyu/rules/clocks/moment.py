"""The instant of an event: all that a decision may look at, and the changes that it may make of it.

Here alone limits and calendars are asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qingyu.rules import hours
from qingyu.rules.clocks.clock import Change, Clock, ClockKind, Clocks, Key, Stop, Terms
from qingyu.rules.clocks.dates import rested
from qingyu.rules.hours import Calendar, Deadline, Limit
from qingyu.rules.lifecycle import CaseState, Facts


@dataclass(frozen=True)
class Moment:
    """All that a decision may look at. ``case`` and ``clocks`` are as they were before the event."""

    at: datetime
    facts: Facts
    case: CaseState
    clocks: Clocks
    terms: Terms

    def find(self, *kinds: ClockKind) -> list[Clock]:
        """Clocks of these kinds in the present round that are not yet done or void, in the order of their keys."""
        return [
            clock
            for clock in sorted(self.clocks.values(), key=lambda clock: clock.key)
            if clock.kind in kinds and clock.round == self.case.round and clock.stop in (Stop.RUNNING, Stop.HELD)
        ]

    def due(self, clock: Clock) -> Deadline:
        """The due date as it stands at this instant: where the clock rests, as if it went on now."""
        if clock.paused_at is None:
            return clock.due
        ended = min(self.at, clock.pause_until or self.at)
        unit, calendar = Limit.parse(clock.limit).unit, self.terms.calendar(clock.unit)
        return rested(clock.due, began=clock.paused_at, ended=ended, unit=unit, calendar=calendar)

    def in_time(self, clock: Clock) -> bool:
        return hours.in_time(self.at, self.due(clock))

    def begin(self, kind: ClockKind, unit: int, round_: int | None = None) -> list[Change]:
        """A clock begins, where the terms hold a limit for it; in the present round unless told otherwise."""
        limit = self.terms.limit(kind.value)
        if limit is None:
            return []
        calendar = self.terms.calendar(unit)
        return [start(kind, unit, round_ or self.case.round, at=self.at, limit=limit, calendar=calendar)]

    def begin_with(
        self, kind: ClockKind, unit: int, limit: Limit | None, *, since: datetime | None = None
    ) -> list[Change]:
        """The same with a limit of the case's own; ``since`` an earlier instant, where the law counts from it."""
        if limit is None:
            return []
        calendar, at = self.terms.calendar(unit), since or self.at
        begun = start(kind, unit, self.case.round, at=at, limit=limit, calendar=calendar)
        return [begun | {"since": since} if since else begun]

    def stop(self, *kinds: ClockKind) -> list[Change]:
        """They stop, each in time or late."""
        return [about("stop", clock.key) | {"in_time": self.in_time(clock)} for clock in self.find(*kinds)]

    def missed(self, *kinds: ClockKind) -> list[Change]:
        """They stop late, whatever the time."""
        return [about("stop", clock.key) | {"in_time": False} for clock in self.find(*kinds)]

    def moved(self, do: str, clock: Clock, due: Deadline, limit: Limit) -> Change:
        """The clock gets a new due date; ``limit`` is what is granted in all."""
        return about(do, clock.key) | _dates(clock.started_at, due, limit, self.terms.calendar(clock.unit))


def start(kind: ClockKind, unit: int, round_: int, *, at: datetime, limit: Limit, calendar: Calendar) -> Change:
    """A clock begins. Day limits exclude the day itself (民法典 201); the calendar is the owner's."""
    due = hours.deadline(at, limit, calendar)
    given = {"limit": str(limit), "calendar": calendar.code}
    return about("start", (kind.value, unit, round_)) | given | _dates(at, due, limit, calendar)


def about(do: str, key: Key) -> Change:
    """The beginning of every change: what is done to which clock."""
    kind, unit, round_ = key
    return {"do": do, "kind": kind, "unit": unit, "round": round_}


def _dates(started: datetime, due: Deadline, limit: Limit, calendar: Calendar) -> Change:
    warn = hours.warn_at(started, due, limit, calendar)
    return {"due": due.at, "warn": warn, "provisional": due.provisional}
