"""Applying changes to clocks. Pure arithmetic of records: no calendar, no policy, so any replay gives the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from qingyu.rules import hours
from qingyu.rules.clocks.clock import Change, Clock, Clocks, Key, Stop

INSTANTS = ("due", "warn", "until", "since")


def fold(clocks: Clocks, changes: Iterable[Change], at: datetime) -> dict[Key, Clock]:
    """The clocks after the changes of one event at ``at``."""
    after = dict(clocks)
    for change in changes:
        key = (change["kind"], change["unit"], change["round"])
        after[key] = _started(change, at) if change["do"] == "start" else APPLY[change["do"]](after[key], change, at)
    return after


def from_facts(changes: Iterable[Mapping[str, Any]]) -> list[Change]:
    """Changes as they stand in a stored event (instants as ISO text) back in the form ``fold`` takes."""
    return [
        {name: datetime.fromisoformat(value) if name in INSTANTS else value for name, value in change.items()}
        for change in changes
    ]


def _started(change: Change, at: datetime) -> Clock:
    """A clock at its beginning; in place of an earlier run of the same key."""
    return Clock(
        kind=change["kind"],
        unit=change["unit"],
        round=change["round"],
        started_at=change.get("since", at),
        limit=change["limit"],
        calendar=change["calendar"],
        due_at=change["due"],
        warn_at=change["warn"],
        provisional=change["provisional"],
    )


def _since_start(clock: Clock, at: datetime) -> datetime:
    """Two people act at once and are written down in the other order: nothing happens to a clock before it began."""
    return max(at, clock.started_at)


def _stopped(clock: Clock, change: Change, at: datetime) -> Clock:
    return replace(
        clock,
        stop=Stop.DONE.value,
        stopped_at=_since_start(clock, at),
        in_time=change["in_time"],
        paused_at=None,
        pause_until=None,
    )


def _held(clock: Clock, change: Change, at: datetime) -> Clock:
    return replace(_stopped(clock, change, at), stop=Stop.HELD.value)


def _confirmed(clock: Clock, change: Change, at: datetime) -> Clock:
    return replace(clock, stop=Stop.DONE.value)


def _restored(clock: Clock, change: Change, at: datetime) -> Clock:
    return replace(clock, stop=Stop.RUNNING.value, stopped_at=None, in_time=None)


def _voided(clock: Clock, change: Change, at: datetime) -> Clock:
    stopped = clock.stopped_at or _since_start(clock, at)
    return replace(
        clock, stop=Stop.VOID.value, stopped_at=stopped, in_time=None, paused_at=None, pause_until=None
    )  # fmt: skip


def _paused(clock: Clock, change: Change, at: datetime) -> Clock:
    return replace(
        clock,
        paused_at=_since_start(clock, at),
        pause_until=change.get("until"),
        pause_reason=change["reason"],
        pauses=clock.pauses + 1,
    )


def _moved(clock: Clock, change: Change, at: datetime) -> Clock:
    """A new due date. Marks set for the old one fall where the new one lies ahead of them."""
    return replace(
        clock,
        due_at=change["due"],
        warn_at=change["warn"],
        provisional=change["provisional"],
        warned_at=clock.warned_at if change["warn"] <= at else None,
        overdue_at=None if hours.in_time(at, change["due"]) else clock.overdue_at,
    )


def _resumed(clock: Clock, change: Change, at: datetime) -> Clock:
    return replace(_moved(clock, change, at), paused_at=None, pause_until=None)


def _extended(clock: Clock, change: Change, at: datetime) -> Clock:
    return replace(_moved(clock, change, at), limit=change["limit"], extensions=clock.extensions + 1)


def _warned(clock: Clock, change: Change, at: datetime) -> Clock:
    return replace(clock, warned_at=at)


def _overdue(clock: Clock, change: Change, at: datetime) -> Clock:
    return replace(clock, warned_at=clock.warned_at or at, overdue_at=at)


APPLY: dict[str, Callable[[Clock, Change, datetime], Clock]] = {
    "stop": _stopped,
    "hold": _held,
    "confirm": _confirmed,
    "restore": _restored,
    "void": _voided,
    "pause": _paused,
    "resume": _resumed,
    "extend": _extended,
    "move": _moved,
    "warned": _warned,
    "overdue": _overdue,
}
"""What each change but ``start`` does to the clock it is about."""
