"""How often things may happen in one round: questions that stop the time, extensions, calls, ratings."""

from __future__ import annotations

from datetime import date

import pytest

from qingyu.rules.lifecycle import Kind
from qingyu.rules.refusals import NotAllowed
from qingyu.rules.rounds import RoundLimits, limits_on, may_rest, needs_supervisor, next_call, next_occasion
from tests.rules.stories import CALLED, CLOSED, OPENED, ROUTED, Story, instant

TODAY = date(2026, 6, 1)
CALL, RATED, REDONE, REOPENED = Kind.FOLLOWED_UP, Kind.RATED, Kind.REDONE, Kind.REOPENED


@pytest.mark.parametrize(("asks", "rests"), [(0, True), (1, True), (2, False), (9, False)])
def test_the_time_rests_during_two_questions_of_a_round(asks: int, rests: bool) -> None:
    assert may_rest(asks, on=TODAY) is rests


@pytest.mark.parametrize(("granted", "supervisor"), [(0, False), (1, True), (5, True)])
def test_one_extension_of_a_round_needs_no_supervisor(granted: int, supervisor: bool) -> None:
    assert needs_supervisor(granted, on=TODAY) is supervisor


ROWS = (
    RoundLimits("old", 2, 1, valid_to=date(2026, 12, 31)),
    RoundLimits("new", 3, 0, valid_from=date(2027, 1, 1)),
    RoundLimits("for a while", 5, 5, valid_from=date(2026, 7, 1), valid_to=date(2026, 7, 2)),
)


@pytest.mark.parametrize(
    ("day", "source"),
    [
        (date(2026, 6, 30), "old"),
        (date(2026, 7, 1), "for a while"),
        (date(2026, 7, 2), "for a while"),
        (date(2026, 7, 3), "old"),
        (date(2026, 12, 31), "old"),
        (date(2027, 1, 1), "new"),
    ],
)
def test_of_the_rows_that_hold_the_one_that_began_last_does(day: date, source: str) -> None:
    assert limits_on(day, rows=ROWS).source == source


@pytest.mark.parametrize("day", [date.min, TODAY, date.max])
def test_some_row_holds_on_every_day(day: date) -> None:
    assert limits_on(day).resting_asks == 2


@pytest.mark.parametrize(
    ("events", "number"),
    [([], 1), ([CALL], 2), ([CALL, CALL], 3), ([CALL, REDONE], 1), ([CALL, REOPENED, CALL], 2)],
)
def test_calls_are_counted_anew_in_every_round(events: list[Kind], number: int) -> None:
    assert next_call(events) == number


@pytest.mark.parametrize(
    ("events", "occasion"),
    [
        ([], 1),
        ([REDONE], 1),
        ([RATED], None),
        ([RATED, REDONE], 2),
        ([REOPENED, RATED], None),
        ([RATED, REOPENED, REDONE], 2),
        ([RATED, REDONE, RATED], None),
        ([RATED, REDONE, RATED, REDONE], None),
    ],
)
def test_a_matter_is_rated_once_and_once_more_after_it_was_taken_up_again(
    events: list[Kind], occasion: int | None
) -> None:
    if occasion:
        assert next_occasion(events) == occasion
        return
    with pytest.raises(NotAllowed, match="rated_twice"):
        next_occasion(events)


@pytest.mark.parametrize(
    ("life", "due"),
    [
        (CLOSED + "06-08 23:59:59 archived", "06-08 23:59:59"),
        (CLOSED + "06-05 10:00 followed_up no_answer 1; 06-05 15:00 archived", "06-08 23:59:59"),
        (OPENED + "06-01 10:00 answered_at_once; 06-02 10:00 archived", "06-04 23:59:59"),
        (ROUTED + "06-01 11:00 accepted; 06-01 12:00 closed; 06-02 10:00 archived", "06-04 23:59:59"),
        (CALLED + "06-05 10:00 redone; 06-08 10:00 answered; 06-08 12:00 reviewed passed; 06-09 10:00 archived",
         "06-11 23:59:59"),
    ],
)  # fmt: skip
def test_a_case_is_not_archived_while_its_follow_up_call_waits(life: str, due: str) -> None:
    with pytest.raises(NotAllowed) as refusal:
        Story().tell(life)
    assert (refusal.value.code, refusal.value.facts) == ("follow_up_waiting", {"due_at": instant(due)})


@pytest.mark.parametrize(
    "life",
    [
        CALLED + "06-04 11:00 archived",
        CLOSED + "06-05 10:00 followed_up asked_not_to 1; 06-05 10:01 archived",
        CLOSED + "06-05 10:00 followed_up no_answer 3; 06-05 10:01 archived",
        CLOSED + "06-09 00:00 archived",
        "06-01 09:00 opened anonymous; 06-01 10:00 answered_at_once; 06-01 10:01 archived",
    ],
)
def test_a_case_is_archived_once_asked_or_too_late_to_ask_or_when_nobody_can_be_asked(life: str) -> None:
    assert Story().tell(life).case.state == "archived"


@pytest.mark.parametrize("life", [CALLED, CLOSED + "06-05 10:00 followed_up no_answer 3\n"])
def test_nobody_is_called_again_once_follow_up_has_ended(life: str) -> None:
    with pytest.raises(NotAllowed, match="no_call_to_make"):
        Story().tell(life + "06-05 11:00 followed_up completed 1")
