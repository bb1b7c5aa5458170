"""kill -9 of the web server in the middle of filing: whoever was told a number has exactly one case."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests.faults.citizens import OPERATIONS, Crowd
from tests.faults.counting import count_up
from tests.faults.looking import (
    answers,
    assert_each_once,
    assert_verified,
    children,
    eventually,
    is_running,
    kill,
    started,
)
from tools.server import Installation

pytestmark = pytest.mark.fault

TURNS = max(3, OPERATIONS // 500)  # how often the plug is pulled
STARTS = max(2, OPERATIONS // 1000)


def test_a_killed_web_worker_loses_and_doubles_nothing(house: Installation) -> None:
    """Granian starts a worker again; where that dies young too it gives up, and ``qingyu up`` starts all of it."""
    kills = 0
    with started(house, "up") as supervisor, Crowd(house) as crowd:
        for turn in range(1, TURNS + 1):
            crowd.wait_for(turn * OPERATIONS // (TURNS + 1))
            for worker in web_workers(supervisor.pid):
                kill(worker)
                kills += 1
            eventually(lambda: answers(house), seconds=60)
    assert crowd.statuses.get(0, 0) >= 1, "the plug was pulled while nobody was filing"
    count_up("web_worker_killed", house, crowd, kills=kills)
    assert len(crowd.told) >= OPERATIONS, "the time was over before all was filed"
    with started(house, "serve"):
        assert_each_once(house, crowd)
    assert_verified(house)


def web_workers(supervisor: int) -> list[int]:
    """The processes that answer requests: grandchildren of ``qingyu up``."""
    return [pid for child in children(supervisor) for pid in children(child)]


def test_a_killed_main_process_takes_its_workers_along_and_loses_nothing(house: Installation) -> None:
    with ExitStack() as last, Crowd(house) as crowd:
        for turn in range(1, STARTS + 1):
            with started(house, "serve") as server:
                crowd.wait_for(turn * OPERATIONS // (STARTS + 1))
                workers = children(server.pid)
                kill(server.pid)
                eventually(lambda pids=workers: not any(is_running(pid) for pid in pids), seconds=20)
        last.enter_context(started(house, "serve"))
        crowd.__exit__()
        count_up("web_killed", house, crowd, kills=STARTS)
        assert len(crowd.told) >= OPERATIONS, "the time was over before all was filed"
        assert_each_once(house, crowd)
    assert_verified(house)


def test_up_starts_again_what_dies_and_takes_all_along_when_it_is_killed(house: Installation) -> None:
    with started(house, "up") as supervisor:
        first = children(supervisor.pid)
        assert len(first) == 3
        for child in first:
            kill(child)
        eventually(lambda: len(set(children(supervisor.pid)) - set(first)) == 3, seconds=60)
        eventually(lambda: answers(house), seconds=60)
        second = children(supervisor.pid)
        family = [*second, *(pid for child in second for pid in children(child))]
        kill(supervisor.pid)
        eventually(lambda: not any(is_running(pid) for pid in family), seconds=30)
