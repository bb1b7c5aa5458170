"""What time alone does: silence, warnings, marks; and what is overdue."""

from __future__ import annotations

import pytest

from qingyu.rules.refusals import NotAllowed
from tests.rules.stories import (
    ANSWERED,
    ASKED,
    CONTACTED,
    RETURNED,
    ROUTED,
    Story,
    Terms,
    instant,
)

TOO_EARLY = [
    (ROUTED + "06-02 23:59:59 auto_accepted", "too_early", {}),
    (RETURNED + "06-02 10:00 arbitrated upheld 8; 06-03 09:00 auto_accepted", "too_early", {}),
    (CONTACTED + "06-07 23:59:59 warned handle", "too_early", {"warn_at": instant("06-08 00:00")}),
    (CONTACTED + "06-08 23:59:59 overdue handle", "too_early", {"due_at": instant("06-08 23:59:59")}),
    (CONTACTED + "06-08 10:00 warned handle; 06-08 10:01 warned handle", "marked_already", {}),
    (CONTACTED + "06-09 10:00 overdue handle; 06-09 10:01 overdue handle", "marked_already", {}),
    (CONTACTED + "06-09 10:00 overdue handle; 06-09 10:01 warned handle", "marked_already", {}),
    (ANSWERED + "06-09 10:00 overdue handle", "clock_not_running", {}),
    (ANSWERED + "06-09 10:00 warned handle", "clock_not_running", {}),
    (ASKED + "06-09 10:00 overdue handle", "clock_not_running", {}),
    (ASKED + "06-09 10:00 warned handle", "clock_not_running", {}),
    (CONTACTED + "06-09 10:00 overdue review", "clock_not_running", {}),
    (ANSWERED + "06-09 10:00 rescheduled handle 06-10", "clock_not_running", {}),
]  # fmt: skip


@pytest.mark.parametrize(("life", "code", "facts"), TOO_EARLY)
def test_time_has_done_nothing_before_it_has_passed_and_nothing_twice(
    life: str, code: str, facts: dict[str, object]
) -> None:
    with pytest.raises(NotAllowed) as refusal:
        Story().tell(life)
    assert refusal.value.code == code
    assert refusal.value.facts == facts


def test_where_no_sign_clock_runs_silence_says_nothing() -> None:
    with pytest.raises(NotAllowed, match="too_early"):
        Story(Terms({"handle": "5 working_day"})).tell(ROUTED + "06-30 10:00 auto_accepted")


def test_warned_and_overdue_are_marked_with_their_instants() -> None:
    story = Story().tell(CONTACTED + "06-08 00:00 warned handle")
    assert story.clock("handle").warned_at == instant("06-08 00:00")
    assert story.clock("handle").overdue_at is None
    story.tell("06-09 00:00:00 overdue handle")
    assert story.clock("handle").warned_at == instant("06-08 00:00")
    assert story.clock("handle").overdue_at == instant("06-09 00:00")


def test_what_was_never_warned_of_is_warned_when_it_is_overdue() -> None:
    clock = Story().tell(CONTACTED + "06-09 10:00 overdue handle").clock("handle")
    assert (clock.warned_at, clock.overdue_at) == (instant("06-09 10:00"), instant("06-09 10:00"))


WARNED = CONTACTED + "06-08 09:00 warned handle\n"
MARKS = [
    ("a rest moves the warning ahead: the mark falls", WARNED + "06-08 10:00 asked; 06-13 10:00 replied", False, False),
    ("a rest whose new date is warned of already keeps it", WARNED + "06-08 10:00 asked; 06-09 10:00 replied",
     True, False),
    ("a rest within the day keeps it", WARNED + "06-08 10:00 asked; 06-08 12:00 replied", True, False),
    ("an extension lets both fall", WARNED + "06-08 10:00 extension_asked; 06-09 09:00 overdue handle; "
     "06-09 10:00 extension_decided approved", False, False),
    ("a late rest keeps both", WARNED + "06-09 09:00 overdue handle; 06-09 10:00 asked; 06-10 10:00 replied", True,
     True),
    ("an extension that comes too late keeps both", WARNED + "06-08 10:00 extension_asked; 06-09 09:00 overdue handle; "
     "06-16 10:00 extension_decided approved", True, True),
    ("an extension whose own warning has come keeps that", WARNED + "06-08 10:00 extension_asked; "
     "06-09 09:00 overdue handle; 06-15 10:00 extension_decided approved", True, False),
    ("an answer that is sent back keeps them", WARNED + "06-09 09:00 overdue handle; 06-09 10:00 answered; "
     "06-09 11:00 reviewed back", True, True),
    ("a new round has none", WARNED + "06-09 09:00 overdue handle; 06-09 10:00 answered; 06-09 11:00 reviewed passed; "
     "06-09 12:00 redone", False, False),
]  # fmt: skip


@pytest.mark.parametrize(("why", "life", "warned", "overdue"), MARKS)
def test_marks_fall_where_the_new_date_lies_ahead(why: str, life: str, warned: bool, overdue: bool) -> None:
    clock = Story().tell(life).clock("handle")
    assert (clock.warned_at is not None, clock.overdue_at is not None) == (warned, overdue)


def test_a_mark_falls_exactly_while_the_new_date_is_kept() -> None:
    base = CONTACTED + "06-08 10:00 extension_asked; 06-09 09:00 overdue handle; "
    assert Story().tell(base + "06-15 23:59:59.5 extension_decided approved").clock("handle").overdue_at is None
    assert Story().tell(base + "06-16 00:00:00 extension_decided approved").clock("handle").overdue_at is not None
    warn = "06-12 00:00"
    base = WARNED + "06-08 10:00 extension_asked; "
    assert Story().tell(base + f"{warn} extension_decided approved").clock("handle").warned_at is not None
    assert Story().tell(base + "06-11 23:59:59 extension_decided approved").clock("handle").warned_at is None


OVERDUE = [
    (CONTACTED, "06-08 23:59:59.9", False),
    (CONTACTED, "06-09 00:00", True),
    (ASKED, "06-20 00:00", False),
    (CONTACTED + "06-09 10:00 asked", "06-09 11:00", True),
    (ANSWERED, "06-20 00:00", False),
    (CONTACTED + "06-09 10:00 answered", "06-09 10:00", True),
    (CONTACTED + "06-08 10:00 withdrawn", "06-20 00:00", False),
    (CONTACTED + "06-09 10:00 withdrawn", "06-20 00:00", True),
    (ANSWERED + "06-10 10:00 reviewed back", "06-10 10:00", True),
    (CONTACTED + "06-09 10:00 closed", "06-09 10:00", True),
]


@pytest.mark.parametrize(("life", "now", "then"), OVERDUE)
def test_overdue_is_what_ran_out_and_a_rest_stands_as_it_began(life: str, now: str, then: bool) -> None:
    assert Story().tell(life).clock("handle").overdue(instant(now)) is then
