"""Looking into the database of an installation from outside, and at what must hold after every fault."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from tests.faults.citizens import OPERATIONS, Crowd, ask, file_case
from tools.server import Installation

FOLLOWING_SECONDS = max(60.0, OPERATIONS / 20)


def rows(house: Installation, sql: str) -> list[tuple[Any, ...]]:
    """What a statement finds, read on a connection of its own."""
    if house.database_url:
        import psycopg

        with psycopg.connect(house.database_url) as link:
            return link.execute(sql).fetchall()
    with closing(sqlite3.connect(f"file:{house.data_dir}/qingyu.sqlite3?mode=ro", uri=True, timeout=20)) as link:
        return link.execute(sql).fetchall()


def count(house: Installation, table: str) -> int:
    return int(rows(house, f"SELECT count(*) FROM {table}")[0][0])


def assert_each_once(house: Installation, crowd: Crowd) -> None:
    """Every acknowledged request is there exactly once, nothing half-written is, a retry hears the first answer."""
    numbers = [answer["number"] for answer in crowd.told.values()]
    stored = [number for (number,) in rows(house, "SELECT number FROM cases_case")]
    assert len(set(numbers)) == len(numbers)
    assert sorted(stored) == sorted(numbers)
    opened = rows(house, "SELECT case_id FROM cases_caseevent WHERE kind = 'opened'")
    assert len(opened) == len(set(opened)) == len(stored)
    for key, answer in list(crowd.told.items())[:: max(1, len(crowd.told) // 50)]:
        again = file_case(house, key)
        assert (again.status, again.body) == (201, answer)
    assert count(house, "cases_case") == len(stored)


def assert_verified(house: Installation) -> None:
    """``qingyu verify`` finds every chain, fold and head in order."""
    house.command("verify")


def wait_until_followed(house: Installation, *, spared: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Until every follower that is not spared has read everything; the health figures then."""
    until = time.monotonic() + FOLLOWING_SECONDS
    while True:
        found = health(house)
        behind = {name: entry for name, entry in found["followers"].items() if entry["partitions_behind"]}
        if found["followers"] and behind.keys() <= spared:
            return found
        assert time.monotonic() < until, behind or "no follower has begun"
        time.sleep(0.2)


def health(house: Installation) -> dict[str, Any]:
    """What /health shows to this machine."""
    with urllib.request.urlopen(f"{house.url}/health", timeout=20) as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found


def children(pid: int) -> list[int]:
    """Process ids of the children of a process."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout
    return [int(child) for child in found.split()]


def kill(pid: int) -> None:
    """As hard as it goes: nothing is flushed, nobody says goodbye."""
    os.kill(pid, signal.SIGKILL)


def eventually(holds: Callable[[], bool], *, seconds: float = 30.0) -> None:
    """Fails unless it holds within the time."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it never came about"
        time.sleep(0.1)


def is_running(pid: int) -> bool:
    """Whether the process still does anything (a zombie does not)."""
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    return bool(found) and not found.startswith("Z")


@contextmanager
def started(house: Installation, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A command of the house that serves, once it answers; stopped by its pid at the end."""
    with house.process(*arguments) as process:
        eventually(lambda: answers(house), seconds=120)
        yield process


def answers(house: Installation) -> bool:
    """Whether the web server is ready."""
    return ask(house, "GET", "/health/ready").status == 200
