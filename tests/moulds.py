"""Installations made once in each process and copied for each test, on either database."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.postgres import Cluster
from tools.server import Installation

OPTIONS = {"QINGYU_RATE_LIMITS": "off"}


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
        return self.cluster.create(f"cast_{uuid.uuid4().hex[:12]}", like=self.database) if self.cluster else ""


def mould(folder: Path, cluster: Cluster | None, fill: Callable[[Installation], object]) -> Mould:
    """A new one in a new folder, migrated and then filled; ``cluster`` is None for SQLite."""
    folder.mkdir(mode=0o700)
    database = f"mould_{uuid.uuid4().hex[:12]}" if cluster else ""
    installation = Installation(folder, cluster.create(database) if cluster else "", options=dict(OPTIONS))
    installation.command("migrate", "--verbosity", "0")
    fill(installation)
    return Mould(folder, cluster, database)
