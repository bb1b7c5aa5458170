"""Answers as JSON: citizens search, read, say whether it helped, ask; staff write and review with their token."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import get_default_timezone
from ninja import Query, Router, Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field

from qingyu.knowledge import operations, queries
from qingyu.knowledge.models import Answer, AnswerVersion, Unanswered
from qingyu.knowledge.operations import Draft
from qingyu.knowledge.operations.words import LONGEST, LONGEST_QUESTION, LONGEST_TITLE
from qingyu.knowledge.ports import Sent, house
from qingyu.people import queries as people
from qingyu.people.api import Problem, staff_token
from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotValid

router = Router(tags=["answers"])
desk_router = Router(tags=["answers"], auth=staff_token)
REFUSALS: dict[int, type[Problem]] = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429, 503), Problem)


def _storable(text: str) -> str:
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValueError("signs that cannot be stored")
    return text


def _words(longest: int) -> Any:
    return Annotated[str, Field(max_length=longest), AfterValidator(_storable)]


Code, Title, Text, Words, Reason = _words(120), _words(LONGEST_TITLE), _words(LONGEST), _words(500), _words(300)
Seen = Annotated[int | None, Field(ge=0, le=2**31 - 1)]


class Body(Schema):
    """A body: an unknown field is an error, so that a misspelt one is not silently ignored."""

    model_config = ConfigDict(extra="forbid")


class AnswerOut(Schema):
    """An answer as it is shown today. ``unit`` is a code, ``unit_name`` and ``topic_name`` are words."""

    code: str
    title: str
    text: str
    unit: str
    unit_name: str
    topic: str
    topic_name: str
    effective_from: date


class Answers(Schema):
    answers: list[AnswerOut]


class QuestionIn(Body):
    """A question that no answer fits; no name, phone or identity number belongs in it."""

    question: Words  # type: ignore[valid-type]
    topic: Code = ""  # type: ignore[valid-type]


class QuestionOut(Schema):
    """Who has the question and until when. ``answer``: the code of its answer once that is in force."""

    reference: str
    question: str
    state: str
    unit: str
    due_at: AwareDatetime
    asked: int
    answer: str = ""


class HelpedIn(Body):
    helped: bool


class VersionIn(Body):
    """The words, and the days on which they hold (days of the city, both inclusive)."""

    title: Title  # type: ignore[valid-type]
    text: Text  # type: ignore[valid-type]
    effective_from: date | None = None
    expires_on: date | None = None
    review_on: date | None = None
    seen: Seen = None

    def draft(self) -> Draft:
        return Draft(self.title, self.text, self.effective_from, self.expires_on)


class WriteIn(VersionIn):
    unit: Code = ""  # type: ignore[valid-type]
    topic: Code = ""  # type: ignore[valid-type]


class ActIn(Body):
    seen: Seen = None


class ReasonIn(ActIn):
    reason: Reason  # type: ignore[valid-type]


class GiveIn(Body):
    unit: Code  # type: ignore[valid-type]


class Standing(Schema):
    """How an answer stands: ``seen`` goes with the next act."""

    code: str
    title: str
    unit: str
    state: str
    waiting: bool
    newest: int
    review_on: date
    seen: int


# Answers made by hand ------------------------------------------------------------------------------------------


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(get_default_timezone()).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def _text(value: object) -> str:
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":"))


def _reply(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="application/json; charset=utf-8")


def _once(request: HttpRequest, caller: str, act: Callable[[], tuple[int, object]], *, at: datetime) -> HttpResponse:
    key = request.headers.get("Idempotency-Key", "").replace("\x00", "").strip()
    if len(key) > 120:
        raise NotValid("field_too_long", field="Idempotency-Key")

    def done() -> tuple[int, str]:
        status, value = act()
        return status, _text(value)

    return _reply(*house().once(Sent(caller, request.path, key, request.body), done, at=at))


def _unit_code(unit_id: int) -> str:
    unit = people.units().get(unit_id)
    return unit.code if unit else ""


def _unit_id(code: str) -> int:
    try:
        return people.unit_ids()[code]
    except KeyError:
        raise NotValid("unit_unknown", field="unit") from None


def _answer(found: queries.Found) -> dict[str, object]:
    return {
        "code": found.code, "title": found.title, "text": found.text, "unit": _unit_code(found.unit_id),
        "unit_name": found.unit, "topic": found.topic_code, "topic_name": found.topic,
        "effective_from": found.effective_from,
    }  # fmt: skip


def _question(asked: Unanswered, code: str = "") -> dict[str, object]:
    return {
        "reference": str(asked.reference), "question": asked.text, "state": asked.state,
        "unit": _unit_code(asked.unit_id), "due_at": asked.due_at, "asked": asked.asked, "answer": code,
    }  # fmt: skip


def _standing(answer: Answer) -> dict[str, object]:
    return {
        "code": answer.code, "title": answer.title, "unit": _unit_code(answer.unit_id), "state": answer.state,
        "waiting": answer.waiting, "newest": answer.newest, "review_on": answer.review_on, "seen": answer.steps_taken,
    }  # fmt: skip


# Citizens ------------------------------------------------------------------------------------------------------

Asked = Annotated[str, Query("", max_length=LONGEST_QUESTION, description="the question, in any words")]
Topic = Annotated[str, Query("", max_length=120, description="only answers of this topic and below")]


@router.get("/answers", response={200: Answers, **REFUSALS})
def search(request: HttpRequest, q: Asked, topic: Topic) -> HttpResponse:
    """Up to 20 answers to a question, the best first; without one those that helped most."""
    day, wanted = people.city_day(datetime.now(UTC)), q.replace("\x00", "").strip()
    found = queries.found_for(wanted, day=day, topic=topic) if wanted else queries.most_helpful(day=day)
    return _reply(200, _text({"answers": [_answer(one) for one in found]}))


@router.get("/answers/{code}", response={200: AnswerOut, **REFUSALS})
def read(request: HttpRequest, code: str) -> HttpResponse:
    """One answer as it holds today; 404 where none is shown."""
    return _reply(200, _text(_answer(_shown(code, datetime.now(UTC)))))


def _shown(code: str, at: datetime) -> queries.Found:
    try:
        return queries.shown(code, day=people.city_day(at))
    except queries.NoSuchAnswer:
        raise Http404 from None


@router.post("/answers/{code}/helped", response={200: HelpedIn, **REFUSALS})
def say_helped(request: HttpRequest, code: str, body: HelpedIn) -> HttpResponse:
    """Says whether the answer helped; counted by day, nothing tells who."""
    at = datetime.now(UTC)
    version = AnswerVersion.objects.get(pk=_shown(code, at).version)

    def act() -> tuple[int, object]:
        operations.say_helped(version, yes=body.helped, at=at)
        return 200, {"helped": body.helped}

    return _once(request, "anyone", act, at=at)


@router.post("/questions", response={201: QuestionOut, **REFUSALS})
def ask(request: HttpRequest, body: QuestionIn) -> HttpResponse:
    """Gives a question that nobody has answered to the unit of its topic, with a due date."""
    at = datetime.now(UTC)
    return _once(
        request, "anyone", lambda: (201, _question(operations.ask(body.question, topic=body.topic, at=at))), at=at
    )


@router.get("/questions/{reference}", response={200: QuestionOut, **REFUSALS})
def asked(request: HttpRequest, reference: UUID) -> HttpResponse:
    """What became of a question."""
    try:
        found = Unanswered.objects.select_related("answer").get(reference=reference)
    except Unanswered.DoesNotExist:
        raise Http404 from None
    shown = found.answer is not None and found.answer.state == Answer.State.IN_FORCE
    return _reply(200, _text(_question(found, found.answer.code if found.answer and shown else "")))


# Staff ---------------------------------------------------------------------------------------------------------


def _viewer(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.auth  # type: ignore[attr-defined]
    viewer.require("answer.read")
    return viewer


def _on_desk(viewer: Viewer, code: str) -> Answer:
    try:
        return queries.answer_for(viewer, code)
    except queries.NoSuchAnswer:
        raise Http404 from None


def _asked_on_desk(viewer: Viewer, pk: int) -> Unanswered:
    try:
        return queries.question_for(viewer, pk)
    except queries.NoSuchAnswer:
        raise Http404 from None


def _act(request: HttpRequest, act: Callable[[Viewer, datetime], tuple[int, object]]) -> HttpResponse:
    viewer, at = _viewer(request), datetime.now(UTC)
    return _once(request, f"staff:{viewer.staff_id}", lambda: act(viewer, at), at=at)


@desk_router.post("/answers", response={201: Standing, **REFUSALS})
def write(request: HttpRequest, body: WriteIn) -> HttpResponse:
    """A new answer; it waits for its review. Without a unit: the own one."""

    def act(viewer: Viewer, at: datetime) -> tuple[int, object]:
        unit = _unit_id(body.unit) if body.unit else viewer.unit_id
        made = operations.write(
            body.draft(), unit=unit, topic=body.topic, review_on=body.review_on, by=viewer, at=at
        )  # fmt: skip
        return 201, _standing(made)

    return _act(request, act)


@desk_router.post("/answers/{code}/versions", response={201: Standing, **REFUSALS})
def new_version(request: HttpRequest, code: str, body: VersionIn) -> HttpResponse:
    """Other words or days; what is in force stays until they have passed their review."""

    def act(viewer: Viewer, at: datetime) -> tuple[int, object]:
        made = operations.new_version(
            _on_desk(viewer, code), body.draft(), seen=body.seen, review_on=body.review_on, by=viewer, at=at
        )
        return 201, _standing(made.answer)

    return _act(request, act)


@desk_router.post("/answers/{code}/put_in_force", response={200: Standing, **REFUSALS})
def put_in_force(request: HttpRequest, code: str, body: ActIn) -> HttpResponse:
    """The newest version passes its review."""
    return _act(
        request,
        lambda viewer, at: (
            200,
            _standing(operations.put_in_force(_on_desk(viewer, code), seen=body.seen, by=viewer, at=at)),
        ),
    )


@desk_router.post("/answers/{code}/send_back", response={200: Standing, **REFUSALS})
def send_back(request: HttpRequest, code: str, body: ReasonIn) -> HttpResponse:
    """The newest version does not pass its review."""

    def act(viewer: Viewer, at: datetime) -> tuple[int, object]:
        answer = _on_desk(viewer, code)
        return 200, _standing(operations.send_back(answer, reason=body.reason, seen=body.seen, by=viewer, at=at))

    return _act(request, act)


@desk_router.post("/answers/{code}/withdraw", response={200: Standing, **REFUSALS})
def withdraw(request: HttpRequest, code: str, body: ReasonIn) -> HttpResponse:
    """Nobody is shown it any more."""

    def act(viewer: Viewer, at: datetime) -> tuple[int, object]:
        answer = _on_desk(viewer, code)
        return 200, _standing(operations.withdraw(answer, reason=body.reason, seen=body.seen, by=viewer, at=at))

    return _act(request, act)


@desk_router.post("/questions/{int:pk}/reply", response={201: Standing, **REFUSALS})
def reply(request: HttpRequest, pk: int, body: VersionIn) -> HttpResponse:
    """The unit answers a question; the answer is shown once it has passed its review."""

    def act(viewer: Viewer, at: datetime) -> tuple[int, object]:
        return 201, _standing(operations.reply(_asked_on_desk(viewer, pk), body.draft(), by=viewer, at=at))

    return _act(request, act)


@desk_router.post("/questions/{int:pk}/give", response={200: QuestionOut, **REFUSALS})
def give(request: HttpRequest, pk: int, body: GiveIn) -> HttpResponse:
    """Gives a question to another unit; its due date stays."""

    def act(viewer: Viewer, at: datetime) -> tuple[int, object]:
        asked = operations.give(_asked_on_desk(viewer, pk), unit=_unit_id(body.unit), by=viewer, at=at)
        return 200, _question(asked)

    return _act(request, act)
