"""Tickets and windows as JSON: the same operations as the pages."""

# No `from __future__ import annotations`: the shape of each body is an annotation that must be a class.

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Header, Router, Schema
from pydantic import Field

from qingyu.cases import actors
from qingyu.cases.actors import CITIZEN, Actor
from qingyu.cases.api.answers import REFUSALS, once, reply
from qingyu.cases.api.shapes import Code, Words
from qingyu.cases.wording import sentence
from qingyu.hall import operations, queries
from qingyu.hall.models import Ticket, Window
from qingyu.people.api import bearer, staff_token
from qingyu.people.bodies import Body
from qingyu.people.doors import open_door
from qingyu.rules.refusals import NotAllowed

router = Router(tags=["hall"])
Key = Annotated[str, Header("", alias="Idempotency-Key", max_length=120, description="the same request acts once")]


class TicketIn(Body):
    """``service`` is its letter; ``needs`` of elder, pregnant, wheelchair, hearing, disabled."""

    service: Code
    needs: Annotated[list[Code], Field(max_length=5)] = []
    phone: Code = ""


class Wait(Schema):
    """Whole minutes; four of five people will find it true."""

    low: int
    high: int


class Issued(Schema):
    """``ticket`` opens ``/t/TICKET/``; ``wait`` is null while no window of the service is open."""

    ticket: str
    number: str
    ahead: int
    wait: Wait | None


class Called(Schema):
    """Who stands at the window."""

    ticket: str
    number: str
    service: str
    needs: list[str]
    state: str


class Finished(Called):
    """``case`` is the number of the case that stands for the service; ``next`` who was called with ``next``: true."""

    case: str
    next: Called | None


class Seen(Body):
    """``ticket``: the one the clerk sees; another one there is 409 ticket_changed. Empty: whoever stands there."""

    ticket: Code = ""


class FinishIn(Seen):
    """``text`` what the person came for, ``answer`` what was done; ``next``: call the next in the same breath."""

    answer: Words = ""
    text: Words = ""
    next: bool = False


class TransferIn(Seen):
    """``service``: the letter of the service the person needs instead."""

    service: Code


class WindowState(Schema):
    code: str
    label: str
    state: str


class BoardCall(Schema):
    """The newest first. ``direction``: left, ahead, right or empty."""

    number: str
    window: str
    code: str
    direction: str
    low: bool
    hearing_aid: bool
    at: str
    calls: int
    state: str


class BoardService(Schema):
    """``windows``: how many are open for it."""

    code: str
    name: str
    waiting: int
    windows: int
    wait: Wait | None


class BoardWindow(WindowState):
    low: bool
    hearing_aid: bool


class HallState(Schema):
    """What the screen over the hall shows. ``version`` grows with every change."""

    code: str
    name: str
    version: int
    at: str
    waiting: int
    calls: list[BoardCall]
    services: list[BoardService]
    windows: list[BoardWindow]


@router.get("/halls/{code}", url_name="hall_state", response={200: HallState, **REFUSALS})
def state(request: HttpRequest, code: str) -> HttpResponse:
    """The hall now: last calls, and who waits how long for what. At most six statements."""
    return reply(queries.state(queries.hall(code), at=datetime.now(UTC)))


@router.get("/halls/{code}/events", url_name="hall_events", response={307: None, **REFUSALS})
def events(request: HttpRequest, code: str) -> HttpResponse:
    """Server-sent events: the state above, whenever it has changed. They come from a process of their own."""
    queries.hall(code)
    response = HttpResponse(status=307)
    response["Location"] = f"{settings.EVENTS_ORIGIN}{request.path}"
    response["Cache-Control"] = "no-store"
    return response


@router.post("/halls/{code}/tickets", response={201: Issued, **REFUSALS})
def issue(request: HttpRequest, code: str, body: TicketIn, key: Key) -> HttpResponse:
    """Takes a ticket; anybody may. With the token of a guide it counts as given out by them."""
    at, viewer = datetime.now(UTC), bearer(request)
    service = queries.service_of(queries.hall(code), body.service)
    by, source = (actors.staff(viewer), "guide") if viewer else (CITIZEN, "phone")

    def act() -> tuple[int, object]:
        ticket = operations.issue(service, by=by, at=at, needs=body.needs, phone=body.phone, source=source)
        return 201, issued(ticket)

    return once(request, f"staff:{viewer.staff_id}" if viewer else "anyone", act, at=at)


def issued(ticket: Ticket) -> dict[str, object]:
    """A new ticket as whoever took it hears of it."""
    outlook = queries.outlook(ticket)
    return {"ticket": ticket.ticket, "number": ticket.number, "ahead": outlook.ahead, "wait": outlook.minutes}


def _called(ticket: Ticket) -> dict[str, object]:
    return {
        "ticket": ticket.ticket, "number": ticket.number, "service": ticket.service.code,
        "needs": sorted(ticket.need_set), "state": ticket.state,
    }  # fmt: skip


Act = Callable[[Window, Actor, datetime], tuple[int, object]]


def _act(request: HttpRequest, code: str, n: str, act: Act) -> HttpResponse:
    """One act at one window, once for its key; where somebody stands there already, the answer says who."""
    at, viewer = datetime.now(UTC), request.auth  # type: ignore[attr-defined]
    window = queries.known_window(queries.hall(code), n)
    by = actors.staff(viewer)
    try:
        response = once(request, f"staff:{viewer.staff_id}", lambda: act(window, by, at), at=at)
    except NotAllowed as refusal:
        if refusal.code != "ticket_open":
            raise
        return reply({"code": refusal.code, "message": sentence(refusal), **refusal.facts}, status=409)
    return HttpResponse(status=204) if response.status_code == 204 else response


@router.post("/halls/{code}/windows/{n}/next", auth=staff_token, response={200: Called, 204: None, **REFUSALS})
def call_next(request: HttpRequest, code: str, n: str, key: Key) -> HttpResponse:
    """Calls the next person; 204 where nobody waits for what this window does."""

    def act(window: Window, by: Actor, at: datetime) -> tuple[int, object]:
        ticket = operations.call_next(window, by=by, at=at)
        return (200, _called(ticket)) if ticket else (204, None)

    return _act(request, code, n, act)


@router.post("/halls/{code}/windows/{n}/recall", auth=staff_token, response={200: Called, **REFUSALS})
def recall(request: HttpRequest, code: str, n: str, key: Key, body: Seen = Seen()) -> HttpResponse:  # noqa: B008
    """Calls the same person again."""
    return _act(
        request, code, n, lambda w, by, at: (200, _called(operations.recall(w, by=by, at=at, seen=body.ticket)))
    )


@router.post("/halls/{code}/windows/{n}/begin", auth=staff_token, response={200: Called, **REFUSALS})
def begin(request: HttpRequest, code: str, n: str, key: Key, body: Seen = Seen()) -> HttpResponse:  # noqa: B008
    """The person stands at the window."""
    return _act(request, code, n, lambda w, by, at: (200, _called(operations.begin(w, by=by, at=at, seen=body.ticket))))


@router.post("/halls/{code}/windows/{n}/no-show", auth=staff_token, response={200: Called, **REFUSALS})
def no_show(request: HttpRequest, code: str, n: str, key: Key, body: Seen = Seen()) -> HttpResponse:  # noqa: B008
    """Nobody came: three places back, void after the third time."""
    return _act(
        request, code, n, lambda w, by, at: (200, _called(operations.no_show(w, by=by, at=at, seen=body.ticket)))
    )


@router.post("/halls/{code}/windows/{n}/transfer", auth=staff_token, response={200: Called, **REFUSALS})
def transfer(request: HttpRequest, code: str, n: str, body: TransferIn, key: Key) -> HttpResponse:
    """The person needs another service: the same number waits for it."""
    to = queries.service_of(queries.hall(code), body.service)
    return _act(
        request,
        code,
        n,
        lambda w, by, at: (200, _called(operations.transfer(w, to=to, by=by, at=at, seen=body.ticket))),
    )


@router.post("/halls/{code}/windows/{n}/finish", auth=staff_token, response={200: Finished, **REFUSALS})
def finish(request: HttpRequest, code: str, n: str, key: Key, body: FinishIn = FinishIn()) -> HttpResponse:  # noqa: B008
    """The person has what they came for: the ticket ends, a closed case stands for it."""

    def act(window: Window, by: Actor, at: datetime) -> tuple[int, object]:
        words = {"answer": body.answer, "text": body.text, "seen": body.ticket}
        following = None
        if body.next:
            done, following = operations.finish_and_next(window, by=by, at=at, **words)
        else:
            done = operations.finish(window, by=by, at=at, **words)
        assert done.case is not None
        return 200, _called(done) | {"case": done.case.number, "next": _called(following) if following else None}

    return _act(request, code, n, act)


STATES = {"open": operations.open_window, "pause": operations.pause_window, "close": operations.close_window}


@router.post("/halls/{code}/windows/{n}/{state}", auth=staff_token, response={200: WindowState, **REFUSALS})
def change(request: HttpRequest, code: str, n: str, state: str, key: Key) -> HttpResponse:
    """``open``, ``pause`` or ``close`` the window."""
    if state not in STATES:
        raise queries.NoSuchHall(state)

    def act(window: Window, by: Actor, at: datetime) -> tuple[int, object]:
        STATES[state](window, by=by, at=at)
        return 200, {"code": window.code, "label": window.label, "state": window.state}

    return _act(request, code, n, act)


for view in (state, events, issue):
    open_door(view)
