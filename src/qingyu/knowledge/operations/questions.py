"""Questions that nobody could answer: given to a unit with a due date, answered by it."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from qingyu.knowledge import policy, ports
from qingyu.knowledge.models import Answer, Unanswered
from qingyu.knowledge.operations.answers import Draft, _check_topic, _check_unit, write
from qingyu.knowledge.operations.words import LONGEST_QUESTION, needed
from qingyu.people import queries as people
from qingyu.people.policy import Viewer
from qingyu.rules import hours, identifiers
from qingyu.rules.refusals import NotAllowed, NotValid
from qingyu.rules.terms import asked


@transaction.atomic
def ask(text: str, *, at: datetime, topic: str = "") -> Unanswered:
    """Keeps a question without phones and identity numbers and gives it to the unit of its topic, else the centre.

    The same words while it is open count once more. NotValid: question_missing, text_too_long, topic_unknown.
    """
    words = identifiers.scrub(needed(text, "question", longest=LONGEST_QUESTION))[:LONGEST_QUESTION]
    _check_topic(topic)
    digest = hashlib.sha256(" ".join(sorted(set(asked(words, most=500)))).encode()).hexdigest()
    known = _asked_again(digest)
    if known:
        return known
    try:
        with transaction.atomic():
            return _new(words, digest, topic, at)
    except IntegrityError:  # somebody has asked the same at the same time
        found = _asked_again(digest)
        if found is None:
            raise
        return found


def _asked_again(digest: str) -> Unanswered | None:
    open_one = Unanswered.objects.filter(digest=digest, state=Unanswered.State.OPEN)
    open_one.update(asked=F("asked") + 1)
    return open_one.first()


def _new(words: str, digest: str, topic: str, at: datetime) -> Unanswered:
    unit = ports.desk().unit_for(topic, on=people.city_day(at))
    due = _due(unit, at)
    return Unanswered.objects.create(
        text=words, digest=digest, topic=topic, unit_id=unit, at=at, due_at=due.at, provisional=due.provisional
    )


def _due(unit: int, at: datetime) -> hours.Deadline:
    calendar = people.calendar(people.units()[unit].calendar)
    return hours.deadline(at, ports.desk().question_limit(on=people.city_day(at)), calendar)


@transaction.atomic
def give(question: Unanswered, *, unit: int, by: Viewer, at: datetime) -> Unanswered:
    """Gives an open question to another unit; its due date stays: whoever asked was promised it.

    NotAllowed("question_answered"); NotValid: unit_unknown, unit_inactive.
    """
    question = _open(question)
    policy.require_either(by, question.unit_id)
    _check_unit(unit)
    if unit == question.unit_id:
        raise NotValid("unit_has_it", field="unit")
    question.unit_id = unit
    question.save(update_fields=["unit"])
    return question


@transaction.atomic
def reply(question: Unanswered, draft: Draft, *, by: Viewer, at: datetime) -> Answer:
    """The unit answers; the answer is shown once it has passed its review. NotAllowed("question_answered")."""
    question = _open(question)
    answer = write(draft, unit=question.unit_id, topic=question.topic, by=by, at=at)
    question.state, question.answer, question.answered_at = Unanswered.State.ANSWERED, answer, at
    question.in_time = hours.in_time(at, question.due_at)
    question.save(update_fields=["state", "answer", "answered_at", "in_time"])
    return answer


def _open(question: Unanswered) -> Unanswered:
    row = Unanswered.objects.select_for_update().get(pk=question.pk)
    if row.state != Unanswered.State.OPEN:
        raise NotAllowed("question_answered")
    return row
