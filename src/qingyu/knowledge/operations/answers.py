"""Writing answers, putting them in force, taking them out. Versions and steps are only added."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from qingyu.knowledge import index, policy, ports
from qingyu.knowledge.models import Answer, AnswerStep, AnswerVersion
from qingyu.knowledge.operations.words import LONGEST_TITLE, needed
from qingyu.people import queries as people
from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotAllowed, NotValid

LOOK_AGAIN = timedelta(days=365)
"""How long an answer stands before its owner has to look at it again, where nothing else is said."""
What = AnswerStep.What


@dataclass(frozen=True)
class Draft:
    """The words of one version, and from when to when they hold. Without a first day: from today on."""

    title: str
    text: str
    effective_from: date | None = None
    expires_on: date | None = None


@transaction.atomic
def write(
    draft: Draft, *, unit: int, by: Viewer | None, at: datetime, topic: str = "", code: str = "",
    review_on: date | None = None,
) -> Answer:  # fmt: skip
    """A new answer with its first version; it waits for its review. Without a code it gets one.

    NotPermitted("permission_missing"); NotValid: title_missing, text_missing, text_too_long, unit_unknown,
    unit_inactive, topic_unknown, expires_before_effective, review_on_past. NotAllowed("answer_code_taken").
    """
    policy.require_write(by, unit)
    _check_unit(unit)
    _check_topic(topic)
    today = people.city_day(at)
    code = code or f"a{uuid.uuid4().hex[:10]}"
    if Answer.objects.filter(code=code).exists():
        raise NotAllowed("answer_code_taken")
    answer = Answer.objects.create(
        code=code, title=needed(draft.title, "title", longest=LONGEST_TITLE), unit_id=unit, topic=topic,
        review_on=_review_day(review_on, today),
    )  # fmt: skip
    _add_version(answer, draft, by=by, at=at)
    return answer


@transaction.atomic
def new_version(
    answer: Answer, draft: Draft, *, by: Viewer | None, at: datetime, seen: int | None = None,
    review_on: date | None = None,
) -> AnswerVersion:  # fmt: skip
    """Other words, or other days, for the same answer; what is in force stays until they have passed their review.

    As ``write``; NotAllowed("row_changed_meanwhile") where the answer is no longer as it was ``seen``.
    """
    answer = _locked(answer, seen)
    policy.require_write(by, answer.unit_id)
    answer.title = needed(draft.title, "title", longest=LONGEST_TITLE)
    if review_on:
        answer.review_on = _review_day(review_on, people.city_day(at))
    return _add_version(answer, draft, by=by, at=at)


@transaction.atomic
def put_in_force(answer: Answer, *, by: Viewer | None, at: datetime, seen: int | None = None) -> Answer:
    """The newest version passes its review: it is shown from its first day on.

    NotAllowed: nothing_to_review, own_answer (nobody passes their own words), row_changed_meanwhile.
    """
    answer, version = _to_review(answer, by=by, seen=seen)
    if by is not None and version.author_id in by.staff_ids:
        raise NotAllowed("own_answer")
    answer.state, answer.waiting = Answer.State.IN_FORCE, False
    _step(answer, What.IN_FORCE, by=by, at=at)
    index.refresh(answer)
    return answer


@transaction.atomic
def send_back(answer: Answer, *, reason: str, by: Viewer | None, at: datetime, seen: int | None = None) -> Answer:
    """The newest version does not pass; its unit writes another one. NotValid("reason_missing")."""
    answer, _version = _to_review(answer, by=by, seen=seen)
    answer.waiting = False
    _step(answer, What.SENT_BACK, by=by, at=at, reason=needed(reason, "reason", longest=300))
    return answer


@transaction.atomic
def withdraw(answer: Answer, *, reason: str, by: Viewer | None, at: datetime, seen: int | None = None) -> Answer:
    """Nobody is shown it any more. NotAllowed("withdrawn_already"); NotValid("reason_missing")."""
    answer = _locked(answer, seen)
    policy.require_either(by, answer.unit_id)
    if answer.state == Answer.State.WITHDRAWN:
        raise NotAllowed("withdrawn_already")
    answer.state, answer.waiting = Answer.State.WITHDRAWN, False
    _step(answer, What.WITHDRAWN, by=by, at=at, reason=needed(reason, "reason", longest=300))
    index.refresh(answer)
    return answer


@transaction.atomic
def look_at(answer: Answer, *, by: Viewer | None, at: datetime, review_on: date | None = None) -> Answer:
    """Its owner has looked at it and it still holds; the next look is a year away, or on the day given."""
    answer = _locked(answer, None)
    policy.require_either(by, answer.unit_id)
    if answer.state != Answer.State.IN_FORCE:
        raise NotAllowed("answer_not_in_force")
    answer.review_on = _review_day(review_on, people.city_day(at))
    _step(answer, What.LOOKED_AT, by=by, at=at)
    return answer


# Shared --------------------------------------------------------------------------------------------------------


def _locked(answer: Answer, seen: int | None) -> Answer:
    row = Answer.objects.select_for_update().get(pk=answer.pk)
    if seen is not None and row.steps_taken != seen:
        raise NotAllowed("row_changed_meanwhile")
    return row


def _to_review(answer: Answer, *, by: Viewer | None, seen: int | None) -> tuple[Answer, AnswerVersion]:
    answer = _locked(answer, seen)
    policy.require_review(by, answer.unit_id)
    if not answer.waiting:
        raise NotAllowed("nothing_to_review")
    return answer, AnswerVersion.objects.get(answer=answer, number=answer.newest)


def _add_version(answer: Answer, draft: Draft, *, by: Viewer | None, at: datetime) -> AnswerVersion:
    first = draft.effective_from or people.city_day(at)
    if draft.expires_on and draft.expires_on < first:
        raise NotValid("expires_before_effective", field="expires_on")
    answer.newest, answer.waiting = answer.newest + 1, True
    version = AnswerVersion.objects.create(
        answer=answer, number=answer.newest, title=answer.title, text=needed(draft.text, "text"),
        effective_from=first, expires_on=draft.expires_on, author_id=by.staff_id if by else None, at=at,
    )  # fmt: skip
    _step(answer, What.WRITTEN, by=by, at=at)
    return version


def _step(answer: Answer, what: str, *, by: Viewer | None, at: datetime, reason: str = "") -> None:
    answer.steps_taken += 1
    answer.save()
    AnswerStep.objects.create(
        answer=answer, version=answer.newest, what=what, by_id=by.staff_id if by else None, at=at, reason=reason
    )


def _check_unit(unit: int) -> None:
    found = people.units().get(unit)
    if found is None:
        raise NotValid("unit_unknown", field="unit")
    if not found.active:
        raise NotValid("unit_inactive", field="unit")


def _check_topic(topic: str) -> None:
    if topic and not ports.desk().topic_name(topic):
        raise NotValid("topic_unknown", field="topic")


def _review_day(review_on: date | None, today: date) -> date:
    return review_on or today + LOOK_AGAIN
