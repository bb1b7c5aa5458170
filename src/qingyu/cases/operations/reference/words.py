"""Words that are told often: grounds with their notices, and saved answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from qingyu.cases.models import Notice, SavedAnswer, Topic
from qingyu.cases.operations.reference.putting import MANAGES, plain_all, put
from qingyu.people.models import Staff, Unit
from qingyu.people.operations import note_change, require
from qingyu.people.operations.changes import differences
from qingyu.rules.refusals import NotValid


@transaction.atomic
def place_notice(
    *, group: str, code: str, name: str, by: Staff | None, at: datetime, reason: str = "", **details: Any
) -> Notice:
    """A ground with the words that must be told. NotValid("group_unknown")."""
    require(by, MANAGES, at=at)
    if group not in Notice.Group.values:
        raise NotValid("group_unknown", field="group", found=group)
    values = {"name": name, **details}
    notice, before = put(Notice, {"group": group, "code": code}, values)
    facts = differences(before, values)
    note_change("place_notice", f"notice:{group}:{code}", by=by, at=at, reason=reason, facts=facts)
    return notice


@transaction.atomic
def save_answer(
    *, title: str, text: str, by: Staff | None, at: datetime, topic: Topic | None = None, unit: Unit | None = None,
    reason: str = "",
) -> SavedAnswer:  # fmt: skip
    """An answer that is given often; title and unit name it."""
    require(by, MANAGES, at=at)
    values = {"text": text, "topic": topic}
    answer, before = put(SavedAnswer, {"title": title, "unit": unit}, values)
    facts = differences(before, plain_all(values))
    note_change("save_answer", f"answer:{answer.pk}", by=by, at=at, reason=reason, facts=facts)
    return answer


@transaction.atomic
def add_answer(
    *, title: str, text: str, by: Staff | None, at: datetime, topic: Topic | None, unit: Unit | None, reason: str = ""
) -> SavedAnswer:
    """A new one. NotValid("answer_exists"): one of that title and unit is there."""
    require(by, MANAGES, at=at)
    if SavedAnswer.objects.filter(title=title, unit=unit).exists():
        raise NotValid("answer_exists", field="title")
    return save_answer(title=title, text=text, by=by, at=at, topic=topic, unit=unit, reason=reason)


@transaction.atomic
def change_answer(
    answer: SavedAnswer, *, title: str, text: str, topic: Topic | None, unit: Unit | None, active: bool,
    by: Staff | None, at: datetime, reason: str = "",
) -> None:  # fmt: skip
    """Other words, another place, or out of use. NotValid("answer_exists"): one of that title and unit is there."""
    require(by, MANAGES, at=at)
    if SavedAnswer.objects.filter(title=title, unit=unit).exclude(pk=answer.pk).exists():
        raise NotValid("answer_exists", field="title")
    values = {"title": title, "text": text, "topic": topic, "unit": unit, "active": active}
    _answer, before = put(SavedAnswer, {"pk": answer.pk}, values)
    facts = differences(before, plain_all(values))
    note_change("change_answer", f"answer:{answer.pk}", by=by, at=at, reason=reason, facts=facts)
