"""Answers made by hand, and acts that are done once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import get_default_timezone

from qingyu.knowledge import queries
from qingyu.knowledge.models import Answer, Unanswered
from qingyu.knowledge.ports import Sent, house
from qingyu.people import queries as people
from qingyu.people.api import Problem
from qingyu.rules.refusals import NotValid

REFUSALS: dict[int, type[Problem]] = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429, 503), Problem)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(get_default_timezone()).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def text_of(value: object) -> str:
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":"))


def reply(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="application/json; charset=utf-8")


def once(request: HttpRequest, caller: str, act: Callable[[], tuple[int, object]], *, at: datetime) -> HttpResponse:
    key = request.headers.get("Idempotency-Key", "").replace("\x00", "").strip()
    if len(key) > 120:
        raise NotValid("field_too_long", field="Idempotency-Key")

    def done() -> tuple[int, str]:
        status, value = act()
        return status, text_of(value)

    return reply(*house().once(Sent(caller, request.path, key, request.body), done, at=at))


def unit_code(unit_id: int) -> str:
    unit = people.units().get(unit_id)
    return unit.code if unit else ""


def unit_id(code: str) -> int:
    try:
        return people.unit_ids()[code]
    except KeyError:
        raise NotValid("unit_unknown", field="unit") from None


def answer_out(found: queries.Found) -> dict[str, object]:
    return {
        "code": found.code, "title": found.title, "text": found.text, "unit": unit_code(found.unit_id),
        "unit_name": found.unit, "topic": found.topic_code, "topic_name": found.topic,
        "effective_from": found.effective_from,
    }  # fmt: skip


def question_out(asked: Unanswered, code: str = "") -> dict[str, object]:
    return {
        "reference": str(asked.reference), "question": asked.text, "state": asked.state,
        "unit": unit_code(asked.unit_id), "due_at": asked.due_at, "asked": asked.asked, "answer": code,
    }  # fmt: skip


def standing(answer: Answer) -> dict[str, object]:
    return {
        "code": answer.code, "title": answer.title, "unit": unit_code(answer.unit_id), "state": answer.state,
        "waiting": answer.waiting, "newest": answer.newest, "review_on": answer.review_on, "seen": answer.steps_taken,
    }  # fmt: skip
