"""Reads about units and calendars. Small reference tables are kept in memory for a few seconds per process."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings

from qingyu.people.models import Area, CalendarDay, CalendarYear, Unit, WorkingCalendar
from qingyu.rules.hours import Calendar

P = ParamSpec("P")
T = TypeVar("T")
SECONDS = 10.0
_memory: dict[str, tuple[float, tuple[Any, ...], Any]] = {}


def remembered(read: Callable[P, T]) -> Callable[P, T]:
    """Keeps the last answer of a read for ten seconds; ``forget`` drops all at once.

    A read may take a day: the answer is kept as long as the same day is asked for.
    """
    name = f"{read.__module__}.{read.__qualname__}"

    @wraps(read)
    def answer(*args: P.args, **kwargs: P.kwargs) -> T:
        entry = _memory.get(name)
        if entry is None or entry[1] != args or time.monotonic() - entry[0] > SECONDS:
            entry = _memory[name] = (time.monotonic(), args, read(*args, **kwargs))
        value: T = entry[2]
        return value

    return answer


def forget() -> None:
    """Call after a write to a reference table, so that this process sees it at once."""
    _memory.clear()


@dataclass(frozen=True)
class UnitInfo:
    """What most readers need of a unit."""

    id: int
    code: str
    name: str
    short: str
    kind: str
    parent_id: int | None
    path: str
    area_path: str
    calendar: str
    fallback: bool
    phone: str
    active: bool


@remembered
def units() -> dict[int, UnitInfo]:
    """All units by id; one statement each ten seconds."""
    rows = Unit.objects.select_related("area", "calendar").order_by("path")
    return {u.id: _unit_info(u) for u in rows}


def _unit_info(unit: Unit) -> UnitInfo:
    return UnitInfo(
        unit.id, unit.code, unit.name, unit.short, unit.kind, unit.parent_id, unit.path,
        unit.area.path if unit.area else "", unit.calendar.code if unit.calendar else "city",
        unit.fallback, unit.phone, unit.active,
    )  # fmt: skip


@remembered
def unit_ids() -> dict[str, int]:
    """Unit ids by code."""
    return {unit.code: unit.id for unit in units().values()}


def centre() -> UnitInfo:
    """The unit that receives, dispatches and reviews: the hotline centre."""
    return next(unit for unit in units().values() if unit.kind == Unit.Kind.CENTRE)


def city_day(at: datetime) -> date:
    """The day of the city at an instant."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def subtree(unit_id: int) -> frozenset[int]:
    """The unit and all below it."""
    root = units()[unit_id].path
    return frozenset(unit.id for unit in units().values() if unit.path.startswith(root))


@remembered
def areas() -> dict[str, Area]:
    """All areas by code."""
    return {area.code: area for area in Area.objects.all()}


@remembered
def calendars() -> dict[str, Calendar]:
    """Working calendars by code, in the form the rules take."""
    return {row.code: _calendar(row) for row in WorkingCalendar.objects.all()}


def calendar(code: str) -> Calendar:
    """The calendar with that code, else the city's own, else one of plain weekdays that knows no year."""
    known = calendars()
    return (
        known.get(code)
        or known.get("city")
        or Calendar(code="city", zone=ZoneInfo(settings.TIME_ZONE), days={}, published=frozenset())
    )


def _calendar(row: WorkingCalendar) -> Calendar:
    days = dict(CalendarDay.objects.filter(calendar=row).values_list("day", "works"))
    years = CalendarYear.objects.filter(calendar=row).values_list("year", flat=True)
    return Calendar(
        code=row.code, zone=ZoneInfo(settings.TIME_ZONE), days=days, published=frozenset(years), closes_at=row.closes_at
    )
