"""Which slots there are, who may take one, and what an arrival makes of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyu.rules.appointing import Opening, Slot, Terms, barred_until, counts_from, days, may_change, slots
from qingyu.rules.hours import Calendar

FRIDAY = date(2026, 9, 25)
HOLIDAYS = Calendar(
    code="city", zone=ZoneInfo("Asia/Shanghai"), days={date(2026, 9, 28): False, date(2026, 10, 3): True},
    published=frozenset({2026}),
)  # fmt: skip
NINE = datetime(2026, 9, 25, 1, 0, tzinfo=UTC)


def test_days_are_working_days_from_tomorrow_on() -> None:
    assert days(FRIDAY, HOLIDAYS, Terms(days=3)) == [date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 1)]
    assert days(FRIDAY, HOLIDAYS, Terms(days=1, ahead_days=0)) == [FRIDAY, date(2026, 9, 29)]


def test_a_share_of_the_plan_may_be_booked_and_parts_carry_over() -> None:
    one = [Opening(time(9), time(11), 1)]
    assert slots(one, Terms(share=50), mean=1200) == [Slot(time(9, 30), 1), Slot(time(10), 1), Slot(time(10, 30), 1)]
    assert slots([], Terms(), mean=600) == []
    assert slots(one, Terms(share=0), mean=600) == []


def test_nothing_carries_over_a_noon_without_windows() -> None:
    plan = [Opening(time(9), time(10), 1), Opening(time(13), time(14), 1)]
    found = slots(plan, Terms(share=50), mean=1800)
    assert [slot.starts for slot in found] == [time(9, 30), time(13, 30)]


@given(st.integers(1, 12), st.integers(0, 100), st.integers(120, 3600))
def test_never_more_than_the_share_is_booked(windows: int, share: int, mean: int) -> None:
    booked = sum(slot.room for slot in slots([Opening(time(9), time(17), windows)], Terms(share=share), mean=mean))
    assert 0 <= windows * 8 * 3600 * share / 100 / mean - booked < 1.0001


@pytest.mark.parametrize(
    ("minutes", "due"), [(-20, 0), (0, 0), (10, 10), (15, 15), (16, None)],
)  # fmt: skip
def test_the_later_of_booked_time_and_arrival_counts_and_late_is_a_walk_in(minutes: int, due: int | None) -> None:
    wanted = None if due is None else NINE + timedelta(minutes=due)
    assert counts_from(NINE, NINE + timedelta(minutes=minutes), Terms()) == wanted


@pytest.mark.parametrize(("hours", "may"), [(3, True), (2, True), (1, False)])
def test_it_may_be_changed_until_two_hours_before(hours: int, may: bool) -> None:
    assert may_change(NINE, NINE - timedelta(hours=hours), Terms()) is may


def test_who_missed_three_books_again_a_month_later() -> None:
    missed = [FRIDAY - timedelta(days=back) for back in (80, 20, 10)]
    assert barred_until(missed, FRIDAY, Terms()) == FRIDAY + timedelta(days=20)
    assert barred_until(missed[:2], FRIDAY, Terms()) is None
    assert barred_until([FRIDAY - timedelta(days=back) for back in (95, 20, 10)], FRIDAY, Terms()) is None
    assert barred_until([FRIDAY - timedelta(days=back) for back in (60, 50, 40)], FRIDAY, Terms()) is None
    assert barred_until(missed, FRIDAY, Terms(missed_most=0)) is None
