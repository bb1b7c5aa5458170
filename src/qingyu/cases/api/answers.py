"""Answers made by hand where speed counts: plain values to JSON, times in the city's own offset."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import get_default_timezone

from qingyu.cases import idempotency
from qingyu.cases.models import Case
from qingyu.cases.ports import sender_of
from qingyu.people import queries as people
from qingyu.people import sealing
from qingyu.people.api import Problem
from qingyu.rules.refusals import NotValid

# The refusals that any door may answer with; each door adds its own good answer.
REFUSALS: dict[int, type[Problem]] = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429, 503), Problem)


def text_of(value: object) -> str:
    """The value as JSON."""
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return moment(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value)  # words that wait for the language of the request


def moment(at: datetime) -> str:
    """ISO 8601 in the city's time zone with offset, to the second."""
    return at.astimezone(get_default_timezone()).isoformat(timespec="seconds")


def reply(value: object, *, status: int = 200) -> HttpResponse:
    """The value as a JSON answer."""
    return _answer(status, text_of(value))


def _answer(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="application/json; charset=utf-8")


def once(
    request: HttpRequest,
    caller: str,
    act: Callable[[], tuple[int, object]],
    *,
    at: datetime,
    body: bytes | None = None,
) -> HttpResponse:
    """Does the act in one transaction; with ``Idempotency-Key`` the same request again gets the first answer.

    ``body`` is what is compared where the request itself has been read as a stream of files.
    """
    key = request.headers.get("Idempotency-Key", "").replace("\x00", "").strip()
    if len(key) > 120:
        raise NotValid("field_too_long", field="Idempotency-Key")
    sent = request.body if body is None else body
    call = idempotency.Call(caller=_apart(request, caller, key), route=request.path, key=key, body=sent)

    def done() -> tuple[int, str]:
        status, value = act()
        return status, text_of(value)

    return _answer(*idempotency.once(call, done, at=at))


SHORTEST_KEY = 22
"""128 random bits in base64; a UUID has more characters."""


def _apart(request: HttpRequest, caller: str, key: str) -> str:
    """Strangers share one space of keys, and an answer repeats what only the first may know, such as a ticket: a key
    that two of them may think of counts for the network it comes from."""
    if caller != "anyone" or len(key) >= SHORTEST_KEY:
        return caller
    return f"anyone:{sealing.blind(sender_of()(request), column='idempotency:sender')}"


def brief(case: Case) -> dict[str, object]:
    """How the case stands now; what ``shapes.Brief`` describes. No statement."""
    return {
        "number": case.number,
        "state": case.state,
        "owner": unit_code(case.owner_id),
        "due_at": case.due_at,
        "provisional": case.provisional,
        "disputed": case.disputed,
        "round": case.round,
        "length": case.length,
    }


def unit_code(unit_id: int | None) -> str:
    """The code of a unit; empty for none."""
    unit = people.units().get(unit_id or 0)
    return unit.code if unit else ""


def unit_id(code: str, *, field: str = "unit") -> int:
    """The unit with that code; NotValid("unit_unknown")."""
    try:
        return people.unit_ids()[code]
    except KeyError:
        raise NotValid("unit_unknown", field=field) from None
