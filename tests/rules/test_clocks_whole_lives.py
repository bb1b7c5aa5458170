"""What holds for the clocks of every lawful life, however long and in whatever order."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from qingyu.rules import clocks, hours, ledger, lifecycle, rounds
from qingyu.rules.clocks import Clock, Clocks, Stop, decide, fold, from_facts, next_due, promise, recompute
from qingyu.rules.clocks.folding import APPLY
from qingyu.rules.clocks.moment import Moment
from qingyu.rules.lifecycle import CaseState, Kind, State
from qingyu.rules.refusals import NotAllowed
from tests.rules.stories import ALWAYS, CENTRE, CHINA, GENERAL, OFFICE_UNIT, OTHER, UNIT, URGENT, Story, Terms, instant

often = settings(max_examples=60, deadline=None, database=None, derandomize=True)
seeds = some.integers(0, 10**9)
GAPS = [timedelta(minutes=number) for number in (0, 1, 20, 200, 700, 1500, 4500, 9000)]
STARTS = ["01-30 08:00", "02-12 16:00", "06-01 09:00", "09-29 17:45", "12-24 11:00"]
DULL = {Kind.NOTED, Kind.ADDED, Kind.CLASSIFIED, Kind.ASSIGNED, Kind.SERVICE_RATED}

RUNS_IN: dict[State, set[str]] = {
    State.RECEIVED: {"dispatch"},
    State.DISPATCHED: {"sign", "contact", "handle"},
    State.ACCEPTED: {"contact", "handle"},
    State.HANDLING: {"contact", "handle"},
    State.WAITING: {"contact", "handle"},
    State.ANSWERED: {"review"},
    State.CLOSED: {"followup"},
}
"""Which clocks may run or rest in which state; none in a state that is not here."""


def facts_of_time(kind: Kind, chance: random.Random, story: Story) -> dict[str, Any]:
    clock = chance.choice(sorted(story.clocks.values(), key=lambda clock: clock.key))
    named = {"clock": clock.kind, "unit": clock.unit, "round": clock.round}
    moved = clock.due_at + timedelta(days=chance.choice([-3, 0, 4]))
    return named | ({"due": moved, "provisional": False} if kind is Kind.RESCHEDULED else {})


def facts_for(kind: Kind, chance: random.Random, story: Story) -> dict[str, Any]:
    match kind:
        case Kind.WARNED | Kind.OVERDUE | Kind.RESCHEDULED:
            return facts_of_time(kind, chance, story)
        case Kind.OPENED:
            return {"owner": CENTRE, "type": "help", "channel": "web", "anonymous": chance.random() < 0.3}
        case Kind.ROUTED:
            return {"unit": chance.choice([UNIT, OTHER, OFFICE_UNIT])}
        case Kind.ARBITRATED:
            other = chance.choice([unit for unit in (UNIT, OTHER, OFFICE_UNIT) if unit != story.case.lead])
            return {"upheld": chance.random() < 0.7} | ({"unit": other} if chance.random() < 0.5 else {})
        case Kind.EXTENSION_DECIDED:
            return {"approved": chance.random() < 0.8}
        case Kind.FOLLOWED_UP:
            return {"outcome": chance.choice(["completed", "no_answer"]), "attempt": chance.choice([1, 2, 3])}
        case Kind.REVIEWED:
            return {"passed": chance.random() < 0.5}
    return ALWAYS.get(kind, {})


Step = tuple[CaseState, Clocks, Kind, dict[str, Any], datetime, list[clocks.Change], Story]


def steps(seed: int, *, without: frozenset[Kind] = frozenset(), number: int = 40) -> Iterator[Step]:
    """The steps of a random lawful life: case and clocks before, the event, its changes, and the story after."""
    chance = random.Random(seed)
    story = Story(Terms(chance.choice([GENERAL, GENERAL, URGENT])))
    at = instant(chance.choice(STARTS))
    for _ in range(number):
        at += chance.choice(GAPS)
        kinds = sorted(lifecycle.allowed(story.case) - without - DULL)
        if not kinds:
            return
        kind = chance.choice([kind for kind in kinds if kind is not Kind.WITHDRAWN or chance.random() < 0.1] or kinds)
        facts, case, before = facts_for(kind, chance, story), story.case, story.clocks
        try:
            changes = story.happen(kind, at=at, **facts)
        except NotAllowed:
            continue
        yield case, before, kind, facts, at, changes, story


def last_of(seed: int, *, without: frozenset[Kind] = frozenset(), number: int = 40) -> Story:
    """The story at the end of such a life."""
    *_, (*_, story) = steps(seed, without=without, number=number)
    return story


@often
@given(seeds)
def test_a_clock_that_has_stopped_does_not_rest_and_says_whether_it_was_in_time(seed: int) -> None:
    for *_, story in steps(seed):
        for clock in story.clocks.values():
            resting = clock.paused_at is not None
            assert resting == (clock.pause_until is not None)
            assert not resting or (clock.stop == Stop.RUNNING and clock.kind == "handle")
            assert (clock.in_time is None) == (clock.stop in (Stop.RUNNING, Stop.VOID))
            assert (clock.stopped_at is None) == (clock.stop == Stop.RUNNING)


@often
@given(seeds)
def test_only_the_clocks_of_a_state_run_in_it(seed: int) -> None:
    for *_, story in steps(seed):
        running = [clock for clock in story.clocks.values() if clock.stop == Stop.RUNNING]
        assert {clock.kind for clock in running} <= RUNS_IN.get(story.case.state, set())
        assert all(clock.round == story.case.round for clock in running)
        held = {clock.kind for clock in story.clocks.values() if clock.stop == Stop.HELD}
        assert held == ({"handle"} if story.case.state is State.ANSWERED else set())
        if story.case.state is State.WAITING:
            handle = story.clock("handle")
            rests_no_more = not rounds.may_rest(handle.pauses, on=story.terms.calendar(UNIT).day_of(handle.started_at))
            assert handle.paused_at is not None or rests_no_more
        assert not story.case.disputed or "sign" not in {clock.kind for clock in running}


@often
@given(seeds)
def test_while_a_unit_has_the_case_there_is_exactly_one_promise(seed: int) -> None:
    for *_, story in steps(seed):
        standing = [clock for clock in story.clocks.values() if clock.kind == "handle" and clock.stop in ("", "held")]
        with_unit = story.case.state in lifecycle.OPEN - {State.RECEIVED}
        assert len(standing) == (1 if with_unit else 0)
        if with_unit:
            assert promise(story.case, story.clocks) == standing[0]
            assert standing[0].unit == story.case.lead == story.case.owner
        first = next_due(story.clocks)
        assert first is None or all(first.due_at <= clock.due_at for clock in story.clocks.values() if clock.running)


@often
@given(seeds)
def test_a_due_date_moves_earlier_only_when_a_calendar_arrives(seed: int) -> None:
    for _, before, kind, _, _, _, story in steps(seed):
        for key, clock in story.clocks.items():
            old = before.get(key)
            if old and old.started_at == clock.started_at and kind is not Kind.RESCHEDULED:
                assert clock.due_at >= old.due_at


@often
@given(seeds)
def test_what_is_void_or_was_kept_is_never_overdue_and_what_was_missed_always_is(seed: int) -> None:
    for *_, at, _, story in steps(seed):
        for clock in story.clocks.values():
            for now in (at, at + timedelta(days=400)):
                if clock.stop in ("done", "held"):
                    assert clock.overdue(now) is not clock.in_time
                assert not (clock.stop == "void" and clock.overdue(now))


@often
@given(seeds)
def test_a_miss_is_not_forgiven(seed: int) -> None:
    """What had run out is late when it stops; upheld returns and extensions asked in time excepted."""
    forgiving = {Kind.ARBITRATED, Kind.EXTENSION_DECIDED, Kind.RESCHEDULED}
    for _, before, kind, _, at, _, story in steps(seed, without=frozenset({Kind.RESCHEDULED})):
        for key, old in before.items():
            new = story.clocks[key]
            if kind not in forgiving and new.started_at == old.started_at and old.overdue(at) and old.stop != "held":
                assert new.overdue(at), (kind, old, new)


@often
@given(seeds)
def test_a_clock_that_rested_in_time_goes_on_in_time(seed: int) -> None:
    for _, before, kind, _, at, _, story in steps(seed):
        if kind is Kind.REPLIED:
            [old] = [clock for clock in before.values() if clock.paused_at]
            ended = min(at, old.pause_until or at)
            assert old.paused_at is not None
            if hours.in_time(old.paused_at, old.due_at):
                assert hours.in_time(ended, story.clocks[old.key].due_at)
            else:
                assert story.clocks[old.key].due_at == old.due_at


@often
@given(seeds)
def test_a_clock_is_started_again_only_when_it_has_stopped(seed: int) -> None:
    for _, before, _, _, _, changes, _ in steps(seed):
        gone = {(c["kind"], c["unit"], c["round"]) for c in changes if c["do"] in ("void", "stop")}
        for change in changes:
            key = (change["kind"], change["unit"], change["round"])
            assert change["do"] != "start" or key not in before or before[key].stop in ("done", "void") or key in gone


@often
@given(seeds)
def test_a_warning_lies_between_start_and_due_date(seed: int) -> None:
    for *_, story in steps(seed, without=frozenset({Kind.RESCHEDULED})):
        for clock in story.clocks.values():
            assert clock.started_at <= clock.warn_at <= clock.due_at


@often
@given(seeds)
def test_decisions_depend_on_nothing_but_what_is_handed_in(seed: int) -> None:
    for case, before, kind, facts, at, changes, story in steps(seed):
        mixed = dict(random.Random(seed).sample(list(before.items()), len(before)))
        again = decide(kind, at=at, facts=facts, case=case, clocks=mixed, terms=story.terms)
        assert again == changes
        assert fold(mixed, again, at) == story.clocks


@often
@given(seeds)
def test_the_events_alone_give_the_case_and_its_clocks(seed: int) -> None:
    story = last_of(seed)
    assert story.replayed() == (story.case, story.clocks)


@often
@given(seeds)
def test_counted_anew_with_the_same_calendar_nothing_moves(seed: int) -> None:
    story = last_of(seed, without=frozenset({Kind.RESCHEDULED}))
    for key, clock in story.clocks.items():
        calendar = story.terms.calendar(clock.unit)
        assert recompute(story.history(key), calendar) == clock.due


@often
@given(seeds, some.integers(0, 20_000), some.integers(0, 20_000))
def test_who_is_in_time_would_have_been_earlier(seed: int, some_minutes: int, more: int) -> None:
    story = last_of(seed, number=12)
    last = story.case.last_at
    assert last is not None
    earlier, later = last + timedelta(minutes=some_minutes), last + timedelta(minutes=some_minutes + more)
    for clock in story.clocks.values():
        if clock.stop == Stop.RUNNING:
            assert _in_time(story, clock, earlier) or not _in_time(story, clock, later)


def _in_time(story: Story, clock: Clock, at: datetime) -> bool:
    return Moment(at, {}, story.case, story.clocks, story.terms).in_time(clock)


@pytest.fixture(scope="module")
def seen() -> Counter[str]:
    """How often each change came up in two hundred lives, each read back from its stored text."""
    found: Counter[str] = Counter()
    for seed in range(200):
        for *_, changes, _ in steps(seed):
            found.update(change["do"] for change in changes)
            assert from_facts(json.loads(ledger.canonical({"clocks": changes}))["clocks"]) == changes
    return found


@pytest.mark.parametrize("do", ["start", *APPLY])
def test_every_change_comes_up_and_comes_back_from_its_stored_text_as_it_was(do: str, seen: Counter[str]) -> None:
    assert seen[do] > 5
    assert set(seen) == {"start", *APPLY}


def test_the_lives_reach_every_state_but_draft_and_merged() -> None:
    reached = {story.case.state for seed in range(200) for *_, story in steps(seed)}
    assert reached == set(State) - {State.DRAFT, State.MERGED}
    assert CHINA.code == "city"
