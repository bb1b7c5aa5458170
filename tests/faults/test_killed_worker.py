"""kill -9 of the worker in the middle of following: each event is acted on exactly once."""

from __future__ import annotations

import time

import pytest

from tests.faults.citizens import OPERATIONS, Crowd
from tests.faults.counting import count_up
from tests.faults.looking import (
    assert_each_once,
    assert_verified,
    eventually,
    health,
    is_running,
    kill,
    rows,
    started,
    wait_until_followed,
)
from tools.server import Installation

pytestmark = pytest.mark.fault

TURNS = max(4, OPERATIONS // 500)  # how often the plug is pulled

UNREAD = """SELECT p.follower, p.partition FROM cases_position p JOIN cases_loghead h ON h.partition = p.partition
            WHERE p.event <> h.last_event"""
AHEAD = """SELECT p.follower, p.partition FROM cases_position p JOIN cases_loghead h ON h.partition = p.partition
           WHERE p.event > h.last_event"""
DOUBLED = """SELECT source_event, event_code, audience, channel FROM notify_delivery
             GROUP BY source_event, event_code, audience, channel HAVING count(*) > 1"""


def test_a_killed_worker_does_nothing_twice_and_leaves_nothing_out(house: Installation) -> None:
    with started(house, "serve"):
        with Crowd(house) as crowd:
            for turn in range(1, TURNS + 1):
                with house.process("worker") as worker:
                    crowd.wait_for(turn * OPERATIONS // (TURNS + 1))
                    time.sleep(0.3 * (turn % 4))
                    kill(worker.pid)
                assert not rows(house, AHEAD)
        count_up("worker_killed", house, crowd, kills=TURNS)
        assert len(crowd.told) >= OPERATIONS, "the time was over before all was filed"
        with house.process("worker"):
            wait_until_followed(house)
        assert_each_once(house, crowd)
    assert not rows(house, UNREAD)
    assert not rows(house, DOUBLED)
    assert_same_when_followed_again(house)
    assert_verified(house)


def assert_same_when_followed_again(house: Installation) -> None:
    """Rebuilt rows equal followed rows: nothing was counted twice or missed."""
    before = derived(house)
    house.command("rebuild", "all")
    assert derived(house) == before
    assert all(before.values())


def derived(house: Installation) -> dict[str, list[str]]:
    """What followers made of the log, without the numbers of the rows themselves."""
    facts = [row[1:] for row in rows(house, "SELECT * FROM assessment_casefact")]
    found = {"facts": facts, "search": rows(house, "SELECT * FROM cases_searchentry")}
    return {name: sorted(map(repr, made)) for name, made in found.items()}


def test_two_workers_at_once_are_harmless(house: Installation) -> None:
    with started(house, "serve"), house.process("worker") as one, house.process("worker") as other:
        with Crowd(house, wanted=150):
            pass
        figures = wait_until_followed(house)
        assert is_running(one.pid)
        assert is_running(other.pid)
        assert not any(entry["failures"] for entry in figures["followers"].values())
    assert not rows(house, DOUBLED)
    assert not rows(house, "SELECT case_id FROM cases_caseevent GROUP BY case_id, seq HAVING count(*) > 1")
    assert_verified(house)


def test_the_worker_stops_when_it_is_told_to(house: Installation) -> None:
    with started(house, "serve"), house.process("worker") as worker:
        eventually(lambda: health(house)["worker"]["age_seconds"] is not None, seconds=60)
        worker.terminate()
        assert worker.wait(20) == 0
