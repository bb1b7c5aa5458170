"""What the screen over the hall shows, made from the floor. No ORM: the event process makes it too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from qingyu.hall import floor
from qingyu.hall.floor import Call, Fetch, Offer, Place
from qingyu.rules.calling import Fit, Waiting
from qingyu.rules.waiting import Range, Stand, expected_wait

SHOWN = 8
VERSION = "SELECT version FROM hall_boardversion WHERE hall_id = %s"


@dataclass(frozen=True)
class Hall:
    """The floor at one moment."""

    windows: list[Place]
    waiting: list[Waiting]
    services: list[Offer]
    calls: list[Call]

    def open_for(self, service: int) -> list[Place]:
        return [window for window in self.windows if window.state == "open" and service in window.services]


def look(fetch: Fetch, hall: int) -> Hall:
    """The floor now; five statements."""
    return Hall(
        floor.windows(fetch, hall), floor.waiting(fetch, hall), floor.services(fetch, hall), floor.called(fetch, hall)
    )


def wait_for(hall: Hall, offer: Offer, *, joining: Waiting) -> tuple[int, Range | None]:
    """How many of the same service go before ``joining``, and how long it will be; None: no window of it is open."""
    busy = {call.window: call.service for call in hall.calls}
    stands = [Stand(one.counter, busy.get(one.id)) for one in hall.windows if one.state == "open"]
    paces = {one.id: one.pace for one in hall.services}
    waiting = [one for one in hall.waiting if one.service in paces]
    own = sum(one.service == offer.id and one.order < joining.order for one in waiting)
    return own, expected_wait(stands, waiting, joining, paces)


def newcomer(service: int, needs: frozenset[str] = frozenset()) -> Waiting:
    """Somebody who would take a ticket now."""
    return Waiting(ticket=2**62, service=service, place=2**62, needs=needs)


def state(fetch: Fetch, hall: int, *, at: datetime) -> dict[str, Any]:
    """The board as plain values: the last calls, and for each service who waits and for how long, in minutes.

    ``version`` is read first: what is shown may be newer than it says, never older. ``at`` is when it was made.
    """
    found = fetch(VERSION, (hall,))
    seen = look(fetch, hall)
    places = {window.id: window for window in seen.windows}
    return {
        "version": found[0][0] if found else 0,
        "at": moment(at),
        "calls": [_call(call, places[call.window]) for call in seen.calls[:SHOWN]],
        "services": [_service(seen, offer) for offer in seen.services],
        "windows": [_window(window) for window in seen.windows],
        "waiting": len(seen.waiting),
    }


def _call(call: Call, window: Place) -> dict[str, Any]:
    return {
        "number": call.number, "window": window.label, "code": window.code, "direction": window.direction,
        "low": Fit.LOW in window.fits, "hearing_aid": Fit.HEARING_AID in window.fits, "at": moment(call.at),
        "calls": call.calls, "state": call.state,
    }  # fmt: skip


def _service(hall: Hall, offer: Offer) -> dict[str, Any]:
    _, wait = wait_for(hall, offer, joining=newcomer(offer.id))
    return {
        "code": offer.code,
        "name": offer.name,
        "waiting": sum(1 for one in hall.waiting if one.service == offer.id),
        "windows": len(hall.open_for(offer.id)),
        "wait": minutes(wait),
    }


def minutes(wait: Range | None) -> dict[str, int] | None:
    """A wait as ``{low, high}`` in whole minutes; None where nobody can say."""
    return dict(zip(("low", "high"), wait.minutes, strict=True)) if wait else None


def _window(window: Place) -> dict[str, Any]:
    return {
        "code": window.code, "label": window.label, "state": window.state, "low": Fit.LOW in window.fits,
        "hearing_aid": Fit.HEARING_AID in window.fits,
    }  # fmt: skip


def moment(at: Any) -> str:
    """An instant as ISO 8601 in UTC, however the database gave it."""
    if isinstance(at, str):
        at = datetime.fromisoformat(at)
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return str(at.astimezone(UTC).isoformat(timespec="milliseconds"))
