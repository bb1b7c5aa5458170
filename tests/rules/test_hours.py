"""Deadlines and measured time, as sentences and tables, on the official calendar of 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from qingyu.rules.hours import (
    Calendar,
    Deadline,
    Limit,
    Unit,
    deadline,
    in_time,
    paused,
    resume,
    warn_at,
    working_days_between,
    working_seconds,
)

CITY = ZoneInfo("Asia/Shanghai")
OFF = [("01-01", 3), ("02-15", 9), ("04-04", 3), ("05-01", 5), ("06-19", 3), ("09-25", 3), ("10-01", 7)]
MADE_UP = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
DAYS = {date.fromisoformat(f"2026-{day}"): True for day in MADE_UP} | {
    date.fromisoformat(f"2026-{first}") + timedelta(days=number): False
    for first, length in OFF
    for number in range(length)
}
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


def due(start: str, limit: str, calendar: Calendar = CHINA) -> str:
    return reads(deadline(at(start), Limit.parse(limit), calendar).at)


GOLDEN = [
    ("01-01", 5, "01-08"),
    ("02-13", 1, "02-14"),
    ("02-13", 5, "02-27"),
    ("02-14", 5, "02-28"),
    ("04-03", 1, "04-07"),
    ("04-30", 5, "05-11"),
    ("06-18", 5, "06-26"),
    ("09-18", 5, "09-24"),
    ("09-24", 5, "10-09"),
    ("09-30", 5, "10-13"),
    ("10-07", 15, "10-27"),
    ("01-30", 15, "02-27"),
    ("01-30", 20, "03-05"),
]


@pytest.mark.parametrize("hour", ["00:00", "10:00", "17:30", "23:59:59"])
@pytest.mark.parametrize(("start", "amount", "last"), GOLDEN)
def test_working_day_limits_of_2026(start: str, amount: int, last: str, hour: str) -> None:
    assert due(f"{start} {hour}", f"{amount} working_day") == f"2026-{last} 23:59:59"
    assert due(f"{start} {hour}", f"{amount} working_day", HALL) == f"2026-{last} 17:00:00"


@pytest.mark.parametrize(("start", "amount", "last"), GOLDEN)
def test_working_days_are_counted_back(start: str, amount: int, last: str) -> None:
    assert working_days_between(at(f"{start} 23:00"), at(f"{last} 01:00"), CHINA) == amount


@pytest.mark.parametrize(
    ("start", "amount", "last"),
    [
        ("02-10", 7, "02-24"),  # ends inside the Spring Festival
        ("09-28", 15, "10-13"),
        ("01-05", 1, "01-06"),
        ("02-12", 2, "02-14"),  # a make-up Saturday is a working day
        ("02-19", 2, "02-24"),
        ("05-08", 2, "05-11"),  # an ordinary Sunday
        ("09-24", 1, "09-28"),
    ],
)
def test_calendar_day_limits_end_on_a_working_day(start: str, amount: int, last: str) -> None:
    assert due(f"{start} 10:00", f"{amount} calendar_day") == f"2026-{last} 23:59:59"
    assert due(f"{start} 10:00", f"{amount} calendar_day", HALL) == f"2026-{last} 17:00:00"


@pytest.mark.parametrize(
    ("start", "limit", "end"),
    [
        ("02-14 23:50:30", "15 minute", "2026-02-15 00:05:30"),
        ("02-16 10:00", "30 minute", "2026-02-16 10:30:00"),
        ("02-16 10:00", "2 hour", "2026-02-16 12:00:00"),
        ("12-31 12:00", "24 hour", "2027-01-01 12:00:00"),
    ],
)
def test_minute_and_hour_limits_run_round_the_clock(start: str, limit: str, end: str) -> None:
    found = deadline(at(start), Limit.parse(limit), HALL)
    assert reads(found.at) == end
    assert not found.provisional


def test_there_are_248_working_days_in_2026() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    assert sum(CHINA.is_working(day) for day in days) == 248
    assert CHINA.working_days(date(2025, 12, 31), date(2026, 12, 31)) == 248
    assert sum(CHINA.is_working(day) for day in days if day.weekday() > 4) == 6


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-01-01", False),
        ("2026-01-03", False),
        ("2026-01-04", True),
        ("2026-01-05", True),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-10-08", True),
        ("2026-10-10", True),
        ("2026-10-11", False),
        ("2027-01-01", True),
        ("1900-01-01", True),
        ("1900-01-06", False),
    ],
)
def test_working_days(day: str, works: bool) -> None:
    assert CHINA.is_working(date.fromisoformat(day)) is works
    assert CHINA.is_working(datetime.fromisoformat(day)) is works


def test_next_working_day_may_be_the_day_itself() -> None:
    assert CHINA.next_working_day(date(2026, 2, 13)) == date(2026, 2, 13)
    assert CHINA.next_working_day(date(2026, 2, 14)) == date(2026, 2, 14)
    assert CHINA.next_working_day(date(2026, 2, 15)) == date(2026, 2, 24)


@pytest.mark.parametrize(
    ("number", "day"), [(-2, "02-12"), (-1, "02-13"), (0, "02-14"), (1, "02-24"), (4, "02-27"), (5, "02-28")]
)
def test_working_days_from_within_a_holiday(number: int, day: str) -> None:
    assert CHINA.plus_working_days(date(2026, 2, 18), number) == date.fromisoformat(f"2026-{day}")


def test_a_redundant_entry_changes_nothing() -> None:
    odd = {**DAYS, date(2026, 3, 2): True, date(2026, 3, 7): False}
    same = Calendar("cn", CITY, odd, frozenset({2026}))
    assert same.working_days(date(2025, 12, 31), date(2026, 12, 31)) == 248
    assert same.plus_working_days(date(2026, 2, 27), 5) == date(2026, 3, 5)


# --- day 0, the end of a day, the zone


def test_arriving_after_close_of_business_moves_nothing() -> None:
    assert due("03-02 16:59", "1 working_day", HALL) == due("03-02 22:00", "1 working_day", HALL)


def test_the_day_is_a_day_of_the_city() -> None:
    late = datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in the city
    one = Limit(1, Unit.WORKING_DAY)
    assert CHINA.day_of(late) == date(2026, 3, 2)
    assert CHINA.day_of(late + timedelta(seconds=1)) == date(2026, 3, 3)
    assert deadline(late, one, CHINA).at == datetime(2026, 3, 3, 15, 59, 59, tzinfo=UTC)
    assert deadline(late + timedelta(seconds=1), one, CHINA).at == datetime(2026, 3, 4, 15, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("limit", ["5 working_day", "5 calendar_day", "5 hour", "5 minute"])
def test_an_instant_means_the_same_in_every_zone(limit: str) -> None:
    start = at("03-02 10:00")
    same = start.astimezone(timezone(timedelta(hours=-11)))
    assert deadline(start, Limit.parse(limit), CHINA) == deadline(same, Limit.parse(limit), CHINA)
    assert deadline(same, Limit.parse(limit), CHINA).at.tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "good"),
    [
        ("10:59:59", True),
        ("11:00:00", True),
        ("11:00:00.999999", True),
        ("11:00:01", False),
        ("12:00", False),
    ],
)
def test_within_the_second_of_the_due_instant_is_in_time(moment: str, good: bool) -> None:
    exact = at("03-02 11:00")
    for end in (exact, exact + timedelta(microseconds=400), Deadline(exact, False)):
        assert in_time(at(f"03-02 {moment}"), end) is good


# --- zones whose clocks are moved

SUMMER = [
    # New York: hours are real hours, across a clock set forward or back
    ("America/New_York", "2026-03-08T00:30-05:00", "2 hour", "2026-03-08T07:30+00:00"),
    ("America/New_York", "2026-11-01T00:30-04:00", "2 hour", "2026-11-01T06:30+00:00"),
    ("America/New_York", "2026-03-06T12:00-05:00", "1 working_day", "2026-03-10T03:59:59+00:00"),
    ("America/New_York", "2026-10-30T12:00-04:00", "1 working_day", "2026-11-03T04:59:59+00:00"),
    # Sao Paulo set its clocks back at 24:00: that day ends at the second 23:59:59
    ("America/Sao_Paulo", "2018-02-16T12:00-02:00", "1 working_day", "2018-02-18T02:59:59+00:00"),
    # Apia left out 30 December 2011, a Friday: it ended the moment it should have begun
    ("Pacific/Apia", "2011-12-29T12:00-10:00", "1 working_day", "2011-12-30T09:59:59+00:00"),
    ("Asia/Kathmandu", "2026-03-02T00:00+05:45", "1 working_day", "2026-03-03T18:14:59+00:00"),
]


@pytest.mark.parametrize(("zone", "start", "limit", "end"), SUMMER)
def test_days_end_at_their_very_end_in_every_zone(zone: str, start: str, limit: str, end: str) -> None:
    plain = Calendar("plain", ZoneInfo(zone), {date(2018, 2, 17): True})
    begun = datetime.fromisoformat(start).astimezone(plain.zone)
    assert deadline(begun, Limit.parse(limit), plain).at == datetime.fromisoformat(end)


def test_measured_time_is_real_time_where_clocks_are_moved() -> None:
    york = ZoneInfo("America/New_York")
    open_day = Calendar("york", york, {date(2026, 11, 1): True, date(2026, 3, 8): True})
    back = datetime(2026, 11, 1, tzinfo=york), datetime(2026, 11, 2, tzinfo=york)
    forward = datetime(2026, 3, 8, tzinfo=york), datetime(2026, 3, 9, tzinfo=york)
    assert working_seconds(*back, open_day) == paused(*back, Unit.HOUR, open_day) == 25 * 3600
    assert working_seconds(*forward, open_day) == paused(*forward, Unit.HOUR, open_day) == 23 * 3600
    twice = datetime(2026, 11, 1, 1, 30, tzinfo=york), datetime(2026, 11, 1, 1, 10, fold=1, tzinfo=york)
    assert paused(*twice, Unit.MINUTE, open_day) == working_seconds(*twice, open_day) == 40 * 60
    later = resume(forward[0], *back, Unit.HOUR, open_day)
    assert later.at == forward[0].astimezone(UTC) + timedelta(hours=25)
    assert in_time(twice[0], twice[1])
    assert not in_time(twice[1], twice[0])


def test_a_warning_for_the_repeated_hour_comes_with_its_first_reading() -> None:
    havana = Calendar("havana", ZoneInfo("America/Havana"))
    start = datetime(2026, 10, 20, tzinfo=UTC)
    found = warn_at(start, datetime(2026, 11, 3, 4, tzinfo=UTC), Limit(8, Unit.CALENDAR_DAY), havana)
    assert found == datetime(2026, 11, 1, 4, tzinfo=UTC)  # 00:00 on 1 November reads twice


# --- provisional


@pytest.mark.parametrize(
    ("start", "limit", "provisional"),
    [
        ("12-28 10:00", "3 working_day", False),
        ("12-28 10:00", "4 working_day", True),
        ("12-28 10:00", "3 calendar_day", False),
        ("12-28 10:00", "4 calendar_day", True),
        ("2025-12-31 10:00", "1 working_day", False),  # day 0 does not count
        ("2025-12-30 10:00", "2 working_day", True),
        ("2025-12-30 10:00", "3 calendar_day", False),  # only the last day must be known
        ("2025-06-30 10:00", "600 working_day", True),  # a known year inside an unknown stretch
        ("2027-03-01 10:00", "1 working_day", True),
        ("2027-03-01 10:00", "1 calendar_day", True),
        ("2027-03-01 10:00", "48 hour", False),
    ],
)
def test_a_deadline_is_provisional_where_it_rests_on_an_unpublished_list(
    start: str, limit: str, provisional: bool
) -> None:
    assert deadline(at(start), Limit.parse(limit), CHINA).provisional is provisional


def test_a_roll_into_an_unpublished_year_is_provisional() -> None:
    days = {date(2026, 12, 31): False}
    year_end = Calendar("cn", CITY, days, frozenset({2026}))
    found = deadline(at("12-30 10:00"), Limit(1, Unit.CALENDAR_DAY), year_end)
    assert found == Deadline(year_end.ends(date(2027, 1, 1)), True)


def test_unpublished_years_count_monday_to_friday() -> None:
    assert due("12-31 10:00", "1 working_day") == "2027-01-01 23:59:59"
    assert due("12-31 10:00", "6 working_day") == "2027-01-08 23:59:59"
    assert not CHINA.is_published(date(2027, 1, 1))
    assert CHINA.is_published(date(2026, 12, 31))
