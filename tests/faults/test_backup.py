"""Backup while people file, kill in the middle, and the way back: every row, file and answer is there again."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import tarfile
import time
import uuid
from pathlib import Path

import pytest

from tests.faults.citizens import Crowd, ask, file_case
from tests.faults.looking import assert_verified, count, kill, rows, started
from tests.faults.uploading import photograph, upload
from tools.server import Installation

pytestmark = pytest.mark.fault
TABLES = ("cases_case", "cases_caseevent", "cases_contact", "cases_casetext", "cases_idempotencykey", "people_staff")


@pytest.fixture
def fresh(request: pytest.FixtureRequest, tmp_path: Path, database_url: str) -> Installation:
    """Another place with an empty database of the same kind."""
    url = ""
    if database_url:
        url = request.getfixturevalue("postgres").create(f"fresh_{uuid.uuid4().hex[:8]}")
    (tmp_path / "fresh").mkdir(mode=0o700)
    return Installation(tmp_path / "fresh", url, options={"QINGYU_RATE_LIMITS": "off"})


def run(house: Installation, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qingyu", *arguments], env=house.environment, capture_output=True, text=True, timeout=240
    )


def everything(house: Installation) -> dict[str, list[str]]:
    """All rows of the tables that matter, in one order."""
    return {table: sorted(repr(row) for row in rows(house, f"SELECT * FROM {table}")) for table in TABLES}


def test_what_was_saved_comes_back_whole(house: Installation, fresh: Installation, tmp_path: Path) -> None:
    archive = tmp_path / "saved.tar.gz"
    with started(house, "serve"):
        filed = file_case(house, "the-key").body
        assert upload(house, photograph(120)).status == 200
    (house.data_dir / "models").mkdir(exist_ok=True)
    (house.data_dir / "models" / "any.npz").write_bytes(b"model")
    said = house.command("backup", str(archive), "--with-keys")
    assert "The keys are inside" in said
    assert archive.stat().st_mode & 0o077 == 0

    restored = run(fresh, "restore", str(archive))
    assert restored.returncode == 0, restored.stderr
    assert everything(fresh) == everything(house)
    for folder in ("held", "models"):
        ours = {path.name: path.read_bytes() for path in (house.data_dir / folder).iterdir()}
        assert {path.name: path.read_bytes() for path in (fresh.data_dir / folder).iterdir()} == ours
    assert (fresh.data_dir / "secret-key").read_text() == (house.data_dir / "secret-key").read_text()
    with started(fresh, "serve"):
        assert file_case(fresh, "the-key").body == filed
        seen = ask(fresh, "GET", f"/api/v1/cases/{filed['number']}?code={filed['query_code']}")
        assert seen.status == 200
    assert "not empty" in run(fresh, "restore", str(archive)).stderr


def test_keys_stay_out_and_are_asked_for(house: Installation, fresh: Installation, tmp_path: Path) -> None:
    archive = tmp_path / "saved.tar.gz"
    said = house.command("backup", str(archive))
    assert f"NOT inside. They are in {house.data_dir}/field-keys" in said
    with tarfile.open(archive) as tar:
        assert "field-keys" not in tar.getnames()
    restored = run(fresh, "restore", str(archive))
    assert "b1, k1, r1 are missing" in restored.stdout
    assert "is missing" in run(fresh, "serve").stderr
    shutil.copy(house.data_dir / "field-keys", fresh.data_dir / "field-keys")
    with started(fresh, "serve"):
        assert file_case(fresh, "a").status == 201


def test_a_backup_under_load_is_one_moment_and_holds_nobody_up(
    house: Installation, fresh: Installation, tmp_path: Path
) -> None:
    archive = tmp_path / "saved.tar.gz"
    with started(house, "up"), Crowd(house, wanted=200) as crowd:
        crowd.wait_for(50)
        before = set(crowd.told)
        house.command("backup", str(archive), "--with-keys")
        during = len(crowd.told)
        crowd.wanted = 0
    assert during > len(before), "nobody was served during the backup"
    assert crowd.statuses.keys() <= {201}
    assert run(fresh, "restore", str(archive)).returncode == 0
    assert_verified(fresh)
    there = {number for (number,) in rows(fresh, "SELECT number FROM cases_case")}
    assert {crowd.told[key]["number"] for key in before} <= there


def test_a_backup_that_is_killed_leaves_no_archive_and_the_next_one_works(house: Installation, tmp_path: Path) -> None:
    archive = tmp_path / "saved.tar.gz"
    (house.data_dir / "files").mkdir(exist_ok=True)
    (house.data_dir / "files" / "big").write_bytes(photograph(2500))
    for wait in (1.0, 2.0, 3.0):
        program = [sys.executable, "-m", "qingyu", "backup", str(archive)]
        process = subprocess.Popen(program, env=house.environment)
        time.sleep(wait)
        kill(process.pid)
        process.wait()
        if archive.exists():  # it was quicker
            archive.unlink()
    house.command("backup", str(archive))
    assert not list(house.data_dir.glob(".staging-*"))
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".saved")]


def test_a_restore_that_is_killed_is_simply_done_again(
    house: Installation, fresh: Installation, tmp_path: Path
) -> None:
    archive = tmp_path / "saved.tar.gz"
    with started(house, "serve"):
        assert file_case(house, "a").status == 201
    house.command("backup", str(archive), "--with-keys")
    process = subprocess.Popen([sys.executable, "-m", "qingyu", "restore", str(archive)], env=fresh.environment)
    time.sleep(1.5)
    kill(process.pid)
    process.wait()
    again = run(fresh, "restore", str(archive))
    assert again.returncode == 0 or "not empty" in again.stderr, again
    assert count(fresh, "cases_case") == 1
    assert_verified(fresh)


def test_a_damaged_or_foreign_archive_changes_nothing(house: Installation, fresh: Installation, tmp_path: Path) -> None:
    archive, damaged = tmp_path / "saved.tar.gz", tmp_path / "damaged.tar.gz"
    house.command("backup", str(archive))
    with tarfile.open(archive) as whole, tarfile.open(damaged, "w:gz") as copy:
        for entry in whole:
            content = whole.extractfile(entry)
            assert content
            text = content.read()
            if entry.name.startswith("database."):
                text = text[:-1] + bytes([text[-1] ^ 1])
            entry.size = len(text)
            copy.addfile(entry, fileobj=io.BytesIO(text))
    assert "does not fit its hash" in run(fresh, "restore", str(damaged)).stderr
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    assert "damaged" in run(fresh, "restore", str(archive)).stderr
    (tmp_path / "text").write_text("hello")
    assert "is no backup of Qingyu" in run(fresh, "restore", str(tmp_path / "text")).stderr
    assert not (fresh.data_dir / "files").exists()
    assert not (fresh.data_dir / "field-keys").exists()


def test_an_archive_is_never_overwritten_and_check_knows_of_it(house: Installation, tmp_path: Path) -> None:
    archive = tmp_path / "saved.tar.gz"
    archive.write_text("mine")
    assert "is there already" in run(house, "backup", str(archive)).stderr
    assert archive.read_text() == "mine"
    codes = {finding["code"] for finding in json.loads(run(house, "check", "--json").stdout)["findings"]}
    assert "no_backup_yet" in codes
    house.command("backup", str(tmp_path / "other.tar.gz"))
    codes = {finding["code"] for finding in json.loads(run(house, "check", "--json").stdout)["findings"]}
    assert "no_backup_yet" not in codes
