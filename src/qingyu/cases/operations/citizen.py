"""What citizens do to a case of their own; agents do the same for a caller."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from qingyu.cases import log
from qingyu.cases.actors import Actor
from qingyu.cases.models import Case, CaseText
from qingyu.cases.operations.words import needed, optional, written
from qingyu.rules.lifecycle import Kind
from qingyu.rules.refusals import NotAllowed

URGE_EVERY_HOURS = 24


@transaction.atomic
def urge(case: Case, *, by: Actor, at: datetime, comment: str = "") -> None:
    """催单: the citizen asks what takes so long. Once a day; the unit's supervisor sees it."""
    last = case.events.filter(kind=Kind.URGED).order_by("-seq").first()
    if last is not None and (at - last.at).total_seconds() < URGE_EVERY_HOURS * 3600:
        raise NotAllowed("urged_already", last=last.at)
    facts = optional(case, CaseText.Kind.ADDITION, comment, at=at, shown=True)
    log.record(case, Kind.URGED, by=by, at=at, **facts)


@transaction.atomic
def add(case: Case, *, text: str, by: Actor, at: datetime) -> None:
    """Adds something to the matter; where the unit had asked, it is the reply and the clock goes on."""
    if case.state == Case.State.WAITING:
        reply(case, text=text, by=by, at=at)
        return
    facts = written(case, CaseText.Kind.ADDITION, needed(text, "text"), at=at, shown=True)
    log.record(case, Kind.ADDED, by=by, at=at, **facts)


@transaction.atomic
def reply(case: Case, *, text: str, by: Actor, at: datetime) -> None:
    """Answers the unit's question; the handle clock goes on."""
    facts = written(case, CaseText.Kind.REPLY, needed(text, "text"), at=at, shown=True)
    log.record(case, Kind.REPLIED, by=by, at=at, **facts)


@transaction.atomic
def withdraw(case: Case, *, by: Actor, at: datetime, comment: str = "") -> None:
    """The citizen no longer wants it; nothing counts for or against anybody."""
    facts = optional(case, CaseText.Kind.COMMENT, comment, at=at, shown=True)
    log.record(case, Kind.WITHDRAWN, by=by, at=at, **facts)
