"""kill -9 of the web server in the middle of filing: whoever was told a number has exactly one case."""

from __future__ import annotations

import pytest

from tests.faults.citizens import Crowd
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


def test_a_killed_web_worker_loses_and_doubles_nothing(house: Installation) -> None:
    """Granian starts a worker again; where that dies young too it gives up, and ``qingyu up`` starts all of it."""
    with started(house, "up") as supervisor, Crowd(house) as crowd:
        for turn in (1, 2, 3):
            crowd.wait_for(turn * 80)
            for worker in web_workers(supervisor.pid):
                kill(worker)
            eventually(lambda: answers(house), seconds=60)
        crowd.wait_for(len(crowd.told) + 40)
        crowd.wanted = 0
    assert crowd.statuses.get(0, 0) >= 1, "the plug was pulled while nobody was filing"
    with started(house, "serve"):
        assert_each_once(house, crowd)
    assert_verified(house)


def web_workers(supervisor: int) -> list[int]:
    """The processes that answer requests: grandchildren of ``qingyu up``."""
    return [pid for child in children(supervisor) for pid in children(child)]


def test_a_killed_main_process_takes_its_workers_along_and_loses_nothing(house: Installation) -> None:
    with Crowd(house) as crowd:
        for _turn in range(2):
            with started(house, "serve") as server:
                before = len(crowd.told)
                crowd.wait_for(before + 80)
                workers = children(server.pid)
                kill(server.pid)
                eventually(lambda pids=workers: not any(is_running(pid) for pid in pids), seconds=20)
        with started(house, "serve"):
            crowd.wait_for(len(crowd.told) + 80)
            crowd.wanted = 0
            crowd.__exit__()
            assert_each_once(house, crowd)
    assert_verified(house)


def test_up_starts_again_what_dies_and_takes_all_along_when_it_is_killed(house: Installation) -> None:
    with started(house, "up") as supervisor:
        first = children(supervisor.pid)
        assert len(first) == 2
        for child in first:
            kill(child)
        eventually(lambda: len(set(children(supervisor.pid)) - set(first)) == 2, seconds=60)
        eventually(lambda: answers(house), seconds=60)
        second = children(supervisor.pid)
        family = [*second, *(pid for child in second for pid in children(child))]
        kill(supervisor.pid)
        eventually(lambda: not any(is_running(pid) for pid in family), seconds=30)
