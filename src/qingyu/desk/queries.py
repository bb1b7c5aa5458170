"""What a supervisor reads over breakfast: what will be late, what is, and where it sticks. Cost does not grow."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from qingyu.cases.models.case import IS_OPEN
from qingyu.cases.queries import BASKETS, COLUMNS, Row, counts_of, row_of
from qingyu.cases.sight import NEWEST, Narrowing, first, open_cases
from qingyu.people import queries as people
from qingyu.people.policy import Viewer

SOON = timedelta(hours=24)
LISTED = 10
LOOKED_AT = 2_000
MOST_A_HOUR = 99_999

STUCK = Q(returns__gt=0) | Q(urges__gt=0) | Q(redos__gt=0)


@dataclass(frozen=True)
class LateUnit:
    """A unit and how many of its cases are past a time limit."""

    id: int
    code: str
    name: str
    count: int


@dataclass(frozen=True)
class Stuck:
    """An open case that comes and goes: how often it was returned, urged and redone."""

    row: Row
    returns: int


@dataclass(frozen=True)
class Late:
    """Units with overdue cases, most first. ``more`` says that only the 2,000 longest overdue were counted."""

    units: list[LateUnit]
    more: bool


def counts(viewer: Viewer, *, at: datetime) -> dict[str, int]:
    """How many cases lie in each list of the page, to 999: one statement."""
    own = {"late": IS_OPEN & Q(next_due_at__lt=at), "soon": IS_OPEN & Q(next_due_at__range=(at, at + SOON))}
    named = {name: BASKETS[name] for name in ("received", "disputed", "review", "extension")}
    return counts_of(viewer, {name: open_cases(condition) for name, condition in (named | own).items()})


def due_soon(viewer: Viewer, *, at: datetime) -> list[Row]:
    """The ten open cases whose next limit ends first within 24 hours: one statement."""
    near = first(viewer, open_cases(IS_OPEN & Q(next_due_at__range=(at, at + SOON))), LISTED)
    return [row_of(values) for values in near.values_list(*COLUMNS)[:LISTED]]


def late_units(viewer: Viewer, *, at: datetime) -> Late:
    """Overdue cases by owner, counted over the 2,000 that are overdue longest: one statement."""
    late = first(viewer, open_cases(IS_OPEN & Q(next_due_at__lt=at)), LOOKED_AT)
    owners = Counter(late.values_list("owner_id", flat=True)[:LOOKED_AT])
    known = people.units()
    units = [LateUnit(id, known[id].code, known[id].name, number) for id, number in owners.items() if id in known]
    return Late(sorted(units, key=lambda unit: (-unit.count, unit.code)), owners.total() >= LOOKED_AT)


def stuck(viewer: Viewer) -> list[Stuck]:
    """Open cases that were returned, urged or redone most, of the 200 such cases due first: one statement."""
    found = first(viewer, open_cases(IS_OPEN & STUCK), 200)
    rows = [Stuck(row_of(values[:-1]), values[-1]) for values in found.values_list(*COLUMNS, "returns")[:200]]
    return sorted(rows, key=lambda one: -(one.returns + one.row.urges + 2 * one.row.redos))[:LISTED]


def inflow(viewer: Viewer, *, at: datetime) -> list[int]:
    """How many cases were filed in each hour of the city's day so far, from midnight on: one statement."""
    zone = ZoneInfo(settings.TIME_ZONE)
    midnight = datetime.combine(at.astimezone(zone).date(), time(0), tzinfo=zone)
    hours = range(at.astimezone(zone).hour + 1)
    spans = {
        f"h{hour:02d}": Narrowing(_span(midnight + timedelta(hours=hour)), NEWEST, of_open=False) for hour in hours
    }
    found = counts_of(viewer, spans, most=MOST_A_HOUR)
    return [found[name] for name in spans]


def _span(start: datetime) -> Q:
    return Q(opened_at__gte=start, opened_at__lt=start + timedelta(hours=1))
