"""Applications as JSON: send one, hand in papers, see it, correct it; and what staff do to it."""

# No `from __future__ import annotations`: the shapes of bodies are annotations that must be classes.

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Header, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import AwareDatetime, Field

from qingyu.applications import operations, queries
from qingyu.applications.models import Application
from qingyu.cases import actors, attachments
from qingyu.cases import queries as cases
from qingyu.cases.actors import CITIZEN, Actor
from qingyu.cases.api.acts import Act
from qingyu.cases.api.answers import REFUSALS, SHORTEST_KEY, once, reply, unit_code
from qingyu.cases.api.citizen import content_of
from qingyu.cases.api.desk import mount
from qingyu.cases.api.shapes import Body, Code, ContactIn, Line, Words
from qingyu.cases.attachments import Held
from qingyu.cases.models import Case
from qingyu.cases.operations import Person
from qingyu.cases.ports import sender_of
from qingyu.people.api import bearer, staff_token
from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotPermitted, NotValid

router = Router(tags=["applications"])
desk_router = Router(tags=["desk"], auth=staff_token)
Given = Annotated[str, Query("", max_length=40, description="the query code, or send it as X-Query-Code")]
HeaderCode = Annotated[str, Header("", alias="X-Query-Code", max_length=40)]
Key = Annotated[str, Header("", alias="Idempotency-Key", max_length=120, description="the same request acts once")]
Token = Annotated[str, Field(max_length=2000)]
Answers = dict[Code, Words]
Documents = dict[Code, Annotated[list[Token], Field(max_length=10)]]


class ProxyIn(Body):
    """Who acts for the person. ``kind``: family, neighbour, community, authorised or guardian; photos as tokens."""

    kind: Code
    name: Line
    phone: Code
    authority: Annotated[list[Token], Field(max_length=5)] = []


class ApplicationIn(Body):
    """``answers`` by name of the field; ``documents`` tokens of files that were handed in before."""

    item: Code
    answers: Answers = {}
    documents: Documents = {}
    contact: ContactIn
    proxy: ProxyIn | None = None
    channel: Code = "web"


class Applied(Schema):
    """A receipt. ``owner``: code of the unit, its name, who in it; ``due_at``: taken up or not by then."""

    number: str
    query_code: str
    owner: dict[str, str]
    deputy: str
    due_at: AwareDatetime | None
    again: bool


class FileOut(Schema):
    """A file that belongs to no application yet; its token opens for a day."""

    token: str
    name: str
    size: int


class Files(Schema):
    """Files in the order in which they were sent."""

    files: list[FileOut]


class CorrectionIn(Body):
    """What was missing: answers and documents by field, and a word beside them."""

    answers: Answers = {}
    documents: Documents = {}
    text: Words = ""


class TextIn(Body):
    """A few words; may stay empty."""

    text: Words = ""


class ResultOut(Schema):
    """What was issued."""

    name: str
    code: str
    granted: bool
    how: str
    at: AwareDatetime


class ApplicationOut(Schema):
    """An application as its citizen sees it; ``missing`` and ``fields`` while something must be corrected."""

    number: str
    item: str
    state: str
    stage: str
    owner: str
    due_at: AwareDatetime | None
    missing: str
    fields: list[str]
    correct_by: AwareDatetime | None
    reason: str
    result: ResultOut | None


class GenuineOut(Schema):
    """A result that is genuine; the holder masked."""

    name: str
    item: str
    unit: str
    granted: bool
    at: AwareDatetime
    holder: str


@router.post("/applications", response={201: Applied, **REFUSALS})
def apply(request: HttpRequest, body: ApplicationIn, key: Key) -> HttpResponse:
    """Sends an application to the unit of its item. The same again while one is open is that one."""
    at, viewer = datetime.now(UTC), bearer(request)
    if viewer is None and body.channel not in ("web", "app"):
        raise NotPermitted("channel_for_staff")
    if body.channel not in ("web", "app", "window"):
        raise NotValid("channel_unknown", field="channel")
    if viewer is None and 0 < len(key.strip()) < SHORTEST_KEY:
        raise NotValid("idempotency_key_short", field="Idempotency-Key", shortest=SHORTEST_KEY)

    def act() -> tuple[int, object]:
        sent = operations.send(_sending(body), by=_actor(viewer), at=at)
        return 201, _receipt(sent)

    return once(request, f"staff:{viewer.staff_id}" if viewer else "anyone", act, at=at)


def _actor(viewer: Viewer | None) -> Actor:
    return actors.staff(viewer) if viewer else CITIZEN


def _sending(body: ApplicationIn) -> operations.Sending:
    given = body.contact
    person = Person(given.name, given.phone, given.email, given.address, "", given.language)
    proxy = None
    if body.proxy:
        who = Person(name=body.proxy.name, phone=body.proxy.phone)
        proxy = operations.Proxy(body.proxy.kind, who, tuple(attachments.of_token(one) for one in body.proxy.authority))
    return operations.Sending(
        item=body.item, person=person, answers=body.answers, documents=_held(body.documents), proxy=proxy,
        channel=body.channel,
    )  # fmt: skip


def _held(documents: Mapping[str, list[str]]) -> dict[str, tuple[Held, ...]]:
    return {name: tuple(attachments.of_token(token) for token in tokens) for name, tokens in documents.items()}


def _receipt(sent: operations.Sent) -> dict[str, object]:
    case, application = sent.case, queries.of_case(sent.case)
    owner = application.owner.name if application and application.owner else ""
    unit = {"code": unit_code(case.lead_id), "name": cases.unit_name(case.lead_id), "person": owner}
    return {
        "number": case.number, "query_code": sent.query_code, "owner": unit, "due_at": case.due_at, "again": sent.again,
        "deputy": application.deputy.name if application and application.deputy else "",
    }  # fmt: skip


@router.post("/applications/files", response={201: Files, **REFUSALS})
def hand_in(request: HttpRequest, files: File[list[UploadedFile]], key: Key) -> HttpResponse:
    """Photos or papers before the application is sent: told by their content, turned upright, cleaned."""
    at = datetime.now(UTC)
    sent = [(file.name or "", content_of(file)) for file in files[:10]]
    digest = hashlib.sha256(b"".join(hashlib.sha256(content).digest() for _, content in sent)).digest()

    def act() -> tuple[int, object]:
        held = [attachments.hold(name, content, sender=sender_of()(request)) for name, content in sent]
        return 201, {"files": [{"token": one.token, "name": one.name, "size": one.size} for one in held]}

    return once(request, "anyone", act, at=at, body=digest)


@router.get("/applications/{number}", response={200: ApplicationOut, **REFUSALS})
def look(request: HttpRequest, number: str, code: Given, header_code: HeaderCode) -> HttpResponse:
    """How an application stands, what is missing, what was decided."""
    return reply(_shown(*_own(number, code or header_code)))


def _own(number: str, code: str) -> tuple[Case, Application]:
    case = cases.case_of_citizen(number, code)
    application = queries.of_case(case)
    if application is None:
        raise cases.NoSuchCase(number)
    return case, application


def _shown(case: Case, application: Application) -> dict[str, Any]:
    shown = queries.show(case, application)
    notice, result = shown.notice, shown.result
    return {
        "number": case.number, "item": case.item, "state": case.state, "stage": case.stage,
        "owner": unit_code(case.lead_id), "due_at": case.due_at, "missing": notice.text if notice else "",
        "fields": list(notice.fields) if notice else [], "correct_by": notice.until if notice else None,
        "reason": shown.reason,
        "result": {name: getattr(result, name) for name in ResultOut.model_fields} if result else None,
    }  # fmt: skip


@router.post("/applications/{number}/correct", response={200: ApplicationOut, **REFUSALS})
def correct(
    request: HttpRequest, number: str, body: CorrectionIn, code: Given, header_code: HeaderCode, key: Key
) -> HttpResponse:
    """Hands in what was missing."""
    at = datetime.now(UTC)
    case, application = _own(number, code or header_code)

    def act() -> tuple[int, object]:
        documents = _held(body.documents)
        operations.correct(case, answers=body.answers, documents=documents, text=body.text, by=CITIZEN, at=at)
        return 200, _shown(case, application)

    return once(request, f"case:{case.number}", act, at=at)


@router.post("/applications/{number}/window", response={200: ApplicationOut, **REFUSALS})
def window(
    request: HttpRequest, number: str, body: TextIn, code: Given, header_code: HeaderCode, key: Key
) -> HttpResponse:
    """It is finished at a window, under the same number."""
    at = datetime.now(UTC)
    case, application = _own(number, code or header_code)

    def act() -> tuple[int, object]:
        operations.choose_window(case, missing=body.text, by=CITIZEN, at=at)
        return 200, _shown(case, application)

    return once(request, f"case:{case.number}", act, at=at)


@router.get("/results/{code}", response={200: GenuineOut, **REFUSALS})
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a result is genuine. 404 where no result has the code; guessing is limited."""
    found = queries.genuine(code)
    if found is None:
        raise cases.NoSuchCase(code)
    return reply({name: getattr(found, name) for name in GenuineOut.model_fields})


# What staff do -----------------------------------------------------------------------------------------------------


class Admit(Act):
    """Takes it up: the promise begins to count."""

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.admit(case, by=by, at=at)


class NotAdmit(Act):
    """Does not take it up, with the reason the person reads."""

    reason: Words

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.not_admit(case, reason=self.reason, by=by, at=at)


class AskCorrection(Act):
    """All that is missing, once; ``fields`` are to be handed in anew."""

    missing: Words
    fields: Annotated[list[Code], Field(max_length=60)] = []  # type: ignore[assignment]

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.ask_correction(case, missing=self.missing, fields=self.fields, by=by, at=at)


class PermitCorrection(Act):
    """A supervisor permits one more notice."""

    reason: Words

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.permit_correction(case, reason=self.reason, by=by, at=at)


class Received(Act):
    """What was brought to the window, or seen there."""

    text: Words

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.correct(case, text=self.text, by=by, at=at)


class BeginSpecial(Act):
    """A procedure whose days do not count; ``days`` working days are told to the person."""

    procedure: Code
    days: Annotated[int, Field(ge=1, le=400)]
    reason: Words

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.begin_special(case, procedure=self.procedure, days=self.days, reason=self.reason, by=by, at=at)


class EndSpecial(Act):
    """It has ended; the limits go on."""

    outcome: Words = ""

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.end_special(case, outcome=self.outcome, by=by, at=at)


class Decide(Act):
    """Granted, or refused with a reason."""

    granted: bool
    reason: Words = ""

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.decide(case, granted=self.granted, reason=self.reason, by=by, at=at)


class Issue(Act):
    """Hands the result over: ``how`` online, window or post."""

    how: Code

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.issue(case, how=self.how, by=by, at=at)


class ChooseWindow(Act):
    """It is finished at a window; what the person must bring."""

    missing: Words

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.choose_window(case, missing=self.missing, by=by, at=at)


DOORS: dict[str, type[Act]] = {
    "admit": Admit, "not_admit": NotAdmit, "ask_correction": AskCorrection, "permit_correction": PermitCorrection,
    "correct": Received, "begin_special": BeginSpecial, "end_special": EndSpecial, "decide": Decide, "issue": Issue,
    "choose_window": ChooseWindow,
}  # fmt: skip
for name, shape in DOORS.items():
    mount(desk_router, name, shape)
