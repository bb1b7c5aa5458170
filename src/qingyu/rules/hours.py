"""Working calendars, deadlines and measured working time.

Two clocks run side by side. Minute and hour limits run round the clock from the very moment (民法典 201).
Day limits leave out the day they start on (民法典 201) and end with their last day: at 24:00, or at close
of business where there are business hours (民法典 203).

Conventions, each with a worked example in ``docs/rules/hours.md``:

- Days are days of the city (``Calendar.zone``). Every instant handed in carries a zone; every instant handed
  out is UTC.
- Day 0 is the day on which the matter arrives, whatever the hour: arriving after close of business moves
  nothing, because 民法典 203 speaks of the end of a period only.
- "24:00" is written 23:59:59 of the last day. What happens within the second of the due instant is in time:
  ask ``in_time``.
- A calendar-day limit whose nominal last day is no working day ends on the next working day (民法典 203).
- A deadline that depends on a day of a year whose list is not published is ``provisional``: it counts
  Monday to Friday there and has to be computed again once the list is known.

No function reads a clock; day lists are handed in as data.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import accumulate, pairwise
from types import MappingProxyType
from zoneinfo import ZoneInfo

from qingyu.rules.refusals import NotValid

Hours = tuple[tuple[time, time], ...]
"""Opening hours of one day: (opens, closes) in order, apart; closing at ``time(0)`` means 24:00."""

MIDNIGHT = time(0)
LAST_SECOND = time(23, 59, 59)
YEARS = range(1900, 2900)
"""Years in which an instant may lie; anything else is a slip of the keyboard."""


class Unit(StrEnum):
    """What a limit is counted in."""

    MINUTE = "minute"
    HOUR = "hour"
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"


SPAN = {Unit.MINUTE: timedelta(minutes=1), Unit.HOUR: timedelta(hours=1)}
"""Units that run round the clock."""

LONGEST = {
    Unit.MINUTE: 3660 * 24 * 60,
    Unit.HOUR: 3660 * 24,
    Unit.WORKING_DAY: 3660,
    Unit.CALENDAR_DAY: 3660,
}
"""The longest limit of each unit: ten years."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time as a rule states it, e.g. 5 working days. ``amount`` is 1 to ``LONGEST[unit]``.

    Raises ``NotValid``: ``limit_`` + ``unit_unknown``, ``not_whole``, ``not_positive`` or ``too_long``.
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not isinstance(self.unit, Unit):
            raise NotValid("limit_unit_unknown", field="unit")
        if type(self.amount) is not int:
            raise NotValid("limit_not_whole", field="amount")
        if self.amount < 1:
            raise NotValid("limit_not_positive", field="amount")
        if self.amount > LONGEST[self.unit]:
            raise NotValid("limit_too_long", field="amount", longest=LONGEST[self.unit])

    @classmethod
    def parse(cls, text: str) -> Limit:
        """Read ``"5 working_day"``. Raises ``NotValid``: ``limit_not_readable`` and those of ``Limit``."""
        found = re.fullmatch(r"\s*(-?[0-9]{1,12})\s+([a-z_]+)\s*", text)
        if not found:
            raise NotValid("limit_not_readable", field="limit")
        try:
            unit = Unit(found[2])
        except ValueError:
            raise NotValid("limit_unit_unknown", field="unit") from None
        return cls(int(found[1]), unit)

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something is due: ``at`` (UTC). ``provisional``: to be computed again when a list is published."""

    at: datetime
    provisional: bool


class _Count:
    """Working days since 0001-01-01, a Monday: whole weeks by arithmetic, exceptions by bisection.

    ``edges`` are the ordinals of the days that differ from Monday to Friday, ``drift[i]`` by how much the
    first ``i`` of them change the count, ``totals[i]`` the count up to and with ``edges[i]``.
    """

    __slots__ = ("drift", "edges", "totals")

    def __init__(self, days: Mapping[date, bool]) -> None:
        odd = sorted(day for day, works in days.items() if works != (day.weekday() < 5))
        self.edges = [day.toordinal() for day in odd]
        self.drift = [0, *accumulate(1 if days[day] else -1 for day in odd)]
        self.totals = [self.up_to(edge) for edge in self.edges]
        self.edges.append(date.max.toordinal())

    def up_to(self, day: int) -> int:
        """How many working days there are up to and with the ordinal ``day``."""
        weeks, rest = divmod(day, 7)
        return weeks * 5 + min(rest, 5) + self.drift[bisect_right(self.edges, day)]

    def nth(self, number: int) -> int:
        """The ordinal of the ``number``-th working day: between two edges, or a make-up day on the edge."""
        edge = bisect_left(self.totals, number)
        weeks, rest = divmod(number - self.drift[edge] - 1, 5)
        return min(weeks * 7 + rest + 1, self.edges[edge])


@dataclass(frozen=True)
class Calendar:
    """Which days are working days, when the doors are open and when a day ends.

    ``days`` are the exceptions from Monday to Friday: True a make-up working day, False a holiday.
    ``published`` are the years whose official list is known; elsewhere Monday to Friday holds for days not in
    ``days``. ``opening`` has seven entries, Monday first, or none (then a working day counts 24 hours); a
    make-up Saturday or Sunday without hours of its own keeps those of the first weekday that has some.
    ``closes_at`` is the close of business that ends a day limit; None means 24:00.

    Immutable and hashable; build it once and use it often. Raises ``NotValid``: ``opening_not_valid``,
    ``closing_not_valid``.
    """

    code: str
    zone: ZoneInfo
    days: Mapping[date, bool] = field(default_factory=dict, hash=False, repr=False)
    published: frozenset[int] = frozenset()
    opening: tuple[Hours, ...] = ()
    closes_at: time | None = None
    _count: _Count = field(init=False, repr=False, compare=False)
    _ends: time = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_opening(self.opening)
        _check_closing(self.closes_at)
        days = MappingProxyType(dict(self.days))
        object.__setattr__(self, "days", days)
        object.__setattr__(self, "_count", _Count(days))
        object.__setattr__(self, "_ends", (self.closes_at or LAST_SECOND).replace(fold=1))

    def __reduce__(self) -> tuple[object, ...]:
        kept = (self.code, self.zone, dict(self.days), self.published, self.opening, self.closes_at)
        return Calendar, kept

    def is_working(self, day: date) -> bool:
        """Whether ``day`` is a working day; make-up weekends are, holidays are not."""
        return self._count.up_to(day.toordinal()) > self._count.up_to(day.toordinal() - 1)

    def is_published(self, day: date) -> bool:
        """Whether the official list of the year of ``day`` is known."""
        return day.year in self.published

    def day_of(self, at: datetime) -> date:
        """The day of the city at ``at``. Raises ``NotValid`` as ``deadline`` does."""
        return _aware(at).astimezone(self.zone).date()

    def next_working_day(self, day: date) -> date:
        """``day`` itself if it is a working day, else the first one after it."""
        return date.fromordinal(self._count.nth(self._count.up_to(day.toordinal() - 1) + 1))

    def plus_working_days(self, day: date, number: int) -> date:
        """The ``number``-th working day after ``day``; 0 is the last one up to ``day``, -1 the one before."""
        return date.fromordinal(self._count.nth(self._count.up_to(day.toordinal()) + number))

    def working_days(self, day: date, last: date) -> int:
        """How many working days there are after ``day``, up to and with ``last``."""
        return self._count.up_to(last.toordinal()) - self._count.up_to(day.toordinal())

    def ends(self, day: date) -> datetime:
        """The UTC instant at which a limit ends on ``day``: its last second, or close of business.

        Where clocks are set back the later of two equal readings holds, so a day ends once, at its very end.
        """
        return datetime.combine(day, self._ends, self.zone).astimezone(UTC)

    def hours(self, day: date) -> Hours:
        """The opening hours of ``day``: none unless it is a working day."""
        if not self.is_working(day):
            return ()
        if not self.opening:
            return ((MIDNIGHT, MIDNIGHT),)
        own = self.opening[day.weekday()]
        if own or day.weekday() < 5:
            return own
        return next(hours for hours in self.opening if hours)

    def knows(self, first: date, last: date) -> bool:
        """Whether the lists of all years from ``first`` to ``last`` are published."""
        return self.published.issuperset(range(first.year, last.year + 1))


def deadline(start: datetime, limit: Limit, calendar: Calendar) -> Deadline:
    """When ``limit`` ends that began at ``start`` (民法典 201, 203).

    Raises ``NotValid``: ``time_without_zone``, ``time_out_of_range``.
    """
    if limit.unit in SPAN:
        return Deadline(_utc(start) + limit.amount * SPAN[limit.unit], False)
    return _days_after(calendar.day_of(start), limit.amount, limit.unit, calendar)


def shift(due: Deadline | datetime, by: Limit, calendar: Calendar) -> Deadline:
    """The deadline after an extension ``by``: a limit of its own that begins on the old due day (or instant).

    The old due day is the one that holds, after any roll over a holiday. What was provisional stays so.
    """
    later = deadline(_instant(due), by, calendar)
    return _also(later, provisional=_provisional(due))


def paused(start: datetime, end: datetime, unit: Unit, calendar: Calendar) -> int:
    """How much a pause from ``start`` to ``end`` takes out of a limit counted in ``unit``.

    ``working_day``: working days after the day of ``start``, up to and with the day of ``end``, so day 0 is
    left out as for the limit; ``calendar_day``: days likewise; ``minute`` and ``hour``: whole SECONDS.
    Raises ``NotValid``: ``ends_before_start`` and those of ``deadline``.
    """
    elapsed = _elapsed(start, end)
    if unit in SPAN:
        return elapsed // timedelta(seconds=1)
    if unit is Unit.WORKING_DAY:
        return calendar.working_days(calendar.day_of(start), calendar.day_of(end))
    return (calendar.day_of(end) - calendar.day_of(start)).days


def resume(
    due: Deadline | datetime, pause_start: datetime, pause_end: datetime, limit_unit: Unit, calendar: Calendar
) -> Deadline:
    """The deadline after a pause: ``due`` moved by the time ``paused``; moved by nothing it stays as it was.

    Minutes and hours move by the exact time, days by whole days (calendar days roll again, 民法典 203).
    Whether a pause after the due instant is allowed at all is for ``lifecycle`` to say.
    """
    amount = paused(pause_start, pause_end, limit_unit, calendar)
    at = _instant(due)
    if limit_unit in SPAN:
        return Deadline(at + _elapsed(pause_start, pause_end), _provisional(due))
    unsure = limit_unit is Unit.WORKING_DAY and not _pause_known(pause_start, pause_end, calendar)
    later = Deadline(at, False)
    if amount:
        later = _days_after(calendar.day_of(at), amount, limit_unit, calendar)
    return _also(later, provisional=_provisional(due) or unsure)


def warn_at(start: datetime, due: Deadline | datetime, limit: Limit, calendar: Calendar) -> datetime:
    """When the yellow light goes on: a quarter of ``limit`` is left, for day limits at least the last day.

    Minutes and hours: the exact quarter before ``due``. Days: 00:00 city time of the first of the last
    ``amount // 4`` days (at least one) of the limit's kind, with the due day. Never before ``start``.
    ``limit`` is what was granted in all, with extensions.
    """
    at = _instant(due)
    if limit.unit in SPAN:
        return max(_utc(start), at - limit.amount * SPAN[limit.unit] / 4)
    left = max(1, limit.amount // 4)
    if limit.unit is Unit.WORKING_DAY:
        day = calendar.plus_working_days(calendar.day_of(at), 1 - left)
    else:
        day = calendar.day_of(at) - timedelta(days=left - 1)
    return max(_utc(start), _reading(day, MIDNIGHT, calendar))


def in_time(at: datetime, due: Deadline | datetime) -> bool:
    """Whether what happened at ``at`` was in time: up to and within the second of the due instant."""
    return _utc(at) < _instant(due).replace(microsecond=0) + timedelta(seconds=1)


def working_days_between(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Working days after the day of ``start``, up to and with the day of ``end``.

    Counts a working-day limit back: between start and deadline lies exactly its amount.
    Raises ``NotValid``: ``ends_before_start`` and those of ``deadline``.
    """
    return paused(start, end, Unit.WORKING_DAY, calendar)


def working_seconds(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Whole seconds from ``start`` to ``end`` that lie inside the opening hours of working days.

    Raises ``NotValid``: ``ends_before_start`` and those of ``deadline``.
    """
    first, last, total = _utc(start), _utc(end), timedelta()
    _elapsed(first, last)
    for opens, closes in _open_times(calendar.day_of(first), calendar.day_of(last), calendar):
        total += max(min(last, closes) - max(first, opens), timedelta())
    return total // timedelta(seconds=1)


def _open_times(first: date, last: date, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """Opening times as pairs of UTC instants, on the working days from ``first`` to ``last``."""
    day = calendar.next_working_day(first)
    while day <= last:
        for opens, closes in calendar.hours(day):
            shut = day if closes != MIDNIGHT else day + timedelta(days=1)
            yield _reading(day, opens, calendar), _reading(shut, closes, calendar)
        day = calendar.plus_working_days(day, 1)


def _reading(day: date, clock: time, calendar: Calendar) -> datetime:
    """The UTC instant at which the clocks of the city first show ``clock`` on ``day``."""
    return datetime.combine(day, clock, calendar.zone).astimezone(UTC)


def _days_after(day: date, amount: int, unit: Unit, calendar: Calendar) -> Deadline:
    """The end of a day limit whose day 0 is ``day``; it depends on the days from ``first`` to ``last``."""
    if unit is Unit.WORKING_DAY:
        first, last = day + timedelta(days=1), calendar.plus_working_days(day, amount)
    else:
        first = day + timedelta(days=amount)
        last = calendar.next_working_day(first)
    return Deadline(calendar.ends(last), not calendar.knows(first, last))


def _pause_known(start: datetime, end: datetime, calendar: Calendar) -> bool:
    """Whether the working days of a pause rest on published lists; a pause within one day needs none."""
    first, last = calendar.day_of(start) + timedelta(days=1), calendar.day_of(end)
    return first > last or calendar.knows(first, last)


def _also(later: Deadline, *, provisional: bool) -> Deadline:
    return Deadline(later.at, later.provisional or provisional)


def _instant(due: Deadline | datetime) -> datetime:
    return _utc(due.at if isinstance(due, Deadline) else due)


def _provisional(due: Deadline | datetime) -> bool:
    return isinstance(due, Deadline) and due.provisional


def _aware(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise NotValid("time_without_zone", field="at")
    if at.year not in YEARS:
        raise NotValid("time_out_of_range", field="at")
    return at


def _utc(at: datetime) -> datetime:
    return _aware(at).astimezone(UTC)


def _elapsed(start: datetime, end: datetime) -> timedelta:
    """Time passed, measured in UTC: two readings of one clock that was set back would lie."""
    elapsed = _utc(end) - _utc(start)
    if elapsed < timedelta():
        raise NotValid("ends_before_start", field="end")
    return elapsed


def _check_opening(opening: tuple[Hours, ...]) -> None:
    """Seven days or none, at least one of them open; hours in order and apart."""
    if opening and (len(opening) != 7 or not any(opening) or not all(map(_ordered, opening))):
        raise NotValid("opening_not_valid", field="opening")


def _ordered(hours: Hours) -> bool:
    readings = [clock for opens, closes in hours for clock in (opens, closes if closes != MIDNIGHT else time.max)]
    return all(earlier < later for earlier, later in pairwise(readings))


def _check_closing(closes_at: time | None) -> None:
    """Whole seconds of the city's own clock; 00:00 would end the day before it began (24:00 is None)."""
    if closes_at is None:
        return
    if closes_at.tzinfo or closes_at.microsecond or closes_at == MIDNIGHT:
        raise NotValid("closing_not_valid", field="closes_at")
