"""After an application is admitted: special procedures, the decision, the result."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime

from django.db import transaction

from qingyu.applications.models import Application, Result
from qingyu.cases import log, papers, rows
from qingyu.cases.actors import Actor
from qingyu.cases.models import Case, CaseText, Contact
from qingyu.cases.operations.words import needed, optional, written
from qingyu.people import sealing
from qingyu.rules import applications as rules
from qingyu.rules.identifiers.numbers import QUERY_ALPHABET
from qingyu.rules.lifecycle import Kind
from qingyu.rules.refusals import NotValid

CODE_LENGTH = 12
HOLDER = "result:holder"
WAYS = ("online", "window", "post")


@transaction.atomic
def begin_special(case: Case, *, procedure: str, days: int, reason: str, by: Actor, at: datetime) -> None:
    """A procedure whose days do not count (行政许可法 45); the person is told which and for how many working days."""
    if procedure not in list(rules.Procedure):
        raise NotValid("procedure_unknown", field="procedure")
    expected = rules.special_days(days)
    facts = written(case, CaseText.Kind.NOTE, needed(reason, "reason"), at=at, shown=True)
    log.record(case, Kind.SPECIAL_BEGUN, by=by, at=at, procedure=procedure, expected=str(expected), **facts)


@transaction.atomic
def end_special(case: Case, *, by: Actor, at: datetime, outcome: str = "") -> None:
    """It has ended: the limits go on where they stood."""
    facts = optional(case, CaseText.Kind.NOTE, outcome, at=at, shown=True)
    log.record(case, Kind.SPECIAL_ENDED, by=by, at=at, **facts)


@transaction.atomic
def decide(case: Case, *, granted: bool, by: Actor, at: datetime, reason: str = "") -> None:
    """Granted, or refused with the reason in writing (行政许可法 38)."""
    if not granted:
        needed(reason, "reason")
    log.lock(case)
    facts = optional(case, CaseText.Kind.ANSWER, reason, at=at, shown=True)
    log.record(case, Kind.DECIDED, by=by, at=at, granted=granted, **facts)
    Application.objects.filter(case=case).update(granted=granted)


@transaction.atomic
def issue(case: Case, *, how: str, by: Actor, at: datetime) -> Result:
    """送达: the decision becomes a result with a code by which anybody can see that it is genuine (行政许可法 44)."""
    if how not in WAYS:
        raise NotValid("way_unknown", field="how")
    log.lock(case)
    application = Application.objects.select_related("version").get(case=case)
    result = _result(case, application, how, at)
    log.record(case, Kind.ISSUED, by=by, at=at, how=how, result=result.pk, granted=result.granted)
    return result


def _result(case: Case, application: Application, how: str, at: datetime) -> Result:
    person = Contact.objects.filter(case=case, role=Contact.Role.PERSON).first()
    name = papers.clear_field(person, "name") if person else ""
    version = application.version
    result = Result(
        uuid=uuid.uuid4(), application=application, name=(version.result_name or version.name)[:200],
        granted=bool(application.granted), how=how, at=at, code=_code(),
    )  # fmt: skip
    result.holder = sealing.seal(name, column=HOLDER, row=result.uuid)
    while not rows.claim(result, unique=("code",)):
        result.code = _code()
    return result


def _code() -> str:
    return "".join(secrets.choice(QUERY_ALPHABET) for _ in range(CODE_LENGTH))
