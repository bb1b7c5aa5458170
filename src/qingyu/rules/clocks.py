"""The clocks of a case: dispatch, sign, first contact, handle, review, follow-up.

``decide`` asks, before an event is written, what it does to the clocks: the answer is a list of plain changes that
stand in the event's facts with every due date already computed. ``fold`` only applies them. So a replay needs no
calendar and no policy, and a calendar that changes later rewrites no history: it becomes an event of its own.

A deadline missed is never forgiven by what follows: a stop keeps ``in_time`` as it was at that instant, and an
answer that the centre sends back counts as if the clock had never stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from qingyu.rules import hours
from qingyu.rules.hours import Calendar, Deadline, Limit
from qingyu.rules.lifecycle import CaseState, Facts, Kind
from qingyu.rules.refusals import NotAllowed

Change = dict[str, Any]
Key = tuple[str, int, int]


class ClockKind(StrEnum):
    DISPATCH = "dispatch"
    SIGN = "sign"
    CONTACT = "contact"
    HANDLE = "handle"
    REVIEW = "review"
    FOLLOWUP = "followup"


class Stop(StrEnum):
    """How a clock stands still. ``held``: stopped until the centre has reviewed. ``void``: does not count."""

    RUNNING = ""
    DONE = "done"
    HELD = "held"
    VOID = "void"


class Terms(Protocol):
    """The policy in force for one case: its limits and the working calendar of a unit."""

    def limit(self, name: str) -> Limit | None: ...
    def calendar(self, unit: int) -> Calendar: ...


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock. ``paused_at`` set: it rests, ``pause_until`` at the latest. ``in_time`` is None while it runs."""

    kind: str
    unit: int
    round: int
    started_at: datetime
    limit: str
    calendar: str
    due_at: datetime
    warn_at: datetime
    provisional: bool = False
    paused_at: datetime | None = None
    pause_until: datetime | None = None
    pause_reason: str = ""
    pauses: int = 0
    extensions: int = 0
    stop: str = ""
    stopped_at: datetime | None = None
    in_time: bool | None = None
    warned_at: datetime | None = None
    overdue_at: datetime | None = None

    @property
    def key(self) -> Key:
        return (self.kind, self.unit, self.round)

    @property
    def running(self) -> bool:
        """Counts towards its due date now: neither stopped nor paused."""
        return self.stop == Stop.RUNNING and self.paused_at is None

    def overdue(self, at: datetime) -> bool:
        """Whether it is, or was when it stopped, past its due date. A void clock never is."""
        if self.stop == Stop.VOID or self.paused_at is not None:
            return False
        return not hours.in_time(at, self.due_at) if self.in_time is None else not self.in_time


Clocks = Mapping[Key, Clock]


# What an event does to the clocks -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moment:
    """All that a decision may look at. ``case`` and ``clocks`` are as they were before the event."""

    at: datetime
    facts: Facts
    case: CaseState
    clocks: Clocks
    terms: Terms

    def find(self, kind: ClockKind) -> list[Clock]:
        """Clocks of that kind in the present round that are not yet done or void."""
        return [
            clock
            for clock in self.clocks.values()
            if clock.kind == kind and clock.round == self.case.round and clock.stop in (Stop.RUNNING, Stop.HELD)
        ]


def decide(kind: Kind, *, at: datetime, facts: Facts, case: CaseState, clocks: Clocks, terms: Terms) -> list[Change]:
    """The changes the event makes. NotAllowed where a clock forbids the event (``extension_too_late``)."""
    rule = DECISIONS.get(kind)
    return rule(Moment(at, facts, case, clocks, terms)) if rule else []


def start(kind: ClockKind, unit: int, round_: int, *, at: datetime, limit: Limit, calendar: Calendar) -> Change:
    """A clock begins. Day limits exclude the day itself (民法典 201); the calendar is the owner's."""
    due = hours.deadline(at, limit, calendar)
    return {
        "do": "start",
        **_key(kind, unit, round_),
        "limit": str(limit),
        "calendar": calendar.code,
        **_due(at, due, limit, calendar),
    }


def _start(m: Moment, kind: ClockKind, unit: int, round_: int | None = None) -> list[Change]:
    limit = m.terms.limit(kind)
    if limit is None:
        return []
    return [start(kind, unit, round_ or m.case.round, at=m.at, limit=limit, calendar=m.terms.calendar(unit))]


def _key(kind: str, unit: int, round_: int) -> Change:
    return {"kind": str(kind), "unit": unit, "round": round_}


def _due(started: datetime, due: Deadline, limit: Limit, calendar: Calendar) -> Change:
    warn = hours.warn_at(started, due, limit, calendar)
    return {"due": due.at, "warn": warn, "provisional": due.provisional}


def _stop(m: Moment, kind: ClockKind) -> list[Change]:
    return [
        {"do": "stop", **_key(*clock.key), "in_time": _in_time(clock, m.at)}
        for clock in m.find(kind)
        if clock.stop == Stop.RUNNING
    ]


def _in_time(clock: Clock, at: datetime) -> bool:
    return hours.in_time(clock.paused_at or at, clock.due_at)


def _void(m: Moment, *kinds: ClockKind) -> list[Change]:
    return [{"do": "void", **_key(*clock.key)} for kind in kinds for clock in m.find(kind)]


def _opened(m: Moment) -> list[Change]:
    return _start(m, ClockKind.DISPATCH, m.facts["owner"])


def _settled_by_centre(m: Moment) -> list[Change]:
    return _stop(m, ClockKind.DISPATCH)


def _answered_at_once(m: Moment) -> list[Change]:
    return _stop(m, ClockKind.DISPATCH) + _start(m, ClockKind.FOLLOWUP, m.case.centre)


def _routed(m: Moment) -> list[Change]:
    return _stop(m, ClockKind.DISPATCH) + _clocks_of_lead(m, m.facts["unit"])


def _clocks_of_lead(m: Moment, unit: int) -> list[Change]:
    contact = [] if m.case.anonymous else _start(m, ClockKind.CONTACT, unit)
    return _start(m, ClockKind.SIGN, unit) + contact + _start(m, ClockKind.HANDLE, unit)


def _accepted(m: Moment) -> list[Change]:
    return _stop(m, ClockKind.SIGN)


def _auto_accepted(m: Moment) -> list[Change]:
    """Silence accepts, but never counts as signed in time."""
    return [change | {"in_time": False} for change in _stop(m, ClockKind.SIGN)]


def _arbitrated(m: Moment) -> list[Change]:
    """A return that is upheld takes the unit's clocks away; one that is not has never stopped them."""
    if not m.facts["upheld"]:
        return _stop(m, ClockKind.SIGN)
    gone = _void(m, ClockKind.SIGN, ClockKind.CONTACT, ClockKind.HANDLE)
    if m.facts.get("unit"):
        return gone + _clocks_of_lead(m, m.facts["unit"])
    return gone + _start(m, ClockKind.DISPATCH, m.case.centre)


def _contacted(m: Moment) -> list[Change]:
    return _stop(m, ClockKind.CONTACT)


def _asked(m: Moment) -> list[Change]:
    """The handle clock rests until the citizen replies, for the limit ``ask_pause`` at most."""
    changes = []
    for clock in m.find(ClockKind.HANDLE):
        limit = m.terms.limit("ask_pause")
        if limit is not None and clock.running:
            until = hours.deadline(m.at, limit, m.terms.calendar(clock.unit)).at
            changes.append({"do": "pause", **_key(*clock.key), "reason": m.facts["reason"], "until": until})
    return changes


def _resumed(m: Moment) -> list[Change]:
    return [_resume(m, clock) for clock in m.find(ClockKind.HANDLE) if clock.paused_at is not None]


def _resume(m: Moment, clock: Clock) -> Change:
    assert clock.paused_at is not None
    calendar, limit = m.terms.calendar(clock.unit), Limit.parse(clock.limit)
    end = min(m.at, clock.pause_until or m.at)
    due = Deadline(clock.due_at, clock.provisional)
    moved = hours.resume(due, clock.paused_at, max(end, clock.paused_at), limit.unit, calendar)
    return {"do": "resume", **_key(*clock.key), **_due(clock.started_at, moved, limit, calendar)}


def _extension_asked(m: Moment) -> list[Change]:
    """Asking after the limit has run out counts as late, so it is refused (届满后才申请延期)."""
    for clock in m.find(ClockKind.HANDLE):
        if clock.running and not hours.in_time(m.at, clock.due_at):
            raise NotAllowed("extension_too_late", due_at=clock.due_at)
    return []


def _extension_decided(m: Moment) -> list[Change]:
    limit = m.terms.limit("extend")
    if not m.facts["approved"] or limit is None:
        return []
    return [_extend(m, clock, limit) for clock in m.find(ClockKind.HANDLE)]


def _extend(m: Moment, clock: Clock, by: Limit) -> Change:
    calendar = m.terms.calendar(clock.unit)
    moved = hours.shift(Deadline(clock.due_at, clock.provisional), by, calendar)
    return {
        "do": "extend",
        **_key(*clock.key),
        "by": str(by),
        **_due(clock.started_at, moved, Limit.parse(clock.limit), calendar),
    }


def _answered(m: Moment) -> list[Change]:
    """The handle clock is held until the review; a first contact that never came is missed."""
    missed = [change | {"in_time": False} for change in _stop(m, ClockKind.CONTACT)]
    held = [{"do": "hold", **_key(*clock.key), "in_time": _in_time(clock, m.at)} for clock in m.find(ClockKind.HANDLE)]
    return _resumed(m) + missed + held + _start(m, ClockKind.REVIEW, m.case.centre)


def _reviewed(m: Moment) -> list[Change]:
    review = _stop(m, ClockKind.REVIEW)
    what = "confirm" if m.facts["passed"] else "restore"
    held = [{"do": what, **_key(*clock.key)} for clock in m.find(ClockKind.HANDLE)]
    again = _start(m, ClockKind.FOLLOWUP, m.case.centre) if m.facts["passed"] else []
    return review + held + again


def _closed(m: Moment) -> list[Change]:
    """The centre ends the case without an answer that passed: what ran is void, what was held is confirmed."""
    held = [clock for clock in m.find(ClockKind.HANDLE) if clock.stop == Stop.HELD]
    confirmed = [{"do": "confirm", **_key(*clock.key)} for clock in held]
    running = [clock for clock in m.find(ClockKind.HANDLE) if clock.stop == Stop.RUNNING]
    gone = [{"do": "void", **_key(*clock.key)} for clock in running]
    done = _stop(m, ClockKind.DISPATCH) + _stop(m, ClockKind.REVIEW)
    return done + confirmed + gone + _void(m, ClockKind.SIGN, ClockKind.CONTACT) + _follow(m)


def _follow(m: Moment) -> list[Change]:
    return _start(m, ClockKind.FOLLOWUP, m.case.centre)


def _taken_up_again(m: Moment) -> list[Change]:
    """Redo and reopening: a new round with the full limit."""
    round_ = m.case.round + 1
    ended = _stop(m, ClockKind.FOLLOWUP)
    if m.case.lead:
        return ended + _start(m, ClockKind.HANDLE, m.case.lead, round_)
    return ended + _start(m, ClockKind.DISPATCH, m.case.centre, round_)


def _withdrawn(m: Moment) -> list[Change]:
    return _void(m, *ClockKind)


def _archived(m: Moment) -> list[Change]:
    return _stop(m, ClockKind.FOLLOWUP)


def _marked(m: Moment) -> list[Change]:
    mark = "overdue" if m.facts.get("mark") == "overdue" else "warned"
    return [{"do": mark, **_key(*_fact_key(m.facts))}]


def _rescheduled(m: Moment) -> list[Change]:
    """A year's official calendar has arrived: provisional due dates are computed anew from where they began."""
    clock = m.clocks[_fact_key(m.facts)]
    due = Deadline(m.facts["due"], m.facts["provisional"])
    limit, calendar = Limit.parse(clock.limit), m.terms.calendar(clock.unit)
    return [{"do": "move", **_key(*clock.key), **_due(clock.started_at, due, limit, calendar)}]


def recompute(history: Iterable[tuple[datetime, Change]], calendar: Calendar) -> Deadline:
    """The due date of one clock from its own changes, oldest first as (instant of the event, change), counted anew.

    Used when the calendar of a year arrives that was not known when the clock began.
    """
    due, paused_at, until = Deadline(datetime.max, True), None, None
    limit = None
    for at, change in history:
        if change["do"] == "start":
            limit = Limit.parse(change["limit"])
            due = hours.deadline(at, limit, calendar)
        elif change["do"] == "pause":
            paused_at, until = at, change["until"]
        elif change["do"] == "resume" and limit and paused_at:
            due = hours.resume(due, paused_at, max(paused_at, min(at, until or at)), limit.unit, calendar)
        elif change["do"] == "extend":
            due = hours.shift(due, Limit.parse(change["by"]), calendar)
    return due


def _fact_key(facts: Facts) -> Key:
    return (str(facts["clock"]), int(facts["unit"]), int(facts["round"]))


DECISIONS: dict[Kind, Callable[[Moment], list[Change]]] = {
    Kind.OPENED: _opened,
    Kind.ANSWERED_AT_ONCE: _answered_at_once,
    Kind.REFUSED: _settled_by_centre,
    Kind.DIVERTED: _settled_by_centre,
    Kind.ROUTED: _routed,
    Kind.ACCEPTED: _accepted,
    Kind.AUTO_ACCEPTED: _auto_accepted,
    Kind.RETURNED: _accepted,
    Kind.ARBITRATED: _arbitrated,
    Kind.CONTACTED: _contacted,
    Kind.ASKED: _asked,
    Kind.REPLIED: _resumed,
    Kind.RESUMED: _resumed,
    Kind.EXTENSION_ASKED: _extension_asked,
    Kind.EXTENSION_DECIDED: _extension_decided,
    Kind.ANSWERED: _answered,
    Kind.REVIEWED: _reviewed,
    Kind.CLOSED: _closed,
    Kind.REDONE: _taken_up_again,
    Kind.REOPENED: _taken_up_again,
    Kind.WITHDRAWN: _withdrawn,
    Kind.ARCHIVED: _archived,
    Kind.WARNED: _marked,
    Kind.OVERDUE: _marked,
    Kind.RESCHEDULED: _rescheduled,
}


# Applying the changes -------------------------------------------------------------------------------------------


def fold(clocks: Clocks, changes: Iterable[Change], at: datetime) -> dict[Key, Clock]:
    """The clocks after the changes of one event at ``at``. Pure; needs no calendar."""
    after = dict(clocks)
    for change in changes:
        key = (change["kind"], change["unit"], change["round"])
        after[key] = APPLY[change["do"]](after.get(key), change, at)
    return after


def _apply_start(clock: Clock | None, change: Change, at: datetime) -> Clock:
    return Clock(
        kind=change["kind"],
        unit=change["unit"],
        round=change["round"],
        started_at=at,
        limit=change["limit"],
        calendar=change["calendar"],
        due_at=change["due"],
        warn_at=change["warn"],
        provisional=change["provisional"],
    )


def _apply_stop(clock: Clock, change: Change, at: datetime) -> Clock:
    return replace(
        clock, stop=Stop.DONE.value, stopped_at=at, in_time=change["in_time"], paused_at=None, pause_until=None
    )


def _apply_hold(clock: Clock, change: Change, at: datetime) -> Clock:
    return replace(_apply_stop(clock, change, at), stop=Stop.HELD.value)


def _apply_confirm(clock: Clock, change: Change, at: datetime) -> Clock:
    return replace(clock, stop=Stop.DONE.value)


def _apply_restore(clock: Clock, change: Change, at: datetime) -> Clock:
    return replace(clock, stop=Stop.RUNNING.value, stopped_at=None, in_time=None)


def _apply_void(clock: Clock, change: Change, at: datetime) -> Clock:
    return replace(
        clock, stop=Stop.VOID.value, stopped_at=clock.stopped_at or at, in_time=None, paused_at=None, pause_until=None
    )


def _apply_pause(clock: Clock, change: Change, at: datetime) -> Clock:
    return replace(
        clock, paused_at=at, pause_until=change["until"], pause_reason=change["reason"], pauses=clock.pauses + 1
    )


def _moved(clock: Clock, change: Change, at: datetime) -> Clock:
    """A new due date; marks set for the old one fall where the new one lies ahead of them."""
    warned = clock.warned_at if change["warn"] <= at else None
    overdue = clock.overdue_at if change["due"] < at else None
    return replace(
        clock, due_at=change["due"], warn_at=change["warn"], provisional=change["provisional"],
        warned_at=warned, overdue_at=overdue,
    )  # fmt: skip


def _apply_resume(clock: Clock, change: Change, at: datetime) -> Clock:
    return replace(_moved(clock, change, at), paused_at=None, pause_until=None)


def _apply_extend(clock: Clock, change: Change, at: datetime) -> Clock:
    return replace(_moved(clock, change, at), extensions=clock.extensions + 1)


def _apply_warned(clock: Clock, change: Change, at: datetime) -> Clock:
    return replace(clock, warned_at=at)


def _apply_overdue(clock: Clock, change: Change, at: datetime) -> Clock:
    return replace(clock, warned_at=clock.warned_at or at, overdue_at=at)


APPLY: dict[str, Callable[..., Clock]] = {
    "start": _apply_start,
    "stop": _apply_stop,
    "hold": _apply_hold,
    "confirm": _apply_confirm,
    "restore": _apply_restore,
    "void": _apply_void,
    "pause": _apply_pause,
    "resume": _apply_resume,
    "extend": _apply_extend,
    "move": _moved,
    "warned": _apply_warned,
    "overdue": _apply_overdue,
}

INSTANTS = ("due", "warn", "until")


def from_facts(changes: Iterable[Mapping[str, Any]]) -> list[Change]:
    """Changes as they stand in a stored event (instants as ISO text) back in the form ``fold`` takes."""
    return [
        {name: datetime.fromisoformat(value) if name in INSTANTS else value for name, value in change.items()}
        for change in changes
    ]


# What readers ask most ------------------------------------------------------------------------------------------


def promise(case: CaseState, clocks: Clocks) -> Clock | None:
    """The handle clock of the lead unit in the present round: the due date the citizen is told."""
    return clocks.get((ClockKind.HANDLE, case.lead or 0, case.round))


def next_due(clocks: Clocks) -> Clock | None:
    """The running clock that falls due first; by it the baskets are ordered."""
    running = [clock for clock in clocks.values() if clock.running]
    return min(running, key=lambda clock: (clock.due_at, clock.kind), default=None)
