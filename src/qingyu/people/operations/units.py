"""The tree of units: made, moved, renamed, closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from qingyu.people import ports
from qingyu.people.models import Area, Staff, Unit, WorkingCalendar
from qingyu.people.operations.changes import differences, needed, note_change, require
from qingyu.people.operations.roles import MANAGES
from qingyu.rules.refusals import NotAllowed, NotValid

SHOWN = ("name", "short", "kind", "fallback", "phone")


@transaction.atomic
def place_unit(
    *, code: str, name: str, short: str, kind: str, parent: Unit | None, by: Staff | None, at: datetime,
    reason: str = "", **details: Any,
) -> Unit:  # fmt: skip
    """Makes a unit or changes the one with that code; paths of all below follow a move.

    NotAllowed: unit_under_itself, unit_inactive (of the parent), unit_is_centre (the one centre stays a centre).
    NotValid("one_centre"): there is one that receives, dispatches and reviews.
    """
    require(by, MANAGES, at=at)
    unit = Unit.objects.select_for_update().filter(code=code).first() or Unit(code=code)
    _require_place(unit, kind, parent)
    before, shown = unit.path, _shown(unit)
    unit.name, unit.short, unit.kind, unit.parent = name, short or name[:40], kind, parent
    for field, value in details.items():
        setattr(unit, field, value)
    unit.path = unit.path or "/"
    unit.save()
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    _move_below(before, unit)
    facts = differences(shown, _shown(unit))
    note_change("place_unit", f"unit:{code}", by=by, at=at, reason=reason, facts=facts)
    return unit


def _require_place(unit: Unit, kind: str, parent: Unit | None) -> None:
    if parent and unit.pk and parent.path.startswith(unit.path):
        raise NotAllowed("unit_under_itself")
    if parent and not parent.active:
        raise NotAllowed("unit_inactive", unit=parent.code)
    centre = Unit.Kind.CENTRE
    if unit.pk and unit.kind == centre and kind != centre:
        raise NotAllowed("unit_is_centre")
    if kind == centre and Unit.objects.filter(kind=centre, active=True).exclude(pk=unit.pk).exists():
        raise NotValid("one_centre", field="kind")


def _shown(unit: Unit) -> dict[str, Any]:
    """What a change is told by; nothing of a unit that is new."""
    if not unit.pk:
        return {}
    related: dict[str, Unit | Area | WorkingCalendar | None] = {
        "parent": unit.parent, "area": unit.area, "calendar": unit.calendar,
    }  # fmt: skip
    codes = {name: row.code if row else "" for name, row in related.items()}
    return {name: getattr(unit, name) for name in SHOWN} | codes


def _move_below(before: str, unit: Unit) -> None:
    if before in ("", "/", unit.path):
        return
    for below in Unit.objects.filter(path__startswith=before).exclude(pk=unit.pk):
        below.path = unit.path + below.path.removeprefix(before)
        below.save(update_fields=["path"])


@transaction.atomic
def close_unit(unit: Unit, *, by: Staff | None, at: datetime, reason: str) -> None:
    """A unit that is no more: it gets no case and no staff from now on; its past stays.

    NotValid("reason_missing"); NotAllowed: unit_is_centre, unit_inactive, unit_has_staff, unit_has_units,
    unit_has_cases, each with how many.
    """
    require(by, MANAGES, at=at)
    why = needed(reason)
    locked = Unit.objects.select_for_update().get(pk=unit.pk)
    if not locked.active:
        raise NotAllowed("unit_inactive", unit=unit.code)
    if locked.kind == Unit.Kind.CENTRE:
        raise NotAllowed("unit_is_centre")
    _require_none("unit_has_units", Unit.objects.filter(parent=unit, active=True).count())
    _require_none("unit_has_staff", Staff.objects.filter(unit=unit, is_active=True).count())
    _require_none("unit_has_cases", ports.open_work().of_unit(unit.pk))
    unit.active = False
    unit.save(update_fields=["active"])
    note_change("close_unit", f"unit:{unit.code}", by=by, at=at, reason=why)


def _require_none(code: str, count: int) -> None:
    if count:
        raise NotAllowed(code, count=count)


@transaction.atomic
def reopen_unit(unit: Unit, *, by: Staff | None, at: datetime, reason: str) -> None:
    """Takes a closing back. NotValid("reason_missing"); NotAllowed: unit_is_open, unit_inactive (of the parent)."""
    require(by, MANAGES, at=at)
    why = needed(reason)
    if unit.active:
        raise NotAllowed("unit_is_open")
    if unit.parent and not unit.parent.active:
        raise NotAllowed("unit_inactive", unit=unit.parent.code)
    unit.active = True
    unit.save(update_fields=["active"])
    note_change("reopen_unit", f"unit:{unit.code}", by=by, at=at, reason=why)
