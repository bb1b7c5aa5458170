"""When a point is open, and where a person is served first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingyu.rules.coverage import (
    Closing,
    Fits,
    Minutes,
    Pace,
    Period,
    Timetable,
    Visit,
    nearest,
    read_week,
    visit,
    write_week,
)  # fmt: skip
from qingyu.rules.hours import Calendar
from qingyu.rules.refusals import NotValid

ZONE = ZoneInfo("Asia/Shanghai")
ADULT = Pace("adult", 80, 60, 1.3, date(2018, 12, 1), "source")


# Opening hours --------------------------------------------------------------------------------------------------

WEEK = read_week("1-5 09:00-12:00,13:30-17:00; 6 09:00-12:00")
HOLIDAYS = {date(2026, 5, 1): False, date(2026, 5, 4): False, date(2026, 5, 5): False, date(2026, 5, 9): True}
CALENDAR = Calendar("city", ZONE, HOLIDAYS, frozenset({2026}))


def table(**more: object) -> Timetable:
    return Timetable((Period(date(2026, 1, 1), None, WEEK),), CALENDAR, **more)  # type: ignore[arg-type]


def local(day: int, hour: int, minute: int = 0, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "until", "opens"),
    [
        (local(1, 9), local(1, 12), local(1, 13, 30)),  # Monday
        (local(1, 8, 59), None, local(1, 9)),
        (local(1, 12), None, local(1, 13, 30)),  # the break
        (local(1, 16, 59), local(1, 17), local(2, 9)),
        (local(6, 10), local(6, 12), local(8, 9)),  # Saturday, then Monday
        (local(6, 12), None, local(8, 9)),
        (local(30, 20, month=4), None, local(6, 9, month=5)),  # before the first of May: the weekend belongs to it
        (local(2, 10, month=5), None, local(6, 9, month=5)),
        (local(9, 14, month=5), None, local(11, 9, month=5)),  # a make-up Saturday has its own hours
    ],
)
def test_whether_it_is_open_and_when_next(at: datetime, until: datetime | None, opens: datetime) -> None:
    assert table().open_until(at) == until
    assert table().opens(at) == opens


def test_a_make_up_day_without_hours_has_those_of_a_weekday() -> None:
    plain = Timetable((Period(date(2026, 1, 1), None, read_week("2-5 10:00-16:00")),), CALENDAR)
    assert plain.hours(date(2026, 5, 9)) == ((time(10), time(16)),)
    assert plain.hours(date(2026, 5, 16)) == ()


def test_who_does_not_keep_holidays_is_open_on_them() -> None:
    assert table(keeps_holidays=False).hours(date(2026, 5, 1)) == WEEK[4]
    assert table(keeps_holidays=False).hours(date(2026, 5, 9)) == WEEK[5]


def test_round_the_clock_is_one_time_of_opening() -> None:
    always = Timetable((Period(date(2026, 1, 1), None, read_week("1-7 00:00-24:00")),), CALENDAR, False)
    assert always.open_until(local(1, 3)) == local(11, 0, month=7)
    assert always.opens(local(1, 3)) is None


def test_a_closing_takes_out_what_it_covers() -> None:
    closed = table(closings=(Closing(local(1, 11), local(2, 10)),))
    assert closed.open_until(local(1, 10)) == local(1, 11)
    assert closed.opens(local(1, 11)) == local(2, 10)
    assert table(closings=(Closing(local(1, 11), None),)).opens(local(1, 11)) is None


def test_weeks_follow_one_another() -> None:
    two = Timetable(
        (
            Period(date(2026, 1, 1), date(2026, 6, 2), WEEK),
            Period(date(2026, 6, 3), None, read_week("1-7 08:00-20:00")),
        ),
        CALENDAR,
    )
    assert two.open_until(local(2, 16)) == local(2, 17)
    assert two.open_until(local(3, 19)) == local(3, 20)
    assert Timetable((), CALENDAR).opens(local(1, 9)) is None


@pytest.mark.parametrize(
    "text", ["1-5 09:00-12:00,13:30-17:00; 6 09:00-12:00", "1-7 00:00-24:00", "1 08:00-09:00; 3,5 08:00-09:00"]
)
def test_a_week_is_read_and_written(text: str) -> None:
    assert read_week(write_week(read_week(text))) == read_week(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "hours_missing"),
        ("all day", "hours_not_readable"),
        ("8 09:00-12:00", "hours_not_readable"),
        ("1-5", "hours_not_readable"),
        ("1-5 25:00-26:00", "hours_not_readable"),
        ("1-5 9-12", "hours_not_readable"),
        ("1-5 12:00-09:00", "opening_not_valid"),
        ("1-5 09:00-13:00,12:00-17:00", "opening_not_valid"),
        ("1-5 09:00-12:00; 5 08:00-09:30", "opening_not_valid"),
    ],
)
def test_hours_that_are_none(text: str, code: str) -> None:
    with pytest.raises(NotValid) as refused:
        read_week(text)
    assert refused.value.code == code


# A visit --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "walk", "wait", "serving", "fits", "open_now", "total"),
    [
        (local(1, 9), Minutes(10, 15), None, 15, Fits.SURE, True, Minutes(10, 15)),
        (local(1, 9), Minutes(10, 15), Minutes(20, 40), 15, Fits.SURE, True, Minutes(30, 55)),
        (local(1, 11, 30), Minutes(10, 20), None, 15, Fits.TIGHT, True, Minutes(10, 20)),
        (local(1, 11, 50), Minutes(10, 20), None, 15, Fits.LATER, False, Minutes(100, 100)),  # after the break
        (local(1, 8, 55), Minutes(10, 20), Minutes(30, 40), 15, Fits.SURE, False, Minutes(10, 20)),  # opens on the way
        (local(1, 11), Minutes(5, 10), Minutes(60, 90), 15, Fits.LATER, False, Minutes(150, 150)),
        (local(1, 9), Minutes(0, 0), None, 500, None, None, None),  # takes longer than it is ever open
    ],
)
def test_how_a_visit_goes(
    at: datetime, walk: Minutes, wait: Minutes | None, serving: float, fits: Fits, open_now: bool, total: Minutes
) -> None:
    found = visit(table(), at=at, walk=walk, wait=wait, serving=serving)
    if fits is None:
        assert found is None
        return
    assert found is not None
    assert (found.fits, found.open_now, found.total) == (fits, open_now, total)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 7 * 24 * 60), st.floats(0, 200), st.floats(0, 100), st.integers(1, 120))
def test_who_surely_fits_is_done_before_it_closes(start: int, low: float, more: float, serving: int) -> None:
    at = local(1, 0) + timedelta(minutes=start)
    found = visit(table(), at=at, walk=Minutes(low, low + more), wait=None, serving=serving)
    assert found is not None
    done = at + timedelta(minutes=found.total.low + serving)
    assert found.opens <= done <= found.closes
    if found.fits == Fits.SURE:
        assert at + timedelta(minutes=found.total.high + serving) <= found.closes


def plan(waits: dict[str, float]) -> object:
    def planned(away: float, name: str) -> Visit | None:
        wait = Minutes(waits[name], waits[name]) if name in waits else None
        return None if name == "closed" else visit(table(), at=local(1, 9), walk=ADULT.walk(away), wait=wait, serving=5)

    return planned


def test_first_is_where_walking_and_waiting_take_least() -> None:
    line = [(100.0, "full"), (400.0, "closed"), (500.0, "empty"), (900.0, "far")]
    found = nearest(line, plan({"full": 60}), count=2)  # type: ignore[arg-type]
    assert [one.thing for one in found] == ["empty", "far"]


def test_it_looks_no_further_than_it_has_to() -> None:
    asked = []

    def endless() -> Iterator[tuple[float, str]]:
        for number in range(5_000):
            asked.append(number)
            yield 10.0 * number, f"p{number}"

    found = nearest(endless(), plan({}), count=5)  # type: ignore[arg-type]
    assert [one.thing for one in found] == ["p0", "p1", "p2", "p3", "p4"]
    assert len(asked) < 10


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 3_000), st.floats(0, 90)), min_size=1, max_size=30))
def test_the_order_is_that_of_looking_at_all(line: list[tuple[float, float]]) -> None:
    points = sorted((away, f"p{n}") for n, (away, _) in enumerate(line))
    waits = {f"p{n}": wait for n, (_, wait) in enumerate(line)}
    planned = plan(waits)
    everything = sorted(planned(away, name).total.middle for away, name in points)  # type: ignore[operator]
    found = nearest(points, planned, count=4)  # type: ignore[arg-type]
    assert [one.visit.total.middle for one in found] == pytest.approx(everything[:4])
