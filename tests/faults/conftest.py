"""A small city, served for real, whose plugs are pulled."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.server import Installation

ROOT = Path(__file__).resolve().parents[2]
BUILD = "import django; django.setup(); from tests.people import build_city; build_city()"


def build(installation: Installation) -> None:
    """Migrates and puts the city of tests/people.py into an installation."""
    installation.command("migrate", "--verbosity", "0")
    done = subprocess.run(
        [sys.executable, "-c", BUILD], env=installation.environment, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def built_small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the small city on SQLite, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("small")
    build(Installation(folder))
    return folder


@pytest.fixture
def house(request: pytest.FixtureRequest, tmp_path: Path, database_url: str) -> Installation:
    """An installation with the small city on the database of this run; nothing is started."""
    installation = Installation(tmp_path / "data", database_url, options={"QINGYU_RATE_LIMITS": "off"})
    if database_url:
        installation.data_dir.mkdir(mode=0o700)
        build(installation)
    else:
        shutil.copytree(request.getfixturevalue("built_small"), installation.data_dir)
    return installation


@pytest.fixture
def sqlite_house(request: pytest.FixtureRequest, tmp_path: Path, database_url: str) -> Installation:
    """The same where the fault is one of SQLite's."""
    if database_url:
        pytest.skip("a fault of SQLite")
    installation = Installation(tmp_path / "data", options={"QINGYU_RATE_LIMITS": "off"})
    shutil.copytree(request.getfixturevalue("built_small"), installation.data_dir)
    return installation
