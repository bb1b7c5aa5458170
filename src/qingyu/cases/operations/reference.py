"""Writing the city's policy about cases: topics, routes, time limits, notices and saved answers.

Each is an upsert by what names the row, in one transaction, and leaves an AdminChange with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model

from qingyu.cases.models import Notice, Route, SavedAnswer, TimeLimit, Topic
from qingyu.people.models import Area, Staff, Unit
from qingyu.people.operations import note_change
from qingyu.rules.hours import Limit
from qingyu.rules.hours import Unit as LimitUnit
from qingyu.rules.refusals import NotValid

Row = TypeVar("Row", bound=Model)


@transaction.atomic
def place_topic(
    *, code: str, name: str, parent: Topic | None, by: Staff | None, at: datetime, reason: str = "", **details: Any
) -> Topic:
    """Makes a topic or changes the one with that code. NotValid("too_deep"): the tree has three levels."""
    level = parent.level + 1 if parent else 1
    if level > 3:
        raise NotValid("too_deep", field="parent")
    path = f"{parent.path}/{code}" if parent else code
    values = {"name": name, "parent": parent, "level": level, "path": path, **details}
    topic = _put(Topic, {"code": code}, values)
    note_change("place_topic", f"topic:{code}", by=by, at=at, reason=reason, facts={"name": name})
    return topic


@transaction.atomic
def place_route(
    *, topic: Topic | None, area: Area | None, lead: Unit, valid_from: date, by: Staff | None, at: datetime,
    assisting: list[str] | None = None, valid_to: date | None = None, reason: str = "",
) -> Route:  # fmt: skip
    """Cases of the topic in the area are the lead's from that day on. NotValid: ends_before_start, unit_twice."""
    if valid_to and valid_to < valid_from:
        raise NotValid("ends_before_start", field="valid_to")
    if lead.code in (assisting or ()):
        raise NotValid("unit_twice", field="assisting")
    values = {"assisting": assisting or [], "valid_to": valid_to}
    route, _ = Route.objects.update_or_create(topic=topic, area=area, lead=lead, valid_from=valid_from, defaults=values)
    facts = {"lead": lead.code, "area": area.code if area else "", "from": valid_from.isoformat()}
    note_change("place_route", f"route:{topic.code if topic else ''}", by=by, at=at, reason=reason, facts=facts)
    return route


@transaction.atomic
def place_limit(
    key: Mapping[str, Any], *, amount: int, unit: str, by: Staff | None, at: datetime, reason: str = "", **details: Any
) -> TimeLimit:
    """A time limit; ``key`` holds preset, clock, type, urgency and valid_from. NotValid("unit_unknown")."""
    if unit not in list(LimitUnit):
        raise NotValid("unit_unknown", field="unit", found=unit)
    Limit(amount, LimitUnit(unit))
    limit = _put(TimeLimit, key, {"amount": amount, "unit": unit, **details})
    facts = {"type": limit.type, "urgency": limit.urgency, "amount": amount, "unit": unit}
    note_change("place_limit", f"limit:{limit.preset}:{limit.clock}", by=by, at=at, reason=reason, facts=facts)
    return limit


@transaction.atomic
def choose_preset(preset: str, *, by: Staff | None, at: datetime, reason: str = "") -> None:
    """The limits of this preset are in force from now on, and no others. NotValid("preset_unknown")."""
    if not TimeLimit.objects.filter(preset=preset).exists():
        raise NotValid("preset_unknown", field="preset", found=preset)
    TimeLimit.objects.exclude(preset=preset).update(in_force=False)
    TimeLimit.objects.filter(preset=preset).update(in_force=True)
    note_change("choose_preset", f"preset:{preset}", by=by, at=at, reason=reason)


@transaction.atomic
def place_notice(
    *, group: str, code: str, name: str, by: Staff | None, at: datetime, reason: str = "", **details: Any
) -> Notice:
    """A ground with the words that must be told. NotValid("group_unknown")."""
    if group not in Notice.Group.values:
        raise NotValid("group_unknown", field="group", found=group)
    notice = _put(Notice, {"group": group, "code": code}, {"name": name, **details})
    note_change("place_notice", f"notice:{group}:{code}", by=by, at=at, reason=reason)
    return notice


@transaction.atomic
def save_answer(
    *, title: str, text: str, by: Staff | None, at: datetime, topic: Topic | None = None, unit: Unit | None = None,
    reason: str = "",
) -> SavedAnswer:  # fmt: skip
    """An answer that is given often; title and unit name it."""
    answer = _put(SavedAnswer, {"title": title, "unit": unit}, {"text": text, "topic": topic})
    note_change("save_answer", f"answer:{answer.pk}", by=by, at=at, reason=reason)
    return answer


def _put(model: type[Row], key: Mapping[str, Any], values: Mapping[str, Any]) -> Row:
    """The row with that key, made or changed to have these values; the key's own constraint settles a race."""
    row = model._default_manager.filter(**key).first() or model(**key)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row
