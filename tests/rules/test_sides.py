"""Sides have dated weights; times add up in steps; a part is hidden where the rest is small."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyu.rules import scoring
from qingyu.rules.hiding import hidden
from qingyu.rules.refusals import NotValid
from qingyu.rules.scoring import CASES, LONGER, STEPS, Rate, Scheme, Side, Weights

LATER = Scheme("later", "test", date(2027, 1, 1), CASES.sides)
COUNTS = st.dictionaries(st.sampled_from([*STEPS, LONGER]), st.integers(0, 50))


@pytest.mark.parametrize(
    ("day", "code"),
    [(date(2020, 1, 1), "cases_2026"), (date(2026, 12, 31), "cases_2026"), (date(2027, 1, 1), "later")],
)
def test_the_scheme_of_the_day_holds(day: date, code: str) -> None:
    assert scoring.scheme_on(day, (CASES, LATER)).code == code


def test_a_scheme_has_four_sides() -> None:
    with pytest.raises(NotValid, match="side_missing"):
        Scheme("half", "test", date(2026, 1, 1), {Side.WARMTH: CASES.sides[Side.WARMTH]})


@pytest.mark.parametrize(
    ("known", "least", "points"),
    [({"a": 8}, Fraction(1, 2), 80), ({"b": 8}, Fraction(1, 2), None), ({"b": 8}, Fraction(4, 10), 80),
     ({"a": 10, "b": 5}, Fraction(1), 80), ({}, Fraction(0), None)],
)  # fmt: skip
def test_less_than_the_least_weight_makes_no_points(known: dict[str, int], least: Fraction, points: int | None) -> None:
    weights = Weights("w", "test", {"a": Fraction(6, 10), "b": Fraction(4, 10)})
    found = scoring.score({code: Rate(number, 10) for code, number in known.items()}, weights, least=least)
    assert found.points == points


@pytest.mark.parametrize(
    ("seconds", "step"),
    [(0, "5m"), (300, "5m"), (301, "10m"), (3600, "1h"), (3601, "2h"), (86_400, "1d"), (90 * 86_400, "90d"),
     (90 * 86_400 + 1, "longer")],
)  # fmt: skip
def test_a_time_lies_in_the_first_step_that_holds_it(seconds: int, step: str) -> None:
    assert scoring.step(seconds) == step


@given(
    st.lists(st.integers(0, 100 * 86_400), min_size=1, max_size=60), st.sampled_from([Fraction(1, 2), Fraction(9, 10)])
)
def test_at_least_the_share_lies_within_the_step_and_not_within_the_one_before(
    times: list[int], share: Fraction
) -> None:
    counts: dict[str, int] = {}
    for seconds in times:
        counts[scoring.step(seconds)] = counts.get(scoring.step(seconds), 0) + 1
    names = [*STEPS, LONGER]
    place = names.index(scoring.within(counts, share) or "")
    upto = [sum(counts.get(name, 0) for name in names[: end + 1]) for end in range(len(names))]
    assert upto[place] >= share * len(times)
    assert place == 0 or upto[place - 1] < share * len(times)


@given(COUNTS, COUNTS)
def test_steps_of_two_spans_add_up(one: dict[str, int], two: dict[str, int]) -> None:
    both = {name: one.get(name, 0) + two.get(name, 0) for name in [*STEPS, LONGER]}
    ends = [scoring.within(counts, Fraction(1, 2)) for counts in (one, two)]
    known = [[*STEPS, LONGER].index(end) for end in ends if end]
    found = scoring.within(both, Fraction(1, 2))
    if not known:
        assert found is None
    else:
        assert min(known) <= [*STEPS, LONGER].index(found or "") <= max(known)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=8))
def test_a_part_is_hidden_where_it_or_the_rest_is_small(cells: list[tuple[int, int]]) -> None:
    parents = dict.fromkeys(range(len(cells)))
    own, rest = {n: part for n, (part, _) in enumerate(cells)}, {n: left for n, (_, left) in enumerate(cells)}
    gone = hidden(own, parents, rest=rest)
    for unit in parents:
        risky = own[unit] and (own[unit] < 5 or 0 < rest[unit] < 5)
        assert not risky or unit in gone.own
    assert len(gone.own) != 1 or gone.all
    assert hidden(own, parents, rest=dict.fromkeys(parents, 0)) == hidden(own, parents)
