"""Levels are names, a default is nobody's voice, and what an answer sets going."""

from __future__ import annotations

import pytest

from qingyu.rules import rating
from qingyu.rules.rating import Answer, Channel, Level, Outcome, Solved
from qingyu.rules.refusals import NotValid

# Levels


@pytest.mark.parametrize(
    ("level", "stars", "bad"),
    [
        (Level.VERY_SATISFIED, 5, False),
        (Level.SATISFIED, 4, False),
        (Level.BASICALLY_SATISFIED, 3, False),
        (Level.DISSATISFIED, 2, True),
        (Level.VERY_DISSATISFIED, 1, True),
    ],
)
def test_five_levels_of_which_two_are_bad(level: Level, stars: int, bad: bool) -> None:
    assert rating.of_stars(stars) is level
    assert rating.demands_rectification(level) == (level in rating.BAD) == (level not in rating.GOOD) == bad


def test_no_level_is_written_as_a_digit() -> None:
    assert not any(level.value.isdigit() for level in Level)


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_stars_are_one_to_five(stars: int) -> None:
    with pytest.raises(NotValid, match="stars_not_valid"):
        rating.of_stars(stars)


# Which rating counts


@pytest.mark.parametrize("channel", Channel)
def test_every_channel_counts_but_the_one_that_nobody_used(channel: Channel) -> None:
    assert rating.counts(channel) == (channel is not Channel.SYSTEM_DEFAULT)


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
