"""Who is called next, what becomes of those who do not come, and which day it is: plain values only.

A window calls in turns. On a *turn of need* whoever needs this very window (a low one, one with a hearing aid) goes
first, then whoever the law gives precedence: people of 60 and over (老年人权益保障法 58), pregnant women, disabled
people (无障碍环境建设法 2023, 40), and whoever comes at a time they have booked. After somebody has been called past
others the next call of that window is a *turn of the line*: whoever has waited longest. So at most every second call
passes others by, and nobody starves: whoever stands at place k of a window's line is called within 2k of its calls.

The low window's measures are those of GB 50763 (3.14: top 700 to 850 mm, knee space 750 wide, 650 high, 450 deep).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

LOW = (700, 850)
KNEE = (750, 650, 450)
BACK = 3
"""How many others go first after somebody did not come."""
ABSENCES = 3
"""So often may a person not come; then the ticket is void."""


class Need(StrEnum):
    """What a person may ask for when they take a ticket; nobody has to prove it."""

    ELDER = "elder"
    PREGNANT = "pregnant"
    WHEELCHAIR = "wheelchair"
    HEARING = "hearing"
    DISABLED = "disabled"


class Fit(StrEnum):
    """What a window can offer."""

    LOW = "low"
    HEARING_AID = "hearing_aid"


WANTS = {Need.WHEELCHAIR: Fit.LOW, Need.HEARING: Fit.HEARING_AID}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket that waits. ``place`` orders the line: smaller was there before."""

    ticket: int
    service: int
    place: int
    needs: frozenset[str] = frozenset()
    due: int | None = None
    """Of an appointment: from when on it goes before, in the measure of ``place``."""
    absent: bool = False
    """Was called and did not come: waits at its place and goes before nobody, until it is brought back."""

    @property
    def order(self) -> tuple[int, int]:
        return (self.place, self.ticket)

    @property
    def presses(self) -> bool:
        """Whether it goes before others on every second call."""
        return not self.absent and (bool(self.needs) or self.due is not None)

    @property
    def wants(self) -> frozenset[str]:
        """What a window should offer this person."""
        return frozenset(fit for need, fit in WANTS.items() if need in self.needs)


@dataclass(frozen=True, slots=True)
class Counter:
    """An open window: the services it knows, what it offers, and whether its last call passed others by."""

    services: frozenset[int]
    fits: frozenset[str] = frozenset()
    passed: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is called, and whether somebody who has waited longer is passed by."""

    ticket: int
    passes: bool


def is_low(height: int, knee: tuple[int, int, int]) -> bool:
    """Whether a wheelchair user can work at it; all in mm, ``knee`` is width, height, depth."""
    return LOW[0] <= height <= LOW[1] and all(has >= least for has, least in zip(knee, KNEE, strict=True))


def next_ticket(
    window: Counter, waiting: Sequence[Waiting], others: Sequence[Counter], *, now: int = 0
) -> Choice | None:
    """Whom ``window`` calls; None where nobody waits for its skills. ``others``: the other open windows.

    ``now`` in the measure of ``Waiting.place``: before its time an appointment is called only where nobody else waits.
    """
    line = [one for one in waiting if one.service in window.services and suits(window, one, others)]
    if not line:
        return None
    first = min(line, key=lambda one: one.order)
    chosen = first if window.passed else min(line, key=lambda one: (*_need(window, one, now), *one.order))
    return Choice(chosen.ticket, passes=chosen is not first)


def suits(window: Counter, one: Waiting, others: Sequence[Counter]) -> bool:
    """Whether no other open window that knows the service offers more of what the person needs."""
    if not one.wants:
        return True
    here = len(one.wants & window.fits)
    return all(len(one.wants & other.fits) <= here for other in others if one.service in other.services)


def _need(window: Counter, one: Waiting, now: int) -> tuple[bool, int, int]:
    """The smaller, the sooner: who needs this window, then who has precedence, then all; last who is not due yet."""
    early = one.due is not None and one.due > now
    fits = 0 if one.absent else len(one.wants & window.fits)
    return (early, -fits, 0 if one.presses else 1)


# Those who do not come ------------------------------------------------------------------------------------------


def after_absence(one: Waiting, absences: int, line: Iterable[Waiting]) -> int | None:
    """The new place of a ticket whose person did not come for the ``absences``th time: three back; None: void."""
    return None if absences >= ABSENCES else behind(line, at_least=one.place, service=one.service)


def behind(line: Iterable[Waiting], *, at_least: int, service: int) -> int:
    """The place right behind the first three who wait for the service after ``at_least``; also for who comes late."""
    later = sorted(one.place for one in line if one.service == service and one.place >= at_least)
    return later[min(BACK, len(later)) - 1] + 1 if later else at_least


# The day --------------------------------------------------------------------------------------------------------


def business_day(at: datetime, day_end: time) -> date:
    """The day to which an instant in the hall's own time belongs, where the day ends at ``day_end``.

    Up to noon the end lies in the night after (02:00: whoever comes at 01:00 belongs to yesterday), from noon on in
    the evening before (22:00: whoever comes at 23:00 belongs to tomorrow).
    """
    end = timedelta(hours=day_end.hour, minutes=day_end.minute)
    return (at - end).date() if day_end.hour < 12 else (at + timedelta(hours=24) - end).date()
