"""The telephone port over HTTP: a switch tells what happens and fetches what it is to do. Both signed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from qingyu.hotline import operations
from qingyu.hotline.adapters import webhook
from qingyu.people.api import Problem
from qingyu.people.doors import open_door
from qingyu.rules.refusals import NotValid

router = Router(tags=["telephone"])
REFUSED = {403: Problem, 422: Problem, 503: Problem}


class Taken(Schema):
    """``new``: how many events were not known yet; the others had been told before."""

    new: int


class Ordered(Schema):
    """One command; ``args`` as docs/hotline.md names them."""

    id: int
    name: str
    args: dict[str, Any]


class Orders(Schema):
    """Commands that wait, oldest first."""

    commands: list[Ordered]


@router.post("/switches/{switch}/events", response={202: Taken, **REFUSED}, summary="A switch tells what happened")
@open_door
def events(request: HttpRequest, switch: str) -> tuple[int, dict[str, int]]:
    """Body {"events": [{v, type, call_ref, seq, at, leg, data}]} or one such event, signed; in any order."""
    at = datetime.now(UTC)
    known = webhook.known_switch(switch, request.headers, request.body, at=at)
    return 202, {"new": operations.take_events(known, webhook.read_events(request.body), at=at)}


@router.post("/switches/{switch}/commands", response={200: Orders, **REFUSED}, summary="A switch fetches its commands")
@open_door
def commands(request: HttpRequest, switch: str) -> dict[str, Any]:
    """Body {"done": [ids], "failed": [ids]}, both optional, signed. Answers what still waits."""
    at = datetime.now(UTC)
    known = webhook.known_switch(switch, request.headers, request.body, at=at)
    given = webhook.read(request.body)
    operations.finish(known, done=_ids(given, "done"), failed=_ids(given, "failed"), at=at)
    waiting = operations.fetch(known, at=at)
    return {"commands": [{"id": one.id, "name": one.name, "args": dict(one.args)} for one in waiting]}


def _ids(given: Mapping[str, Any], name: str) -> list[int]:
    ids = given.get(name, [])
    if not isinstance(ids, list) or not all(isinstance(i, int) and 0 <= i < 2**62 for i in ids) or len(ids) > 500:
        raise NotValid("field_not_valid", field=name)
    return ids
