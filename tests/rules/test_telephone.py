"""A call is the same in whatever order and however often a switch tells of it; who is rung back; the figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingyu.rules import telephone
from qingyu.rules.telephone import Call, Counts, Event, Outcome, State, Why, count, figures, fold

BEGIN = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)


def event(type_: str, after: int = 0, seq: int = 1, **data: Any) -> Event:
    return Event(type_, seq, BEGIN + timedelta(seconds=after), data)


OFFERED, JOINED = event("call.offered", 0), event("queue.joined", 2, position=3, count=3)
RINGS = event("agent.offered", 20, agent="8001")
TALKS = event("agent.connected", 24, agent="8001", hold=22, ring=4)
ENDS = event("call.ended", 84, talk=60, reason="caller")
GIVES_UP = event("queue.abandoned", 30, hold=28)
FULL = event("queue.left", 1, reason="full")
TIMES_OUT = event("queue.left", 62, reason="timeout")
ASKS_BACK = event("callback.requested", 64, why="timeout")


@pytest.mark.parametrize(
    ("events", "state", "outcome"),
    [
        ([], State.UNKNOWN, ""),
        ([JOINED], State.UNKNOWN, ""),
        ([OFFERED], State.OFFERED, ""),
        ([OFFERED, JOINED], State.QUEUED, ""),
        ([OFFERED, JOINED, RINGS], State.RINGING, ""),
        ([OFFERED, JOINED, RINGS, event("agent.no_answer", 23, agent="8001")], State.QUEUED, ""),
        ([OFFERED, JOINED, RINGS, TALKS], State.TALKING, "answered"),
        ([OFFERED, JOINED, RINGS, TALKS, ENDS], State.ENDED, "answered"),
        ([OFFERED, JOINED, GIVES_UP, event("call.ended", 30)], State.ENDED, "abandoned"),
        ([OFFERED, JOINED, event("call.ended", 30)], State.ENDED, "abandoned"),
        ([OFFERED, JOINED, GIVES_UP, TIMES_OUT, ASKS_BACK, event("call.ended", 65)], State.ENDED, "missed"),
        ([OFFERED, FULL, event("call.ended", 3)], State.ENDED, "missed"),
        ([OFFERED, event("call.ended", 5)], State.ENDED, "offered"),
        ([OFFERED, event("call.ended", 0, reason="phantom")], State.ENDED, "phantom"),
    ],
)
def test_where_a_call_stands_and_how_it_came_out(events: list[Event], state: State, outcome: str) -> None:
    call = fold(events)
    assert (call.state, call.outcome) == (state, outcome)


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ([OFFERED, JOINED, RINGS, TALKS, ENDS], None),
        ([OFFERED, JOINED, GIVES_UP, event("call.ended", 30)], Why.ABANDONED),
        ([OFFERED, FULL, event("call.ended", 3)], Why.FULL),
        ([OFFERED, JOINED, GIVES_UP, TIMES_OUT], Why.TIMEOUT),
        ([OFFERED, event("callback.requested", 3, why="after_hours")], Why.AFTER_HOURS),
        ([OFFERED, event("callback.requested", 3, why="something else")], Why.ASKED),
        ([OFFERED, event("call.ended", 5)], None),
        ([OFFERED, event("call.ended", 0, reason="phantom")], None),
    ],
)
def test_who_is_to_be_rung_back(events: list[Event], why: Why | None) -> None:
    assert telephone.owed(fold(events)) == why


EVENTS = st.builds(
    event,
    st.sampled_from([str(type_) for type_ in telephone.Type]),
    st.integers(0, 90),
    st.integers(1, 3),
    agent=st.sampled_from(["8001", "8002"]),
    hold=st.one_of(st.none(), st.integers(-5, 99), st.just("x")),
    reason=st.sampled_from(["", "caller", "full", "timeout", "phantom"]),
    position=st.integers(0, 5),
    rating=st.integers(0, 9),
    result=st.sampled_from(["answered", "busy", "no_answer", "nonsense"]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(EVENTS, max_size=12), st.randoms(use_true_random=False), st.booleans())
def test_any_order_and_any_repetition_give_the_same_call(events: list[Event], chance: Any, outbound: bool) -> None:
    again = [*events, *chance.choices(events, k=5)] if events else []
    chance.shuffle(again)
    assert fold(again, outbound=outbound) == fold(events, outbound=outbound)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(EVENTS, max_size=12))
def test_a_call_never_waits_or_talks_less_than_nothing(events: list[Event]) -> None:
    call = fold(events)
    assert (call.waited or 0) >= 0 <= (call.talked or 0)
    assert call.position >= 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(EVENTS, max_size=8).map(fold), max_size=8))
def test_counts_add_up(calls: list[Call]) -> None:
    found = count(calls)
    still = sum(c.known and c.outcome is Outcome.OPEN for c in calls)
    assert found.offered == found.answered + found.abandoned + found.missed + found.before_queue + still
    assert found.answered_in_time <= found.answered <= found.requested <= found.offered


def test_the_first_agent_answers_and_a_transfer_keeps_the_wait() -> None:
    moved = event("agent.connected", 50, seq=2, agent="8002", hold=0)
    call = fold([OFFERED, JOINED, RINGS, TALKS, moved])
    assert (call.agent, call.waited) == ("8002", 22)


def test_both_denominators_of_fifteen_seconds() -> None:
    counts = Counts(offered=120, requested=100, answered=80, answered_in_time=60, abandoned=20, abandoned_late=10)
    found = figures(counts)
    assert found.in_time_of_answered.percent == pytest.approx(75.0)
    assert found.in_time_of_answered_and_late.percent == pytest.approx(100 * 60 / 90)
    assert found.connected.percent == pytest.approx(80.0)
    assert found.abandoned.percent == pytest.approx(20.0)
    assert found.lost.percent == pytest.approx(100 * 40 / 120)
    assert found.kept.percent is None


def test_a_call_at_fifteen_seconds_is_in_time_and_at_sixteen_not() -> None:
    calls = [fold([OFFERED, replace(TALKS, data={"hold": hold})]) for hold in (15, 16)]
    assert count(calls).answered_in_time == 1


def test_picking_up_and_putting_down_stands_beside_the_answered() -> None:
    ends = [event("call.ended", at, talk=talk) for at, talk in ((60, 5), (61, 6))]
    calls = [fold([OFFERED, TALKS, end]) for end in ends] + [fold([OFFERED, TALKS])]
    assert (count(calls).answered, count(calls).answered_short) == (3, 1)


def test_a_word_without_a_call_keeps_no_call_back() -> None:
    found = figures(Counts(owed=10, kept=4, kept_in_time=3, kept_by_word=5))
    assert (found.kept.percent, found.kept_in_time.percent, found.kept_or_said.percent) == (40.0, 30.0, 90.0)


def test_three_tries_then_it_is_given_up() -> None:
    assert telephone.next_try(["busy"], last=BEGIN) == BEGIN + telephone.AGAIN_AFTER
    assert telephone.next_try(["busy", "no_answer", "failed"], last=BEGIN) is None


@pytest.mark.parametrize(
    ("reason", "spoke", "expected"), [("lost", True, True), ("caller", True, False), ("lost", False, False)]
)
def test_a_call_is_cut_off_where_the_line_broke_while_they_spoke(reason: str, spoke: bool, expected: bool) -> None:
    at = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
    events = [Event("call.offered", 1, at), Event("call.ended", 1, at + timedelta(seconds=9), {"reason": reason})]
    events += [Event("agent.connected", 1, at + timedelta(seconds=3), {"agent": "8001"})] if spoke else []
    assert telephone.cut_off(fold(events)) is expected
    assert not telephone.cut_off(fold(events, outbound=True))
