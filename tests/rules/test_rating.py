"""Levels are names, a default is nobody's voice, the latest answer counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyu.rules import rating
from qingyu.rules.rating import Answer, Channel, Level, Outcome, Rating, Solved, Turn
from qingyu.rules.refusals import NotAllowed, NotValid

NOON = datetime(2026, 1, 5, 4, tzinfo=UTC)


# Levels and codes


@pytest.mark.parametrize(
    ("level", "stars", "national", "zhejiang", "bad"),
    [
        (Level.VERY_SATISFIED, 5, "1", "5", False),
        (Level.SATISFIED, 4, "2", "4", False),
        (Level.BASICALLY_SATISFIED, 3, "3", "3", False),
        (Level.DISSATISFIED, 2, "4", "2", True),
        (Level.VERY_DISSATISFIED, 1, "5", "1", True),
    ],
)
def test_the_two_codes_run_in_opposite_directions(
    level: Level, stars: int, national: str, zhejiang: str, bad: bool
) -> None:
    assert level.stars == stars
    assert rating.of_stars(stars) is level
    assert rating.NATIONAL_LEVELS.write(level) == national
    assert rating.ZHEJIANG_LEVELS.write(level) == zhejiang
    assert rating.NATIONAL_LEVELS.read(national) is level
    assert rating.ZHEJIANG_LEVELS.read(int(zhejiang)) is level
    assert level.bad == rating.demands_rectification(level) == bad


def test_no_level_is_written_as_a_digit() -> None:
    assert not any(level.value.isdigit() for level in Level)


@pytest.mark.parametrize("code_map", rating.LEVEL_MAPS.values(), ids=lambda one: one.code)
def test_every_partner_has_one_code_for_every_level(code_map: rating.CodeMap[Level]) -> None:
    assert sorted(code_map.codes.values()) == sorted(Level)


@pytest.mark.parametrize("code", ["0", "6", "", "满意", 0])
def test_an_unknown_code_is_refused(code: str | int) -> None:
    with pytest.raises(NotValid, match="partner_code_unknown") as refused:
        rating.NATIONAL_LEVELS.read(code)
    assert refused.value.field == "national"


def test_a_partner_without_a_code_for_a_channel_says_so() -> None:
    assert rating.ZHEJIANG_CHANNELS.read("7") is Channel.SYSTEM_DEFAULT
    assert rating.ZHEJIANG_CHANNELS.write(Channel.QR_CODE) == "3"
    with pytest.raises(NotValid, match="partner_has_no_code"):
        rating.ZHEJIANG_CHANNELS.write(Channel.PAPER)


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_stars_are_one_to_five(stars: int) -> None:
    with pytest.raises(NotValid, match="stars_not_valid"):
        rating.of_stars(stars)


# Which rating counts


def given_rating(
    level: Level,
    *,
    hours: int = 0,
    turn: Turn = Turn.FIRST,
    channel: Channel = Channel.WEB,
    case: str = "a",
    occasion: str = "case",
) -> Rating:
    return Rating(case, occasion, turn, level, channel, NOON + timedelta(hours=hours))


BAD = given_rating(Level.DISSATISFIED)
BETTER = given_rating(Level.SATISFIED, hours=5, turn=Turn.SECOND)
CORRECTED = given_rating(Level.VERY_DISSATISFIED, hours=1)
DEFAULT = given_rating(Level.VERY_SATISFIED, hours=9, channel=Channel.SYSTEM_DEFAULT)
AT_WINDOW = given_rating(Level.VERY_SATISFIED, occasion="window-1")
OTHER = given_rating(Level.SATISFIED, case="b")
SAME_INSTANT = given_rating(Level.VERY_SATISFIED)


@pytest.mark.parametrize(
    ("ratings", "counting"),
    [
        ([], []),
        ([BAD], [BAD]),
        ([BAD, BETTER], [BETTER]),
        ([BAD, CORRECTED], [CORRECTED]),
        ([BAD, CORRECTED, BETTER], [BETTER]),
        ([DEFAULT], []),
        ([BAD, DEFAULT], [BAD]),
        ([BAD, AT_WINDOW, OTHER], [BAD, AT_WINDOW, OTHER]),
        ([BAD, SAME_INSTANT], [BAD]),
    ],
)
def test_the_latest_answer_of_a_person_counts_in_whatever_order_they_come(
    ratings: list[Rating], counting: list[Rating]
) -> None:
    for order in permutations(ratings):
        assert list(rating.counts(order)) == counting


ratings_of_all_kinds = st.builds(
    Rating,
    st.sampled_from("ab"),
    st.sampled_from(["case", "window"]),
    st.sampled_from(Turn),
    st.sampled_from(Level),
    st.sampled_from(Channel),
    st.integers(0, 3).map(lambda hours: NOON + timedelta(hours=hours)),
)


@given(st.lists(ratings_of_all_kinds))
def test_one_rating_counts_per_case_and_occasion_and_never_a_default(ratings: list[Rating]) -> None:
    counting = rating.counts(ratings)
    keys = [(one.case, one.occasion) for one in counting]
    assert len(set(keys)) == len(keys)
    assert set(keys) == {(one.case, one.occasion) for one in ratings if one.active}
    assert all(one.active for one in counting)
    assert rating.counts(counting) == counting


def test_a_person_rates_once_and_once_more() -> None:
    assert rating.next_turn([]) is Turn.FIRST
    assert rating.next_turn([DEFAULT]) is Turn.FIRST
    assert rating.next_turn([BAD, DEFAULT]) is Turn.SECOND
    with pytest.raises(NotAllowed, match="rated_twice"):
        rating.next_turn([BAD, BETTER])


def test_limits_name_their_place() -> None:
    assert rating.RECTIFICATION_LIMITS["shanghai"].contact_working_days == 1
    assert rating.RECTIFICATION_LIMITS["sichuan_city"].rectify_working_days == 15
    assert all(limits.source for limits in rating.RECTIFICATION_LIMITS.values())


# Follow-up


@pytest.mark.parametrize(
    ("answer", "redo"),
    [
        (Answer(Outcome.COMPLETED, True, Solved.YES, Level.VERY_SATISFIED), False),
        (Answer(Outcome.COMPLETED, True, Solved.YES, Level.BASICALLY_SATISFIED), False),
        (Answer(Outcome.COMPLETED, True, Solved.YES, Level.DISSATISFIED), True),
        (Answer(Outcome.COMPLETED, True, Solved.NO, Level.SATISFIED), True),
        (Answer(Outcome.COMPLETED, True, Solved.PARTLY, Level.SATISFIED), False),
        (Answer(Outcome.COMPLETED, False, Solved.YES, Level.SATISFIED), False),
        (Answer(Outcome.COMPLETED), False),
        (Answer(Outcome.NO_ANSWER), False),
        (Answer(Outcome.REFUSED), False),
    ],
)
def test_unsolved_or_dissatisfied_goes_back(answer: Answer, redo: bool) -> None:
    assert rating.demands_redo(answer) == redo


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.COMPLETED])
def test_who_was_not_spoken_to_gave_no_answer(outcome: Outcome) -> None:
    with pytest.raises(NotValid, match="answer_without_conversation"):
        Answer(outcome, solved=Solved.YES)


@pytest.mark.parametrize(
    ("outcomes", "again"),
    [
        ([], True),
        ([Outcome.NO_ANSWER], True),
        ([Outcome.NO_ANSWER] * 2, True),
        ([Outcome.NO_ANSWER] * 3, False),
        ([Outcome.NO_ANSWER, Outcome.COMPLETED], False),
        ([Outcome.REFUSED], False),
        ([Outcome.ASKED_NOT_TO], False),
        ([Outcome.NUMBER_INVALID], False),
    ],
)
def test_three_attempts_unless_it_ended_before(outcomes: list[Outcome], again: bool) -> None:
    assert rating.calls_again(outcomes) == again
