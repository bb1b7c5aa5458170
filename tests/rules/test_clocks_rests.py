"""Rests and extensions: what they do to a due date, as sentences."""

from __future__ import annotations

import pytest

from qingyu.rules.refusals import NotAllowed
from tests.rules.stories import (
    ACCEPTED,
    ANSWERED,
    ASKED,
    CONTACTED,
    GENERAL,
    URGENT,
    Story,
    Terms,
    instant,
    reads,
)

RESTS = [
    ("while it rests", ASKED, "rests, due 06-08"),
    ("a reply on the same day moves nothing", ASKED + "06-04 16:00 replied", "runs, due 06-08"),
    ("a reply the next day moves a day", ASKED + "06-05 10:00 replied", "runs, due 06-09"),
    ("weekends are not working time", ASKED + "06-08 10:00 replied", "runs, due 06-10"),
    ("a rest over the due date", ASKED + "06-09 10:00 replied", "runs, due 06-11"),
    ("it ends after five working days, 06-11", ASKED + "06-12 00:00:00 resumed", "runs, due 06-15"),
    ("ended late by the house it counts no more", ASKED + "06-18 10:00 resumed", "runs, due 06-15"),
    ("an answer while it rests is in time", ASKED + "06-10 10:00 answered", "held in time, due 06-12"),
    ("an answer after the longest rest", ASKED + "06-15 10:00 answered", "held in time, due 06-15"),
    ("and when that time has run out too", ASKED + "06-16 10:00 answered", "held late, due 06-15"),
    ("asked on the last day and answered on Saturday", CONTACTED + "06-08 10:00 asked; 06-13 10:00 replied",
     "runs, due 06-15"),
    ("asked on the last Friday, replied on Saturday: the day that was left comes on Monday",
     "06-05 09:00 opened; 06-05 09:10 routed; 06-05 10:00 accepted; 06-12 10:00 asked; 06-13 10:00 replied",
     "runs, due 06-15"),
    ("asked past the due date it rests, but its date stays", CONTACTED + "06-09 10:00 asked; 06-11 10:00 replied",
     "runs, due 06-08"),
    ("and an answer then is late", CONTACTED + "06-09 10:00 asked; 06-11 10:00 answered", "held late, due 06-08"),
    ("two rests", ASKED + "06-05 10:00 replied; 06-05 11:00 asked; 06-08 10:00 replied", "runs, due 06-10"),
    ("withdrawn while it rests", ASKED + "06-05 10:00 withdrawn", "void"),
    ("withdrawn while it rests late", CONTACTED + "06-09 10:00 asked; 06-10 10:00 withdrawn", "done late, due 06-08"),
    ("ended by the centre while it rests in time", ASKED + "06-09 10:00 closed", "void"),
    ("ended while it rests late", CONTACTED + "06-09 10:00 asked; 06-10 10:00 closed", "done late, due 06-08"),
    ("first contact while it rests", ASKED.replace("06-01 12:00 contacted\n", "") + "06-05 09:00 contacted",
     "rests, due 06-08"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "life", "then"), RESTS)
def test_a_rest_moves_the_due_date_by_its_working_time(why: str, life: str, then: str) -> None:
    assert Story().tell(life).says("handle") == then


def test_a_rest_has_a_reason_and_an_end() -> None:
    clock = Story().tell(ASKED).clock("handle")
    assert (clock.pause_reason, clock.pauses) == ("details_needed", 1)
    assert (clock.paused_at, clock.pause_until) == (instant("06-04 10:00"), instant("06-11 23:59:59"))
    assert not clock.running


@pytest.mark.parametrize("end", ["06-05 10:00 replied", "06-05 10:00 answered", "06-05 10:00 withdrawn",
                                 "06-05 10:00 closed", "06-12 10:00 resumed"])  # fmt: skip
def test_whatever_ends_a_rest_leaves_no_rest(end: str) -> None:
    clock = Story().tell(ASKED + end).clock("handle")
    assert (clock.paused_at, clock.pause_until, clock.pauses) == (None, None, 1)


def test_a_second_rest_counts_and_keeps_the_first_in_the_count() -> None:
    clock = Story().tell(ASKED + "06-05 10:00 replied; 06-05 11:00 asked").clock("handle")
    assert clock.pauses == 2


def test_without_a_limit_for_it_nothing_rests() -> None:
    terms = Terms({name: limit for name, limit in GENERAL.items() if name != "ask_pause"})
    story = Story(terms).tell(ASKED)
    assert story.says("handle") == "runs, due 06-08"
    assert story.tell("06-05 10:00 replied").says("handle") == "runs, due 06-08"
    assert Story(terms).tell(ASKED + "06-05 10:00 resumed").says("handle") == "runs, due 06-08"


def test_the_house_cannot_end_a_rest_before_its_time() -> None:
    with pytest.raises(NotAllowed) as refusal:
        Story().tell(ASKED + "06-11 23:59:59 resumed")
    assert refusal.value.code == "too_early"
    assert refusal.value.facts == {"until": instant("06-11 23:59:59")}


def test_a_unit_that_shuts_at_half_past_five_is_not_late_when_the_reply_comes_in_the_evening() -> None:
    life = "06-01 09:00 opened; 06-01 10:00 routed 9; 06-01 11:00 accepted; 06-08 16:00 asked; 06-08 20:00 replied"
    assert Story().tell(life).says("handle") == "runs, due 06-09 17:30"


def test_asking_after_hours_of_the_last_day_is_asking_late() -> None:
    life = "06-01 09:00 opened; 06-01 10:00 routed 9; 06-01 11:00 accepted; 06-08 18:00 asked; 06-09 09:00 replied"
    assert Story().tell(life).says("handle") == "runs, due 06-08 17:30"


def test_nothing_happens_to_a_clock_before_it_began() -> None:
    """Two people act at once; the one who was first is written down last."""
    story = Story().tell(ACCEPTED).tell("06-01 09:59:59.9 asked; 06-02 10:00 replied")
    assert story.says("handle") == "runs, due 06-09"
    story = Story().tell(ACCEPTED).tell("06-01 09:59:59.9 asked")
    assert story.clock("handle").paused_at == instant("06-01 10:00")
    assert story.clock("handle").pause_until == instant("06-08 23:59:59")
    assert Story().tell(ACCEPTED).tell("06-01 09:59:59.9 answered").clock("handle").stopped_at == instant("06-01 10:00")
    assert Story().tell(ACCEPTED).tell("06-01 09:59:59.9 withdrawn").clock("handle").stopped_at == instant(
        "06-01 10:00"
    )


def test_a_rest_asked_for_the_evening_before_the_clock_began_lasts_from_its_beginning() -> None:
    story = Story().tell("06-01 09:00 opened; 06-02 00:00 routed; 06-02 00:00 accepted; 06-01 23:59:59.9 asked")
    assert story.clock("handle").pause_until == instant("06-09 23:59:59")


def test_a_reply_written_down_before_the_question_moves_nothing() -> None:
    assert Story().tell(ASKED + "06-04 09:59:59 replied").says("handle") == "runs, due 06-08"


# --- extensions

EXTENSIONS = [
    ("asking moves nothing", CONTACTED + "06-04 10:00 extension_asked", "runs, due 06-08"),
    ("granted, it counts from the due date",
     CONTACTED + "06-04 10:00 extension_asked; 06-05 10:00 extension_decided approved",
     "runs, due 06-15"),
    ("denied, nothing moves", CONTACTED + "06-04 10:00 extension_asked; 06-05 10:00 extension_decided denied",
     "runs, due 06-08"),
    ("asked in time and granted late",
     CONTACTED + "06-08 10:00 extension_asked; 06-10 10:00 extension_decided approved",
     "runs, due 06-15"),
    ("asked and granted while it rests", ASKED + "06-05 10:00 extension_asked; 06-05 11:00 extension_decided approved",
     "rests, due 06-15"),
    ("and the rest then moves it on", ASKED + "06-05 10:00 extension_asked; 06-05 11:00 extension_decided approved; "
     "06-08 10:00 replied", "runs, due 06-17"),
    ("asked for in time, rested late, granted: it rests in time", CONTACTED + "06-08 10:00 extension_asked; "
     "06-09 10:00 asked; 06-09 11:00 extension_decided approved; 06-10 10:00 replied", "runs, due 06-16"),
    ("asked for while it rests over its due date", ASKED + "06-10 10:00 extension_asked; "
     "06-10 11:00 extension_decided approved; 06-10 12:00 replied", "runs, due 06-22"),
    ("twice", CONTACTED + "06-04 10:00 extension_asked; 06-05 10:00 extension_decided approved; "
     "06-12 10:00 extension_asked; 06-12 11:00 extension_decided approved", "runs, due 06-23"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "life", "then"), EXTENSIONS)
def test_an_extension_counts_from_the_due_date(why: str, life: str, then: str) -> None:
    assert Story().tell(life).says("handle") == then


def test_what_is_granted_in_all_stands_in_the_clock() -> None:
    clock = Story().tell(EXTENSIONS[1][1]).clock("handle")
    assert (clock.limit, clock.extensions) == ("10 working_day", 1)
    assert reads(clock.warn_at) == "06-12 00:00"  # the last two of ten working days
    assert Story().tell(CONTACTED).clock("handle").limit == "5 working_day"


def test_an_urgent_limit_extended_by_days_counts_days_from_then_on() -> None:
    life = CONTACTED + "06-01 13:00 extension_asked; 06-01 14:00 extension_decided approved; "
    story = Story(Terms(URGENT)).tell(life)
    assert (story.says("handle"), story.clock("handle").limit) == ("runs, due 06-09", "5 working_day")
    assert story.tell("06-03 10:00 asked; 06-04 09:00 replied").says("handle") == "runs, due 06-10"


@pytest.mark.parametrize(
    ("life", "due"),
    [
        (CONTACTED + "06-09 00:00:00 extension_asked", "06-08"),
        (CONTACTED + "06-09 10:00 asked; 06-09 11:00 extension_asked", "06-08"),
        (ASKED + "06-16 00:00:00 extension_asked", "06-08"),
        (ANSWERED + "06-09 10:00 reviewed back; 06-09 11:00 extension_asked", "06-08"),
    ],
)
def test_asking_after_the_limit_is_asking_too_late(life: str, due: str) -> None:
    with pytest.raises(NotAllowed) as refusal:
        Story().tell(life)
    assert refusal.value.code == "extension_too_late"
    assert refusal.value.facts == {"due_at": instant(f"{due} 23:59:59")}


def test_on_the_last_second_one_may_still_ask() -> None:
    assert Story().tell(CONTACTED + "06-08 23:59:59 extension_asked").case.extension_pending
    assert Story().tell(ASKED + "06-15 23:59:59 extension_asked").case.extension_pending


def test_where_no_extension_is_provided_for_nothing_moves() -> None:
    terms = Terms({name: limit for name, limit in GENERAL.items() if name != "extend"})
    assert Story(terms).tell(EXTENSIONS[1][1]).says("handle") == "runs, due 06-08"


def test_rests_and_extensions_keep_the_hours_of_the_unit() -> None:
    life = "06-01 09:00 opened; 06-01 10:00 routed 9; 06-01 11:00 accepted; 06-04 10:00 asked"
    assert Story().tell(life).clock("handle").pause_until == instant("06-11 17:30")
    life += "; 06-04 11:00 extension_asked; 06-04 12:00 extension_decided approved"
    assert Story().tell(life).says("handle") == "rests, due 06-15 17:30"
