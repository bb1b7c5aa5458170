"""Every figure traces to cases: counted from the facts that are listed, it is the same."""

from __future__ import annotations

from datetime import date

import pytest

from qingyu.assessment import indicators
from qingyu.assessment.followers import Facts
from qingyu.assessment.models import CaseFact, SubjectDay, UnitDay
from qingyu.cases.models import CaseEvent
from tests.lives import live
from tests.people import City

pytestmark = pytest.mark.django_db
LIVES = 40


def follow_all() -> None:
    for partition in range(16):
        Facts().follow(list(CaseEvent.objects.filter(partition=partition).order_by("id")))


def sums(found: object) -> dict[tuple[object, date], dict[str, int]]:
    counts: dict[tuple[object, date], dict[str, int]] = {}
    for whose, day, measure, count in found:  # type: ignore[attr-defined]
        counts.setdefault((whose, day), {})[measure] = count
    return counts


def test_the_facts_behind_each_indicator_give_its_rate(city: City) -> None:
    for seed in range(LIVES):
        live(city, 5000 + seed, steps=24)
    follow_all()
    days = sums(UnitDay.objects.values_list("unit_id", "day", "measure", "count"))
    visits = sums(SubjectDay.objects.filter(subject="window:demo/1").values_list("subject", "day", "measure", "count"))
    seen = set()
    for code, reading in indicators.ALL.items():
        for (whose, day), counts in [*days.items(), *visits.items()]:
            given = (
                {reading.whose: whose} if isinstance(whose, int) else {"hall": "demo", "window": "1"}
            )  # fmt: skip
            facts = CaseFact.objects.filter(reading.among, **given, **{reading.day: day})
            if not isinstance(whose, int) and code not in indicators.OF_HALLS:
                continue
            hits = facts.filter(reading.hits).count() * 2
            hits += facts.filter(reading.halves).count() if reading.halves else 0
            running = counts.get("still_running", 0) if "handling_due" in reading.of else 0
            assert facts.count() == reading.total(counts) + running, (code, whose, day)
            if code in indicators.FORMULAS:
                assert hits == reading.rate(counts).numerator * 2, (code, whose, day)
            seen |= {code} if facts else set()
    assert indicators.FORMULAS.keys() <= seen
