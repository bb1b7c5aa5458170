"""Reads of applications: what pages and the API show of one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qingyu.applications import answering
from qingyu.applications.models import Application, Document, Draft, Handover, Result
from qingyu.applications.operations import drafts
from qingyu.cases import attachments, papers
from qingyu.cases.models import Case, CaseClock, CaseEvent, CaseText
from qingyu.catalog import queries as catalog
from qingyu.catalog.models import FormVersion, Item
from qingyu.people import queries as people
from qingyu.people import sealing
from qingyu.rules import identifiers
from qingyu.rules.forms import Field, Kind
from qingyu.rules.lifecycle import Stage
from qingyu.rules.refusals import NotPermitted

HIDDEN = (Kind.ID, Kind.PHONE)


@dataclass(frozen=True)
class Paper:
    """A document of an application."""

    uuid: str
    name: str
    size: int
    image: bool
    replaced: bool
    at: datetime


@dataclass(frozen=True)
class Line:
    """One question of the form with its answer, or with its documents. ``asked``: to be answered anew."""

    name: str
    label: str
    value: str = ""
    papers: tuple[Paper, ...] = ()
    document: bool = False
    asked: bool = False


@dataclass(frozen=True)
class Notice:
    """What is missing, as it was told, and until when."""

    text: str
    at: datetime
    until: datetime | None
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Rest:
    """A time that was not counted."""

    reason: str
    began: datetime
    ended: datetime | None


@dataclass(frozen=True)
class Shown:
    """All that a page shows of an application beside its case."""

    case: Case
    application: Application
    lines: list[Line]
    notice: Notice | None
    rests: list[Rest]
    result: Result | None
    decided: CaseEvent | None
    reason: str
    handover: Handover | None
    window: str
    due: dict[str, datetime]


def of_case(case: Case) -> Application | None:
    """The application that the case is; None for every other case."""
    if not case.stage:
        return None
    related = Application.objects.select_related("version__item", "form", "owner", "deputy")
    return related.filter(case=case).first()


def show(case: Case, application: Application, *, clear: bool = False) -> Shown:
    """The application in words; ID and phone numbers masked unless ``clear``. Eight statements."""
    events = list(case.events.order_by("seq"))
    texts = {row.pk: row for row in CaseText.objects.filter(case=case)}
    notice = _notice(case, events, texts)
    decided = _last(events, "decided", "not_admitted")
    window = _last(events, "window_chosen")
    return Shown(
        case=case, application=application, notice=notice,
        lines=lines(application, clear=clear, asked=notice.fields if notice else ()),
        rests=_rests(events), result=Result.objects.filter(application=application).first(),
        decided=decided, reason=_text(decided, texts),
        handover=Handover.objects.filter(application=application).order_by("-id").first(), window=_text(window, texts),
        due={row.kind: row.due_at for row in CaseClock.objects.filter(case=case, stop="") if not row.paused_at},
    )  # fmt: skip


def lines(application: Application, *, clear: bool, asked: Iterable[str] = ()) -> list[Line]:
    """Questions and answers in the order of the form; answers to fields that are gone stand at the end."""
    wanted = set(asked)
    last = application.answers.order_by("-number").first()
    values = answering.read(last) if last else {}
    papers_of = _papers(application)
    found = [
        Line(
            one.name, one.label, _said(one, values.get(one.name, ""), clear), tuple(papers_of.get(one.name, ())),
            one.kind is Kind.DOCUMENT, one.name in wanted,
        )
        for one in answering.fields_of(application.form, application.version)
    ]  # fmt: skip
    authority = tuple(papers_of.get(answering.AUTHORITY, ()))
    if authority:
        found.append(Line(answering.AUTHORITY, "", "", authority, True, answering.AUTHORITY in wanted))
    return found


def _said(one: Field, value: str, clear: bool) -> str:
    if one.kind is Kind.CHOICE:
        return dict(one.choices).get(value, value)
    if clear or one.kind not in HIDDEN or not value:
        return value
    return identifiers.mask_resident_id(value) if one.kind is Kind.ID else identifiers.mask_phone(value)


def _papers(application: Application) -> dict[str, list[Paper]]:
    found: dict[str, list[Paper]] = {}
    rows = Document.objects.filter(application=application).select_related("attachment").order_by("id")
    for row in rows:
        file = row.attachment
        paper = Paper(
            str(file.uuid), attachments.name_of(file), file.size, file.content_type.startswith("image/"),
            row.replaced_at is not None, file.at,
        )  # fmt: skip
        found.setdefault(row.field, []).append(paper)
    return found


def _last(events: list[CaseEvent], *kinds: str) -> CaseEvent | None:
    return next((event for event in reversed(events) if event.kind in kinds), None)


def _text(event: CaseEvent | None, texts: dict[int, CaseText]) -> str:
    row = texts.get(event.facts.get("text") or 0) if event else None
    return papers.read_text(row) if row else ""


def _notice(case: Case, events: list[CaseEvent], texts: dict[int, CaseText]) -> Notice | None:
    event = _last(events, "correction_asked")
    if event is None or case.stage not in (Stage.CORRECTING, Stage.AT_WINDOW):
        return None
    until = CaseClock.objects.filter(case=case, kind="correct", stop="").values_list("due_at", flat=True).first()
    return Notice(_text(event, texts), event.at, until, tuple(event.facts.get("fields", ())))


def _rests(events: list[CaseEvent]) -> list[Rest]:
    found: list[Rest] = []
    for event in events:
        changes = [change["do"] for change in event.facts.get("clocks", ())]
        if "pause" in changes:
            found.append(Rest(event.facts.get("procedure", "correction"), event.at, None))
        elif found and found[-1].ended is None and {"resume", "void"} & set(changes):
            found[-1] = Rest(found[-1].reason, found[-1].began, event.at)
    return found


# Half-filled ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """A half-filled application with the form it was filled under."""

    item: Item
    said: dict[str, Any]


def draft(code: str, *, at: datetime) -> Kept:
    """What was kept under a code. NotPermitted("draft_unknown") for a wrong one as for one whose time is over."""
    row = Draft.objects.select_related("item").filter(code=drafts.blind(code), expires_at__gt=at).first()
    if row is None:
        raise NotPermitted("draft_unknown")
    return Kept(row.item, json.loads(sealing.unseal(row.said, column=drafts.SAID, row=row.uuid)))


def form_version(pk: int, item: Item) -> FormVersion | None:
    """A version of a form of the item, also one that no longer holds."""
    return FormVersion.objects.filter(pk=pk, form__item=item).first()


def form_today(item: Item, *, at: datetime) -> FormVersion | None:
    """The version that holds now."""
    return catalog.form_for(item, day=people.city_day(at))


# Results --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Genuine:
    """What anybody who holds a result may know of it."""

    name: str
    item: str
    unit: str
    granted: bool
    at: datetime
    holder: str


def genuine(code: str) -> Genuine | None:
    """The result with that code; None where there is none. Two statements."""
    from qingyu.applications.operations.deciding import HOLDER

    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    row = Result.objects.select_related("application__version", "application__case__lead").filter(code=plain).first()
    if row is None:
        return None
    holder = sealing.unseal(row.holder, column=HOLDER, row=row.uuid)
    lead = row.application.case.lead
    return Genuine(
        row.name, row.application.version.name, lead.name if lead else "", row.granted, row.at,
        identifiers.mask_name(holder) if holder else "",
    )  # fmt: skip
