"""Pre-check: taken up, not taken up, or everything that is missing told once; and the person's correction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from qingyu.applications import answering
from qingyu.applications.models import Application, Handover
from qingyu.applications.operations.waiting import silent_from, spoken
from qingyu.cases import log
from qingyu.cases.actors import Actor, ActorKind
from qingyu.cases.attachments import Held
from qingyu.cases.models import Case, CaseText
from qingyu.cases.operations.words import needed, optional, written
from qingyu.people import queries as people
from qingyu.rules.lifecycle import Kind
from qingyu.rules.refusals import NotValid


def _locked(case: Case) -> Application:
    log.lock(case)
    return Application.objects.select_for_update(of=("self",)).select_related("form", "version").get(case=case)


@transaction.atomic
def admit(case: Case, *, by: Actor, at: datetime) -> None:
    """受理: the promise and the limit of the law begin to count; who admits becomes the handler."""
    application = _locked(case)
    log.record(
        case, Kind.ADMITTED, by=by, at=at, handler=by.staff_id, promised=application.promised, legal=application.legal
    )  # fmt: skip
    spoken(application)


@transaction.atomic
def not_admit(case: Case, *, reason: str, by: Actor, at: datetime) -> None:
    """不予受理, with the reason in writing and where to turn (行政许可法 32, 38)."""
    application = _locked(case)
    facts = written(case, CaseText.Kind.REASON, needed(reason, "reason"), at=at, shown=True)
    log.record(case, Kind.NOT_ADMITTED, by=by, at=at, **facts)
    spoken(application)


@transaction.atomic
def ask_correction(case: Case, *, missing: str, by: Actor, at: datetime, fields: Sequence[str] = ()) -> None:
    """补正告知: all that is missing, told once and in time; ``fields`` are to be answered anew.

    NotAllowed: correction_asked_already (a second one needs ``permit_correction``), correction_too_late.
    NotValid("field_unknown").
    """
    application = _locked(case)
    known = {one.name for one in answering.fields_of(application.form, application.version)} | {answering.AUTHORITY}
    if not set(fields) <= known:
        raise NotValid("field_unknown", field="fields")
    text = needed(missing, "missing")
    facts = written(case, CaseText.Kind.QUESTION, text, at=at, shown=True)
    log.record(case, Kind.CORRECTION_ASKED, by=by, at=at, fields=list(fields), **facts)
    spoken(application)


@transaction.atomic
def permit_correction(case: Case, *, reason: str, by: Actor, at: datetime) -> None:
    """A supervisor lets the unit ask once more, and says why: the law knows one notice (行政许可法 32)."""
    facts = written(case, CaseText.Kind.REASON, needed(reason, "reason"), at=at, shown=False)
    log.record(case, Kind.CORRECTION_PERMITTED, by=by, at=at, **facts)


@transaction.atomic
def correct(
    case: Case, *, by: Actor, at: datetime, answers: Mapping[str, str] | None = None,
    documents: Mapping[str, Sequence[Held]] | None = None, text: str = "",
) -> None:  # fmt: skip
    """补正: what was missing has come, from the person or over the counter; the pre-check goes on.

    NotValid: correction_incomplete (a field that was asked for has nothing new; a clerk may write what was seen
    instead), ``answers.NAME`` with a code of ``rules.forms``, correction_empty.
    """
    application, given = _locked(case), documents or {}
    _require_complete(case, answers or {}, given, text, by)
    kept = answering.keep(case, given, by_citizen=by.kind is ActorKind.CITIZEN, at=at)
    answering.write_documents(application, kept, at=at)
    facts: dict[str, Any] = answering.facts_of(kept)
    if answers:
        facts |= _corrected_answers(application, answers, at)
    facts |= optional(case, CaseText.Kind.REPLY, text, at=at, shown=True)
    log.record(case, Kind.CORRECTED, by=by, at=at, **facts)
    Handover.objects.filter(application=application, ended_at=None).update(ended_at=at)
    application.silent_at, application.silence = silent_from(case.lead_id or 0, at), 0
    application.save(update_fields=["silent_at", "silence"])


def _require_complete(
    case: Case, answers: Mapping[str, str], documents: Mapping[str, Sequence[Held]], text: str, by: Actor
) -> None:
    if not (any(documents.values()) or any(answers.values()) or text.strip()):
        raise NotValid("correction_empty", field="text")
    if by.kind is not ActorKind.CITIZEN:
        return
    for name in asked_fields(case):
        if not documents.get(name) and not str(answers.get(name, "")).strip():
            raise NotValid("correction_incomplete", field=f"answers.{name}")


def asked_fields(case: Case) -> list[str]:
    """The fields that the last correction notice names."""
    event = case.events.filter(kind=Kind.CORRECTION_ASKED).order_by("-seq").first()
    return list(event.facts.get("fields", ())) if event else []


def _corrected_answers(application: Application, answers: Mapping[str, str], at: datetime) -> dict[str, Any]:
    last = application.answers.order_by("-number").first()
    held = dict[str, list[str]]()
    for row in application.documents.filter(replaced_at=None):
        held.setdefault(row.field, []).append(str(row.attachment_id))
    held.pop(answering.AUTHORITY, None)
    said = (answering.read(last) if last else {}) | dict(answers)
    fields = answering.fields_of(application.form, application.version)
    checked = answering.checked(fields, said, held, day=people.city_day(at))
    for name, fault in checked.errors.items():
        raise NotValid(fault.code, field=f"answers.{name}", **fault.facts)
    number = last.number + 1 if last else 1
    return answering.write(application, answering.words_only(checked), number=number, at=at)
