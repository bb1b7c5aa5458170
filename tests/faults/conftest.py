"""A small city, served for real, whose plugs are pulled."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.moulds import Mould, mould
from tools.postgres import Cluster
from tools.server import Installation

ROOT = Path(__file__).resolve().parents[2]
BUILD = "import django; django.setup(); from tests.people import build_city; build_city()"


def build(installation: Installation) -> None:
    """Puts the city of tests/people.py into a migrated installation."""
    done = subprocess.run(
        [sys.executable, "-c", BUILD], env=installation.environment, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def built_small(tmp_path_factory: pytest.TempPathFactory, cluster_of_run: Cluster | None) -> Mould:
    """An installation with the small city."""
    return mould(tmp_path_factory, "small", cluster_of_run, build)


@pytest.fixture
def house(built_small: Mould, tmp_path: Path) -> Installation:
    """An installation with the small city on the database of this run; nothing is started."""
    return built_small.cast(tmp_path / "data")


@pytest.fixture
def sqlite_house(built_small: Mould, tmp_path: Path) -> Installation:
    """The same where the fault is one of SQLite's."""
    if built_small.cluster:
        pytest.skip("a fault of SQLite")
    return built_small.cast(tmp_path / "data")
