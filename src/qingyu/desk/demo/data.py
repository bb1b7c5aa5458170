"""The files of the demo city beside this module, and the groups of notices in the form the loader takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qingyu.desk.loading.reading import Line

FOLDER = Path(__file__).resolve().parent
PLAIN_GROUPS = {"returns": "return", "pauses": "pause", "extensions": "extension", "followup_outcomes": "outcome"}
# Why the centre ends a case without an answer that passed (潍坊市12345政务服务便民热线条例 21).
CLOSE = [
    {"code": "cannot_verify", "name": "多次核实无法查证", "name_en": "Could not be verified"},
    {"code": "not_reachable", "name": "无法联系诉求人，事实不清", "name_en": "The person cannot be reached"},
    {"code": "court_has_it", "name": "已进入诉讼、仲裁或复议程序", "name_en": "A court or tribunal has the matter"},
    {"code": "conditions_missing", "name": "暂不具备解决条件", "name_en": "Conditions for a solution are missing"},
]


def records(name: str) -> list[dict[str, Any]]:
    """The records of one file, e.g. ``records("units")``."""
    found: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def lines(name: str) -> Iterator[Line]:
    """The same as lines of a file."""
    return (Line(number, values) for number, values in enumerate(records(name), 1))


def notices() -> Iterator[Line]:
    """Every ground with its group and words."""
    groups = json.loads((FOLDER / "notices.json").read_text(encoding="utf-8"))
    names = {ground["code"]: ground for ground in groups["grounds"]}
    found = [{**row, **_refusal(row, names)} for row in groups["refusals"]]
    for name, group in PLAIN_GROUPS.items():
        found += [{**row, "group": group, "name": row["name_zh"]} for row in groups[name]]
    found += [{**row, "group": "close"} for row in CLOSE]
    return (Line(number, _with_basis(row)) for number, row in enumerate(found, 1))


def _refusal(row: dict[str, Any], grounds: dict[str, Any]) -> dict[str, Any]:
    ground, where = grounds[row["ground"]], row["where_to"] or ""
    name = f"{ground['name_zh']}（{where}）" if where else ground["name_zh"]
    return {
        "group": row["kind"], "name": name[:120], "name_en": ground["name_en"], "message": row["message_zh"],
        "where_to": where,
    }  # fmt: skip


def _with_basis(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "needs_basis": row.get("needs_legal_basis", False)}
