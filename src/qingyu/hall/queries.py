"""Reads about halls: the floor now, one ticket as its person sees it, a window as its clerk sees it."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.http import Http404

from qingyu.cases import rows
from qingyu.hall import board, floor
from qingyu.hall.models import Hall, Service, Ticket, Window
from qingyu.people import queries as people
from qingyu.people.policy import Viewer
from qingyu.rules.calling import Waiting
from qingyu.rules.refusals import NotValid
from qingyu.rules.waiting import Range

AT_A_WINDOW = "state IN ('called', 'serving')"
"""In the text, so that the partial index matches."""


class NoSuchHall(Http404):
    """There is no hall, window, service or ticket of that name (HTTP 404)."""


def fetch(text: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Rows of a statement through Django's connection; times come with their zone."""
    with connection.cursor() as cursor:
        cursor.execute(text, list(values))
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def hall(code: str) -> Hall:
    """The hall with that code, remembered for ten seconds; NoSuchHall."""
    try:
        return halls()[code]
    except KeyError:
        raise NoSuchHall(code) from None


@people.remembered
def halls() -> dict[str, Hall]:
    """All halls in use, by code."""
    return {one.code: one for one in Hall.objects.filter(active=True).order_by("id")}


def services(found: Hall) -> list[Service]:
    """What the hall offers, in its order."""
    return list(Service.objects.filter(hall=found, active=True).order_by("order", "id"))


@people.remembered
def known_services() -> dict[int, Service]:
    """All services of all halls by id; their figures may be ten seconds old."""
    return {one.pk: one for one in Service.objects.select_related("hall")}


def known_service(key: int) -> Service:
    """The service with that id."""
    return known_services().get(key) or Service.objects.select_related("hall").get(pk=key)


def service(found: Hall, code: str) -> Service:
    """The service with that letter; NoSuchHall."""
    for one in known_services().values():
        if one.hall_id == found.pk and one.code == code and one.active:
            return one
    raise NoSuchHall(code)


def service_of(found: Hall, code: str) -> Service:
    """The service a body names; NotValid("service_unknown")."""
    try:
        return service(found, code)
    except NoSuchHall:
        raise NotValid("service_unknown", field="service") from None


def window(found: Hall, code: str) -> Window:
    """The window with that code; NoSuchHall."""
    one = Window.objects.select_related("hall").filter(hall=found, code=code).first()
    if one is None:
        raise NoSuchHall(code)
    return one


@people.remembered
def known_windows() -> dict[tuple[int, str], Window]:
    """All windows by hall and code, for what hardly ever changes: where they are, whose they are."""
    return {(one.hall_id, one.code): one for one in Window.objects.select_related("hall")}


def known_window(found: Hall, code: str) -> Window:
    """The window with that code, its state perhaps ten seconds old: operations read it anew; NoSuchHall."""
    try:
        return copy(known_windows()[found.pk, code])
    except KeyError:
        raise NoSuchHall(code) from None


def may(viewer: Viewer, permission: str, found: Hall) -> bool:
    """Whether the right reaches this hall: its unit, or the unit of one of its windows."""
    return any(side.may(permission) and side.reaches(found.unit_id) for side in viewer.each)


def may_work(viewer: Viewer, at: Window) -> bool:
    """Whether this person may serve here: a window of their unit (or of the hall's, where it has none of its own)."""
    unit = at.unit_id or at.hall.unit_id
    return any(side.may("hall.window") and side.reaches(unit) for side in viewer.each)


def state(found: Hall, *, at: datetime) -> dict[str, Any]:
    """The board; six statements."""
    return {"code": found.code, "name": found.name} | board.state(fetch, found.pk, at=at)


@dataclass(frozen=True)
class Outlook:
    """What a waiting person is told: how many go before of their own service, and how long it takes."""

    ahead: int
    wait: Range | None

    @property
    def minutes(self) -> dict[str, int] | None:
        return board.minutes(self.wait)


def outlook(ticket: Ticket) -> Outlook:
    """How it stands for a ticket that waits; five statements."""
    seen = board.look(fetch, ticket.hall_id)
    offer = next((one for one in seen.services if one.id == ticket.service_id), None)
    if offer is None:
        return Outlook(0, None)
    ahead, wait = board.wait_for(seen, offer, joining=waiting_of(ticket))
    return Outlook(ahead, wait)


def waiting_of(ticket: Ticket) -> Waiting:
    """The ticket as the rules see it."""
    return Waiting(ticket.pk, ticket.service_id, ticket.place, ticket.need_set, ticket.due, bool(ticket.absences))


def ticket(name: str) -> Ticket:
    """The ticket of that address; NoSuchHall."""
    one = Ticket.objects.select_related("service", "window", "hall", "case").filter(ticket=name[:16]).first()
    if one is None or one.ticket != name:
        raise NoSuchHall("ticket")
    return one


def at_window(found: Window) -> Ticket | None:
    """The ticket that stands at the window, or is on the way there; one statement."""
    rows_of = rows.find(Ticket, "window_id", found.pk, where=AT_A_WINDOW)
    for ticket in rows_of:
        ticket.hall, ticket.service = found.hall, known_service(ticket.service_id)
    return rows_of[0] if rows_of else None


@dataclass(frozen=True)
class Queue:
    """What waits for one window: how many by service, and the needs among them."""

    lines: list[tuple[str, str, int]]
    waiting: int
    needs: dict[str, int]


def queue_of(found: Window) -> Queue:
    """Who waits for what this window can do; three statements."""
    place = next(one for one in floor.windows(fetch, found.hall_id) if one.id == found.pk)
    waiting = [one for one in floor.waiting(fetch, found.hall_id) if one.service in place.services]
    needs: dict[str, int] = {}
    for one in waiting:
        for need in one.needs:
            needs[need] = needs.get(need, 0) + 1
    lines = [
        (offer.code, offer.name, sum(1 for one in waiting if one.service == offer.id))
        for offer in floor.services(fetch, found.hall_id)
        if offer.id in place.services
    ]
    return Queue(lines, len(waiting), needs)


@dataclass(frozen=True)
class Overview:
    """The hall for its manager. Times in whole minutes."""

    state: dict[str, Any]
    longest: int
    served: int
    void: int
    seats: int
    open: int
    windows: int


def overview(found: Hall, *, at: datetime) -> Overview:
    """The hall now and today; eight statements at most."""
    board_state = state(found, at=at)
    first = Ticket.objects.filter(hall=found, state="waiting").order_by("issued_at").values_list("issued_at").first()
    today = Ticket.objects.filter(hall=found, day=found.day) if found.day else Ticket.objects.none()
    return Overview(
        state=board_state,
        longest=int((at - first[0]).total_seconds() // 60) if first else 0,
        served=today.filter(state="finished").count(),
        void=today.filter(state__in=("void", "left")).count(),
        seats=found.seats,
        open=sum(1 for one in board_state["windows"] if one["state"] == "open"),
        windows=len(board_state["windows"]),
    )
