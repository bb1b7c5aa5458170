"""What a machine lacks: left out or skipped, counted, said at the end, and a failure where ``CI=true``."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "missing:"

_left_out = {"data": 0}


def data_folder() -> Path:
    """The folder of real data: ``QINGYU_DATA``, by default ``shared/data`` beside the project."""
    return Path(os.environ.get("QINGYU_DATA") or ROOT.parent / "shared" / "data")


def mark_journeys(items: list[pytest.Item]) -> None:
    """Whatever opens a browser, or walks the served demo city, is a journey: it runs once, on SQLite."""
    for item in items:
        if {"browser", "served_city"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")


def leave_out_data(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests on real data where its folder is not there (that is no missing part)."""
    if not data_folder().is_dir():
        _left_out["data"] = _deselect(config, items, "data")


def leave_out_long(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what takes minutes unless ``-m`` asks for it."""
    if "long" not in config.getoption("markexpr"):
        _deselect(config, items, "long")


def _deselect(config: pytest.Config, items: list[pytest.Item], marker: str) -> int:
    gone = [item for item in items if item.get_closest_marker(marker)]
    if gone:
        items[:] = [item for item in items if item not in gone]
        config.hook.pytest_deselected(items=gone)
    return len(gone)


def skip_database_tests(items: list[pytest.Item]) -> None:
    """Without PostgreSQL every test that touches the database is skipped, saying what to install."""
    reason = f"{PREFIX} PostgreSQL 15 or later (Debian: apt-get install postgresql)"
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db", "served"}:
            item.add_marker(pytest.mark.skip(reason=reason))


def fail_if_missing(report: Any) -> None:
    """Turn a skip for a missing part into a failure where nothing may be missing."""
    if not report.skipped or hasattr(report, "wasxfail") or os.environ.get("CI") != "true":
        return
    reason = skip_reason(report)
    if reason.startswith(PREFIX):
        report.outcome = "failed"
        report.longrepr = f"{reason}: with CI=true nothing may be missing"


def skip_reason(report: Any) -> str:
    """Why a test was skipped, without pytest's own prefix."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return str(text).removeprefix("Skipped: ")


def send_count(config: pytest.Config) -> None:
    """A worker of xdist tells the main process how many tests it left out (each collects the same)."""
    output = getattr(config, "workeroutput", None)
    if output is not None:
        output["left_out_data"] = _left_out["data"]


def receive_count(node: Any) -> None:
    output = getattr(node, "workeroutput", {})
    _left_out["data"] = max(_left_out["data"], output.get("left_out_data", 0))


def print_counts(reporter: pytest.TerminalReporter) -> None:
    """One line for the tests on real data, one for each reason of a skip."""
    if _left_out["data"]:
        reporter.write_line(f"{_left_out['data']} tests need real data and were left out: no folder QINGYU_DATA")
    reasons = Counter(skip_reason(report) for report in reporter.stats.get("skipped", []))
    for reason, count in sorted(reasons.items()):
        reporter.write_line(f"{count} skipped: {reason}")
