"""Which time limit holds for a case: the dated rows of the preset in force, the most specific first."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qingyu.cases import limits
from qingyu.cases.limits import LAST_RESORT, CaseTerms, HistoryTerms
from qingyu.cases.models import TimeLimit
from qingyu.people import queries
from qingyu.rules.clocks import ClockKind
from qingyu.rules.hours import Limit, Unit
from tests.people import City

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


def row(amount: int, **more: Any) -> None:
    """A row for the handle clock in working days; of a preset in force since 2020 unless told otherwise."""
    given = {"clock": "handle", "unit": "working_day", "valid_from": date(2020, 1, 1), "in_force": True} | more
    TimeLimit.objects.create(preset="test", city="test", amount=amount, **given)
    queries.forget()


@pytest.fixture(autouse=True)
def no_rows() -> None:
    TimeLimit.objects.all().delete()
    queries.forget()


def handle(type: str = "help", urgency: str = "general", day: date = DAY) -> str:
    return str(CaseTerms(type, urgency, day).limit("handle"))


@pytest.mark.parametrize(
    ("rows", "amount"),
    [
        ([{}], 1),
        ([{}, {"type": "help"}], 2),
        ([{"type": "help"}, {}], 1),
        ([{}, {"type": "complaint"}], 1),
        ([{"type": "help"}, {"urgency": "urgent"}], 2),
        ([{"urgency": "urgent"}, {"type": "help"}], 1),
        ([{"urgency": "urgent"}, {"type": "help"}, {"type": "help", "urgency": "urgent"}, {}], 3),
        ([{"urgency": "critical"}, {}], 2),
        ([{}, {"valid_from": DAY}], 2),
        ([{"valid_from": DAY}, {}], 1),
        ([{"type": "help"}, {"valid_from": DAY}], 1),
        ([{}, {}], 2),
        ([{}, {"in_force": False, "type": "help"}], 1),
        ([{}, {"clock": "sign", "type": "help"}], 1),
    ],
)
def test_the_most_specific_row_holds_then_the_one_that_began_last(rows: list[dict[str, Any]], amount: int) -> None:
    """Rows are numbered from 1: for which one is in force for an urgent call for help?"""
    for number, given in enumerate(rows, 1):
        row(number, **given)
    assert handle(urgency="urgent") == f"{amount} working_day"


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        (date(2026, 5, 31), 9),
        (date(2026, 6, 1), 3),
        (date(2026, 6, 30), 3),
        (date(2026, 7, 1), 9),
    ],
)
def test_a_row_holds_from_its_first_day_to_its_last_both_inclusive(day: date, amount: int) -> None:
    row(9)
    row(3, type="help", valid_from=date(2026, 6, 1), valid_to=date(2026, 6, 30))
    assert handle(day=day) == f"{amount} working_day"


def test_units_are_taken_as_they_are() -> None:
    row(24, unit="hour", urgency="urgent")
    assert CaseTerms("help", "urgent", DAY).limit("handle") == Limit(24, Unit.HOUR)


OF_ITEMS = {ClockKind.LEGAL, ClockKind.SPECIAL}
"""Limits that stand in the guide of an item, or in the event that begins them."""


def test_without_any_row_every_clock_still_has_a_limit() -> None:
    terms = CaseTerms("help", "general", DAY)
    for kind in set(ClockKind) - OF_ITEMS:
        assert terms.limit(kind.value) == LAST_RESORT[kind.value]
    assert {name for name in LAST_RESORT if name not in list(ClockKind)} == {
        "extend",
        "return",
        "ask_pause",
        "question",
        "prolong",
    }
    assert terms.limit("tea") is None


def test_loaded_history_has_no_clock_for_what_its_source_does_not_tell() -> None:
    row(7)
    row(2, clock="contact")
    terms = HistoryTerms("help", "general", DAY)
    assert str(terms.limit("handle")) == "7 working_day"
    assert terms.limit("contact") is None
    assert terms.limit("followup") is None
    assert terms.limit("sign") == LAST_RESORT["sign"]


def test_the_calendar_is_that_of_the_unit_and_else_the_citys(city: City) -> None:
    terms = CaseTerms("help", "general", DAY)
    assert terms.calendar(city.unit("urban")).code == "city"
    assert terms.calendar(10**9).code == "city"
    assert terms.calendar(city.unit("urban")).is_published(DAY)


def test_rows_are_read_once_in_ten_seconds(city: City, django_assert_num_queries: Any) -> None:
    row(7)
    limits.in_force()
    with django_assert_num_queries(0):
        assert handle() == "7 working_day"
