"""Facts: what counts of a case, the same whether followed or made anew, wherever the batches are cut."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qingyu.assessment import folding
from qingyu.assessment.followers import Facts
from qingyu.assessment.models import CaseFact, SubjectDay, UnitDay
from qingyu.assessment.storing import rounds_of, rows_of
from qingyu.cases import following, standing
from qingyu.cases.models import Case, CaseEvent
from qingyu.rules.clocks import Stop
from tests.lives import live
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db
LIVES = 60


def facts_of_all() -> list[list[folding.Fact]]:
    rows = rows_of(Case.objects.values_list("pk", flat=True)).values()
    return [[folding.Fact(*row) for row in found] for found in rows]


def snapshot() -> tuple[list[Any], list[Any], list[Any]]:
    facts = CaseFact.objects.order_by("case_id", "round", "service").values_list(*folding_columns())
    days = UnitDay.objects.order_by("day", "unit_id", "measure").values_list("day", "unit_id", "measure", "count")
    visits = SubjectDay.objects.order_by("day", "subject", "measure").values_list("day", "subject", "measure", "count")
    return list(facts), list(days), list(visits)


def folding_columns() -> list[str]:
    return [f"{name}_id" if name in ("case", "unit", "receiver") else name for name in folding.FIELDS]


def catch_up() -> None:
    while following.catch_up(at=MONDAY + timedelta(days=365)):
        pass


def follow_in_pieces(rng: random.Random) -> None:
    """The whole log, partition by partition, in pieces of any size."""
    follower = Facts()
    follower.clear()
    for partition in range(16):
        events = list(CaseEvent.objects.filter(partition=partition).order_by("id"))
        while events:
            size = rng.randint(1, 7)
            follower.follow(events[:size])
            events = events[size:]


def test_facts_do_not_depend_on_where_batches_are_cut(city: City) -> None:
    for seed in range(LIVES):
        live(city, seed, steps=22)
    follower = Facts()
    for partition in range(16):
        follower.follow(list(CaseEvent.objects.filter(partition=partition).order_by("id")))
    at_once = snapshot()
    assert all(at_once)
    for seed in range(3):
        follow_in_pieces(random.Random(seed))
        assert snapshot() == at_once


def test_rebuilt_facts_equal_followed_facts(city: City, settings: Any) -> None:
    settings.FOLLOWERS = ["qingyu.assessment.followers.Facts"]
    for seed in range(LIVES):
        live(city, 1000 + seed, steps=22)
        catch_up()
    followed = snapshot()
    following.start_again("facts")
    assert snapshot() == ([], [], [])
    catch_up()
    assert snapshot() == followed


def test_days_hold_what_the_rounds_say_and_what_was_routed(city: City) -> None:
    for seed in range(LIVES):
        live(city, 2000 + seed, steps=22)
    for partition in range(16):
        Facts().follow(list(CaseEvent.objects.filter(partition=partition).order_by("id")))
    expected: Counter[folding.Place] = Counter()
    visits: Counter[folding.Visit] = Counter()
    for facts in facts_of_all():
        expected.update(folding.counted(facts))
        visits.update(folding.visited(facts))
    routings = {folding.Measure.ROUTED, folding.Measure.RETURNED, folding.Measure.ACCEPTED_IN_TIME}
    rows = UnitDay.objects.exclude(measure__in=routings).values_list("unit_id", "day", "measure", "count")
    assert {(unit, day, measure): count for unit, day, measure, count in rows} == dict(expected)
    assert not UnitDay.objects.filter(count__lte=0).exists()
    rows = SubjectDay.objects.values_list("subject", "day", "measure", "count")
    assert {(subject, day, measure): count for subject, day, measure, count in rows} == dict(visits)


def test_marks_agree_with_the_clocks_of_the_rules(city: City) -> None:
    for seed in range(LIVES):
        agrees(live(city, 3000 + seed, steps=26))


def agrees(case: Case) -> None:
    Facts().follow(list(CaseEvent.objects.filter(case=case).order_by("seq")))
    state, clocks = standing.replay(case)
    facts = rounds_of([case.pk])[case.pk]
    assert len(facts) == state.round
    for fact in facts:
        for kind, name in folding.MARKS.items():
            clock = clocks.get((kind, fact.unit, fact.round))
            mark = getattr(fact, name)
            unreviewed = kind == "handle" and fact.excluded and mark == "in_time"
            assert mark_of(clock) == ("void" if unreviewed else mark), (kind, fact)
        handle = clocks.get(("handle", fact.unit, fact.round))
        assert (fact.due_on is None) == (handle is None)
    assert sum(fact.returns for fact in facts) == state.returns
    assert facts[-1].unit == (state.lead or state.owner)
    assert (facts[-1].type, facts[-1].topic, facts[-1].area) == (state.type, state.topic, state.area)


def mark_of(clock: Any) -> str:
    if clock is None:
        return ""
    if clock.stop == Stop.VOID:
        return "void"
    if clock.in_time is not None:
        return "in_time" if clock.in_time else "late"
    return "paused" if clock.paused_at and not clock.overdue(clock.paused_at) else "running"


def test_a_rebuild_holds_the_positions_before_it_drops_a_row(city: City, settings: Any) -> None:
    settings.FOLLOWERS = ["qingyu.assessment.followers.Facts"]
    with CaptureQueriesContext(connection) as said:
        following.start_again("facts")
    first = [next(n for n, one in enumerate(said) if words in one["sql"]) for words in ("cases_position", "DELETE")]
    assert first == sorted(first)
