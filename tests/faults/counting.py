"""What became of the requests under the hammer: counted, and kept where `make long` asks for it."""

from __future__ import annotations

import os
from typing import Any

from tests.faults.citizens import OPERATIONS, Crowd
from tests.faults.looking import rows
from tools import mutation
from tools.server import Installation

RESULTS = mutation.RESULTS.with_name("faults.jsonl")


def count_up(name: str, house: Installation, crowd: Crowd, *, kills: int) -> dict[str, Any]:
    """Acknowledged, found, lost (told of but not there), doubled (there but nobody was told), kills, tries by status.

    With ``QINGYU_FAULT_OPERATIONS`` the line is kept in bench/results/faults.jsonl.
    """
    told = [answer["number"] for answer in crowd.told.values()]
    stored = [number for (number,) in rows(house, "SELECT number FROM cases_case")]
    found = {
        "acknowledged": len(told), "found": len(stored), "lost": len(set(told) - set(stored)),
        "doubled": len(stored) - len(set(stored) & set(told)), "kills": kills,
        "tries": {str(status): tries for status, tries in sorted(crowd.statuses.items())},
    }  # fmt: skip
    if "QINGYU_FAULT_OPERATIONS" in os.environ:
        mutation.store([_figure(name, house, found)], path=RESULTS)
    return found


def _figure(name: str, house: Installation, found: dict[str, Any]) -> dict[str, Any]:
    database = "postgresql" if house.database_url else "sqlite"
    wrong = found["lost"] + found["doubled"]
    return {
        "name": f"faults.{name}.{database}", "value": wrong, "unit": "requests lost or doubled", "target": 0,
        "ok": not wrong and found["acknowledged"] >= OPERATIONS, "database": database, "detail": found,
    }  # fmt: skip
