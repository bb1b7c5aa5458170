"""One clock, and what readers of all clocks of a case ask most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from qingyu.rules import hours
from qingyu.rules.hours import Calendar, Deadline, Limit
from qingyu.rules.lifecycle import CaseState

Change = dict[str, Any]
"""What an event does to one clock: ``do``, the key ``kind``, ``unit``, ``round``, and the values it sets."""

Key = tuple[str, int, int]
"""Kind, unit, round: one clock of a case."""


class ClockKind(StrEnum):
    DISPATCH = "dispatch"
    SIGN = "sign"
    CONTACT = "contact"
    HANDLE = "handle"
    REVIEW = "review"
    FOLLOWUP = "followup"
    ACCEPT = "accept"
    """An application is taken up, or not, or what it lacks is said: 5 working days (行政许可法 32)."""
    CORRECT = "correct"
    """The person corrects what was lacking."""
    LEGAL = "legal"
    """The outer limit by law, beside the promise that the handle clock counts (行政许可法 42)."""
    SPECIAL = "special"
    """A special procedure lasts as long as was said (行政许可法 45)."""
    ISSUE = "issue"
    """The result is handed over once it is decided (行政许可法 44)."""


class Stop(StrEnum):
    """How a clock stands still. ``held``: stopped until the centre has reviewed. ``void``: does not count."""

    RUNNING = ""
    DONE = "done"
    HELD = "held"
    VOID = "void"


class Terms(Protocol):
    """The policy in force for one case: its limits (None: no such clock) and the working calendar of a unit."""

    def limit(self, name: str) -> Limit | None: ...
    def calendar(self, unit: int) -> Calendar: ...


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock. ``limit`` is what was granted in all, with extensions. ``paused_at`` set: it rests until
    ``pause_until`` at the latest. ``in_time`` is None while it has not stopped, and for a void one.
    """

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
        """Counts towards its due date now: neither stopped nor resting."""
        return self.stop == Stop.RUNNING and self.paused_at is None

    @property
    def due(self) -> Deadline:
        """The due date as ``hours`` takes it."""
        return Deadline(self.due_at, self.provisional)

    def overdue(self, at: datetime) -> bool:
        """Whether it is, or was when it stopped, past its due date; one that rests, when its rest began.

        A void clock never is.
        """
        if self.stop == Stop.VOID:
            return False
        if self.in_time is not None:
            return not self.in_time
        return not hours.in_time(self.paused_at or at, self.due_at)


Clocks = Mapping[Key, Clock]


def promise(case: CaseState, clocks: Clocks) -> Clock | None:
    """The handle clock of the lead unit in the present round: the due date the citizen is told. Void promises none.

    Of an application, before it is admitted, the date by which that is said; once it is decided, that of the result.
    """
    kinds = (ClockKind.ISSUE, ClockKind.HANDLE, ClockKind.ACCEPT) if case.stage else (ClockKind.HANDLE,)
    found = next((clocks[key] for kind in kinds if (key := (kind.value, case.lead or 0, case.round)) in clocks), None)
    return found if found and found.stop != Stop.VOID else None


def next_due(clocks: Clocks) -> Clock | None:
    """The running clock that falls due first; by it the baskets are ordered."""
    running = [clock for clock in clocks.values() if clock.running]
    return min(running, key=lambda clock: (clock.due_at, clock.key), default=None)
