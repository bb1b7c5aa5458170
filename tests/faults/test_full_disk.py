"""A full disk, for real: a small file system in memory. 503, nothing half-written, and on when there is room."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.citizens import file_case
from tests.faults.looking import assert_verified, count, health, rows, started
from tests.faults.uploading import photograph, upload
from tests.moulds import Mould
from tools.server import Installation

pytestmark = pytest.mark.fault
ROOM = "24m"
BLOCK = 64 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a file system of 24 MiB; only root on Linux can make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
    if sys.platform != "linux" or os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("missing: the right to mount a small file system (run the tests as root on Linux)")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def cramped(small_disk: Path, built_small: Mould) -> Installation:
    """The small city on that file system, SQLite."""
    if built_small.cluster:
        pytest.skip("a fault of SQLite")
    house = built_small.cast(small_disk / "data")
    house.options |= {"QINGYU_ATTACHMENT_LEAST_FREE_MB": "0", "TMPDIR": str(small_disk)}
    return house


def fill(folder: Path) -> Path:
    """A file that takes all the room there is."""
    ballast = folder / "ballast"
    with open(ballast, "ab", buffering=0) as file:
        for size in (BLOCK, 4096, 512, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return ballast


def test_a_full_disk_is_503_writes_nothing_by_halves_and_goes_on_when_there_is_room(cramped: Installation) -> None:
    house = cramped
    with started(house, "serve"), house.process("worker") as worker:
        assert file_case(house, "before").status == 201
        ballast = fill(house.data_dir.parent)
        kept = {key: file_case(house, key) for key in (uuid.uuid4().hex for _try in range(40))}
        statuses = {answer.status for answer in kept.values()}
        assert statuses <= {201, 503}
        assert 503 in statuses, "the disk was never full"
        refused = [key for key, answer in kept.items() if answer.status == 503]
        assert kept[refused[0]].headers["Retry-After"]
        assert count(house, "cases_case") == 1 + len(kept) - len(refused)
        assert "disk" in health(house)
        ballast.unlink()
        assert {file_case(house, key).status for key in kept} == {201}
        assert count(house, "cases_case") == 1 + len(kept)
        assert worker.poll() is None, "the worker waits for room and goes on"
    assert rows(house, "PRAGMA integrity_check") == [("ok",)]
    assert_verified(house)


def test_an_upload_that_does_not_fit_is_503_and_leaves_no_file(cramped: Installation) -> None:
    house = cramped
    with started(house, "serve"):
        assert upload(house, photograph(300)).status == 200
        before = files(house)
        assert len(before) == 1
        ballast = fill(house.data_dir.parent)
        answer = upload(house, photograph(1000))
        assert answer.status == 503
        assert "请" in answer.body
        ballast.unlink()
        assert files(house) == before
        assert upload(house, photograph(1000)).status == 200


def files(house: Installation) -> list[Path]:
    """What lies in the folders of uploads."""
    return [path for folder in ("held", "files") for path in (house.data_dir / folder).rglob("*") if path.is_file()]
