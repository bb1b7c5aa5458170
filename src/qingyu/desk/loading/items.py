"""Service items from a file: our own columns, or the fields by which provincial catalogs publish theirs.

``.jsonl`` holds an object on each line, ``.json`` a list of them, anything else is CSV; gzip or plain. A record with
``TASK_CODE`` is read by the provincial names. The form of the file: docs/loading.md.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from qingyu.catalog import operations, queries
from qingyu.catalog.models import Item
from qingyu.catalog.operations import ItemDraft
from qingyu.desk.loading import itemfields, reading
from qingyu.desk.loading.reading import Line
from qingyu.desk.loading.report import Rejected, refused
from qingyu.people import queries as people
from qingyu.people.models import Unit
from qingyu.rules.refusals import NotValid, Refusal

CHUNK = 250


@dataclass
class Outcome:
    """What became of the lines. ``fallback``: how many new or known items belong to the fallback unit."""

    made: int = 0
    changed: int = 0
    same: int = 0
    fallback: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    faulty: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.made + self.changed + self.same + len(self.rejected)


def load(
    path: Path, *, fallback: str, at: datetime, tell: Callable[[Outcome], None], report: Path | None = None
) -> Outcome:
    """Loads a file in chunks, each a transaction of its own; the same file again changes nothing.

    ``fallback``: code of the unit that takes what no unit of the city matches by name, empty for the city's own.
    NotValid: unit_unknown where there is no such unit, file_not_readable where the file is none of the forms.
    """
    units, outcome = Keepers(fallback), Outcome()
    source = path.name.split(".")[0][:60]
    chunk: list[tuple[Line, ItemDraft]] = []
    for line in _checked(_lines(path, outcome), units, source, outcome):
        chunk.append(line)
        if len(chunk) >= CHUNK:
            _take(chunk, outcome, at)
            chunk = []
            tell(outcome)
    _take(chunk, outcome, at)
    outcome.fallback = units.unmatched
    _tell_faults(source, outcome, at, report)
    return outcome


def _take(chunk: list[tuple[Line, ItemDraft]], outcome: Outcome, at: datetime) -> None:
    loaded = operations.load([draft for _, draft in chunk], at=at)
    outcome.made += loaded.made
    outcome.changed += loaded.changed
    outcome.same += loaded.same
    outcome.rejected += [refused(chunk[place][0], refusal) for place, refusal in loaded.refused.items()]


def _checked(lines: Iterator[Line], units: Keepers, source: str, outcome: Outcome) -> Iterator[tuple[Line, ItemDraft]]:
    for line in lines:
        try:
            yield line, itemfields.draft(line, unit_of=units.of, source=source)
        except Refusal as refusal:
            outcome.rejected.append(refused(line, refusal))


def _lines(path: Path, outcome: Outcome) -> Iterator[Line]:
    if ".jsonl" not in path.suffixes:
        yield from reading.lines(path)
        return
    with reading.opened(path) as file:
        for number, text in enumerate(file, 1):
            values = _object(text)
            if values is None:
                outcome.rejected.append(Rejected(number, "not_readable", ""))
            elif text.strip():
                yield Line(number, values)


def _object(text: str) -> dict[str, object] | None:
    """The object of a line; an empty line is an empty object; None where it is none."""
    try:
        found = json.loads(text) if text.strip() else {}
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


# Whose items they are --------------------------------------------------------------------------------------------

_PLACE = re.compile(r"[^省市区县州旗]{2,8}?(?:省|自治区|自治州|特别行政区|市|区|县|旗)")
_ENDING = re.compile(r"(?:人民政府|办公室|委员会|管理局|管理中心|厅|局|委|办)$")


class Keepers:
    """Finds the unit of this city by the name of a department, also of another place or rank."""

    def __init__(self, fallback: str) -> None:
        units = [unit for unit in people.units().values() if unit.active]
        self.names = {name: unit.id for unit in reversed(units) for name in (unit.name, unit.short, unit.code)}
        departments = [unit for unit in units if unit.kind == Unit.Kind.DEPARTMENT]
        self.stems = {stem(name): unit.id for unit in departments for name in (unit.name, unit.short)}
        self.fallback = _fallback(units, fallback)
        self.unmatched = 0

    def of(self, name: str) -> int:
        """The unit of that name or code; else of the department that does the same; else the fallback."""
        found = self.names.get(name) or self.stems.get(stem(name))
        self.unmatched += found is None
        return found or self.fallback


def stem(name: str) -> str:
    """What a department does, without place and rank.

    >>> stem("广东省公安厅"), stem("晴川市公安局"), stem("晴川市城市管理局")
    ('公安', '公安', '城市')
    """
    found = name.strip()
    for _ in range(2):
        found = _PLACE.sub("", found, count=1) if _PLACE.match(found) else found
    return _ENDING.sub("", found)


def _fallback(units: list[people.UnitInfo], code: str) -> int:
    wanted = [unit for unit in units if unit.code == code] if code else []
    if not code:
        wanted = [unit for unit in units if unit.fallback and unit.kind == Unit.Kind.CITY]
        wanted += [unit for unit in units if unit.kind == Unit.Kind.CENTRE] + units
    if not wanted:
        raise NotValid("unit_unknown", field="fallback", found=code)
    return wanted[0].id


# What is wrong with them -----------------------------------------------------------------------------------------


def _tell_faults(source: str, outcome: Outcome, at: datetime, report: Path | None) -> None:
    """Counts what the rules find in the items of this source, and writes them item by item where asked."""
    loaded = set(Item.objects.filter(source=source).values_list("code", flat=True))
    found = [one for one in queries.faulty(day=people.city_day(at)) if one.code in loaded]
    outcome.faults = Counter(fault.value for one in found for fault in one.faults)
    outcome.faulty = len(found)
    if report is None:
        return
    units = people.units()
    with report.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["code", "name", "unit", "contradictions", "gaps"])
        for one in found:
            unit = units[one.unit_id].name
            writer.writerow([one.code, one.name, unit, " ".join(one.contradictions), " ".join(one.gaps)])
