"""The worker: one mistake holds up nothing else, one task runs once at a time, the heartbeat tells the truth."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings

from qingyu.config import working
from qingyu.config.alone import alone
from tests.config.chores import ran


def task(name: str, seconds: float = 0.0) -> tuple[str, float]:
    return f"tests.config.chores.{name}", seconds


@pytest.fixture(autouse=True)
def _forget() -> None:
    ran.clear()


@pytest.fixture
def worker(db: None, tmp_path: Path) -> Any:
    """A worker without followers and with the tasks of this file."""
    with override_settings(DATA_DIR=tmp_path, FOLLOWERS=[], TASKS=[task("bad"), task("busy", 60), task("good", 60)]):
        yield working.Worker()


def test_a_task_that_fails_holds_up_no_other_and_rests(worker: working.Worker) -> None:
    assert worker.turn() is True
    worker.turn()
    assert ran[:3] == ["bad", "busy", "good"]
    assert ran.count("bad") == ran.count("good") == 1
    assert worker.away is False


def test_the_heartbeat_is_there_after_a_turn(worker: working.Worker) -> None:
    assert working.last_beat() is None
    before = datetime.now(UTC)
    worker.turn()
    beat = working.last_beat()
    assert beat
    assert beat >= before


HOLD = """
import django, time; django.setup()
from qingyu.config.alone import alone
with alone("a.task") as ours:
    print(ours, flush=True); time.sleep(60)
"""


@pytest.mark.django_db(transaction=True)
def test_one_process_at_a_time_has_a_task_until_it_dies(event_guard: None) -> None:
    name = connection.settings_dict["NAME"]
    url = f"sqlite:///{name}" if connection.vendor == "sqlite" else _url(name)
    environment = {**os.environ, "QINGYU_DATA_DIR": str(settings.DATA_DIR), "QINGYU_DATABASE_URL": url}
    other = subprocess.Popen([sys.executable, "-c", HOLD], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout
        assert other.stdout.readline().strip() == "True"
        with alone("a.task") as ours:
            assert ours is False
        with alone("another.task") as ours:
            assert ours is True
    finally:
        other.kill()
        other.wait()
    assert _free_within("a.task", seconds=10)


def _url(name: str) -> str:
    return f"postgresql://{connection.settings_dict['USER']}@/{name}?host={connection.settings_dict['HOST']}"


def _free_within(name: str, *, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with alone(name) as ours:
            if ours:
                return True
        time.sleep(0.1)
    return False
