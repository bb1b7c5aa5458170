"""The clocks of a case as sentences: given a life, what does each clock say?"""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from qingyu.rules import clocks
from qingyu.rules.clocks import Clock, ClockKind, decide, next_due, promise, start
from qingyu.rules.hours import Deadline, Limit, Unit
from qingyu.rules.lifecycle import CaseState, Kind
from tests.rules.stories import (
    ACCEPTED,
    ANSWERED,
    ASKED,
    CALLED,
    CENTRE,
    CHINA,
    CLOSED,
    CONTACTED,
    GENERAL,
    OFFICE,
    OPENED,
    OTHER,
    RETURNED,
    ROUTED,
    UNIT,
    URGENT,
    Story,
    Terms,
    instant,
    standing,
)

EXAMPLES = Path(__file__).parents[2] / "docs" / "rules" / "clocks.md"


def test_the_worked_examples_are_true() -> None:
    result = doctest.testfile(str(EXAMPLES), module_relative=False, encoding="utf-8")
    assert result.attempted > 20
    assert result.failed == 0


# given, when, the clock, then
SENTENCES = [
    ("", OPENED, "dispatch", "runs, due 06-01 13:00"),
    ("routing stops the dispatch clock", ROUTED, "dispatch", "done in time, due 06-01 13:00"),
    ("routing late", OPENED + "06-01 13:00:01 routed", "dispatch", "done late, due 06-01 13:00"),
    ("refusing stops it", OPENED + "06-01 12:00 refused", "dispatch", "done in time, due 06-01 13:00"),
    ("diverting stops it", OPENED + "06-01 14:00 diverted", "dispatch", "done late, due 06-01 13:00"),
    ("answering at once stops it", OPENED + "06-01 09:05 answered_at_once", "dispatch",
     "done in time, due 06-01 13:00"),
    ("and is followed up", OPENED + "06-01 09:05 answered_at_once", "followup", "runs, due 06-04"),
    ("the unit has its sign clock", ROUTED, "sign", "runs, due 06-02"),
    ("and its clock of first contact", ROUTED, "contact", "runs, due 06-02"),
    ("and its handle clock", ROUTED, "handle", "runs, due 06-08"),
    ("accepting signs", ACCEPTED, "sign", "done in time, due 06-02"),
    ("accepting late", ROUTED + "06-03 00:00 accepted", "sign", "done late, due 06-02"),
    ("silence never signs in time", ROUTED + "06-03 00:00 auto_accepted", "sign", "done late, due 06-02"),
    ("silence does not stop handling", ROUTED + "06-03 00:00 auto_accepted", "handle", "runs, due 06-08"),
    ("a return is a word in time", ROUTED + "06-02 09:00 returned", "sign", "done in time, due 06-02"),
    ("a return stops nothing else", ROUTED + "06-02 09:00 returned", "handle", "runs, due 06-08"),
    ("contact in time", CONTACTED, "contact", "done in time, due 06-02"),
    ("contact late", ACCEPTED + "06-03 09:00 contacted", "contact", "done late, due 06-02"),
    ("contact does not stop handling", CONTACTED, "handle", "runs, due 06-08"),
    ("an answer without contact missed it", ACCEPTED + "06-01 12:00 answered", "contact", "done late, due 06-02"),
    ("an answer holds", ANSWERED, "handle", "held in time, due 06-08"),
    ("an answer within the last second is in time", CONTACTED + "06-08 23:59:59.9 answered", "handle",
     "held in time, due 06-08"),
    ("an answer a second later is late", CONTACTED + "06-09 00:00:00 answered", "handle", "held late, due 06-08"),
    ("an answer starts the review", ANSWERED, "review", "runs, due 06-04"),
    ("the review passes it", CLOSED, "handle", "done in time, due 06-08"),
    ("the review was in time", CLOSED, "review", "done in time, due 06-04"),
    ("a late review does not make the answer late", ANSWERED + "06-10 15:00 reviewed passed", "handle",
     "done in time, due 06-08"),
    ("a late review is late", ANSWERED + "06-10 15:00 reviewed passed", "review", "done late, due 06-04"),
    ("passing starts the follow-up", CLOSED, "followup", "runs, due 06-08"),
    ("sent back, it runs again", ANSWERED + "06-03 15:00 reviewed back", "handle", "runs, due 06-08"),
    ("sent back starts no follow-up; the review has ended", ANSWERED + "06-03 15:00 reviewed back", "review",
     "done in time, due 06-04"),
    ("answered in time, sent back and answered late is late",
     ANSWERED + "06-09 15:00 reviewed back; 06-09 16:00 answered", "handle", "held late, due 06-08"),
    ("the second answer has a review of its own", ANSWERED + "06-03 15:00 reviewed back; 06-05 16:00 answered",
     "review", "runs, due 06-08"),
    ("a late answer that passes is late", CONTACTED + "06-09 10:00 answered; 06-09 11:00 reviewed passed", "handle",
     "done late, due 06-08"),
    ("a call that was answered ends the follow-up", CLOSED + "06-05 10:00 followed_up completed 1", "followup",
     "done in time, due 06-08"),
    ("so does one that was declined", CLOSED + "06-05 10:00 followed_up refused 1", "followup",
     "done in time, due 06-08"),
    ("one that nobody took does not", CLOSED + "06-05 10:00 followed_up no_answer 2", "followup", "runs, due 06-08"),
    ("the third that nobody took does", CLOSED + "06-05 10:00 followed_up no_answer 3", "followup",
     "done in time, due 06-08"),
    ("archiving after the call changes nothing", CALLED + "06-09 10:00 archived", "followup",
     "done in time, due 06-08"),
    ("archiving when its time is over", CLOSED + "06-09 10:00 archived", "followup", "done late, due 06-08"),
    ("a third question does not stop the time", ASKED + "06-05 10:00 replied; 06-05 11:00 asked; 06-08 10:00 replied; "
     "06-08 11:00 asked", "handle", "runs, due 06-10"),
    ("withdrawing in time voids", CONTACTED + "06-08 10:00 withdrawn", "handle", "void"),
    ("withdrawing late forgives nothing", CONTACTED + "06-09 10:00 withdrawn", "handle", "done late, due 06-08"),
    ("nor a late answer", CONTACTED + "06-09 10:00 answered; 06-09 12:00 withdrawn", "handle", "done late, due 06-08"),
    ("nor a late dispatch", OPENED + "06-01 14:00 withdrawn", "dispatch", "done late, due 06-01 13:00"),
    ("withdrawing voids what is held", ANSWERED + "06-04 10:00 withdrawn", "handle", "void"),
    ("withdrawing voids the review", ANSWERED + "06-04 10:00 withdrawn", "review", "void"),
    ("withdrawing before routing", OPENED + "06-01 10:00 withdrawn", "dispatch", "void"),
    ("withdrawing before accepting", ROUTED + "06-01 11:00 withdrawn", "sign", "void"),
    ("withdrawing leaves what has ended", CONTACTED + "06-09 10:00 withdrawn", "contact", "done in time, due 06-02"),
    ("ended by the centre in time: it does not count", CONTACTED + "06-05 10:00 closed", "handle", "void"),
    ("ended by the centre late: it stays missed", CONTACTED + "06-09 10:00 closed", "handle", "done late, due 06-08"),
    ("ended after an answer in time that nobody passed", ANSWERED + "06-12 10:00 closed", "handle", "void"),
    ("ended after a late answer", CONTACTED + "06-09 10:00 answered; 06-09 12:00 closed", "handle",
     "done late, due 06-08"),
    ("ended with the review open", ANSWERED + "06-12 10:00 closed", "review", "done late, due 06-04"),
    ("ended before the first contact was due", ACCEPTED + "06-02 10:00 closed", "contact", "void"),
    ("ended after it was due", ACCEPTED + "06-03 10:00 closed", "contact", "done late, due 06-02"),
    ("ended before routing", OPENED + "06-01 14:00 closed", "dispatch", "done late, due 06-01 13:00"),
    ("ended by the centre, it is followed up", CONTACTED + "06-05 10:00 closed", "followup", "runs, due 06-10"),
    ("redo gives the full limit anew", CLOSED + "06-08 10:00 redone", "handle", "runs, due 06-15"),
    ("after redo the second answer is reviewed", CLOSED + "06-08 10:00 redone; 06-09 10:00 answered", "review",
     "runs, due 06-10"),
    ("reopening gives the full limit anew", CALLED + "06-05 10:00 archived; 06-10 10:00 reopened", "handle",
     "runs, due 06-17"),
    ("reopening what was never routed asks for dispatch", OPENED + "06-01 10:00 refused; 06-02 10:00 reopened",
     "dispatch", "runs, due 06-02 14:00"),
    ("and is routed like any other", OPENED + "06-01 10:00 refused; 06-02 10:00 reopened; 06-02 11:00 routed",
     "handle", "runs, due 06-09"),
    ("a note touches no clock", CONTACTED + "06-02 10:00 noted; 06-02 11:00 urged; 06-02 12:00 pressed", "handle",
     "runs, due 06-08"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "life", "kind", "then"), SENTENCES)
def test_a_life_and_a_clock(why: str, life: str, kind: str, then: str) -> None:
    assert Story().tell(life).says(kind) == then


# --- returns

UPHELD = RETURNED + "06-02 10:00 arbitrated upheld\n"
MOVED_ON = RETURNED + f"06-02 10:00 arbitrated upheld {OTHER}\n"


@pytest.mark.parametrize("kind", ["sign", "contact", "handle"])
def test_a_return_that_is_upheld_takes_all_clocks_of_the_unit_away(kind: str) -> None:
    assert Story().tell(UPHELD).says(kind, unit=UNIT) == "void"
    assert Story().tell(MOVED_ON).says(kind, unit=UNIT) == "void"


def test_back_at_the_centre_it_is_dispatched_anew() -> None:
    story = Story().tell(UPHELD)
    assert story.says("dispatch") == "runs, due 06-02 14:00"
    assert ("handle", OTHER, 1) not in story.clocks
    assert promise(story.case, story.clocks) is None


def test_the_next_unit_has_the_full_limits() -> None:
    story = Story().tell(MOVED_ON)
    assert [story.says(kind) for kind in ("sign", "contact", "handle")] == [
        "runs, due 06-03", "runs, due 06-03", "runs, due 06-09",
    ]  # fmt: skip
    assert story.says("dispatch") == "done in time, due 06-01 13:00"


def test_a_return_that_is_not_upheld_has_stopped_nothing() -> None:
    story = Story().tell(RETURNED + "06-02 10:00 arbitrated rejected")
    assert story.says("sign") == "done in time, due 06-02"
    assert story.says("handle") == "runs, due 06-08"
    assert story.case.state == "accepted"


def test_a_unit_that_gets_the_case_back_starts_afresh() -> None:
    story = Story().tell(UPHELD + "06-02 11:00 routed")
    assert [story.says(kind) for kind in ("sign", "contact", "handle")] == [
        "runs, due 06-03", "runs, due 06-03", "runs, due 06-09",
    ]  # fmt: skip
    assert story.clock("handle").started_at == instant("06-02 11:00")


def test_a_late_return_that_is_upheld_is_nobodys_miss() -> None:
    terms = Terms(GENERAL | {"sign": "15 minute"})
    story = Story(terms).tell(RETURNED)
    assert story.says("sign") == "done late, due 06-01 10:15"
    assert story.tell("06-02 10:00 arbitrated upheld").says("sign", unit=UNIT) == "void"
    assert not story.clock("sign", unit=UNIT).overdue(instant("06-09 10:00"))


def test_clocks_of_earlier_rounds_are_not_touched() -> None:
    story = Story().tell(UPHELD + "06-02 11:00 refused; 06-03 10:00 reopened; 06-03 11:00 routed; 06-03 12:00 returned")
    story.tell("06-03 13:00 arbitrated upheld")
    assert story.says("handle", unit=UNIT, round_=1) == "void"
    assert story.says("handle", unit=UNIT, round_=2) == "void"
    assert story.says("dispatch", round_=1) == "done in time, due 06-02 14:00"
    assert story.says("dispatch", round_=2) == "runs, due 06-03 17:00"


def test_of_the_first_round_the_outcome_stays_when_the_second_is_late() -> None:
    story = Story().tell(CLOSED + "06-08 10:00 redone; 06-17 10:00 answered; 06-17 11:00 reviewed passed")
    assert story.says("handle", round_=1) == "done in time, due 06-08"
    assert story.says("handle", round_=2) == "done late, due 06-15"
    assert story.says("followup", round_=1) == "done in time, due 06-08"


def test_the_outcome_of_an_earlier_review_stands_in_its_event() -> None:
    """The row is the latest run; what is counted reads the events."""
    story = Story().tell(ANSWERED + "06-05 10:00 reviewed back; 06-05 11:00 answered; 06-05 12:00 reviewed passed")
    assert story.says("review") == "done in time, due 06-08"
    stops = [text for kind, _, text in story.events if kind is Kind.REVIEWED and '"do":"stop"' in text]
    assert ['"in_time":false' in text for text in stops] == [True, False]


def test_an_answer_that_is_sent_back_leaves_no_trace_in_the_clock() -> None:
    answered = Story().tell(CONTACTED)
    before = answered.clocks
    answered.tell("06-03 10:00 answered; 06-03 15:00 reviewed back")
    assert {key: clock for key, clock in answered.clocks.items() if clock.kind != "review"} == before
    assert ("followup", CENTRE, 1) not in answered.clocks


def test_a_second_return_takes_only_the_clocks_of_the_second_unit() -> None:
    story = Story().tell(UPHELD + f"06-02 11:00 routed {OTHER}; 06-02 12:00 returned")
    changes = story.happen(Kind.ARBITRATED, at=instant("06-02 13:00"), upheld=True)
    assert [(change["kind"], change["unit"]) for change in changes if change["do"] == "void"] == [
        ("contact", OTHER), ("handle", OTHER), ("sign", OTHER),
    ]  # fmt: skip


# --- anonymous, urgent, provisional


def test_who_left_no_way_to_be_reached_is_not_contacted() -> None:
    story = Story().tell("06-01 09:00 opened anonymous; 06-01 10:00 routed")
    assert set(story.clocks) == {("dispatch", CENTRE, 1), ("sign", UNIT, 1), ("handle", UNIT, 1)}
    story.tell("06-01 11:00 accepted; 06-01 12:00 contacted; 06-01 13:00 answered")
    assert not any(clock.kind == ClockKind.CONTACT for clock in story.clocks.values())


URGENT_ROWS = [
    ("06-19 01:00 opened", "dispatch", "runs, due 06-19 01:15"),
    ("06-19 01:00 opened; 06-19 01:10 routed", "sign", "runs, due 06-19 01:25"),
    ("06-19 01:00 opened; 06-19 01:10 routed", "contact", "runs, due 06-19 01:40"),
    ("06-19 01:00 opened; 06-19 01:10 routed", "handle", "runs, due 06-20 01:10"),
    ("06-19 01:00 opened; 06-19 01:10 routed; 06-19 01:26 accepted", "sign", "done late, due 06-19 01:25"),
    ("06-19 01:00 opened; 06-19 01:10 routed; 06-19 01:20 accepted; 06-19 02:00 asked; 06-19 02:30 replied",
     "handle", "runs, due 06-20 01:40"),
    ("06-19 01:00 opened; 06-19 01:10 routed; 06-19 01:20 accepted; 06-19 02:00 answered", "review", "runs, due 06-22"),
]  # fmt: skip


@pytest.mark.parametrize(("life", "kind", "then"), URGENT_ROWS)
def test_urgent_limits_run_through_nights_and_holidays(life: str, kind: str, then: str) -> None:
    assert Story(Terms(URGENT)).tell(life).says(kind) == then


def test_a_limit_that_does_not_exist_starts_no_clock() -> None:
    story = Story(Terms({"handle": "5 working_day"})).tell(ROUTED + "06-01 11:00 accepted; 06-01 12:00 answered")
    assert set(story.clocks) == {("handle", UNIT, 1)}


# --- readers


def test_the_promise_is_the_handle_clock_of_the_lead_unit_in_the_present_round() -> None:
    story = Story().tell(OPENED)
    assert promise(story.case, story.clocks) is None
    story.tell("06-01 10:00 routed")
    assert promise(story.case, story.clocks) == story.clocks["handle", UNIT, 1]
    story = Story().tell(CLOSED)
    assert promise(story.case, story.clocks) == story.clocks["handle", UNIT, 1]
    story.tell("06-08 10:00 redone")
    assert promise(story.case, story.clocks) == story.clocks["handle", UNIT, 2]
    story.tell("06-08 11:00 withdrawn")
    assert promise(story.case, story.clocks) is None


def test_next_due_is_the_running_clock_that_falls_due_first() -> None:
    def of(life: str) -> str:
        first = next_due(Story().tell(life).clocks)
        return first.kind if first else ""

    assert next_due({}) is None
    assert [of(life) for life in (OPENED, ROUTED, ACCEPTED, CONTACTED, ASKED, ANSWERED, CLOSED)] == [
        "dispatch", "contact", "contact", "handle", "", "review", "followup",
    ]  # fmt: skip
    assert of(CALLED + "06-05 10:00 archived") == ""


def test_a_change_says_all_that_is_needed_to_repeat_it() -> None:
    change = start(
        ClockKind.HANDLE, UNIT, 2, at=instant("06-01 10:00"), limit=Limit(5, Unit.WORKING_DAY), calendar=OFFICE
    )  # fmt: skip
    assert change == {
        "do": "start", "kind": "handle", "unit": UNIT, "round": 2, "limit": "5 working_day", "calendar": "office",
        "due": instant("06-08 17:30"), "warn": instant("06-08 00:00"), "provisional": False,
    }  # fmt: skip
    [moved] = Story().tell(CONTACTED + "06-04 10:00 extension_asked").happen(
        Kind.EXTENSION_DECIDED, at=instant("06-05 10:00"), approved=True
    )  # fmt: skip
    assert moved == {
        "do": "extend", "kind": "handle", "unit": UNIT, "round": 1, "by": "5 working_day", "limit": "10 working_day",
        "due": instant("06-15 23:59:59"), "warn": instant("06-12 00:00"), "provisional": False,
    }  # fmt: skip


def test_an_answer_ends_the_rest_before_it_holds_the_clock() -> None:
    changes = Story().tell(ASKED).happen(Kind.ANSWERED, at=instant("06-05 10:00"))
    assert [(change["do"], change["kind"]) for change in changes] == [
        ("resume", "handle"), ("hold", "handle"), ("start", "review"),
    ]  # fmt: skip


def test_events_that_touch_no_clock_change_nothing() -> None:
    quiet = set(Kind) - set(clocks.deciding.DECISIONS)
    assert quiet == {
        Kind.CLASSIFIED, Kind.ASSIGNED, Kind.NOTED, Kind.ADDED, Kind.URGED, Kind.PRESSED, Kind.RATED,
        Kind.SERVICE_RATED,
        Kind.CORRECTION_PERMITTED, Kind.WINDOW_TAKEN, Kind.DEPUTY_CALLED, Kind.SUPERVISOR_CALLED,
    }  # fmt: skip
    for kind in quiet:
        assert decide(kind, at=instant("06-01 10:00"), facts={}, case=CaseState(), clocks={}, terms=Terms()) == []


def test_changes_come_in_the_order_of_their_keys_however_the_rows_were_read() -> None:
    story = Story().tell(ROUTED)
    mixed = dict(reversed(story.clocks.items()))
    found = [
        decide(Kind.WITHDRAWN, at=instant("06-01 11:00"), facts={}, case=story.case, clocks=rows, terms=Terms())
        for rows in (story.clocks, mixed)
    ]
    assert found[0] == found[1]


def test_a_clock_knows_its_key_and_its_deadline() -> None:
    clock: Clock = Story(Terms(city=CHINA)).tell(CONTACTED).clock("handle")
    assert clock.key == ("handle", UNIT, 1)
    assert clock.due == Deadline(instant("06-08 23:59:59"), False)
    assert standing(clock) == "runs, due 06-08"
    assert (clock.calendar, clock.round, clock.unit) == ("city", 1, UNIT)
