"""What citizens do: file, look, urge, add, withdraw, rate, reopen. Agents file with their token for a person."""

# No `from __future__ import annotations`: the shape of each act's body is an annotation that must be a class.

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import File, Header, Query, Router, Schema
from ninja.files import UploadedFile

from qingyu.cases import actors, attachments, operations, queries
from qingyu.cases.actors import CITIZEN, Actor
from qingyu.cases.api import shapes
from qingyu.cases.api.answers import REFUSALS, SHORTEST_KEY, once, reply, unit_code
from qingyu.cases.citizen import rating
from qingyu.cases.models import Case
from qingyu.cases.ports import sender_of
from qingyu.cases.tokens import case_of_token
from qingyu.people.api import bearer
from qingyu.people.policy import Viewer
from qingyu.rules.lifecycle import Kind
from qingyu.rules.rating import Channel
from qingyu.rules.refusals import NotPermitted, NotValid

router = Router(tags=["citizen"])
# What a citizen may claim to have come by; all other channels are filed by staff.
CHANNELS_OF_STAFF = frozenset(Case.Channel.values) - {"web", "app", "social"}
# What has happened -> the act that makes it happen, as the citizen's doors are called.
ACTS = {
    Kind.URGED: "urge",
    Kind.ADDED: "add",
    Kind.REPLIED: "add",
    Kind.WITHDRAWN: "withdraw",
    Kind.RATED: "rate",
    Kind.REOPENED: "reopen",
}
Act = Callable[[Case, Any, datetime], None]
Code = Annotated[str, Query("", max_length=40, description="the query code, or send it as X-Query-Code")]
HeaderCode = Annotated[str, Header("", alias="X-Query-Code", max_length=40)]
Key = Annotated[str, Header("", alias="Idempotency-Key", max_length=120, description="the same request acts once")]


@router.post("/cases", response={201: shapes.Filed, **REFUSALS})
def file_case(request: HttpRequest, body: shapes.FilingIn, key: Key) -> HttpResponse:
    """Files a request. Without a token: channel web, app or social. The query code is told this once."""
    at, viewer = datetime.now(UTC), bearer(request)
    if viewer is None and body.channel in CHANNELS_OF_STAFF:
        raise NotPermitted("channel_for_staff")
    if body.channel == "open311":  # filed through its own door alone, which tells people that it is published
        raise NotValid("channel_unknown", field="channel")
    if viewer is None:
        _require_long(key)

    def act() -> tuple[int, object]:
        return 201, _filed(operations.open_case(_filing(body, viewer), by=_actor(viewer), at=at))

    return once(request, f"staff:{viewer.staff_id}" if viewer else "anyone", act, at=at)


def _require_long(key: str) -> None:
    """NotValid("idempotency_key_short"): strangers share one space of keys, and an answer repeats a query code."""
    if 0 < len(key.strip()) < SHORTEST_KEY:
        raise NotValid("idempotency_key_short", field="Idempotency-Key", shortest=SHORTEST_KEY)


def _actor(viewer: Viewer | None) -> Actor:
    return actors.staff(viewer) if viewer else CITIZEN


def _filing(body: shapes.FilingIn, viewer: Viewer | None) -> operations.Filing:
    place = body.place or shapes.PlaceIn()
    return operations.Filing(
        text=body.text,
        title=body.title,
        type=body.type,
        topic=body.topic,
        channel=body.channel,
        urgency=body.urgency if viewer else "general",  # how urgent it is, staff decides
        place=operations.Place(place.address, place.area, place.lat, place.lon),
        person=_person(body.contact) if body.contact else None,
        confidential=body.confidential,
    )


def _person(contact: shapes.ContactIn) -> operations.Person:
    return operations.Person(
        name=contact.name,
        phone=contact.phone,
        email=contact.email,
        address=contact.address,
        language=contact.language,
    )


def _filed(opened: operations.Opened) -> dict[str, object]:
    case = opened.case
    return {
        "number": case.number,
        "query_code": opened.query_code,
        "state": case.state,
        "owner": unit_code(case.owner_id),
        "due_at": case.due_at,
    }


@router.get("/cases/{number}", response={200: shapes.PublicCase, **REFUSALS})
def look(request: HttpRequest, number: str, code: Code, header_code: HeaderCode) -> HttpResponse:
    """The case as its citizen sees it. A wrong number and a wrong code are told apart by nobody: both are 404."""
    at = datetime.now(UTC)
    return reply(_public(_own_case(number, code or header_code), at))


def _own_case(number: str, code: str) -> Case:
    return queries.case_of_citizen(number, code)


def _public(case: Case, at: datetime) -> dict[str, object]:
    view = queries.public_view(case, at=at)
    names = set(shapes.PublicCase.model_fields) - {"entries", "may"}
    entries = [_entry(entry) for entry in view.entries]
    may = sorted({ACTS[Kind(kind)] for kind in view.may if kind in ACTS})
    return {name: getattr(view, name) for name in names} | {"entries": entries, "may": may}


def _entry(entry: queries.Entry) -> dict[str, object]:
    return {name: getattr(entry, name) for name in shapes.EntryOut.model_fields}


# What citizens do to it --------------------------------------------------------------------------------------------


def _urge(case: Case, body: shapes.UrgeIn, at: datetime) -> None:
    """Asks what takes so long; once in 24 hours. The unit and its supervisor see it."""
    operations.urge(case, comment=body.comment, by=CITIZEN, at=at)


def _add(case: Case, body: shapes.AddIn, at: datetime) -> None:
    """Adds something; where the unit has asked, this is the reply and its time goes on."""
    operations.add(case, text=body.text, by=CITIZEN, at=at)


def _withdraw(case: Case, body: shapes.UrgeIn, at: datetime) -> None:
    """The citizen no longer wants it; nothing counts for or against anybody."""
    operations.withdraw(case, comment=body.comment, by=CITIZEN, at=at)


def _rate(case: Case, body: shapes.RateIn, at: datetime) -> None:
    """Rates the outcome, once, and once more after the matter was taken up again."""
    occasion = operations.rating_occasion(case)
    operations.rate(case, level=body.level, channel="web", occasion=occasion, comment=body.comment, by=CITIZEN, at=at)


@router.post("/ratings", response={201: shapes.Rated, **REFUSALS})
def rate_by_token(request: HttpRequest, body: shapes.RatingIn, key: Key) -> HttpResponse:
    """Rates by the link that was sent: the outcome, or the service so far while there is none. Once each."""
    at, case = datetime.now(UTC), case_of_token(body.token)
    if bearer(request) is not None or request.user.is_authenticated:
        raise NotPermitted("not_for_staff")

    def act() -> tuple[int, object]:
        asked = rating.question(case)
        rating.rate(case, level=body.level, text=body.comment, channel=Channel.WEB, at=at, asked=asked)
        return 201, {"number": case.number, "rated": asked.service or "outcome"}

    return once(request, f"case:{case.uuid}", act, at=at)


def _reopen(case: Case, body: shapes.AddIn, at: datetime) -> None:
    """New facts about a matter that has ended."""
    operations.reopen(case, text=body.text, by=CITIZEN, at=at)


# By the last part of the address.
DOORS: dict[str, tuple[type[Schema], Act]] = {
    "urge": (shapes.UrgeIn, _urge),
    "add": (shapes.AddIn, _add),
    "withdraw": (shapes.UrgeIn, _withdraw),
    "rate": (shapes.RateIn, _rate),
    "reopen": (shapes.AddIn, _reopen),
}


def door(shape: type[Schema], act: Act) -> Callable[..., HttpResponse]:
    """The view of one act of a citizen on a case of their own; the answer is the case as it then stands."""

    def view(
        request: HttpRequest,
        number: str,
        body: shape,  # type: ignore[valid-type]
        code: Code,
        header_code: HeaderCode,
        key: Key,
    ) -> HttpResponse:
        at, case = datetime.now(UTC), _own_case(number, code or header_code)

        def done() -> tuple[int, object]:
            act(case, body, at)
            return 200, _public(case, at)

        return once(request, f"case:{case.number}", done, at=at)

    return view


for name, (shape, act) in DOORS.items():
    router.post(
        f"/cases/{{number}}/{name}",
        response={200: shapes.PublicCase, **REFUSALS},
        operation_id=f"qingyu_cases_api_citizen_{name}",
        summary=name.capitalize(),
        description=act.__doc__,
    )(door(shape, act))


@router.post("/cases/{number}/attachments", response={201: shapes.PublicCase, **REFUSALS})
def attach(
    request: HttpRequest, number: str, files: File[list[UploadedFile]], code: Code, header_code: HeaderCode, key: Key
) -> HttpResponse:
    """Photos or files that belong to the matter: each is told by its content and cleaned before it is kept."""
    at = datetime.now(UTC)
    case = _own_case(number, code or header_code)
    sent = [(file.name or "", content_of(file)) for file in files]
    digest = hashlib.sha256(b"".join(hashlib.sha256(content).digest() for _, content in sent)).digest()

    def done() -> tuple[int, object]:
        held = [attachments.hold(name, content, sender=sender_of()(request)) for name, content in sent]
        operations.attach(case, files=held, by=CITIZEN, at=at)
        return 201, _public(case, at)

    return once(request, f"case:{case.number}", done, at=at, body=digest)


def content_of(file: UploadedFile) -> bytes:
    """What was sent. NotValid("file_too_big")."""
    if (file.size or 0) > settings.ATTACHMENT_MAX_BYTES:
        raise NotValid("file_too_big", field="files", megabytes=settings.ATTACHMENT_MAX_BYTES // 1024 // 1024)
    content: bytes = file.read()
    return content
