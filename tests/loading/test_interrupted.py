"""A load that is killed in the middle and started again loads every row exactly once."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

ROWS = 1200


def command(folder: Path, url: str, *words: str) -> subprocess.Popen[str]:
    options = {"QINGYU_DATA_DIR": str(folder), "QINGYU_DATABASE_URL": url}
    return subprocess.Popen(
        [sys.executable, "-m", "qingyu", *words], env={**os.environ, **options}, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip


def run(folder: Path, url: str, *words: str) -> dict[str, object]:
    process = command(folder, url, *words)
    out, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    return json.loads(out) if "--json" in words else {}


@pytest.mark.timeout(900)
def test_killed_and_started_again(tmp_path: Path, database_url: str) -> None:
    url = database_url
    file = tmp_path / "old.csv"
    lines = [f"{number},u,2026/3/2 9:30,路灯不亮,第{number}盏灯坏了,2026/3/9 10:00,已修复" for number in range(ROWS)]
    file.write_text("id,user,opened_at,title,text,replied_at,reply\n" + "\n".join(lines) + "\n", encoding="utf-8")
    run(tmp_path, url, "migrate", "--verbosity", "0")
    run(tmp_path, url, "init")
    process = command(tmp_path, url, "load", "messages", str(file), "--json")
    _kill_in_the_middle(process, tmp_path, url)
    again = run(tmp_path, url, "load", "messages", str(file), "--json")
    assert again["known"] != 0, "killed before the first chunk"
    assert again["made"] != 0, "killed after the last chunk"
    assert int(str(again["known"])) + int(str(again["made"])) == ROWS
    found = run(tmp_path, url, "verify", "--json")
    assert (found["cases"], found["troubles"]) == (ROWS, [])


def _kill_in_the_middle(process: subprocess.Popen[str], folder: Path, url: str) -> None:
    """As soon as the first chunks stand in the database, whatever the machine's speed."""
    while process.poll() is None and not _loaded(folder, url):
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()


def _loaded(folder: Path, url: str) -> int:
    """Rows that another connection can see."""
    with contextlib.closing(_connected(folder, url)) as connection:
        return int(connection.execute("SELECT count(*) FROM cases_importedrow").fetchone()[0])


def _connected(folder: Path, url: str) -> Any:
    if not url:
        return sqlite3.connect(folder / "qingyu.sqlite3")
    import psycopg

    return psycopg.connect(url)
