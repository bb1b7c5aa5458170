"""Appointments in a hall: which days and slots there are, who may take one, and what an arrival makes of it.

Whatever is booked is a stated share of the opening plan; the rest stays for those who walk in, whose number is never
limited (浙江省保障"最多跑一次"改革规定 12: no limit on requests a day where no appointment is offered). The usual terms
are those that halls print: with name and phone, a day ahead, within five working days, one a day, cancelled two hours
before at the latest, and no new one for a while after several that were missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise

from qingyu.rules.hours import Calendar
from qingyu.rules.refusals import NotValid

MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Terms:
    """Policy of a hall. ``share``: percent of the planned windows that may be booked; the rest is for walk-ins."""

    share: int = 40
    slot_minutes: int = 30
    ahead_days: int = 1
    days: int = 5
    per_day: int = 1
    cancel_hours: int = 2
    grace_minutes: int = 15
    missed_most: int = 3
    missed_days: int = 90
    barred_days: int = 30


@dataclass(frozen=True, slots=True)
class Opening:
    """So many windows work for a service between two times of a day."""

    starts: time
    ends: time
    windows: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which ``room`` people may be booked."""

    starts: time
    room: int


def days(today: date, calendar: Calendar, terms: Terms) -> list[date]:
    """The working days that may be booked today, the nearest first."""
    coming = [calendar.plus_working_days(today, number) for number in range(terms.days + 1)]
    first = today + timedelta(days=terms.ahead_days)
    return [day for day in dict.fromkeys(coming) if day >= first]


def slots(openings: Sequence[Opening], terms: Terms, *, mean: float) -> list[Slot]:
    """The slots of a day, ``mean`` seconds being what a person takes. Parts of a person carry over to the next slot."""
    found, carried = [], Fraction(0)
    edges = {_minute(one.starts) for one in openings}
    begin = min(edges, default=0)
    for minute in range(begin, MINUTES - terms.slot_minutes + 1, terms.slot_minutes):
        windows = sum(one.windows for one in openings if _covers(one, minute, terms.slot_minutes))
        carried += Fraction(windows * terms.slot_minutes * 60 * terms.share, 100) / Fraction(max(1, round(mean)))
        room = int(carried) if windows else 0
        carried = carried - room if windows else Fraction(0)
        if room:
            found.append(Slot(time(minute // 60, minute % 60), room))
    return found


def check_plan(openings: Sequence[Opening], *, most: int) -> None:
    """NotValid: opening_order (ends before it begins), opening_overlaps, opening_windows (none, or over ``most``)."""
    for one in openings:
        if one.starts >= one.ends:
            raise NotValid("opening_order", field="plan")
        if not 1 <= one.windows <= most:
            raise NotValid("opening_windows", field="plan", most=most)
    ordered = sorted(openings, key=lambda one: one.starts)
    if any(later.starts < one.ends for one, later in pairwise(ordered)):
        raise NotValid("opening_overlaps", field="plan")


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _covers(one: Opening, minute: int, length: int) -> bool:
    return _minute(one.starts) <= minute and minute + length <= _minute(one.ends)


def may_change(starts: datetime, at: datetime, terms: Terms) -> bool:
    """Whether it may still be cancelled or moved."""
    return at <= starts - timedelta(hours=terms.cancel_hours)


def counts_from(starts: datetime, arrived: datetime, terms: Terms) -> datetime | None:
    """From when on the person goes before: the later of booked time and arrival. None: too late, now a walk-in."""
    if arrived > starts + timedelta(minutes=terms.grace_minutes):
        return None
    return max(starts, arrived)


def barred_until(missed: Iterable[date], today: date, terms: Terms) -> date | None:
    """The first day on which somebody who missed several may book again; None where they may today."""
    recent = [day for day in missed if today - timedelta(days=terms.missed_days) <= day <= today]
    if terms.missed_most == 0 or len(recent) < terms.missed_most:
        return None
    until = max(recent) + timedelta(days=terms.barred_days)
    return until if until > today else None
