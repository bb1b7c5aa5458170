"""When a point is open: hours by weekday with breaks, holidays, times when it is closed for a reason.

Weeks hold from a day to a day. A point that keeps the holidays is closed on them and open on make-up days (国务院办公厅
节假日安排通知): a make-up Saturday or Sunday without hours of its own has those of the first weekday that has some.
A Saturday or Sunday between or beside days of a holiday belongs to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from qingyu.rules.hours import MIDNIGHT, Calendar, Hours
from qingyu.rules.refusals import NotValid

Week = tuple[Hours, ...]
"""Seven entries, Monday first."""
Spell = tuple[datetime, datetime]
DAY = timedelta(days=1)
LOOKS = 40
"""So many days a person is told about; what opens later counts as closed."""


@dataclass(frozen=True, slots=True)
class Period:
    """A week that holds from a day to a day, both inclusive; ``last`` None: until further notice."""

    first: date
    last: date | None
    week: Week


@dataclass(frozen=True, slots=True)
class Closing:
    """Closed in between, whatever the week says; ``ends`` None: nobody knows until when."""

    starts: datetime
    ends: datetime | None


@dataclass(frozen=True)
class Timetable:
    """All that decides whether a point is open. ``keeps_holidays``: closed on them, open on make-up days."""

    periods: tuple[Period, ...]
    calendar: Calendar
    keeps_holidays: bool = True
    closings: tuple[Closing, ...] = ()

    def hours(self, day: date) -> Hours:
        """The hours of a day as planned, without what is closed for a reason."""
        period = next((p for p in self.periods if p.first <= day and (p.last is None or day <= p.last)), None)
        if period is None:
            return ()
        own = period.week[day.weekday()]
        if not self.keeps_holidays:
            return own
        if is_holiday(self.calendar, day):
            return ()
        makes_up = self.calendar.days.get(day) is True and day.weekday() >= 5
        return own or (next(filter(None, period.week), ()) if makes_up else ())

    def spells(self, first: date, days: int) -> Iterator[Spell]:
        """The times of opening on so many days from ``first``, as UTC instants; what touches is one."""
        held: Spell | None = None
        for number in range(days):
            for spell in self._day(first + number * DAY):
                if held and spell[0] <= held[1]:
                    held = (held[0], max(held[1], spell[1]))
                    continue
                if held:
                    yield held
                held = spell
        if held:
            yield held

    def from_(self, at: datetime) -> Iterator[Spell]:
        """Times of opening that are not over at ``at``, the first first."""
        yesterday = self.calendar.day_of(at) - DAY
        return (spell for spell in self.spells(yesterday, LOOKS + 1) if spell[1] > at)

    def open_until(self, at: datetime) -> datetime | None:
        """Until when it is open, if it is open at ``at``."""
        spell = next(self.from_(at), None)
        return spell[1] if spell and spell[0] <= at else None

    def opens(self, at: datetime) -> datetime | None:
        """When it opens next after ``at``; None within forty days."""
        return next((start for start, _ in self.from_(at) if start > at), None)

    def _day(self, day: date) -> Iterator[Spell]:
        for opens, closes in self.hours(day):
            shut = day if closes != MIDNIGHT else day + DAY
            yield from self._without_closings((self._at(day, opens), self._at(shut, closes)))

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.calendar.zone).astimezone(UTC)

    def _without_closings(self, spell: Spell) -> Iterator[Spell]:
        left = [spell]
        for closing in self.closings:
            left = [part for one in left for part in _cut(one, closing)]
        return iter(left)


def _cut(spell: Spell, closing: Closing) -> Iterator[Spell]:
    """What is left of a time of opening."""
    start, end = spell
    if closing.starts >= end or (closing.ends is not None and closing.ends <= start):
        yield spell
        return
    if start < closing.starts:
        yield start, closing.starts
    if closing.ends is not None and closing.ends < end:
        yield closing.ends, end


def is_holiday(calendar: Calendar, day: date) -> bool:
    """Whether a day is a public holiday: named so, or a weekend day in one run of days off with such a day."""
    if calendar.days.get(day) is False:
        return True
    if calendar.is_working(day) or day.weekday() < 5:
        return False
    return any(_run_has_holiday(calendar, day, step) for step in (-DAY, DAY))


def _run_has_holiday(calendar: Calendar, day: date, step: timedelta) -> bool:
    for number in range(1, 4):
        other = day + number * step
        if calendar.days.get(other) is False:
            return True
        if calendar.is_working(other):
            return False
    return False


# Weeks as text --------------------------------------------------------------------------------------------------

SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~至]\s*(\d{1,2}):(\d{2})")
DAYS = re.compile(r"([1-7])(?:\s*[-–—~至]\s*([1-7]))?")


def read_week(text: str) -> Week:
    """Reads ``1-5 09:00-12:00,13:30-17:00; 6 09:00-12:00``: days 1 (Monday) to 7, parts with ``;``, breaks with ``,``.

    NotValid: hours_missing, hours_not_readable, opening_not_valid (out of order or one over another).
    """
    week: list[Hours] = [()] * 7
    parts = [part.strip() for part in re.split(r"[;；\n]", text) if part.strip()]
    if not parts:
        raise NotValid("hours_missing", field="hours")
    for part in parts:
        days, _, spans = part.partition(" ")
        for day in _days(days):
            week[day] = week[day] + _spans(spans)
    for hours in week:
        check(hours)
    return tuple(week)


def _days(text: str) -> list[int]:
    found: list[int] = []
    for part in re.split(r"[,，、]", text):
        match = DAYS.fullmatch(part)
        if not match:
            raise NotValid("hours_not_readable", field="hours", found=text[:40])
        first = int(match[1])
        found += range(first - 1, int(match[2] or first))
    return found


def _spans(text: str) -> Hours:
    parts = [part.strip() for part in re.split(r"[,，、]", text) if part.strip()]
    matches = [SPAN.fullmatch(part) for part in parts]
    if not parts or not all(matches):
        raise NotValid("hours_not_readable", field="hours", found=text[:40])
    return tuple((_clock(match[1], match[2]), _clock(match[3], match[4])) for match in matches if match)


def _clock(hour: str, minute: str) -> time:
    if (int(hour), int(minute)) == (24, 0):
        return MIDNIGHT
    try:
        return time(int(hour), int(minute))
    except ValueError:
        raise NotValid("hours_not_readable", field="hours", found=f"{hour}:{minute}") from None


def check(hours: Hours) -> None:
    """NotValid("opening_not_valid") unless the hours of a day stand in order, apart, and end after they begin."""
    last = -1
    for opens, closes in hours:
        start, end = _minute(opens), _minute(closes) or 24 * 60
        if start <= last or end <= start:
            raise NotValid("opening_not_valid", field="hours")
        last = end


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def write_week(week: Week) -> str:
    """The week as ``read_week`` reads it; days with equal hours in a row stand together."""
    parts, first = [], 0
    while first < 7:
        last = first
        while last < 6 and week[last + 1] == week[first]:
            last += 1
        if week[first]:
            days = f"{first + 1}" if first == last else f"{first + 1}-{last + 1}"
            spans = ",".join(f"{o:%H:%M}-{'24:00' if c == MIDNIGHT else format(c, '%H:%M')}" for o, c in week[first])
            parts.append(f"{days} {spans}")
        first = last + 1
    return "; ".join(parts)
