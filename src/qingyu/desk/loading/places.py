"""Areas and units from a file. A parent stands before its children."""

from __future__ import annotations

from typing import Any

from qingyu.desk.loading.known import is_same
from qingyu.desk.loading.reading import Line
from qingyu.desk.loading.report import Did, Source
from qingyu.people import operations as people
from qingyu.people.models import Area, Unit, WorkingCalendar
from qingyu.rules.refusals import NotValid


def area(line: Line, source: Source) -> Did:
    """code, name, parent, level[, lat, lon, population]. NotValid: parent_unknown, level_unknown."""
    parent = _known(Area, line, source, "parent")
    code, level = line.text("code"), line.text("level")
    if level not in Area.Level.values:
        raise NotValid("level_unknown", field="level", found=level)
    values = {
        "name": line.text("name"), "parent": parent, "path": f"{parent.path}/{code}" if parent else code,
        "level": level,
        "lat": line.figure("lat"), "lon": line.figure("lon"), "population": int(line.figure("population") or 0),
    }  # fmt: skip
    found = source.known.find(Area, code=code)
    if found and is_same(found, values):
        return Did.SAME
    source.known.keep(Area.objects.update_or_create(code=code, defaults=values)[0])
    people.note_change("place_area", f"area:{code}", by=None, at=source.at, reason=source.reason)
    return Did.CHANGED if found else Did.MADE


def unit(line: Line, source: Source) -> Did:
    """code, name, short, kind, parent, area, fallback, phone, duties[, calendar].

    NotValid: parent_unknown, area_unknown, calendar_unknown, kind_unknown.
    """
    code, kind = line.text("code"), line.text("kind")
    if kind not in Unit.Kind.values:
        raise NotValid("kind_unknown", field="kind", found=kind)
    calendar = _known(WorkingCalendar, line, source, "calendar") or source.known.find(WorkingCalendar, code="city")
    values: dict[str, Any] = {
        "name": line.text("name"), "short": line.text("short", line.text("name")[:40]), "kind": kind,
        "parent": _known(Unit, line, source, "parent"), "area": _known(Area, line, source, "area"),
        "fallback": line.flag("fallback"), "phone": line.text("phone", ""), "duties": line.parts("duties"),
        "calendar": calendar,
    }  # fmt: skip
    found = source.known.find(Unit, code=code)
    if found and is_same(found, values):
        return Did.SAME
    placed = people.place_unit(code=code, by=None, at=source.at, reason=source.reason, **values)
    if found and found.path != placed.path:
        source.known.forget(Unit)  # all below it have moved too
    source.known.keep(placed)
    return Did.CHANGED if found else Did.MADE


def _known(model: Any, line: Line, source: Source, name: str) -> Any:
    """The row with the code in that field; None where the field is empty."""
    code = line.text(name, "")
    if not code:
        return None
    found = source.known.find(model, code=code)
    if found is None:
        raise NotValid(f"{name}_unknown", field=name, found=code)
    return found
