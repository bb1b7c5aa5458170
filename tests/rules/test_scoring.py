"""Rates are exact, small numbers are honest, a missing rate is neither nought nor full marks."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyu.rules import scoring
from qingyu.rules.rating import Level, Solved
from qingyu.rules.refusals import NotValid
from qingyu.rules.scoring import Certainty, Rate, Scale, Weights

HALF = Fraction(1, 2)


# Rates


@pytest.mark.parametrize(
    ("numerator", "denominator", "places", "percent"),
    [
        (1, 3, 1, "33.3"),
        (2, 3, 2, "66.67"),
        (1, 8, 1, "12.5"),
        (1, 8, 0, "13"),
        (5, 1000, 0, "1"),
        (1, 200, 1, "0.5"),
        (9977900 - 1, 9977900, 1, "100.0"),
        (0, 7, 1, "0.0"),
        (7, 7, 1, "100.0"),
        (Fraction(5, 2), 4, 1, "62.5"),
    ],
)
def test_percent_is_exact_and_rounds_half_up(
    numerator: Fraction | int, denominator: int, places: int, percent: str
) -> None:
    assert str(Rate(numerator, denominator).percent(places)) == percent


def test_nothing_counted_is_not_known() -> None:
    nothing = Rate(0, 0)
    assert not nothing.known
    assert (nothing.value, nothing.percent(), nothing.per(10_000)) == (None, None, None)
    assert nothing.interval() == (0.0, 1.0)


def test_bad_ratings_are_told_per_ten_thousand() -> None:
    assert Rate(19, 200_000).per(10_000) == Decimal("0.95")


@pytest.mark.parametrize(("numerator", "denominator"), [(-1, 2), (3, 2), (1, 0), (0, -1)])
def test_a_rate_lies_between_none_and_all(numerator: int, denominator: int) -> None:
    with pytest.raises(NotValid, match="rate_out_of_range"):
        Rate(numerator, denominator)


rates = st.integers(0, 500).flatmap(lambda whole: st.builds(Rate, st.integers(0, whole), st.just(whole)))


@given(rates, rates)
def test_rates_add_up_like_what_they_count(one: Rate, other: Rate) -> None:
    total = one + other
    assert total == other + one
    assert total.denominator == one.denominator + other.denominator


@given(rates)
def test_the_interval_holds_the_rate(rate: Rate) -> None:
    low, high = rate.interval()
    assert 0 <= low <= high <= 1
    if rate.value is not None:
        assert low <= float(rate.value) <= high


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (950, 1000, 0.9347, 0.9618)],
)
def test_the_interval_is_that_of_wilson(numerator: int, denominator: int, low: float, high: float) -> None:
    assert Rate(numerator, denominator).interval() == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(
    ("denominator", "expected"),
    [
        (0, Certainty.NO_DATA),
        (1, Certainty.SUPPRESSED),
        (4, Certainty.SUPPRESSED),
        (5, Certainty.UNCERTAIN),
        (29, Certainty.UNCERTAIN),
        (30, Certainty.SURE),
    ],
)
def test_small_numbers_are_flagged(denominator: int, expected: Certainty) -> None:
    assert scoring.certainty(Rate(0, denominator)) is expected


def test_the_limits_of_small_numbers_are_data() -> None:
    assert scoring.certainty(Rate(0, 9), limits=scoring.SmallNumbers(10, 100)) is Certainty.SUPPRESSED


# The three rates


@pytest.mark.parametrize(
    ("accepted", "contacted", "answered", "denied", "responded"),
    [
        (True, True, True, False, True),
        (False, True, True, False, False),
        (True, False, True, False, False),
        (True, True, False, False, False),
        (True, True, True, True, False),
    ],
    ids=["all in time", "accepted late", "contacted late", "answered late", "the person says that nobody got in touch"],
)
def test_a_response_is_accepted_contacted_and_answered(
    accepted: bool, contacted: bool, answered: bool, denied: bool, responded: bool
) -> None:
    found = scoring.responded(accepted=accepted, contacted=contacted, answered=answered, denied=denied)
    assert found == responded


def test_response_rate() -> None:
    assert scoring.response_rate(responded_in_time=9, due=10).percent() == Decimal("90.0")


@pytest.mark.parametrize(("partly", "percent"), [(Fraction(0), "60.0"), (HALF, "70.0"), (Fraction(1), "80.0")])
def test_partly_solved_counts_as_configured(partly: Fraction, percent: str) -> None:
    answers = {Solved.YES: 6, Solved.PARTLY: 2, Solved.NO: 2}
    assert str(scoring.resolution_rate(answers, partly=partly).percent()) == percent


@pytest.mark.parametrize("partly", [Fraction(-1, 2), Fraction(3, 2)])
def test_partly_solved_is_at_most_solved(partly: Fraction) -> None:
    with pytest.raises(NotValid, match="partly_out_of_range"):
        scoring.resolution_rate({}, partly=partly)


def test_satisfaction_counts_basically_satisfied_unless_told_otherwise() -> None:
    answers = {Level.SATISFIED: 7, Level.BASICALLY_SATISFIED: 2, Level.DISSATISFIED: 1}
    strict = frozenset({Level.VERY_SATISFIED, Level.SATISFIED})
    assert scoring.satisfaction_rate(answers) == Rate(9, 10)
    assert scoring.satisfaction_rate(answers, good=strict) == Rate(7, 10)


def test_every_definition_names_what_it_counts_and_by_which_date() -> None:
    dates = {code: one.counted_on.value for code, one in scoring.DEFINITIONS.items()}
    assert dates["response_rate"] == "handle_due_date"
    assert dates["resolution_rate"] == dates["satisfaction_rate"] == "last_follow_up_answer_date"
    assert all(one.numerator and one.denominator for one in scoring.DEFINITIONS.values())
    assert set(scoring.JUNGAR.shares) == set(scoring.DEFINITIONS)


# Scores


def three(response: Rate, resolution: Rate, satisfaction: Rate) -> dict[str, Rate]:
    return {"response_rate": response, "resolution_rate": resolution, "satisfaction_rate": satisfaction}


def test_a_score_is_the_weighted_sum() -> None:
    result = scoring.score(three(Rate(95, 100), Rate(80, 100), Rate(90, 100)), scoring.JUNGAR)
    assert result.points == 88
    assert result.parts["response_rate"] == Fraction(285, 10)
    assert sum(result.parts.values()) == result.points
    assert result.missing == ()
    assert str(result.shown()) == "88.0"


def test_a_missing_rate_gives_its_weight_to_the_others_and_is_named() -> None:
    result = scoring.score(three(Rate(1, 1), Rate(0, 0), Rate(1, 2)), scoring.JUNGAR)
    assert result.points == Fraction(100) * (30 + Fraction(35, 2)) / 65
    assert result.missing == ("resolution_rate",)
    assert scoring.score({}, scoring.JUNGAR).missing == tuple(scoring.JUNGAR.shares)


def test_without_any_rate_there_is_no_score() -> None:
    result = scoring.score({}, scoring.JUNGAR)
    assert (result.points, result.shown()) == (None, None)
    assert scoring.WEATHER.place(result.points) == scoring.BANDS.place(result.points) == "none"


@pytest.mark.parametrize(("points", "shown"), [("90", "90.0"), ("89.99", "89.9"), ("0", "0.0"), ("66.66", "66.6")])
def test_points_are_shown_rounded_down(points: str, shown: str) -> None:
    assert str(scoring.Score(Fraction(points)).shown()) == shown


@given(rates, rates, rates)
def test_a_score_lies_between_its_worst_and_its_best_rate(one: Rate, two: Rate, three_: Rate) -> None:
    result = scoring.score(three(one, two, three_), scoring.JUNGAR)
    known = [rate.value * 100 for rate in (one, two, three_) if rate.value is not None]
    if known:
        assert result.points is not None
        assert min(known) <= result.points <= max(known)
    else:
        assert result.points is None


@pytest.mark.parametrize("shares", [{}, {"a": HALF}, {"a": Fraction(3, 2), "b": -HALF}])
def test_weights_make_a_whole(shares: dict[str, Fraction]) -> None:
    with pytest.raises(NotValid, match="weights_not_whole"):
        Weights("x", "x", shares)


# Bands and weather


@pytest.mark.parametrize(
    ("points", "weather"),
    [
        (Fraction(100), "sun"),
        (Fraction(90), "sun"),
        (Fraction(8999, 100), "partly"),
        (Fraction(80), "partly"),
        (Fraction(70), "cloud"),
        (Fraction(60), "rain"),
        (Fraction(5999, 100), "heavy"),
        (Fraction(0), "heavy"),
        (None, "none"),
    ],
)
def test_weather(points: Fraction | None, weather: str) -> None:
    assert scoring.WEATHER.place(points) == weather


def test_units_are_banded_by_points() -> None:
    assert [scoring.BANDS.place(points) for points in (90, 85, 70, 60, 59)] == [
        "excellent", "good", "fair", "weak", "poor"
    ]  # fmt: skip


@pytest.mark.parametrize("steps", [(), ((Fraction(1), "a"), (Fraction(2), "b")), ((Fraction(1), "a"),) * 2])
def test_steps_fall(steps: tuple[tuple[Fraction, str], ...]) -> None:
    with pytest.raises(NotValid, match="steps_not_falling"):
        Scale("x", "x", steps)


def test_what_lies_below_the_last_step_belongs_to_it() -> None:
    assert Scale("x", "x", ((Fraction(2), "a"), (Fraction(1), "b"))).place(-5) == "b"


@given(st.fractions(-1000, 1000), st.integers(0, 4))
def test_rounding_is_off_by_half_a_step_at_most(value: Fraction, places: int) -> None:
    assert abs(Fraction(scoring.rounded(value, places)) - value) <= Fraction(1, 2 * 10**places)
