"""Topics, routes, time limits, notices and saved answers from files."""

from __future__ import annotations

from typing import Any

from qingyu.cases.models import Notice, Route, SavedAnswer, TimeLimit, Topic
from qingyu.cases.operations import reference
from qingyu.desk.loading.known import Known, is_same
from qingyu.desk.loading.reading import Line
from qingyu.desk.loading.report import Did, Source
from qingyu.people.models import Area, Unit
from qingyu.rules.refusals import NotValid, Refusal


def topic(line: Line, source: Source) -> Did:
    """code, name, parent[, anonymous, words, open]; or level1, level2, level3 with names alone.

    NotValid: parent_unknown, too_deep.
    """
    if "level1" in line.values:
        try:
            return _topic_by_names(line, source)
        except Refusal:
            source.known.forget(Topic)  # what was made above the refused one is taken back with it
            raise
    code = line.text("code")
    values: dict[str, Any] = {"name": line.text("name"), "parent": _topic(line, source, "parent")}
    values |= {"anonymous": line.flag("anonymous", "yes"), "words": line.parts("words")}
    found = source.known.find(Topic, code=code)
    if found and is_same(found, values):
        return Did.SAME
    placed = reference.place_topic(code=code, by=None, at=source.at, reason=source.reason, **values)
    source.known.keep(placed, before=found)
    return Did.CHANGED if found else Did.MADE


def _topic_by_names(line: Line, source: Source) -> Did:
    """A path of names; each that is not there yet gets its own path of names as its code."""
    parent, did = None, Did.SAME
    names = [line.text("level1"), line.text("level2", ""), line.text("level3", "")]
    for name in filter(None, names):
        found = source.known.find(Topic, parent=parent, name=name)
        if found is None:
            code = f"{parent.code}.{_plain(name)}" if parent else _plain(name)
            found = reference.place_topic(
                code=code, name=name, parent=parent, by=None, at=source.at, reason=source.reason
            )
            source.known.keep(found)
            did = Did.MADE
        parent = found
    return did


def _plain(name: str) -> str:
    return name.replace("/", "·").replace(".", "·")


def route(line: Line, source: Source) -> Did:
    """topic, area, lead, assisting, valid_from[, valid_to]. NotValid: topic_unknown, area_unknown, unit_unknown."""
    starts = line.day("valid_from")
    if starts is None:
        raise NotValid("field_missing", field="valid_from")
    key: dict[str, Any] = {
        "topic": _topic(line, source, "topic"), "area": _one(Area, line, source, "area", "area_unknown"),
        "lead": _one(Unit, line, source, "lead", "unit_unknown"), "valid_from": starts,
    }  # fmt: skip
    if key["lead"] is None:
        raise NotValid("field_missing", field="lead")
    values: dict[str, Any] = {"assisting": _units(line, source.known), "valid_to": line.day("valid_to")}
    found = source.known.find(Route, **key)
    if found and is_same(found, values):
        return Did.SAME
    source.known.keep(reference.place_route(by=None, at=source.at, reason=source.reason, **key, **values))
    return Did.CHANGED if found else Did.MADE


def _units(line: Line, known: Known) -> list[str]:
    codes = line.parts("assisting")
    for code in codes:
        if known.find(Unit, code=code) is None:
            raise NotValid("unit_unknown", field="assisting", found=code)
    return codes


def limit(line: Line, source: Source) -> Did:
    """preset, clock, type, urgency, amount, unit, valid_from[, door, city, source, verified]."""
    key = {"preset": line.text("preset"), "clock": line.text("clock"), "valid_from": line.day("valid_from")}
    key |= {"type": line.text("type", ""), "urgency": line.text("urgency", ""), "door": line.text("door", "")}
    values: dict[str, Any] = {"amount": line.whole("amount"), "unit": line.text("unit")}
    values |= {
        "city": line.text("city", "")[:60],
        "source": line.text("source", "")[:300],
        "verified": line.flag("verified"),
    }
    found = source.known.find(TimeLimit, **key)
    if found and is_same(found, values):
        return Did.SAME
    source.known.keep(reference.place_limit(key, by=None, at=source.at, reason=source.reason, **values))
    return Did.CHANGED if found else Did.MADE


def notice(line: Line, source: Source) -> Did:
    """group, code, name[, name_en, law, message, message_en, where_to, needs_basis]."""
    key = {"group": line.text("group"), "code": line.text("code")}
    words = ("name_en", "law", "message", "message_en", "where_to")
    values: dict[str, Any] = {"name": line.text("name"), "needs_basis": line.flag("needs_basis")}
    values |= {name: line.text(name, "") for name in words}
    found = source.known.find(Notice, **key)
    if found and is_same(found, values):
        return Did.SAME
    source.known.keep(reference.place_notice(by=None, at=source.at, reason=source.reason, **key, **values))
    return Did.CHANGED if found else Did.MADE


def answer(line: Line, source: Source) -> Did:
    """title, text[, topic, unit]. NotValid: topic_unknown, unit_unknown."""
    key: dict[str, Any] = {"title": line.text("title"), "unit": _one(Unit, line, source, "unit", "unit_unknown")}
    values: dict[str, Any] = {"text": line.text("text"), "topic": _topic(line, source, "topic")}
    found = source.known.find(SavedAnswer, **key)
    if found and is_same(found, values):
        return Did.SAME
    source.known.keep(reference.save_answer(by=None, at=source.at, reason=source.reason, **key, **values))
    return Did.CHANGED if found else Did.MADE


def _topic(line: Line, source: Source, name: str) -> Topic | None:
    found: Topic | None = _one(Topic, line, source, name, "parent_unknown" if name == "parent" else "topic_unknown")
    return found


def _one(model: Any, line: Line, source: Source, name: str, code: str) -> Any:
    wanted = line.text(name, "")
    found = source.known.find(model, code=wanted) if wanted else None
    if wanted and found is None:
        raise NotValid(code, field=name, found=wanted)
    return found
