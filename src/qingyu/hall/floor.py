"""The floor of a hall as plain values: its windows, who waits, who is called. Five statements, no ORM.

The event process reads it through a connection of its own, pages and operations through Django's: ``fetch`` runs a
statement with ``%s`` for its values and answers rows. States stand in the text, so that partial indexes match.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from qingyu.rules.calling import Counter, Fit, Waiting, is_low
from qingyu.rules.waiting import Pace

Fetch = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]

WINDOWS = """
SELECT id, code, label, state, direction, height_mm, knee_width_mm, knee_height_mm, knee_depth_mm, hearing_aid, passed
FROM hall_window WHERE hall_id = %s ORDER BY "order", id"""
SKILLS = """
SELECT s.window_id, s.service_id FROM hall_window w JOIN hall_window_services s ON s.window_id = w.id
WHERE w.hall_id = %s"""
WAITING = "SELECT id, service_id, place, needs, due, absences FROM hall_ticket WHERE hall_id = %s AND state = 'waiting'"
SERVICES = """
SELECT id, code, name, typical, counted, mean, square FROM hall_service
WHERE hall_id = %s AND active ORDER BY "order", id"""
CALLED = """
SELECT t.number, t.window_id, t.rung_at, t.calls, t.state, t.service_id, t.ticket FROM hall_ticket t
WHERE t.hall_id = %s AND t.state IN ('called', 'serving') ORDER BY t.rung_at DESC, t.id DESC"""
KNOWN = 5
"""So many must have been served before their times count instead of the typical one."""


@dataclass(frozen=True, slots=True)
class Place:
    """A window as the floor sees it."""

    id: int
    code: str
    label: str
    state: str
    direction: str
    fits: frozenset[str]
    passed: bool
    services: frozenset[int]

    @property
    def counter(self) -> Counter:
        return Counter(self.services, self.fits, self.passed)


@dataclass(frozen=True, slots=True)
class Offer:
    """A service and how long it takes."""

    id: int
    code: str
    name: str
    pace: Pace


@dataclass(frozen=True, slots=True)
class Call:
    """A ticket that stands at a window. ``at`` as the database gives it."""

    number: str
    window: int
    at: Any
    calls: int
    state: str
    service: int
    ticket: str


def windows(fetch: Fetch, hall: int) -> list[Place]:
    """All windows in their order, each with its services; two statements."""
    services: dict[int, list[int]] = {}
    for window, service in fetch(SKILLS, (hall,)):
        services.setdefault(window, []).append(service)
    return [_place(row, frozenset(services.get(row[0], ()))) for row in fetch(WINDOWS, (hall,))]


def _place(row: Sequence[Any], services: frozenset[int]) -> Place:
    key, code, label, state, direction, height, width, up, depth, aid, passed = row
    fits = frozenset({str(Fit.LOW)} if is_low(height, (width, up, depth)) else ())
    fits |= frozenset({str(Fit.HEARING_AID)} if aid else ())
    return Place(key, code, label, state, direction, fits, bool(passed), services)


def waiting(fetch: Fetch, hall: int) -> list[Waiting]:
    """Everybody who waits, in no order."""
    return [
        Waiting(key, service, place, needs_of(needs), due, bool(absences))
        for key, service, place, needs, due, absences in fetch(WAITING, (hall,))
    ]


@lru_cache(maxsize=64)
def needs_of(stored: str) -> frozenset[str]:
    """The needs of a ticket, which are stored parted by commas."""
    return frozenset(filter(None, stored.split(",")))


def services(fetch: Fetch, hall: int) -> list[Offer]:
    """What is offered, in its order."""
    return [Offer(key, code, name, pace(*figures)) for key, code, name, *figures in fetch(SERVICES, (hall,))]


def pace(typical: int, counted: int, mean: float, square: float) -> Pace:
    """The pace of a service: as measured where enough were served, else the typical time with a usual spread."""
    if counted < KNOWN or mean <= 0:
        return Pace(float(typical), typical * 0.6)
    return Pace(mean, max(0.0, square - mean * mean) ** 0.5)


def called(fetch: Fetch, hall: int) -> list[Call]:
    """Who stands at a window or is on the way there, the newest call first."""
    return [Call(*row) for row in fetch(CALLED, (hall,))]
