"""No page and no answer of the API tells what another hides: every sum that is shown, less what is shown of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qingyu.assessment import queries
from qingyu.assessment.models import UnitDay
from tests.people import City

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 8)
MEASURES = {"response_rate": "handling_due", "resolution_rate": "solved_yes", "satisfaction_rate": "said_satisfied"}


def put(city: City, unit: str, **counts: int) -> None:
    rows = [UnitDay(unit_id=city.unit(unit), day=DAY, measure=name, count=number) for name, number in counts.items()]
    UnitDay.objects.bulk_create(rows)


def read(unit: str = "") -> queries.Barometer:
    return queries.barometer(start=date(2026, 6, 1), end=date(2026, 6, 30), today=date(2026, 7, 5), unit=unit)


@pytest.mark.parametrize("code", MEASURES)
def test_the_whole_less_its_parts_tells_no_hidden_figure(city: City, code: str) -> None:
    for unit, number in {"east": 40, "willow": 3, "urban": 50, "housing": 60}.items():
        put(city, unit, **{MEASURES[code]: number})
    for root in ("", "east"):
        found = read(root)
        hidden = [unit.head.code for unit in found.units if unit.readings[code].denominator is None]
        assert hidden == ["east", "willow"]
        assert found.whole.readings[code].denominator == (43 if root else 153)
    assert read("willow").whole.readings[code].denominator is None


def test_a_small_part_of_a_hidden_unit_hides_a_neighbour(city: City) -> None:
    for unit, number in {"willow": 3, "urban": 50, "housing": 60}.items():
        put(city, unit, handling_due=number)
    shown: dict[str, Any] = {unit.head.code: unit.readings["response_rate"].denominator for unit in read().units}
    assert shown == {"willow": None, "housing": 60, "urban": None}
    assert read("east").whole.readings["response_rate"].denominator is None


def test_how_many_were_left_out_is_guarded_like_any_other_count(city: City) -> None:
    put(city, "urban", handling_due=50, responded_in_time=40, excluded_due=2, excluded_responded=1)
    put(city, "housing", handling_due=50, responded_in_time=40, excluded_due=6)
    put(city, "east", handling_due=50, responded_in_time=40, excluded_due=9)
    rates = {unit.head.code: unit.readings["response_rate"] for unit in read().units}
    assert {code: rate.excluded for code, rate in rates.items()} == {"urban": None, "housing": None, "east": 9}
    assert [rates[code].before for code in ("urban", "housing")] == [None, None]
    assert rates["east"].before is not None
    assert all(rate.percent == 80 for rate in rates.values())


def test_a_unit_says_whether_those_below_it_are_counted(city: City) -> None:
    put(city, "east", handling_due=40)
    put(city, "willow", handling_due=30)
    found = read("east")
    assert (found.whole.head.scope, found.whole.readings["response_rate"].denominator) == ("with_below", 70)
    own = {unit.head.code: (unit.head.scope, unit.head.below) for unit in found.units}
    assert own == {"east": ("own", True), "willow": ("own", False)}
    assert (read("willow").whole.head.scope, read("willow").whole.head.below) == ("own", False)
