"""What holds for every calendar, every instant and every limit, against the plainest way to count."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as some

from qingyu.rules.hours import (
    Calendar,
    Deadline,
    Limit,
    Unit,
    deadline,
    in_time,
    paused,
    resume,
    shift,
    warn_at,
    working_days_between,
    working_seconds,
)

often = settings(max_examples=50, deadline=None, database=None, derandomize=True)

ONE_DAY = timedelta(days=1)
OFFICE = ((time(9), time(12)), (time(13, 30), time(17)))
ZONES = ["Asia/Shanghai", "UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
near = some.dates(date(2025, 9, 1), date(2027, 4, 30))
calendars = some.builds(
    Calendar,
    code=some.just("any"),
    zone=some.sampled_from(ZONES).map(ZoneInfo),
    days=some.dictionaries(near, some.booleans(), max_size=60),
    published=some.frozensets(some.sampled_from([2025, 2026, 2027])),
    opening=some.sampled_from([(), (OFFICE,) * 5 + ((), ()), ((), OFFICE, (), OFFICE, OFFICE, OFFICE[:1], ())]),
    closes_at=some.sampled_from([None, time(17, 30), time(9)]),
)
instants = some.datetimes(datetime(2025, 9, 1), datetime(2027, 3, 1), timezones=some.just(UTC))
amounts = some.integers(1, 40)
day_units = some.sampled_from([Unit.WORKING_DAY, Unit.CALENDAR_DAY])
units = some.sampled_from(list(Unit))
gaps = some.timedeltas(timedelta(), timedelta(days=40))


def works(day: date, calendar: Calendar) -> bool:
    return calendar.days.get(day, day.weekday() < 5)


def walk(day: date, limit: Limit, calendar: Calendar) -> tuple[date, list[date]]:
    """The last day of a limit and the days it rests on, one step at a time."""
    rests_on, left = [], limit.amount
    while left:
        day += ONE_DAY
        left -= works(day, calendar) if limit.unit is Unit.WORKING_DAY else 1
        if limit.unit is Unit.WORKING_DAY or not left:
            rests_on.append(day)
    while not works(day, calendar):
        day += ONE_DAY
        rests_on.append(day)
    return day, rests_on


@often
@given(calendars, instants, amounts, day_units)
def test_day_limits_end_where_counting_on_fingers_ends(
    calendar: Calendar, start: datetime, amount: int, unit: Unit
) -> None:
    limit = Limit(amount, unit)
    last, rests_on = walk(start.astimezone(calendar.zone).date(), limit, calendar)
    found = deadline(start, limit, calendar)
    reading = found.at.astimezone(calendar.zone)
    assert (reading.date(), reading.time()) == (last, calendar.closes_at or time(23, 59, 59))
    assert found.provisional is not all(day.year in calendar.published for day in rests_on)
    assert calendar.is_working(last)


@often
@given(calendars, near)
def test_a_day_works_as_the_list_or_its_weekday_says(calendar: Calendar, day: date) -> None:
    assert calendar.is_working(day) is works(day, calendar)


@often
@given(calendars, instants, gaps, amounts, units)
def test_a_later_start_or_a_longer_limit_never_ends_earlier(
    calendar: Calendar, start: datetime, gap: timedelta, amount: int, unit: Unit
) -> None:
    here = deadline(start, Limit(amount, unit), calendar).at
    assert here <= deadline(start + gap, Limit(amount, unit), calendar).at
    assert here <= deadline(start, Limit(amount + 1, unit), calendar).at
    assert here > start


@often
@given(calendars, instants, amounts)
def test_counting_back_gives_the_amount(calendar: Calendar, start: datetime, amount: int) -> None:
    end = deadline(start, Limit(amount, Unit.WORKING_DAY), calendar).at
    assert working_days_between(start, end, calendar) == amount


@often
@given(calendars, instants, amounts, amounts)
def test_extending_twice_is_extending_by_the_sum(calendar: Calendar, start: datetime, first: int, second: int) -> None:
    stepped = shift(
        deadline(start, Limit(first, Unit.WORKING_DAY), calendar), Limit(second, Unit.WORKING_DAY), calendar
    )
    whole = deadline(start, Limit(first + second, Unit.WORKING_DAY), calendar)
    assert stepped.at == whole.at
    assert stepped.provisional is whole.provisional


@often
@given(calendars, instants, gaps, amounts, units)
def test_a_pause_of_nothing_changes_nothing(
    calendar: Calendar, start: datetime, gap: timedelta, amount: int, unit: Unit
) -> None:
    due = deadline(start, Limit(amount, unit), calendar)
    assert resume(due, start + gap, start + gap, unit, calendar) == due


@often
@given(calendars, instants, gaps, gaps, amounts)
def test_a_pause_gives_back_exactly_the_working_days_it_took(
    calendar: Calendar, start: datetime, before: timedelta, long: timedelta, amount: int
) -> None:
    due = deadline(start, Limit(amount, Unit.WORKING_DAY), calendar)
    began, ended = start + before, start + before + long
    taken = paused(began, ended, Unit.WORKING_DAY, calendar)
    moved = resume(due, began, ended, Unit.WORKING_DAY, calendar)
    assert working_days_between(due.at, moved.at, calendar) == taken
    assert working_days_between(start, moved.at, calendar) == amount + taken


@often
@given(calendars, instants, gaps, gaps, units)
def test_two_pauses_in_a_row_take_as_much_as_one(
    calendar: Calendar, start: datetime, first: timedelta, second: timedelta, unit: Unit
) -> None:
    first, second = (timedelta(seconds=gap // timedelta(seconds=1)) for gap in (first, second))
    middle, end = start + first, start + first + second
    parts = paused(start, middle, unit, calendar) + paused(middle, end, unit, calendar)
    assert parts == paused(start, end, unit, calendar)


@often
@given(calendars, instants, amounts, units)
def test_a_warning_comes_between_start_and_due(calendar: Calendar, start: datetime, amount: int, unit: Unit) -> None:
    limit = Limit(amount, unit)
    due = deadline(start, limit, calendar)
    warned = warn_at(start, due, limit, calendar)
    assert start <= warned < due.at
    assert warned.tzinfo is UTC
    if unit is Unit.WORKING_DAY:
        left = working_days_between(warned, due.at, calendar) + 1  # the day of the warning is still whole
        assert left == max(1, amount // 4) or warned == start


@often
@given(calendars, instants, gaps, gaps)
def test_working_seconds_add_up_and_stay_inside_the_time_passed(
    calendar: Calendar, start: datetime, first: timedelta, second: timedelta
) -> None:
    start = start.replace(microsecond=0)
    first, second = (timedelta(seconds=gap // timedelta(seconds=1)) for gap in (first, second))
    middle, end = start + first, start + first + second
    parts = working_seconds(start, middle, calendar), working_seconds(middle, end, calendar)
    assert sum(parts) == working_seconds(start, end, calendar)
    assert 0 <= parts[0] <= first.total_seconds()


@often
@given(calendars, instants, some.timedeltas(timedelta(), timedelta(days=4)))
def test_working_seconds_equal_a_count_minute_by_minute(calendar: Calendar, start: datetime, gap: timedelta) -> None:
    start = start.replace(second=0, microsecond=0)
    minutes = gap // timedelta(minutes=30) * 30
    counted = 0
    for number in range(0, minutes, 30):  # hours begin and end on half hours, offsets of zones on quarters
        for part in (0, 15):
            quarter = start + timedelta(minutes=number + part)
            quarter = quarter.replace(minute=quarter.minute // 15 * 15)
            local = quarter.astimezone(calendar.zone)
            spans = calendar.hours(local.date())
            counted += any(o <= local.time() and (local.time() < c or c == time(0)) for o, c in spans)
    begun = start.replace(minute=start.minute // 15 * 15)
    assert working_seconds(begun, begun + timedelta(minutes=minutes), calendar) == counted * 15 * 60


@often
@given(calendars, instants, amounts, units, some.sampled_from(ZONES))
def test_the_zone_an_instant_is_written_in_does_not_matter(
    calendar: Calendar, start: datetime, amount: int, unit: Unit, zone: str
) -> None:
    written = start.astimezone(ZoneInfo(zone))
    assert deadline(written, Limit(amount, unit), calendar) == deadline(start, Limit(amount, unit), calendar)


@often
@given(calendars, instants, amounts, units)
def test_the_due_instant_itself_is_in_time(calendar: Calendar, start: datetime, amount: int, unit: Unit) -> None:
    due = deadline(start, Limit(amount, unit), calendar)
    assert in_time(due.at, due)
    assert not in_time(due.at + timedelta(seconds=1), due)
    assert isinstance(due, Deadline)
