"""Extensions, pauses, warnings and working time, on the calendar of 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest

from qingyu.rules.hours import (
    Calendar,
    Deadline,
    Limit,
    Unit,
    deadline,
    paused,
    resume,
    shift,
    warn_at,
    working_seconds,
)

CITY = ZoneInfo("Asia/Shanghai")
LISTED = dict.fromkeys(chinese_calendar.holidays, False) | dict.fromkeys(chinese_calendar.workdays, True)
DAYS = {day: works for day, works in LISTED.items() if day.year == 2026}
CHINA = Calendar("cn", CITY, DAYS, frozenset({2026}))
OFFICE = ((time(9), time(12)), (time(13, 30), time(17)))
SATURDAY = ((time(9), time(11)),)
HALL = Calendar("hall", CITY, DAYS, frozenset({2026}), (OFFICE,) * 5 + ((), ()), time(17))


def at(text: str) -> datetime:
    """A reading of the city's clock: "02-13 10:00" is of 2026."""
    full = text if text[4] == "-" else f"2026-{text}"
    return datetime.fromisoformat(full).replace(tzinfo=CITY)


def reads(instant: datetime) -> str:
    assert instant.tzinfo is UTC
    return f"{instant.astimezone(CITY):%Y-%m-%d %H:%M:%S}"


# --- extensions


@pytest.mark.parametrize(
    ("old", "by", "new"),
    [
        ("02-13 23:59:59", "5 working_day", "2026-02-27 23:59:59"),
        ("03-02 23:59:59", "10 working_day", "2026-03-16 23:59:59"),
        ("02-24 23:59:59", "30 calendar_day", "2026-03-26 23:59:59"),
        ("03-02 12:00:00", "24 hour", "2026-03-03 12:00:00"),
    ],
)
def test_an_extension_counts_from_the_old_due_day(old: str, by: str, new: str) -> None:
    for before in (at(old), Deadline(at(old).astimezone(UTC), False)):
        later = shift(before, Limit.parse(by), CHINA)
        assert reads(later.at) == new
        assert later.provisional is False


def test_an_extension_of_a_provisional_deadline_is_provisional() -> None:
    assert shift(Deadline(at("03-02 12:00"), True), Limit(1, Unit.HOUR), CHINA).provisional is True
    assert shift(Deadline(at("12-31 12:00"), False), Limit(1, Unit.WORKING_DAY), CHINA).provisional is True


def test_extending_equals_one_longer_working_day_limit() -> None:
    first = deadline(at("02-10 10:00"), Limit(5, Unit.WORKING_DAY), CHINA)
    whole = deadline(at("02-10 10:00"), Limit(15, Unit.WORKING_DAY), CHINA)
    assert shift(first, Limit(10, Unit.WORKING_DAY), CHINA) == whole


# --- pauses


@pytest.mark.parametrize(
    ("start", "end", "unit", "amount"),
    [
        ("03-02 10:00", "03-02 18:00", Unit.WORKING_DAY, 0),
        ("03-02 23:59", "03-03 00:01", Unit.WORKING_DAY, 1),
        ("02-13 10:00", "02-27 10:00", Unit.WORKING_DAY, 5),
        ("02-15 10:00", "02-22 10:00", Unit.WORKING_DAY, 0),
        ("02-15 23:00", "02-22 01:00", Unit.CALENDAR_DAY, 7),
        ("03-02 10:00", "03-02 18:00", Unit.CALENDAR_DAY, 0),
        ("03-02 10:00", "03-02 10:01", Unit.MINUTE, 60),
        ("03-02 10:00:00.5", "03-02 10:01:00.4", Unit.MINUTE, 59),
        ("03-02 10:00", "03-03 11:00", Unit.HOUR, 25 * 3600),
    ],
)
def test_a_pause_is_measured_like_the_limit(start: str, end: str, unit: Unit, amount: int) -> None:
    found = paused(at(start), at(end), unit, CHINA)
    assert type(found) is int
    assert found == amount


@pytest.mark.parametrize(
    ("old", "start", "end", "unit", "new"),
    [
        ("03-06 23:59:59", "03-03 10:00", "03-05 09:00", Unit.WORKING_DAY, "2026-03-10 23:59:59"),
        ("02-14 23:59:59", "02-12 10:00", "02-13 10:00", Unit.WORKING_DAY, "2026-02-24 23:59:59"),
        ("03-06 23:59:59", "03-03 10:00", "03-03 19:00", Unit.WORKING_DAY, "2026-03-06 23:59:59"),
        ("03-06 23:59:59", "03-03 10:00", "03-04 10:00", Unit.CALENDAR_DAY, "2026-03-09 23:59:59"),
        ("03-06 23:59:59", "03-03 10:00", "03-06 10:00", Unit.CALENDAR_DAY, "2026-03-09 23:59:59"),
        ("03-07 12:00:00", "03-07 10:00", "03-07 10:45", Unit.MINUTE, "2026-03-07 12:45:00"),
        ("03-07 12:00:00", "03-07 10:00", "03-07 11:30", Unit.HOUR, "2026-03-07 13:30:00"),
    ],
)
def test_the_due_date_moves_by_the_time_paused(old: str, start: str, end: str, unit: Unit, new: str) -> None:
    for before in (at(old), Deadline(at(old).astimezone(UTC), False)):
        later = resume(before, at(start), at(end), unit, CHINA)
        assert reads(later.at) == new
        assert later.provisional is False


def test_a_paused_hour_limit_moves_by_the_exact_time() -> None:
    later = resume(at("03-07 12:00"), at("03-07 10:00"), at("03-07 10:00:00.25"), Unit.HOUR, CHINA)
    assert later.at == at("03-07 12:00:00.25")


@pytest.mark.parametrize(
    ("old", "start", "end", "unit", "provisional"),
    [
        (Deadline(at("03-06 12:00"), True), "03-03 10:00", "03-03 10:00", Unit.WORKING_DAY, True),
        (Deadline(at("03-06 12:00"), True), "03-03 10:00", "03-05 10:00", Unit.CALENDAR_DAY, True),
        (Deadline(at("03-06 12:00"), True), "03-03 10:00", "03-03 11:00", Unit.HOUR, True),
        (Deadline(at("2027-01-04 12:00"), False), "12-30 10:00", "12-31 10:00", Unit.WORKING_DAY, True),
        (Deadline(at("12-31 12:00"), False), "12-30 10:00", "12-31 10:00", Unit.WORKING_DAY, True),
        (Deadline(at("12-31 12:00"), False), "12-30 10:00", "12-31 10:00", Unit.CALENDAR_DAY, True),
        # the pause rests on unknown days, though the moved due date does not
        (Deadline(at("03-06 12:00"), False), "2025-12-30 10:00", "2025-12-31 10:00", Unit.WORKING_DAY, True),
        (Deadline(at("03-06 12:00"), False), "2025-12-26 10:00", "2025-12-28 10:00", Unit.WORKING_DAY, True),
        (Deadline(at("03-06 12:00"), False), "2025-12-31 10:00", "01-02 10:00", Unit.WORKING_DAY, False),
        (Deadline(at("03-06 12:00"), False), "2025-12-31 10:00", "2025-12-31 11:00", Unit.WORKING_DAY, False),
        (
            Deadline(at("03-06 12:00"), False),
            "2025-12-30 10:00",
            "2025-12-31 10:00",
            Unit.CALENDAR_DAY,
            False,
        ),
    ],
)
def test_a_pause_over_unknown_days_is_provisional(
    old: Deadline, start: str, end: str, unit: Unit, provisional: bool
) -> None:
    assert resume(old, at(start), at(end), unit, CHINA).provisional is provisional


# --- warnings


@pytest.mark.parametrize(
    ("start", "limit", "warned"),
    [
        ("03-02 10:00", "2 hour", "2026-03-02 11:30:00"),
        ("03-02 10:00", "15 minute", "2026-03-02 10:11:15"),
        ("03-02 10:00", "1 working_day", "2026-03-03 00:00:00"),
        ("03-02 10:00", "5 working_day", "2026-03-09 00:00:00"),
        ("03-02 10:00", "7 working_day", "2026-03-11 00:00:00"),
        ("03-02 10:00", "8 working_day", "2026-03-11 00:00:00"),
        ("03-02 10:00", "20 working_day", "2026-03-24 00:00:00"),
        ("02-13 10:00", "8 working_day", "2026-03-02 00:00:00"),
        ("02-12 10:00", "8 working_day", "2026-02-28 00:00:00"),
        ("02-10 10:00", "7 calendar_day", "2026-02-24 00:00:00"),
        ("03-02 10:00", "15 calendar_day", "2026-03-15 00:00:00"),
        ("03-02 10:00", "1 calendar_day", "2026-03-03 00:00:00"),
    ],
)
def test_the_yellow_light_goes_on_with_a_quarter_left(start: str, limit: str, warned: str) -> None:
    granted = Limit.parse(limit)
    for calendar in (CHINA, HALL):
        due_then = deadline(at(start), granted, calendar)
        assert reads(warn_at(at(start), due_then, granted, calendar)) == warned
        assert reads(warn_at(at(start), due_then.at, granted, calendar)) == warned


@pytest.mark.parametrize("limit", ["8 hour", "8 working_day", "8 calendar_day"])
def test_no_warning_before_the_start(limit: str) -> None:
    start = at("03-06 12:00")
    assert warn_at(start, at("03-06 13:00"), Limit.parse(limit), CHINA) == start


# --- working time


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        ("03-02 08:00", "03-02 20:00", 6.5 * 3600),
        ("03-02 10:00", "03-02 14:00", 2.5 * 3600),
        ("03-02 12:00", "03-02 13:30", 0),
        ("03-02 10:00", "03-02 10:00", 0),
        ("03-02 09:00", "03-02 09:00:01.9", 1),
        ("03-06 16:00", "03-09 10:00", 2 * 3600),
        ("02-13 16:30", "02-14 09:30", 3600),  # a make-up Saturday keeps Monday's hours
        ("02-14 17:00", "02-24 09:00", 0),
        ("03-02 00:00", "03-08 23:59", 5 * 6.5 * 3600),
        ("01-01 00:00", "12-31 23:59", 248 * 6.5 * 3600),
    ],
)
def test_working_seconds_lie_inside_opening_hours(start: str, end: str, seconds: float) -> None:
    found = working_seconds(at(start), at(end), HALL)
    assert type(found) is int
    assert found == seconds


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("03-02 00:00", "03-03 00:00", 24),
        ("03-06 12:00", "03-09 12:00", 24),
        ("02-14 18:00", "02-24 06:00", 12),
    ],
)
def test_without_opening_hours_a_working_day_is_24_hours(start: str, end: str, hours: int) -> None:
    assert working_seconds(at(start), at(end), CHINA) == hours * 3600


def test_opening_hours_by_weekday() -> None:
    week = ((), OFFICE, OFFICE, OFFICE, ((time(20), time(0)),), SATURDAY, ())
    own = Calendar("own", CITY, DAYS, frozenset({2026}), week)
    assert own.hours(date(2026, 3, 2)) == ()  # shut on Mondays
    assert own.hours(date(2026, 3, 3)) == OFFICE
    assert own.hours(date(2026, 3, 7)) == ()  # an ordinary Saturday
    assert own.hours(date(2026, 2, 28)) == SATURDAY  # a make-up Saturday with hours of its own
    assert own.hours(date(2026, 1, 4)) == OFFICE  # a make-up Sunday keeps Tuesday's
    assert working_seconds(at("03-06 00:00"), at("03-07 12:00"), own) == 4 * 3600
