"""Answers and questions as the API shows them."""

from __future__ import annotations

from qingyu.knowledge import queries
from qingyu.knowledge.models import Answer, Unanswered
from qingyu.people.replies import unit_code


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
