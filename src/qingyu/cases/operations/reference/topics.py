"""Topics: what a case may be about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from qingyu.cases.models import Topic
from qingyu.cases.operations.reference.putting import MANAGES, plain_all, put
from qingyu.people.models import Staff
from qingyu.people.operations import note_change, require
from qingyu.people.operations.changes import differences
from qingyu.rules.refusals import NotAllowed, NotValid


@transaction.atomic
def place_topic(
    *, code: str, name: str, parent: Topic | None, by: Staff | None, at: datetime, reason: str = "", **details: Any
) -> Topic:
    """Makes a topic or changes the one with that code.

    NotValid("too_deep"): the tree has three levels. NotAllowed("topic_has_children"): it cannot be moved then.
    """
    require(by, MANAGES, at=at)
    level = parent.level + 1 if parent else 1
    if level > 3:
        raise NotValid("too_deep", field="parent")
    path = f"{parent.path}/{code}" if parent else code
    if Topic.objects.filter(parent__code=code).exclude(parent__path=path).exists():
        raise NotAllowed("topic_has_children")
    values = {"name": name, "parent": parent, "level": level, "path": path, **details}
    topic, before = put(Topic, {"code": code}, values)
    note_change(
        "place_topic", f"topic:{code}", by=by, at=at, reason=reason, facts=differences(before, plain_all(values))
    )
    return topic
