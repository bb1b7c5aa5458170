"""Which event may follow which state, and what it makes of the case."""

from __future__ import annotations

import doctest
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from qingyu.rules import lifecycle
from qingyu.rules.lifecycle import ENDED, OPEN, SOURCES, STAGES, CaseState, Kind, Stage, State, allowed, fold, require
from qingyu.rules.refusals import NotAllowed

EXAMPLES = Path(__file__).parents[2] / "docs" / "rules" / "lifecycle.md"
NINE = datetime(2026, 6, 1, 1, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
CENTRE, UNIT, OTHER = 1, 7, 8

# One line for each kind, one letter for each state in which it may happen; a dot where it is refused.
LETTERS = [
    "draft",
    "received",
    "dispatched",
    "accepted",
    "handling",
    "waiting",
    "answered",
    "closed",
    "archived",
    "refused",
    "withdrawn",
    "merged",
]
TABLE = """
opened             D...........
classified         .RDAHWA.....
answered_at_once   .R..........
refused            .R..........
diverted           .R..........
routed             .R..........
accepted           ..D.........
auto_accepted      ..D.........
assigned           ..DAHWA.....
returned           ..D.........
arbitrated         ..D.........
contacted          ...AHW......
noted              .RDAHWACARW.
asked              ...AH.......
replied            .....W......
resumed            .....W......
added              .RDAH.A.....
extension_asked    ...AHW......
extension_decided  ...AHW......
answered           ...AHW......
reviewed           ......A.....
closed             .R.AHWA.....
redone             .......C....
reopened           .......CAR..
urged              .RDAHWA.....
pressed            .RDAHWA.....
withdrawn          .RDAHWA.....
followed_up        .......C....
rated              .......CA...
service_rated      .RDAHWACARW.
archived           .......C....
warned             .RDAHWAC....
overdue            .RDAHWAC....
rescheduled        .RDAHWAC....
submitted          .R..........
correction_asked   ..D.........
correction_permitted ..D.........
corrected          .....W......
lapsed             .....W......
admitted           ..D.........
auto_admitted      ..D.........
not_admitted       ..D.........
window_chosen      ..D..W......
window_taken       .....W......
special_begun      ....H.......
special_ended      ....H.......
decided            ....H.......
issued             ....H.......
deputy_called      ..D.........
supervisor_called  ..D.........
"""
ROWS = [line.split() for line in TABLE.splitlines() if line]
PAIRS = [(Kind(kind), State(state), letter != ".") for kind, letters in ROWS
         for state, letter in zip(LETTERS, letters, strict=True)]  # fmt: skip


def test_the_worked_examples_are_true() -> None:
    result = doctest.testfile(str(EXAMPLES), module_relative=False, encoding="utf-8")
    assert result.attempted > 10
    assert result.failed == 0


def test_the_table_names_every_kind_and_every_state_once() -> None:
    assert [Kind(row[0]) for row in ROWS] == list(Kind)
    assert [State(name) for name in LETTERS] == list(State)
    assert all(letter in (".", LETTERS[at][0].upper()) for row in ROWS for at, letter in enumerate(row[1]))


def ready(state: State, kind: Kind) -> CaseState:
    """A case in that state in which nothing but the state could forbid the event."""
    stage = min(STAGES[kind], default=Stage.NONE) if kind in STAGES else Stage.NONE
    return CaseState(
        state=state, disputed=kind is Kind.ARBITRATED, extension_pending=kind is Kind.EXTENSION_DECIDED,
        stage=stage.value, item="card" if kind is Kind.SUBMITTED else "",
    )  # fmt: skip


@pytest.mark.parametrize(("kind", "state", "may"), PAIRS, ids=lambda value: str(value))
def test_an_event_happens_exactly_in_the_states_of_the_table(kind: Kind, state: State, may: bool) -> None:
    case = ready(state, kind)
    assert (state in SOURCES[kind]) is may
    assert (kind in allowed(case)) is may
    if may:
        require(case, kind)
        return
    with pytest.raises(NotAllowed) as refusal:
        require(case, kind)
    assert refusal.value.code == ("already_ended" if state in ENDED else "not_in_this_state")
    assert refusal.value.facts == {"state": state.value, "event": kind.value}


def test_open_and_ended_are_all_but_the_draft() -> None:
    assert set(State) - {State.DRAFT} == OPEN | ENDED
    assert not OPEN & ENDED


REFUSALS = [
    ("nothing was returned", State.DISPATCHED, {}, Kind.ARBITRATED, "nothing_to_arbitrate"),
    ("it was returned", State.DISPATCHED, {"disputed": True}, Kind.ARBITRATED, None),
    ("a return is pending", State.DISPATCHED, {"disputed": True}, Kind.RETURNED, "return_already_pending"),
    ("silence says nothing meanwhile", State.DISPATCHED, {"disputed": True}, Kind.AUTO_ACCEPTED,
     "return_already_pending"),
    ("the unit may think again", State.DISPATCHED, {"disputed": True}, Kind.ACCEPTED, None),
    ("named by arbitration", State.DISPATCHED, {"designated": True}, Kind.RETURNED, "unit_designated"),
    ("silence accepts for it too", State.DISPATCHED, {"designated": True}, Kind.AUTO_ACCEPTED, None),
    ("and it may accept", State.DISPATCHED, {"designated": True}, Kind.ACCEPTED, None),
    ("asked once", State.HANDLING, {"extension_pending": True}, Kind.EXTENSION_ASKED, "extension_already_pending"),
    ("asked once, rests", State.WAITING, {"extension_pending": True}, Kind.EXTENSION_ASKED,
     "extension_already_pending"),
    ("nobody asked", State.HANDLING, {}, Kind.EXTENSION_DECIDED, "no_extension_asked"),
    ("an answer needs no decision", State.HANDLING, {"extension_pending": True}, Kind.ANSWERED, None),
    ("the state comes first", State.CLOSED, {"disputed": True}, Kind.RETURNED, "already_ended"),
    ("the state comes first", State.RECEIVED, {}, Kind.ARBITRATED, "not_in_this_state"),
    ("no item, no application", State.RECEIVED, {}, Kind.SUBMITTED, "not_at_this_stage"),
    ("an item", State.RECEIVED, {"item": "card"}, Kind.SUBMITTED, None),
    ("a request is not admitted", State.DISPATCHED, {}, Kind.ADMITTED, "not_at_this_stage"),
    ("an application is not returned", State.DISPATCHED, {"stage": "precheck"}, Kind.RETURNED, "not_at_this_stage"),
    ("one notice", State.DISPATCHED, {"stage": "precheck"}, Kind.CORRECTION_ASKED, None),
    ("no second one", State.DISPATCHED, {"stage": "precheck", "corrections": 1}, Kind.CORRECTION_ASKED,
     "correction_asked_already"),
    ("unless permitted", State.DISPATCHED, {"stage": "precheck", "corrections": 1, "permits": 1},
     Kind.CORRECTION_ASKED, None),
    ("decided while experts look", State.HANDLING, {"stage": "special"}, Kind.DECIDED, "not_at_this_stage"),
    ("issued before it is decided", State.HANDLING, {"stage": "handling"}, Kind.ISSUED, "not_at_this_stage"),
    ("extended once", State.HANDLING, {"stage": "handling"}, Kind.EXTENSION_ASKED, None),
    ("and no more", State.HANDLING, {"stage": "handling", "extensions": 1}, Kind.EXTENSION_ASKED, "extended_once"),
    ("not before it is admitted", State.WAITING, {"stage": "correcting"}, Kind.EXTENSION_ASKED, "not_at_this_stage"),
    ("not done again", State.CLOSED, {"stage": "issued"}, Kind.REDONE, "not_at_this_stage"),
    ("rated like all", State.CLOSED, {"stage": "issued"}, Kind.RATED, None),
]  # fmt: skip


@pytest.mark.parametrize(("why", "state", "marks", "kind", "code"), REFUSALS)
def test_what_else_may_forbid_an_event(
    why: str, state: State, marks: dict[str, Any], kind: Kind, code: str | None
) -> None:
    case = CaseState(state=state, **marks)
    assert (kind in allowed(case)) is (code is None)
    if code is None:
        require(case, kind)
        return
    with pytest.raises(NotAllowed) as refusal:
        require(case, kind)
    assert refusal.value.code == code


# --- what it makes of the case

FULL = CaseState(
    state=State.HANDLING, type="help", topic="city", area="990102", channel="web", urgency="general", centre=CENTRE,
    owner=UNIT, lead=UNIT, assisting=(3,), handler=5, round=1, returns=1, redos=2, reopens=3, urges=4, extensions=1,
    opened_at=NINE, routed_at=NINE, accepted_at=NINE, contacted_at=NINE, last_at=NINE, title=11,
)  # fmt: skip
AT_CENTRE = replace(FULL, state=State.RECEIVED, owner=CENTRE, lead=None, assisting=(), handler=None)
SENT = replace(FULL, state=State.DISPATCHED, disputed=True, designated=False)
APPLIED = replace(FULL, state=State.DISPATCHED, stage="precheck", item="card", extensions=0)
LACKING = replace(APPLIED, state=State.WAITING, stage="correcting", corrections=1)
ADMITTED = replace(APPLIED, state=State.HANDLING, stage="handling")
ENDED_CASE = replace(FULL, state=State.CLOSED, answered_at=NINE, closed_at=NINE, extension_pending=True)

CHANGES: list[tuple[str, CaseState, Kind, dict[str, Any], dict[str, Any]]] = [
    ("opened with little", CaseState(), Kind.OPENED, {"type": "help", "channel": "web", "owner": CENTRE},
     {"state": "received", "type": "help", "channel": "web", "centre": CENTRE, "owner": CENTRE, "opened_at": TEN}),
    ("opened with all", CaseState(), Kind.OPENED,
     {"type": "help", "channel": "web", "owner": CENTRE, "topic": "city", "area": "99", "urgency": "urgent",
      "confidential": True, "anonymous": True, "title": 4},
     {"state": "received", "type": "help", "channel": "web", "centre": CENTRE, "owner": CENTRE, "opened_at": TEN,
      "topic": "city", "area": "99", "urgency": "urgent", "confidential": True, "anonymous": True, "title": 4}),
    ("classified", FULL, Kind.CLASSIFIED, {"type": "complaint", "topic": "house"}, {"type": "complaint",
     "topic": "house"}),
    ("classified again", FULL, Kind.CLASSIFIED, {"area": "98", "urgency": "urgent", "other": 1},
     {"area": "98", "urgency": "urgent"}),
    ("answered at once", AT_CENTRE, Kind.ANSWERED_AT_ONCE, {}, {"state": "closed", "answered_at": TEN,
     "closed_at": TEN}),
    ("answered at once at the window of a unit", AT_CENTRE, Kind.ANSWERED_AT_ONCE, {"unit": OTHER}, {
     "state": "closed", "answered_at": TEN, "closed_at": TEN, "owner": OTHER, "lead": OTHER}),
    ("refused", AT_CENTRE, Kind.REFUSED, {}, {"state": "refused", "closed_at": TEN}),
    ("diverted", AT_CENTRE, Kind.DIVERTED, {}, {"state": "refused", "closed_at": TEN}),
    ("routed", AT_CENTRE, Kind.ROUTED, {"unit": OTHER, "assisting": [4, 5]},
     {"state": "dispatched", "owner": OTHER, "lead": OTHER, "assisting": (4, 5), "routed_at": TEN,
      "accepted_at": None}),
    ("routed alone", replace(AT_CENTRE, designated=True, disputed=True, handler=5), Kind.ROUTED, {"unit": OTHER},
     {"state": "dispatched", "owner": OTHER, "lead": OTHER, "routed_at": TEN, "accepted_at": None, "designated": False,
      "disputed": False, "handler": None}),
    ("accepted", SENT, Kind.ACCEPTED, {"handler": 6},
     {"state": "accepted", "handler": 6, "accepted_at": TEN, "disputed": False}),
    ("accepted by silence", replace(SENT, disputed=False), Kind.AUTO_ACCEPTED, {},
     {"state": "accepted", "accepted_at": TEN}),
    ("assigned", FULL, Kind.ASSIGNED, {"handler": 9}, {"handler": 9}),
    ("returned", replace(SENT, disputed=False), Kind.RETURNED, {}, {"disputed": True, "returns": 2}),
    ("not upheld", SENT, Kind.ARBITRATED, {"upheld": False},
     {"state": "accepted", "accepted_at": TEN, "disputed": False, "designated": True}),
    ("upheld and passed on", SENT, Kind.ARBITRATED, {"upheld": True, "unit": OTHER},
     {"owner": OTHER, "lead": OTHER, "assisting": (), "handler": None, "routed_at": TEN, "accepted_at": None,
      "disputed": False, "designated": True}),
    ("upheld", SENT, Kind.ARBITRATED, {"upheld": True},
     {"state": "received", "owner": CENTRE, "lead": None, "assisting": (), "handler": None, "disputed": False}),
    ("first contact", replace(FULL, state=State.ACCEPTED, contacted_at=None), Kind.CONTACTED, {},
     {"state": "handling", "contacted_at": TEN}),
    ("contact again", FULL, Kind.CONTACTED, {}, {}),
    ("contact while it rests", replace(FULL, state=State.WAITING), Kind.CONTACTED, {}, {}),
    ("asked", FULL, Kind.ASKED, {}, {"state": "waiting"}),
    ("replied", replace(FULL, state=State.WAITING), Kind.REPLIED, {}, {"state": "handling"}),
    ("resumed", replace(FULL, state=State.WAITING), Kind.RESUMED, {}, {"state": "handling"}),
    ("extension asked", FULL, Kind.EXTENSION_ASKED, {}, {"extension_pending": True}),
    ("granted", replace(FULL, extension_pending=True), Kind.EXTENSION_DECIDED, {"approved": True},
     {"extension_pending": False, "extensions": 2}),
    ("denied", replace(FULL, extension_pending=True), Kind.EXTENSION_DECIDED, {"approved": False},
     {"extension_pending": False}),
    ("answered", replace(FULL, extension_pending=True), Kind.ANSWERED, {},
     {"state": "answered", "answered_at": TEN, "extension_pending": False}),
    ("passed", replace(FULL, state=State.ANSWERED, answered_at=NINE), Kind.REVIEWED, {"passed": True},
     {"state": "closed", "closed_at": TEN}),
    ("sent back", replace(FULL, state=State.ANSWERED, answered_at=NINE), Kind.REVIEWED, {"passed": False},
     {"state": "handling", "answered_at": None}),
    ("ended by the centre", replace(FULL, extension_pending=True), Kind.CLOSED, {},
     {"state": "closed", "closed_at": TEN, "extension_pending": False}),
    ("done again", ENDED_CASE, Kind.REDONE, {},
     {"state": "handling", "round": 2, "redos": 3, "answered_at": None, "closed_at": None, "extension_pending": False}),
    ("reopened with its unit", ENDED_CASE, Kind.REOPENED, {},
     {"state": "handling", "round": 2, "reopens": 4, "answered_at": None, "closed_at": None,
      "extension_pending": False}),
    ("reopened at the centre", replace(AT_CENTRE, state=State.REFUSED, closed_at=NINE), Kind.REOPENED, {},
     {"state": "received", "round": 2, "reopens": 4, "closed_at": None}),
    ("urged", FULL, Kind.URGED, {}, {"urges": 5}),
    ("withdrawn", replace(SENT, extension_pending=True), Kind.WITHDRAWN, {},
     {"state": "withdrawn", "closed_at": TEN, "disputed": False, "extension_pending": False}),
    ("archived", ENDED_CASE, Kind.ARCHIVED, {}, {"state": "archived"}),
    ("submitted", replace(AT_CENTRE, item="card"), Kind.SUBMITTED, {"unit": OTHER, "handler": 5},
     {"state": "dispatched", "stage": "precheck", "owner": OTHER, "lead": OTHER, "handler": 5, "routed_at": TEN}),
    ("submitted to nobody", replace(AT_CENTRE, item="card"), Kind.SUBMITTED, {"unit": OTHER},
     {"state": "dispatched", "stage": "precheck", "owner": OTHER, "lead": OTHER, "handler": None, "routed_at": TEN}),
    ("something is missing", APPLIED, Kind.CORRECTION_ASKED, {},
     {"state": "waiting", "stage": "correcting", "corrections": 1}),
    ("a second notice is permitted", APPLIED, Kind.CORRECTION_PERMITTED, {}, {"permits": 1}),
    ("corrected", LACKING, Kind.CORRECTED, {}, {"state": "dispatched", "stage": "precheck", "routed_at": TEN}),
    ("not corrected", LACKING, Kind.LAPSED, {}, {"state": "withdrawn", "stage": "lapsed", "closed_at": TEN}),
    ("admitted", APPLIED, Kind.ADMITTED, {"handler": 6},
     {"state": "handling", "stage": "handling", "handler": 6, "accepted_at": TEN}),
    ("admitted by silence", APPLIED, Kind.AUTO_ADMITTED, {},
     {"state": "handling", "stage": "handling", "accepted_at": TEN}),
    ("not admitted", APPLIED, Kind.NOT_ADMITTED, {}, {"state": "refused", "stage": "not_admitted", "closed_at": TEN}),
    ("to a window", APPLIED, Kind.WINDOW_CHOSEN, {}, {"state": "waiting", "stage": "at_window"}),
    ("at a window", replace(LACKING, stage="at_window"), Kind.WINDOW_TAKEN, {"unit": OTHER}, {"assisting": (3, OTHER)}),
    ("at a window of its unit", replace(LACKING, stage="at_window"), Kind.WINDOW_TAKEN, {"unit": UNIT}, {}),
    ("experts look at it", ADMITTED, Kind.SPECIAL_BEGUN, {}, {"stage": "special"}),
    ("they have looked", replace(ADMITTED, stage="special"), Kind.SPECIAL_ENDED, {}, {"stage": "handling"}),
    ("decided", replace(ADMITTED, extension_pending=True), Kind.DECIDED, {"granted": True},
     {"stage": "decided", "answered_at": TEN, "extension_pending": False}),
    ("issued", replace(ADMITTED, stage="decided"), Kind.ISSUED, {},
     {"state": "closed", "stage": "issued", "closed_at": TEN}),
    ("the deputy is called", APPLIED, Kind.DEPUTY_CALLED, {"handler": 8}, {"handler": 8}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "case", "kind", "facts", "then"), CHANGES)
def test_an_event_changes_this_and_nothing_else(
    why: str, case: CaseState, kind: Kind, facts: dict[str, Any], then: dict[str, Any]
) -> None:
    after = fold(case, kind, TEN, facts)
    changed = {
        field.name: getattr(after, field.name)
        for field in fields(CaseState)
        if getattr(after, field.name) != getattr(case, field.name) or field.name in then
    }
    assert changed == then | {"last_at": TEN}
    assert isinstance(after.state, State)


def test_every_kind_that_changes_a_case_is_told_above() -> None:
    assert {row[2] for row in CHANGES} == set(lifecycle.CHANGES)


@pytest.mark.parametrize("kind", sorted(set(Kind) - set(lifecycle.CHANGES)))
def test_other_events_leave_the_case_as_it_was(kind: Kind) -> None:
    assert fold(FULL, kind, TEN, {}) == replace(FULL, last_at=TEN)


def test_the_last_event_is_the_latest_even_where_two_were_written_down_in_the_other_order() -> None:
    assert fold(FULL, Kind.NOTED, NINE - timedelta(seconds=1), {}).last_at == NINE
    assert fold(CaseState(), Kind.NOTED, NINE, {}).last_at == NINE


def test_a_fresh_case_is_a_draft_of_the_first_round() -> None:
    case = CaseState()
    assert (case.state, case.round, case.urgency, case.lead, case.centre) == (State.DRAFT, 1, "general", None, 0)
    assert (case.returns, case.redos, case.reopens, case.urges, case.extensions) == (0, 0, 0, 0, 0)
    marks = (case.disputed, case.designated, case.extension_pending, case.confidential, case.anonymous)
    assert not any(marks)


STORIES = [
    ("from the first word to the archive",
     "opened routed accepted contacted answered reviewed archived", "archived"),
    ("silence accepts", "opened routed auto_accepted answered reviewed", "closed"),
    ("a return upheld goes round again", "opened routed returned arbitrated routed accepted", "accepted"),
    ("a question and its reply", "opened routed accepted asked replied answered", "answered"),
    ("a rest that nobody ends", "opened routed accepted asked resumed", "handling"),
    ("done again", "opened routed accepted answered reviewed redone answered reviewed archived", "archived"),
    ("reopened from the archive", "opened answered_at_once archived reopened routed accepted", "accepted"),
    ("refused and reopened", "opened refused reopened answered_at_once", "closed"),
    ("an application", "opened submitted admitted decided issued archived", "archived"),
    ("corrected at a window", "opened submitted correction_asked window_chosen window_taken corrected admitted",
     "handling"),
    ("a special procedure", "opened submitted auto_admitted special_begun special_ended decided", "handling"),
    ("a second notice", "opened submitted correction_asked corrected correction_permitted correction_asked lapsed",
     "withdrawn"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "kinds", "state"), STORIES)
def test_stories(why: str, kinds: str, state: str) -> None:
    facts = {
        "type": "help",
        "channel": "web",
        "owner": CENTRE,
        "unit": UNIT,
        "upheld": True,
        "passed": True,
        "item": "card",
    }
    case = CaseState()
    for word in kinds.split():
        require(case, Kind(word))
        of_centre = word in ("arbitrated", "answered_at_once")
        given = {name: value for name, value in facts.items() if not (of_centre and name == "unit")}
        case = fold(case, Kind(word), NINE, given)
    assert case.state == state


def test_who_was_named_by_arbitration_may_not_return_it_and_who_gets_it_later_may() -> None:
    named = fold(SENT, Kind.ARBITRATED, TEN, {"upheld": True, "unit": OTHER})
    with pytest.raises(NotAllowed) as refusal:
        require(named, Kind.RETURNED)
    assert refusal.value.code == "unit_designated"
    anew = fold(AT_CENTRE, Kind.ROUTED, TEN, {"unit": UNIT})
    require(anew, Kind.RETURNED)
