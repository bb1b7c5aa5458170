"""Opening, pausing and closing a window."""

from __future__ import annotations

from datetime import datetime

from qingyu.cases import rows
from qingyu.cases.actors import Actor
from qingyu.hall.models import Window
from qingyu.hall.operations import holding
from qingyu.hall.operations.day import roll
from qingyu.rules.refusals import NotAllowed


def open_window(window: Window, *, by: Actor, at: datetime) -> None:
    """The clerk sits down. The day turns with the first window where the last one has ended."""
    _change(window, Window.State.OPEN, by=by, at=at)


def pause_window(window: Window, *, by: Actor, at: datetime) -> None:
    """The clerk is away for a while; whoever stands there is still served. NotAllowed("window_closed")."""
    _change(window, Window.State.PAUSED, by=by, at=at)


def close_window(window: Window, *, by: Actor, at: datetime) -> None:
    """The clerk goes home. NotAllowed("ticket_open") while somebody stands there."""
    _change(window, Window.State.CLOSED, by=by, at=at)


def _change(window: Window, state: str, *, by: Actor, at: datetime) -> None:
    holding.require_at_window(by, window)
    with holding.changing(window.hall_id):
        found = holding.fresh(window)
        if state == Window.State.PAUSED and found.state == Window.State.CLOSED:
            raise NotAllowed("window_closed")
        if state == Window.State.CLOSED and (ticket := holding.open_ticket(found)):
            raise NotAllowed("ticket_open", number=ticket.number, ticket=ticket.ticket)
        if state == Window.State.OPEN:
            roll(window.hall, at=at)
        clerk = by.staff_id if state != Window.State.CLOSED else None
        rows.update(found, {"state": state, "clerk_id": clerk, "acted_at": at})
    window.state, window.clerk_id, window.acted_at = found.state, found.clerk_id, at
