"""Files handed in after a case was opened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from qingyu.cases import attachments, log
from qingyu.cases.actors import Actor, ActorKind
from qingyu.cases.models import Attachment, Case, CaseText
from qingyu.cases.operations.words import optional
from qingyu.rules.lifecycle import Kind
from qingyu.rules.refusals import NotValid


@transaction.atomic
def attach(
    case: Case, *, files: Sequence[attachments.Held], by: Actor, at: datetime, text: str = ""
) -> list[Attachment]:
    """Files with or without words: an addition of the citizen (the reply, where the unit had asked), a note of staff.

    NotValid("text_missing") with neither; ``files`` come from ``attachments.hold``.
    """
    if not files and not text.strip():
        raise NotValid("text_missing", field="text")
    citizen = by.kind is ActorKind.CITIZEN
    kind, words = _kinds(case) if citizen else (Kind.NOTED, CaseText.Kind.NOTE)
    rows = attachments.keep(case, files, by_citizen=citizen, at=at)
    facts = optional(case, words, text, at=at, shown=citizen)
    log.record(case, kind, by=by, at=at, **facts, **attachments.facts(rows))
    return rows


def _kinds(case: Case) -> tuple[Kind, CaseText.Kind]:
    if case.state == Case.State.WAITING:
        return Kind.REPLIED, CaseText.Kind.REPLY
    return Kind.ADDED, CaseText.Kind.ADDITION
