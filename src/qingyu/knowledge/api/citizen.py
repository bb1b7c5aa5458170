"""What anybody may do: search, read, say whether it helped, ask."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from qingyu.knowledge import operations, queries
from qingyu.knowledge.api import shapes
from qingyu.knowledge.api.replies import answer_out, question_out
from qingyu.knowledge.models import Answer, AnswerVersion, Unanswered
from qingyu.knowledge.operations.words import LONGEST_QUESTION
from qingyu.people import queries as people
from qingyu.people.replies import REFUSALS, once, reply

router = Router(tags=["answers"])

Asked = Annotated[str, Query("", max_length=LONGEST_QUESTION, description="the question, in any words")]
Topic = Annotated[str, Query("", max_length=120, description="only answers of this topic and below")]


@router.get("/answers", response={200: shapes.Answers, **REFUSALS})
def search(request: HttpRequest, q: Asked, topic: Topic) -> HttpResponse:
    """Up to 20 answers to a question, the best first; without one those that helped most."""
    day, wanted = people.city_day(datetime.now(UTC)), q.replace("\x00", "").strip()
    found = queries.found_for(wanted, day=day, topic=topic) if wanted else queries.most_helpful(day=day)
    return reply({"answers": [answer_out(one) for one in found]})


@router.get("/answers/{code}", response={200: shapes.AnswerOut, **REFUSALS})
def read(request: HttpRequest, code: str) -> HttpResponse:
    """One answer as it holds today; 404 where none is shown."""
    return reply(answer_out(_shown(code, datetime.now(UTC))))


def _shown(code: str, at: datetime) -> queries.Found:
    try:
        return queries.shown(code, day=people.city_day(at))
    except queries.NoSuchAnswer:
        raise Http404 from None


@router.post("/answers/{code}/helped", response={200: shapes.HelpedIn, **REFUSALS})
def say_helped(request: HttpRequest, code: str, body: shapes.HelpedIn) -> HttpResponse:
    """Says whether the answer helped; counted by day, nothing tells who."""
    at = datetime.now(UTC)
    version = AnswerVersion.objects.get(pk=_shown(code, at).version)

    def act() -> tuple[int, object]:
        operations.say_helped(version, yes=body.helped, at=at)
        return 200, {"helped": body.helped}

    return once(request, "anyone", act, at=at)


@router.post("/questions", response={201: shapes.QuestionOut, **REFUSALS})
def ask(request: HttpRequest, body: shapes.QuestionIn) -> HttpResponse:
    """Gives a question that nobody has answered to the unit of its topic, with a due date."""
    at = datetime.now(UTC)
    return once(
        request, "anyone", lambda: (201, question_out(operations.ask(body.question, topic=body.topic, at=at))), at=at
    )


@router.get("/questions/{reference}", response={200: shapes.QuestionOut, **REFUSALS})
def asked(request: HttpRequest, reference: UUID) -> HttpResponse:
    """What became of a question."""
    try:
        found = Unanswered.objects.select_related("answer").get(reference=reference)
    except Unanswered.DoesNotExist:
        raise Http404 from None
    shown = found.answer is not None and found.answer.state == Answer.State.IN_FORCE
    return reply(question_out(found, found.answer.code if found.answer and shown else ""))
