"""Where staff work: what each role does every day stands first, everything else under its heading.

The places and what a day holds are data (``STAFF_PLACES`` and ``STAFF_DAILY`` of settings); rights decide what opens.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, zip_longest

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise

DAILY = 4
Words = str | Promise


@dataclass(frozen=True)
class Place:
    """A place of work: its route, and what it is called."""

    route: str
    label: Words


def places(permissions: frozenset[str]) -> list[tuple[Words, list[Place]]]:
    """All that these rights open, under headings."""
    found = [
        (heading, [Place(route, label) for route, label, rights in listed if rights & permissions])
        for heading, listed in settings.STAFF_PLACES
    ]
    return [(heading, opened) for heading, opened in found if opened]


def daily(roles: Iterable[str], permissions: frozenset[str]) -> list[Place]:
    """What is done every day, most often first: four places. Roles of the city's own begin with what they may open."""
    opened = {place.route: place for _heading, listed in places(permissions) for place in listed}
    turns = zip_longest(*(settings.STAFF_DAILY.get(role, ()) for role in roles))
    wanted = dict.fromkeys(route for route in chain.from_iterable(turns) if route in opened)
    return [opened[route] for route in list(wanted or opened)[:DAILY]]


def further(roles: Iterable[str], permissions: frozenset[str]) -> list[tuple[Words, list[Place]]]:
    """The rest, under headings."""
    first = {place.route for place in daily(roles, permissions)}
    left = [(heading, [one for one in listed if one.route not in first]) for heading, listed in places(permissions)]
    return [(heading, listed) for heading, listed in left if listed]


def beginning(roles: Iterable[str], permissions: frozenset[str]) -> str:
    """The address at which the day begins after signing in."""
    first = daily(roles, permissions)
    return reverse(first[0].route if first else "desk")
