"""The agent's acts and the supervisor's figures as JSON: the same operations and queries as the pages."""

# No `from __future__ import annotations`: the shape of each body is an annotation that must be a class.

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Header, Query, Router

from qingyu.cases.api.answers import REFUSALS, once, reply
from qingyu.cases.api.shapes import PlaceIn
from qingyu.cases.operations import Filing, Opened, Person, Place
from qingyu.hotline import operations, queries
from qingyu.hotline.api import shapes
from qingyu.hotline.days import LONGEST_SPAN, beginning
from qingyu.hotline.models import AgentState, Call, CallBack
from qingyu.people import queries as people
from qingyu.people.api import staff_token
from qingyu.people.policy import Viewer
from qingyu.rules import telephone
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid

router = Router(tags=["hotline"], auth=staff_token)
ANSWER, MANAGE = "hotline.answer", "hotline.manage"
Key = Annotated[str, Header("", alias="Idempotency-Key", max_length=120, description="the same request acts once")]
Asked = Annotated[str, Query("", max_length=500, description="words to look for; without them what has been typed")]
Day = Annotated[date | None, Query(None, description="city day; without it today")]
MOST_ID = 2**62


def _viewer(request: HttpRequest, *permissions: str) -> Viewer:
    """Who asks. NotPermitted("permission_missing") unless they hold one of the rights."""
    viewer: Viewer = request.auth  # type: ignore[attr-defined]
    if not any(viewer.may(code) for code in permissions):
        raise NotPermitted("permission_missing", permission=permissions[0])
    return viewer


def _call(viewer: Viewer, pk: int) -> Call:
    try:
        return queries.call_for(viewer, min(pk, MOST_ID), at=datetime.now(UTC))
    except queries.NoSuchCall:
        raise Http404 from None


def _owed(pk: int) -> CallBack:
    try:
        return queries.call_back(min(pk, MOST_ID))
    except queries.NoSuchCall:
        raise Http404 from None


def _once(
    request: HttpRequest, permissions: tuple[str, ...], act: Callable[[Viewer, datetime], tuple[int, object]]
) -> HttpResponse:
    viewer, at = _viewer(request, *permissions), datetime.now(UTC)
    return once(request, f"staff:{viewer.staff_id}", lambda: act(viewer, at), at=at)


def _agent(present: AgentState | None) -> dict[str, object] | None:
    if present is None:
        return None
    return {
        "switch": present.switch.code, "extension": present.extension, "state": present.state,
        "reason": present.reason, "since": present.since,
    }  # fmt: skip


def _line(call: Call) -> dict[str, object]:
    return {"id": call.pk, "state": call.state, "outbound": call.outbound, "offered_at": call.offered_at}


# The desk ----------------------------------------------------------------------------------------------------------


@router.get("/hotline", response={200: shapes.DeskOut, **REFUSALS})
def desk(request: HttpRequest) -> HttpResponse:
    """Where I answer, the calls at hand, and what I typed and have not filed. Ask once a second."""
    viewer = _viewer(request, ANSWER)
    return reply({
        "agent": _agent(queries.state_of(viewer)), "pulse": queries.pulse(viewer), "waiting": queries.waiting_now(),
        "calls": [_line(call) for call in queries.calls_of(viewer)],
        "unfinished": [call.pk for call in queries.unfinished(viewer)],
    })  # fmt: skip


@router.post("/hotline/state", response={200: shapes.AgentOut, **REFUSALS})
def state(request: HttpRequest, body: shapes.StateIn, key: Key) -> HttpResponse:
    """Ready, paused with a reason, or offline. To be offline without ever having sat down is 409 not_at_phone."""

    def act(viewer: Viewer, at: datetime) -> tuple[int, object]:
        switch = queries.switch_of(body.switch) if body.switch else None
        operations.agent_state(
            state=body.state, reason=body.reason, switch=switch, extension=body.extension, viewer=viewer, at=at
        )
        present = _agent(queries.state_of(viewer))
        if present is None:
            raise NotAllowed("not_at_phone")
        return 200, present

    return _once(request, (ANSWER,), act)


# One call ----------------------------------------------------------------------------------------------------------


@router.get("/calls/{id}", response={200: shapes.CallOut, **REFUSALS})
def call(request: HttpRequest, id: int) -> HttpResponse:
    """One call of mine, with the caller's earlier cases and what has been typed."""
    viewer = _viewer(request, ANSWER)
    found = _call(viewer, id)
    typed, owed, came = queries.typed(found), queries.owed_for(found), queries.came_of(found, at=datetime.now(UTC))
    return reply({
        **_line(found), "phone": found.clear_phone(), "waited": found.waited,
        "earlier": [
            {"number": row.number, "title": row.title, "state": row.state, "owner": row.owner,
             "opened_at": row.opened_at}
            for row in queries.earlier_cases(viewer, found)
        ],
        "typed": {"version": typed.version, "fields": typed.fields, "saved_at": typed.saved_at},
        "came": [{"number": one.number, "query_code": one.code, "state": one.state} for one in came],
        "call_back": owed.state if owed else "", "broken_off": _broken_off(found),
    })  # fmt: skip


def _broken_off(found: Call) -> dict[str, object] | None:
    broken = queries.broken_off(found)
    return {"id": broken.owed.pk, "owed_at": broken.owed.owed_at, "text": broken.text} if broken else None


@router.get("/calls/{id}/answers", response={200: list[shapes.AnswerOut], **REFUSALS})
def answers(request: HttpRequest, id: int, q: Asked) -> HttpResponse:
    """Up to three answers to the words, or to what has been typed in the call."""
    viewer = _viewer(request, ANSWER)
    today = people.city_day(datetime.now(UTC))
    found = queries.answers_for(_call(viewer, id), words=q.replace("\x00", ""), day=today)
    return reply([{"code": one.code, "title": one.title, "text": one.text, "unit": one.unit} for one in found])


@router.post("/calls/{id}/draft", response={200: shapes.SavedOut, **REFUSALS})
def draft(request: HttpRequest, id: int, body: shapes.DraftIn, key: Key) -> HttpResponse:
    """Keeps what has been typed; 409 draft_changed_elsewhere where another window typed on."""

    def act(viewer: Viewer, at: datetime) -> tuple[int, object]:
        kept = operations.save_draft(
            _call(viewer, id), fields=body.fields(), version=body.version, viewer=viewer, at=at
        )  # fmt: skip
        return 200, {"version": kept, "saved_at": at}

    return _once(request, (ANSWER,), act)


def _filing(body: shapes.CallFilingIn) -> Filing:
    place, contact = body.place or PlaceIn(), body.contact
    person = Person(
        name=contact.name, phone=contact.phone, email=contact.email, address=contact.address, language=contact.language
    ) if contact else None  # fmt: skip
    return Filing(
        text=body.text, title=body.title, type=body.type, topic=body.topic, urgency=body.urgency, channel="phone",
        place=Place(place.address, place.area, place.lat, place.lon), person=person, confidential=body.confidential,
    )  # fmt: skip


def _filed(opened: Opened) -> tuple[int, object]:
    return 201, {"number": opened.case.number, "query_code": opened.query_code, "state": opened.case.state}


@router.post("/calls/{id}/file", response={201: shapes.FiledOut, **REFUSALS})
def file(request: HttpRequest, id: int, body: shapes.CallFilingIn, key: Key) -> HttpResponse:
    """The caller's words become a case of channel phone; the draft is done with."""

    def act(viewer: Viewer, at: datetime) -> tuple[int, object]:
        return _filed(operations.file(_call(viewer, id), _filing(body), viewer=viewer, at=at))

    return _once(request, (ANSWER,), act)


@router.post("/calls/{id}/answer_at_once", response={201: shapes.FiledOut, **REFUSALS})
def answer_at_once(request: HttpRequest, id: int, body: shapes.AnsweredIn, key: Key) -> HttpResponse:
    """The case opens and closes in the call."""

    def act(viewer: Viewer, at: datetime) -> tuple[int, object]:
        found = _call(viewer, id)
        return _filed(operations.answer_at_once(found, _filing(body), answer=body.answer, viewer=viewer, at=at))

    return _once(request, (ANSWER,), act)


Act = Callable[[Call, Viewer, datetime], object]


def _on_call(request: HttpRequest, pk: int, act: Act) -> HttpResponse:
    """An act on a call of mine; answers the call as it then stands."""

    def done(viewer: Viewer, at: datetime) -> tuple[int, object]:
        found = _call(viewer, pk)
        act(found, viewer, at)
        found.refresh_from_db()
        return 200, _line(found)

    return _once(request, (ANSWER,), done)


@router.post("/calls/{id}/throw_away", response={200: shapes.CallLine, **REFUSALS})
def throw_away(request: HttpRequest, id: int, key: Key) -> HttpResponse:
    """What was typed is not needed."""
    return _on_call(request, id, lambda found, viewer, at: operations.throw_away_draft(found, viewer=viewer, at=at))


@router.post("/calls/{id}/wrap_up", response={200: shapes.CallLine, **REFUSALS})
def wrap_up(request: HttpRequest, id: int, key: Key) -> HttpResponse:
    """I am done with the call and take the next."""
    return _on_call(request, id, lambda found, viewer, at: operations.wrap_up(found, viewer=viewer, at=at))


@router.post("/calls/{id}/result", response={200: shapes.CallLine, **REFUSALS})
def result(request: HttpRequest, id: int, body: shapes.ResultIn, key: Key) -> HttpResponse:
    """How a call-back came out, where the switch does not tell."""
    return _on_call(
        request, id, lambda found, viewer, at: operations.note_result(found, result=body.result, viewer=viewer, at=at)
    )


@router.post("/calls/{id}/ring_back", response={201: shapes.CallLine, **REFUSALS})
def ring_back(request: HttpRequest, id: int, key: Key) -> HttpResponse:
    """The line broke: the caller is owed a call-back and is rung at once; answers the call that tries it."""

    def act(viewer: Viewer, at: datetime) -> tuple[int, object]:
        owed = operations.make_callback(_call(viewer, id), viewer=viewer, at=at)
        return 201, _line(operations.ring(owed, viewer=viewer, at=at))

    return _once(request, (ANSWER,), act)


# Call-backs --------------------------------------------------------------------------------------------------------


@router.get("/call-backs", response={200: list[shapes.OwedOut], **REFUSALS})
def call_backs(request: HttpRequest) -> HttpResponse:
    """Who is to be rung back, first due first; fifty at most."""
    _viewer(request, ANSWER, MANAGE)
    found = [asdict(one) for one in queries.call_backs(at=datetime.now(UTC))]
    return reply([{**one, "id": one["pk"]} for one in found])


@router.post("/call-backs/{id}/ring", response={201: shapes.CallLine, **REFUSALS})
def ring(request: HttpRequest, id: int, key: Key) -> HttpResponse:
    """Rings a caller back: the switch rings me first. Answers the call that tries it."""

    def act(viewer: Viewer, at: datetime) -> tuple[int, object]:
        return 201, _line(operations.ring(_owed(id), viewer=viewer, at=at))

    return _once(request, (ANSWER,), act)


@router.post("/call-backs/{id}/settle", response={200: dict[str, str], **REFUSALS})
def settle(request: HttpRequest, id: int, body: shapes.SettleIn, key: Key) -> HttpResponse:
    """The caller was reached by another telephone, or needs no call-back."""

    def act(viewer: Viewer, at: datetime) -> tuple[int, object]:
        return 200, {"state": operations.settle(_owed(id), outcome=body.outcome, viewer=viewer, at=at).state}

    return _once(request, (ANSWER, MANAGE), act)


# Figures -----------------------------------------------------------------------------------------------------------


@router.get("/hotline/figures", response={200: shapes.FiguresOut, **REFUSALS})
def figures(request: HttpRequest, since: Day, until: Day) -> HttpResponse:
    """How calls were answered from ``since`` to ``until``, in all, by day and by hour of the day, and who waits now."""
    viewer, at = _viewer(request, MANAGE), datetime.now(UTC)
    last = until or people.city_day(at)
    first = since or last
    _check_span(first, last)
    span = {"since": beginning(first), "until": beginning(last + timedelta(days=1))}
    return reply({
        "since": str(first), "until": str(last), "all": _part(queries.Part(queries.counts(viewer, **span))),
        "by_day": [_part(part) for part in queries.by_day(viewer, **span)],
        "by_hour": [_part(part) for part in queries.by_hour(viewer, **span)],
        "waiting": queries.queue(at=at),
    })  # fmt: skip


def _check_span(first: date, last: date) -> None:
    """NotValid: span_backwards, span_too_long."""
    if not date(2000, 1, 1) <= first or last > date(9000, 1, 1):
        raise NotValid("field_not_valid", field="since")
    if first > last:
        raise NotValid("span_backwards", field="until")
    if last - first > timedelta(days=LONGEST_SPAN):
        raise NotValid("span_too_long", field="until", longest=LONGEST_SPAN)


def _part(part: queries.Part) -> dict[str, Any]:
    rates: dict[str, telephone.Rate] = vars(part.rates)
    told = {name: {"part": rate.part, "whole": rate.whole, "percent": rate.percent} for name, rate in rates.items()}
    return {"day": str(part.day) if part.day else None, "hour": part.hour, "counts": asdict(part.counts), "rates": told}
