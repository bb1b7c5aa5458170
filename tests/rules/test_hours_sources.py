"""The same answers as two independent lists of China's working days; and the worked examples."""

from __future__ import annotations

import doctest
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import chinese_calendar
import holidays
import pytest

from qingyu.rules.hours import Calendar, Limit, Unit, deadline

FIRST, LAST = date(2019, 1, 1), date(2026, 12, 31)
EVERY_DAY = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
LISTED = dict.fromkeys(chinese_calendar.holidays, False) | dict.fromkeys(chinese_calendar.workdays, True)
CHINA = Calendar("cn", ZoneInfo("Asia/Shanghai"), LISTED, frozenset(range(2004, 2027)))
EXAMPLES = Path(__file__).parents[2] / "docs" / "rules" / "hours.md"


def test_every_day_agrees_with_chinesecalendar() -> None:
    assert [day for day in EVERY_DAY if CHINA.is_working(day) != chinese_calendar.is_workday(day)] == []


def test_every_day_agrees_with_holidays() -> None:
    china = holidays.country_holidays("CN", years=range(2018, 2028))
    assert [day for day in EVERY_DAY if CHINA.is_working(day) != china.is_working_day(day)] == []


@pytest.mark.parametrize("amount", [1, 5, 15, 20])
def test_every_start_agrees_with_a_walk_through_chinesecalendar(amount: int) -> None:
    working = [day for day in EVERY_DAY if chinese_calendar.is_workday(day)]
    later = 0
    for day in EVERY_DAY[:-60]:
        while working[later] <= day:
            later += 1
        found = deadline(datetime(day.year, day.month, day.day, 4, tzinfo=UTC), Limit(amount, Unit.WORKING_DAY), CHINA)
        assert found.at.date() == working[later + amount - 1]
        assert not found.provisional


def test_the_worked_examples_are_true() -> None:
    result = doctest.testfile(str(EXAMPLES), module_relative=False, encoding="utf-8")
    assert result.attempted > 25
    assert result.failed == 0
