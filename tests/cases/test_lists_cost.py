"""Lists and counts cost the same at any number of cases: steps of SQLite's machine, not seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection
from django.http import QueryDict

from qingyu.cases import queries
from qingyu.cases.models import Case, CaseText
from qingyu.cases.staff import baskets
from qingyu.desk import queries as overview
from tests.people import MONDAY as AT
from tests.people import City

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("config.getoption('database') != 'sqlite'", reason="counts the steps of SQLite's machine"),
]
FEW, MANY = 1_500, 9_000
STATES = ("received", "dispatched", "accepted", "handling", "waiting", "answered", *["closed"] * 24)
ROLES = ("dispatcher", "handler", "clerk", "supervisor", "mayor", "hall_manager", "agent")
NARROWED = (("open", "topic=noise"), ("closed", "type=report"), ("", "state=refused"), ("", "state=handling"))


def fill(city: City, upto: int) -> None:
    """Cases of all units in all states, the many closed ones of long ago among them."""
    units = list(city.units.values())
    have = Case.objects.count()
    title = CaseText.objects.first()
    Case.objects.bulk_create(
        Case(
            number=f"{n:014d}", uuid=uuid4(), state=STATES[n % len(STATES)],
            of_open=STATES[n % len(STATES)] != "closed", type="report" if n % 97 == 0 else "help",
            channel="web", owner=units[n % len(units)], lead=units[n % len(units)], opened_at=AT - timedelta(minutes=n),
            next_due_at=AT + timedelta(minutes=n % 5_000 - 100), title=title,
        )
        for n in range(have, upto)
    )  # fmt: skip


@contextmanager
def steps() -> Iterator[list[int]]:
    """How often the machine counted to a hundred."""
    seen = [0]

    def step() -> int:
        seen[0] += 1
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(step, 100)
    try:
        yield seen
    finally:
        connection.connection.set_progress_handler(None, 0)


def cost(read: Callable[[], object]) -> int:
    read()
    with steps() as seen:
        read()
    return seen[0]


def reads(city: City) -> dict[str, Callable[[], object]]:
    found: dict[str, Callable[[], object]] = {}
    for role in ROLES:
        viewer = city.viewer(role)
        lists = [(basket.name, "") for basket in baskets.of(viewer)] + list(NARROWED)
        for name, given in lists:
            wanted = baskets.wanted(name, QueryDict(given), viewer=viewer, at=AT)
            found[f"{role}: {name} {given}"] = partial(queries.desk_list, viewer, wanted)
        names = tuple(basket.name for basket in baskets.of(viewer) if basket.name != "closed")
        found[f"{role}: counts"] = partial(queries.basket_counts, viewer, names, at=AT, most=20)
    viewer = city.viewer("supervisor")
    found["overview: stuck"] = partial(overview.stuck, viewer)
    found["overview: due soon"] = partial(overview.due_soon, viewer, at=AT)
    return found


def test_six_times_as_many_cases_cost_no_more_to_list(city: City) -> None:
    fill(city, FEW)
    named = reads(city)
    before = {name: cost(read) for name, read in named.items()}
    fill(city, MANY)
    grown = {name: (before[name], cost(read)) for name, read in named.items()}
    assert not {name: both for name, both in grown.items() if both[1] > 2 * both[0] + 60}
