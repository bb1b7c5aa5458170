"""What a whole run shares is made once, also by several processes, and never half."""

from __future__ import annotations

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests import moulds
from tools.server import Installation


class Factory:
    """As much of pytest's factory of folders as is asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def getbasetemp(self) -> Path:
        self.folder.mkdir(exist_ok=True)
        return self.folder


@pytest.fixture
def factories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Those of two processes of one run; nothing is migrated."""
    monkeypatch.setattr(Installation, "command", lambda self, *arguments: "")
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
    return [Factory(tmp_path / "popen-gw0"), Factory(tmp_path / "popen-gw0")]


def test_the_first_to_come_makes_it_and_the_other_waits(factories: list[Any], tmp_path: Path) -> None:
    made = []

    def fill(installation: Installation) -> None:
        time.sleep(0.2)
        made.append((installation.data_dir / "whole").write_text("yes"))

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda factory: moulds.mould(factory, "any", None, fill), factories))
    assert len(made) == 1
    assert {one.folder for one in found} == {tmp_path / "any"}
    assert found[0].cast(tmp_path / "copy").data_dir.joinpath("whole").read_text() == "yes"


def test_one_that_failed_on_the_way_is_made_anew_by_the_next(factories: list[Any]) -> None:
    def fail(installation: Installation) -> None:
        raise RuntimeError("no city")

    with pytest.raises(RuntimeError):
        moulds.mould(factories[0], "any", None, fail)
    assert moulds.mould(factories[1], "any", None, lambda installation: None).folder.is_dir()


def test_a_process_of_its_own_shares_with_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")  # as inherited from a run around this one
    alone: Any = Factory(tmp_path / "pytest-7")
    assert moulds.shared(alone) == tmp_path / "pytest-7"


def test_a_database_that_another_process_copies_just_now_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moulds, "PAUSE", 0)
    asked: list[str] = []

    class Busy:
        words = b'createdb: error: source database "any" is being accessed by other users'

        def create(self, database: str, *, like: str) -> str:
            asked.append(like)
            if len(asked) < 3:
                raise subprocess.CalledProcessError(1, "createdb", stderr=self.words)
            return f"postgresql:///{database}"

    busy: Any = Busy()
    assert moulds.copied(busy, "any").startswith("postgresql:///cast_")
    assert asked == ["any"] * 3
    Busy.words, asked[:] = b"createdb: error: no room", []
    with pytest.raises(subprocess.CalledProcessError):
        moulds.copied(busy, "any")
    assert len(asked) == 1
