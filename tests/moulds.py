"""Installations made once in each run and copied for each test, on either database."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools.postgres import Cluster
from tools.server import Installation

OPTIONS = {"QINGYU_RATE_LIMITS": "off"}
TRIES, PAUSE = 60, 0.5


@dataclass(frozen=True)
class Mould:
    """A data directory, and on PostgreSQL the name of a database that nobody is connected to."""

    folder: Path
    cluster: Cluster | None
    database: str = ""

    def cast(self, folder: Path) -> Installation:
        """A copy of its own for one test, in a folder that is not there yet."""
        shutil.copytree(self.folder, folder)
        return Installation(folder, self._copied(), options=dict(OPTIONS))

    def _copied(self) -> str:
        return copied(self.cluster, self.database) if self.cluster else ""


def copied(cluster: Cluster, database: str) -> str:
    """The URL of a copy. PostgreSQL copies for one at a time: while another process does, ask again shortly."""
    for left in reversed(range(TRIES)):
        try:
            return cluster.create(f"cast_{uuid.uuid4().hex[:12]}", like=database)
        except subprocess.CalledProcessError as error:
            if b"is being accessed by other users" not in error.stderr or not left:
                raise
            time.sleep(PAUSE)
    raise AssertionError("the last try answers or raises")


def mould(
    factory: pytest.TempPathFactory, name: str, cluster: Cluster | None, fill: Callable[[Installation], object]
) -> Mould:
    """The one of this run with that name: the first process to come makes it, migrated and then filled, others wait.

    ``cluster`` is None for SQLite.
    """
    folder = shared(factory) / name
    database = f"mould_{name}" if cluster else ""
    with alone(folder.with_suffix(".lock")):
        if not folder.exists():
            _make(folder, cluster, database, fill)
    return Mould(folder, cluster, database)


def shared(factory: pytest.TempPathFactory) -> Path:
    """The temporary folder of the run; with several processes the one above their own."""
    own = factory.getbasetemp()
    return own.parent if own.name == f"popen-{os.environ.get('PYTEST_XDIST_WORKER')}" else own


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """One process of the run at a time; the lock of one that dies is free."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make(folder: Path, cluster: Cluster | None, database: str, fill: Callable[[Installation], object]) -> None:
    """Under another name until it is whole, so that nobody takes one that failed on the way."""
    unfinished = folder.with_suffix(f".{uuid.uuid4().hex[:8]}")
    unfinished.mkdir(mode=0o700)
    if cluster:
        cluster.drop(database)
    installation = Installation(unfinished, cluster.create(database) if cluster else "", options=dict(OPTIONS))
    installation.command("migrate", "--verbosity", "0")
    fill(installation)
    unfinished.rename(folder)
