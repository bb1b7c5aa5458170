"""The lock of a hall, and who may do something in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from qingyu.cases import rows
from qingyu.cases.actors import Actor, ActorKind
from qingyu.hall import queries
from qingyu.hall.models import BoardVersion, Hall, Ticket, Window
from qingyu.rules.refusals import NotAllowed, NotPermitted


@contextmanager
def changing(hall_id: int) -> Iterator[BoardVersion]:
    """One transaction that holds the hall to its end; the board is new once it commits.

    All that is decided inside sees the floor as it is: one change of a hall at a time, on both databases.
    """
    with transaction.atomic():
        board = rows.locked(BoardVersion, hall_id)
        yield board
        rows.update(board, {"version": board.version + 1})


@contextmanager
def booking(hall_id: int) -> Iterator[None]:
    """One transaction that holds the hall to its end; nothing on the board changes."""
    with transaction.atomic():
        rows.locked(BoardVersion, hall_id)
        yield


def require_at_window(by: Actor, window: Window) -> None:
    """NotPermitted("hall_window_denied") unless this person may serve at this window."""
    if by.kind is ActorKind.SYSTEM:
        return
    if by.viewer is None or not queries.may_work(by.viewer, window):
        raise NotPermitted("hall_window_denied")


def require_guide(by: Actor, hall: Hall) -> None:
    """NotPermitted("hall_ticket_denied") to staff who may not give tickets here; people themselves always may."""
    if by.kind is ActorKind.STAFF and not (by.viewer and queries.may(by.viewer, "hall.ticket", hall)):
        raise NotPermitted("hall_ticket_denied")


def fresh(window: Window) -> Window:
    """The window as it stands under the lock."""
    found = rows.find(Window, "id", window.pk)[0]
    found.hall = window.hall
    return found


def open_ticket(window: Window) -> Ticket | None:
    """The ticket that stands at the window, as it is under the lock."""
    return queries.at_window(window)


def required_ticket(window: Window, *, seen: str = "") -> Ticket:
    """NotAllowed("no_ticket_open"), or "ticket_changed" where another one stands there than the clerk saw.

    ``seen`` is its mark, or what opens it.
    """
    ticket = open_ticket(window)
    if ticket is None:
        raise NotAllowed("no_ticket_open")
    if seen and seen not in (ticket.mark, ticket.ticket):
        raise NotAllowed("ticket_changed", number=ticket.number)
    ticket.hall = window.hall
    return ticket
