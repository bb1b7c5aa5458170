"""PostgreSQL is restarted while people file: some wait, nobody is lost, nobody has to restart Qingyu."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.citizens import Crowd
from tests.faults.conftest import build
from tests.faults.looking import (
    answers,
    assert_each_once,
    assert_verified,
    children,
    eventually,
    is_running,
    kill,
    started,
    wait_until_followed,
)
from tools import postgres
from tools.server import Installation

pytestmark = pytest.mark.fault


class Breakable:
    """A cluster of its own that can be pulled down and put up again on the same data."""

    def __init__(self, running: postgres.Cluster) -> None:
        self.cluster = running
        self.again: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        return int((self.cluster.folder / "data" / "postmaster.pid").read_text().split()[0])

    def crash(self) -> None:
        """kill -9 of the first process; the others notice and end. A new one refuses while any of them is there."""
        pid = self.pid
        rest = children(pid)
        kill(pid)
        os.waitpid(pid, 0)
        eventually(lambda: not any(is_running(one) for one in rest))

    def start(self) -> None:
        """As the operating system would: it recovers what was committed."""
        folder = self.cluster.folder
        options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}"]
        command = [str(self.cluster.programs / "postgres"), "-D", str(folder / "data"), *options]
        user = postgres._user()
        with open(folder / "log", "ab") as log:
            bind = postgres._end_with_parent()
            self.again = subprocess.Popen(command, user=user, cwd=folder, stdout=log, stderr=log, preexec_fn=bind)

    def stop(self) -> None:
        if self.again is not None:
            self.again.send_signal(signal.SIGINT)
            self.again.wait(20)


@pytest.fixture
def breakable(request: pytest.FixtureRequest) -> Iterator[Breakable]:
    if request.config.getoption("database") == "sqlite":
        pytest.skip("a fault of PostgreSQL")
    try:
        with postgres.cluster(settings=postgres.DURABLE) as running:
            found = Breakable(running)
            try:
                yield found
            finally:
                found.stop()
    except postgres.NoPostgres:
        pytest.skip("missing: PostgreSQL 15 or later (Debian: apt-get install postgresql)")


def test_a_crash_of_postgresql_loses_nothing_and_is_outlived(breakable: Breakable, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    url = breakable.cluster.create(f"fault_{uuid.uuid4().hex[:8]}")
    house = Installation(data, url, options={"QINGYU_RATE_LIMITS": "off"})
    house.command("migrate", "--verbosity", "0")
    build(house)
    with started(house, "up") as up:
        with Crowd(house, wanted=200) as crowd:
            crowd.wait_for(60)
            breakable.crash()
            time.sleep(2)
            breakable.start()
            eventually(lambda: len(crowd.told) >= 120, seconds=60)
        assert is_running(up.pid)
        assert crowd.statuses.get(503, 0) >= 1, "the plug was pulled while nobody was filing"
        wait_until_followed(house)
        assert_each_once(house, crowd)
    assert_verified(house)


def test_a_start_waits_for_postgresql_and_says_so(breakable: Breakable, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    house = Installation(data, breakable.cluster.create("waited_for"))
    house.command("migrate", "--verbosity", "0")
    build(house)
    breakable.crash()
    with house.process("up"):
        eventually(lambda: "waiting for it" in (data / "up.log").read_text(), seconds=60)
        assert not os.path.exists(data / "worker.json")
        breakable.start()
        eventually(lambda: answers(house), seconds=90)
