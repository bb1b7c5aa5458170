"""What staff do: write, review, take out, answer questions; each on their own desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from qingyu.knowledge import operations, queries
from qingyu.knowledge.api import shapes
from qingyu.knowledge.api.replies import question_out, standing
from qingyu.knowledge.models import Answer, AnswerVersion, Unanswered
from qingyu.people import queries as people
from qingyu.people.api import staff_token
from qingyu.people.policy import Viewer
from qingyu.people.replies import REFUSALS, once, reply, unit_code, unit_id

router = Router(tags=["answers"], auth=staff_token)


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
    return once(request, f"staff:{viewer.staff_id}", lambda: act(viewer, at), at=at)


A_PAGE = 50
Lists = Annotated[str, Query("in_force", pattern="^(in_force|waiting|drafts|withdrawn)$")]
Page = Annotated[int, Query(1, ge=1, le=10_000)]


@router.get("/answers", response={200: shapes.StandingPage, **REFUSALS})
def on_desk(request: HttpRequest, list: Lists, page: Page) -> HttpResponse:
    """One list of my desk, by title: in_force, waiting (for review), drafts (sent back) or withdrawn."""
    first = (page - 1) * A_PAGE
    rows = [*queries.on_desk(_viewer(request), kind=list)[first : first + A_PAGE + 1]]
    found = [standing(row) for row in rows[:A_PAGE]]
    return reply({"answers": found, "page": page, "more": len(rows) > A_PAGE})


@router.get("/answers/stale", response={200: list[shapes.StaleOut], **REFUSALS})
def stale(request: HttpRequest) -> HttpResponse:
    """What needs its owner on my desk: expired, expiring within 30 days, past the day of its review."""
    found = queries.stale_on_desk(_viewer(request), day=people.city_day(datetime.now(UTC)))
    return reply([
        {"code": one.code, "title": one.title, "unit": unit_code(one.unit_id), "why": one.why, "on": one.on}
        for one in found
    ])  # fmt: skip


@router.get("/answers/{code}", response={200: shapes.Whole, **REFUSALS})
def whole(request: HttpRequest, code: str) -> HttpResponse:
    """One answer with its versions, and how often each helped."""
    answer = _on_desk(_viewer(request), code)
    helped = queries.helped_of(answer)
    versions = [_version(row, *helped.get(row.number, (0, 0))) for row in queries.versions_of(answer)]
    return reply({**standing(answer), "versions": versions})


def _version(row: AnswerVersion, yes: int, no: int) -> dict[str, object]:
    return {
        "number": row.number, "title": row.title, "text": row.text, "effective_from": row.effective_from,
        "expires_on": row.expires_on, "helped": yes, "did_not": no,
    }  # fmt: skip


@router.get("/questions", response={200: list[shapes.OpenQuestion], **REFUSALS})
def questions(request: HttpRequest) -> HttpResponse:
    """Questions that nobody could answer and that my units have to, the first due first; fifty at most."""
    rows = queries.questions_on_desk(_viewer(request))[:A_PAGE]
    return reply([{**question_out(row), "id": row.pk} for row in rows])


@router.post("/answers", response={201: shapes.Standing, **REFUSALS})
def write(request: HttpRequest, body: shapes.WriteIn) -> HttpResponse:
    """A new answer; it waits for its review. Without a unit: the own one."""

    def act(viewer: Viewer, at: datetime) -> tuple[int, object]:
        unit = unit_id(body.unit) if body.unit else viewer.unit_id
        made = operations.write(
            body.draft(), unit=unit, topic=body.topic, review_on=body.review_on, by=viewer, at=at
        )  # fmt: skip
        return 201, standing(made)

    return _act(request, act)


@router.post("/answers/{code}/versions", response={201: shapes.Standing, **REFUSALS})
def new_version(request: HttpRequest, code: str, body: shapes.VersionIn) -> HttpResponse:
    """Other words or days; what is in force stays until they have passed their review."""

    def act(viewer: Viewer, at: datetime) -> tuple[int, object]:
        made = operations.new_version(
            _on_desk(viewer, code), body.draft(), seen=body.seen, review_on=body.review_on, by=viewer, at=at
        )
        return 201, standing(made.answer)

    return _act(request, act)


@router.post("/answers/{code}/put_in_force", response={200: shapes.Standing, **REFUSALS})
def put_in_force(request: HttpRequest, code: str, body: shapes.ActIn) -> HttpResponse:
    """The newest version passes its review."""
    return _act(
        request,
        lambda viewer, at: (
            200,
            standing(operations.put_in_force(_on_desk(viewer, code), seen=body.seen, by=viewer, at=at)),
        ),
    )


@router.post("/answers/{code}/send_back", response={200: shapes.Standing, **REFUSALS})
def send_back(request: HttpRequest, code: str, body: shapes.ReasonIn) -> HttpResponse:
    """The newest version does not pass its review."""

    def act(viewer: Viewer, at: datetime) -> tuple[int, object]:
        answer = _on_desk(viewer, code)
        return 200, standing(operations.send_back(answer, reason=body.reason, seen=body.seen, by=viewer, at=at))

    return _act(request, act)


@router.post("/answers/{code}/withdraw", response={200: shapes.Standing, **REFUSALS})
def withdraw(request: HttpRequest, code: str, body: shapes.ReasonIn) -> HttpResponse:
    """Nobody is shown it any more."""

    def act(viewer: Viewer, at: datetime) -> tuple[int, object]:
        answer = _on_desk(viewer, code)
        return 200, standing(operations.withdraw(answer, reason=body.reason, seen=body.seen, by=viewer, at=at))

    return _act(request, act)


@router.post("/answers/{code}/look_at", response={200: shapes.Standing, **REFUSALS})
def look_at(request: HttpRequest, code: str) -> HttpResponse:
    """Its owner has looked at it: it still holds, the next look is in a year."""
    return _act(
        request, lambda viewer, at: (200, standing(operations.look_at(_on_desk(viewer, code), by=viewer, at=at)))
    )


@router.post("/questions/{int:pk}/reply", response={201: shapes.Standing, **REFUSALS})
def reply_to(request: HttpRequest, pk: int, body: shapes.VersionIn) -> HttpResponse:
    """The unit answers a question; the answer is shown once it has passed its review."""

    def act(viewer: Viewer, at: datetime) -> tuple[int, object]:
        return 201, standing(operations.reply(_asked_on_desk(viewer, pk), body.draft(), by=viewer, at=at))

    return _act(request, act)


@router.post("/questions/{int:pk}/give", response={200: shapes.QuestionOut, **REFUSALS})
def give(request: HttpRequest, pk: int, body: shapes.GiveIn) -> HttpResponse:
    """Gives a question to another unit; its due date stays."""

    def act(viewer: Viewer, at: datetime) -> tuple[int, object]:
        asked = operations.give(_asked_on_desk(viewer, pk), unit=unit_id(body.unit), by=viewer, at=at)
        return 200, question_out(asked)

    return _act(request, act)
