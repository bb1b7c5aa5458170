"""What the hours refuse, and that calendars, limits and deadlines are values."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from qingyu.rules.hours import (
    LONGEST,
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
from qingyu.rules.refusals import NotValid

CITY = ZoneInfo("Asia/Shanghai")
DAYS = {date(2026, 2, 14): True, date(2026, 2, 16): False}
CHINA = Calendar("cn", CITY, DAYS, frozenset({2026}))
OFFICE = ((time(9), time(12)), (time(13, 30), time(17)))
HALL = Calendar("hall", CITY, DAYS, frozenset({2026}), (OFFICE,) * 5 + ((), ()), time(17))


def at(text: str) -> datetime:
    """A reading of the city's clock: "02-13 10:00" is of 2026."""
    full = text if text[4] == "-" else f"2026-{text}"
    return datetime.fromisoformat(full).replace(tzinfo=CITY)


# --- what is refused


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0 working_day", "limit_not_positive"),
        ("-1 hour", "limit_not_positive"),
        ("3661 working_day", "limit_too_long"),
        ("3661 calendar_day", "limit_too_long"),
        ("87841 hour", "limit_too_long"),
        ("5270401 minute", "limit_too_long"),
        ("999999999999 minute", "limit_too_long"),
        ("9999999999999 minute", "limit_not_readable"),
        ("5 fortnight", "limit_unit_unknown"),
        ("5", "limit_not_readable"),
        ("", "limit_not_readable"),
        ("working_day", "limit_not_readable"),
        ("5working_day", "limit_not_readable"),
        ("1.5 hour", "limit_not_readable"),
        ("+5 hour", "limit_not_readable"),
        ("５ hour", "limit_not_readable"),
        ("5 HOUR", "limit_not_readable"),
        ("5 hour 3", "limit_not_readable"),
        ("x 5 hour", "limit_not_readable"),
    ],
)
def test_odd_limits_are_refused(text: str, code: str) -> None:
    with pytest.raises(NotValid) as refusal:
        Limit.parse(text)
    assert refusal.value.code == code
    assert refusal.value.field == {"limit_not_readable": "limit", "limit_unit_unknown": "unit"}.get(code, "amount")


@pytest.mark.parametrize("amount", [True, 1.0, "5", None])
def test_a_limit_is_a_whole_number(amount: object) -> None:
    with pytest.raises(NotValid) as refusal:
        Limit(amount, Unit.HOUR)  # type: ignore[arg-type]
    assert (refusal.value.code, refusal.value.field) == ("limit_not_whole", "amount")


def test_a_limit_has_a_unit() -> None:
    with pytest.raises(NotValid) as refusal:
        Limit(1, "hour")  # type: ignore[arg-type]
    assert (refusal.value.code, refusal.value.field) == ("limit_unit_unknown", "unit")


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("start", ["1900-01-01 00:00", "2899-12-31 00:00"])
def test_the_longest_limit_can_be_computed(unit: Unit, start: str) -> None:
    assert deadline(at(start), Limit(LONGEST[unit], unit), CHINA).at > at(start) + timedelta(days=3659)


def test_the_longest_limits_are_ten_years() -> None:
    with pytest.raises(NotValid) as refusal:
        Limit(10**9, Unit.MINUTE)
    assert refusal.value.facts == {"longest": 5_270_400}
    assert {unit.value: most for unit, most in LONGEST.items()} == {
        "minute": 5_270_400,
        "hour": 87_840,
        "working_day": 3_660,
        "calendar_day": 3_660,
    }


@pytest.mark.parametrize("text", ["5 working_day", "15 minute", "2 hour", "60 calendar_day"])
def test_a_limit_reads_back_what_it_writes(text: str) -> None:
    assert str(Limit.parse(f"  {text} ")) == text
    assert Limit.parse(text) == Limit.parse(text.replace(" ", "   "))


NAIVE = datetime(2026, 3, 2, 10)
HERE = at("03-02 10:00")
DAY, HOUR = Limit(1, Unit.WORKING_DAY), Limit(1, Unit.HOUR)
ASKS = {
    "deadline": lambda bad: deadline(bad, DAY, CHINA),
    "deadline in hours": lambda bad: deadline(bad, HOUR, CHINA),
    "shift": lambda bad: shift(bad, DAY, CHINA),
    "shift a deadline": lambda bad: shift(Deadline(bad, False), DAY, CHINA),
    "paused from": lambda bad: paused(bad, HERE, Unit.CALENDAR_DAY, CHINA),
    "paused to": lambda bad: paused(HERE, bad, Unit.HOUR, CHINA),
    "resume": lambda bad: resume(bad, HERE, HERE, Unit.HOUR, CHINA),
    "resume from": lambda bad: resume(HERE, bad, HERE, Unit.WORKING_DAY, CHINA),
    "warn": lambda bad: warn_at(bad, HERE, DAY, CHINA),
    "warn in hours": lambda bad: warn_at(bad, HERE, HOUR, CHINA),
    "warn of": lambda bad: warn_at(HERE, bad, DAY, CHINA),
    "in time": lambda bad: in_time(bad, HERE),
    "in time by": lambda bad: in_time(HERE, bad),
    "between": lambda bad: working_days_between(bad, HERE, CHINA),
    "seconds": lambda bad: working_seconds(HERE, bad, CHINA),
    "day of": lambda bad: CHINA.day_of(bad),
}


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (NAIVE, "time_without_zone"),
        (HERE.replace(year=1899), "time_out_of_range"),
        (HERE.replace(year=2900), "time_out_of_range"),
        (HERE.replace(year=9999), "time_out_of_range"),
    ],
)
@pytest.mark.parametrize("ask", ASKS)
def test_an_instant_has_a_zone_and_a_likely_year(ask: str, bad: datetime, code: str) -> None:
    with pytest.raises(NotValid) as refusal:
        ASKS[ask](bad)
    assert (refusal.value.code, refusal.value.field) == (code, "at")


@pytest.mark.parametrize(
    "measure",
    [
        lambda start, end: paused(start, end, Unit.WORKING_DAY, CHINA),
        lambda start, end: paused(start, end, Unit.HOUR, CHINA),
        lambda start, end: resume(HERE, start, end, Unit.CALENDAR_DAY, CHINA),
        lambda start, end: working_days_between(start, end, CHINA),
        lambda start, end: working_seconds(start, end, CHINA),
    ],
)
def test_nothing_ends_before_it_starts(measure) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NotValid) as refusal:
        measure(HERE, HERE - timedelta(microseconds=1))
    assert (refusal.value.code, refusal.value.field) == ("ends_before_start", "end")
    measure(HERE, HERE)


NINE, NOON, FIVE = time(9), time(12), time(17)


@pytest.mark.parametrize(
    "opening",
    [
        (OFFICE,) * 6,
        (OFFICE,) * 8,
        ((),) * 7,
        (((NOON, NINE),),) * 7,
        (((NINE, NINE),),) * 7,
        (((NINE, FIVE), (NOON, time(18))),) * 7,
        (((NINE, NOON), (NOON, FIVE)),) * 7,
        (((NOON, FIVE), (NINE, NOON)),) * 7,
        (OFFICE,) * 6 + (((FIVE, NINE),),),
        (((NINE, MIDNIGHT := time(0)), (time(20), time(21))),) * 7,
    ],
)
def test_odd_opening_hours_are_refused(opening) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NotValid) as refusal:
        Calendar("odd", CITY, opening=opening)
    assert (refusal.value.code, refusal.value.field) == ("opening_not_valid", "opening")


@pytest.mark.parametrize("closes_at", [time(0), time(17, 0, 0, 1), time(17, tzinfo=UTC)])
def test_odd_closing_times_are_refused(closes_at: time) -> None:
    with pytest.raises(NotValid) as refusal:
        Calendar("odd", CITY, closes_at=closes_at)
    assert (refusal.value.code, refusal.value.field) == ("closing_not_valid", "closes_at")


# --- a calendar is a value


def test_a_calendar_cannot_be_changed() -> None:
    given = dict(DAYS)
    calendar = Calendar("cn", CITY, given, frozenset({2026}))
    given[date(2026, 3, 2)] = False
    assert calendar == CHINA
    assert hash(calendar) == hash(CHINA)
    assert calendar.is_working(date(2026, 3, 2))
    with pytest.raises(TypeError):
        calendar.days[date(2026, 3, 2)] = False  # type: ignore[index]
    with pytest.raises(AttributeError):
        calendar.code = "other"  # type: ignore[misc]


def test_calendars_differ_by_their_days() -> None:
    assert Calendar("cn", CITY) != Calendar("cn", CITY, {date(2026, 3, 2): False})
    assert "_count" not in repr(CHINA)
    assert "2026, 2, 14" not in repr(CHINA)


def test_a_calendar_can_be_kept_and_read_back() -> None:
    kept = pickle.loads(pickle.dumps(HALL))
    assert kept == HALL
    assert deadline(HERE, DAY, kept) == deadline(HERE, DAY, HALL)


def test_limits_and_deadlines_are_values() -> None:
    with pytest.raises(AttributeError):
        DAY.amount = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Deadline(HERE, False).at = HERE  # type: ignore[misc]
    assert not hasattr(DAY, "__dict__")
    assert not hasattr(Deadline(HERE, False), "__dict__")
    assert {DAY, Limit.parse("1 working_day")} == {DAY}
