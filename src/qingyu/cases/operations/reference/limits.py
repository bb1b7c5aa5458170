"""Time limits: presets of other cities as a catalogue, and the dated rows that are in force here.

A clock that runs keeps the limit with which it began: its event holds the limit itself. So nothing here ever changes
a promise that somebody has been given.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from qingyu.cases.models import Case, TimeLimit
from qingyu.cases.operations.reference.putting import MANAGES, put
from qingyu.people import queries as people
from qingyu.people.models import Staff
from qingyu.people.operations import note_change, require
from qingyu.people.operations.changes import needed
from qingyu.rules.hours import Limit
from qingyu.rules.hours import Unit as LimitUnit
from qingyu.rules.lifecycle import DOORS
from qingyu.rules.refusals import NotAllowed, NotValid

OWN = "own"  # the preset of what the city has set itself
DAY = timedelta(days=1)
CLOCKS = (
    "dispatch", "sign", "contact", "handle", "review", "followup", "extend", "return", "ask_pause", "question",
    "accept", "correct", "prolong", "issue",
)  # fmt: skip
KEY = ("clock", "type", "urgency", "door")


@transaction.atomic
def place_limit(
    key: Mapping[str, Any], *, amount: int, unit: str, by: Staff | None, at: datetime, reason: str = "", **details: Any
) -> TimeLimit:
    """A row of the catalogue; ``key`` holds preset, clock, type, urgency and valid_from. NotValid("unit_unknown")."""
    require(by, MANAGES, at=at)
    _require_length(amount, unit)
    limit, _before = put(TimeLimit, {"door": "", **key}, {"amount": amount, "unit": unit, **details})
    _note("place_limit", limit, by=by, at=at, reason=reason)
    return limit


def _require_length(amount: int, unit: str) -> None:
    if unit not in list(LimitUnit):
        raise NotValid("unit_unknown", field="unit", found=unit)
    Limit(amount, LimitUnit(unit))


def _note(what: str, limit: TimeLimit, *, by: Staff | None, at: datetime, reason: str, **more: Any) -> None:
    after = {name: getattr(limit, name) for name in (*KEY, "amount", "unit")}
    facts = {"after": after | {"from": limit.valid_from, "to": limit.valid_to}, **more}
    note_change(what, f"limit:{limit.pk}", by=by, at=at, reason=reason, facts=facts)


@transaction.atomic
def choose_preset(preset: str, *, by: Staff | None, at: datetime, reason: str = "", starts: date | None = None) -> None:
    """The limits of this preset are in force from that day on, and no others.

    Without a day (setting a house up) its rows are marked themselves, with the days they have. With one, what is in
    force ends the day before and the rows of the preset are copied to begin that day, so that every day keeps the
    limits it had. NotValid: preset_unknown, starts_in_past, reason_missing.
    """
    require(by, MANAGES, at=at)
    rows = catalogue(preset)
    if not rows:
        raise NotValid("preset_unknown", field="preset", found=preset)
    if starts is None:
        TimeLimit.objects.exclude(preset=preset).update(in_force=False)
        TimeLimit.objects.filter(preset=preset).update(in_force=True)
    else:
        needed(reason)
        _require_ahead(starts, at)
        _end_all(TimeLimit.objects.filter(in_force=True), starts)
        for row in rows:
            _begin(row, starts)
    note_change("choose_preset", f"preset:{preset}", by=by, at=at, reason=reason, facts={"from": starts})


def catalogue(preset: str) -> list[TimeLimit]:
    """The newest row of the preset for each clock, type and urgency."""
    newest: dict[tuple[str, ...], TimeLimit] = {}
    for row in TimeLimit.objects.filter(preset=preset).order_by("valid_from", "pk"):
        newest[tuple(getattr(row, name) for name in KEY)] = row
    return list(newest.values())


def _require_ahead(starts: date, at: datetime) -> None:
    if starts < people.city_day(at):
        raise NotValid("starts_in_past", field="starts")


def _end_all(rows: QuerySet[TimeLimit], starts: date) -> None:
    """Rows in force end the day before; those that would only begin then are not in force any more."""
    ahead = rows.filter(Q(valid_to=None) | Q(valid_to__gte=starts))
    ahead.filter(valid_from__gte=starts).update(in_force=False)
    ahead.filter(valid_from__lt=starts).update(valid_to=starts - DAY)


def _begin(row: TimeLimit, starts: date) -> TimeLimit:
    key = {"preset": row.preset, "valid_from": starts} | {name: getattr(row, name) for name in KEY}
    same = ("city", "source", "amount", "unit", "verified")
    values = {name: getattr(row, name) for name in same} | {"valid_to": None, "in_force": True}
    return put(TimeLimit, key, values)[0]


@transaction.atomic
def set_limit(
    *, clock: str, type: str, urgency: str, amount: int, unit: str, starts: date, source: str,
    by: Staff | None, at: datetime, reason: str, door: str = "",
) -> TimeLimit:  # fmt: skip
    """The city's own limit for a step from that day on; the row for the same requests ends the day before.

    NotValid: clock_unknown, type_unknown, urgency_unknown, unit_unknown, starts_in_past, reason_missing, ``limit_*``.
    """
    require(by, MANAGES, at=at)
    why = needed(reason)
    _require_known(clock, type, urgency, door)
    _require_length(amount, unit)
    _require_ahead(starts, at)
    key = {"clock": clock, "type": type, "urgency": urgency, "door": door}
    _end_all(TimeLimit.objects.filter(in_force=True, **key), starts)
    values = {"amount": amount, "unit": unit, "city": "", "source": source[:300], "verified": bool(source.strip())}
    limit, _before = put(
        TimeLimit, {"preset": OWN, "valid_from": starts, **key}, values | {"valid_to": None, "in_force": True}
    )
    _note("set_limit", limit, by=by, at=at, reason=why)
    return limit


def _require_known(clock: str, type: str, urgency: str, door: str) -> None:
    if clock not in CLOCKS:
        raise NotValid("clock_unknown", field="clock")
    if type and type not in Case.Type.values:
        raise NotValid("type_unknown", field="type")
    if urgency and urgency not in Case.Urgency.values:
        raise NotValid("urgency_unknown", field="urgency")
    if door and door not in DOORS:
        raise NotValid("field_not_valid", field="door")


@transaction.atomic
def end_limit(limit: TimeLimit, *, starts: date, by: Staff | None, at: datetime, reason: str) -> None:
    """From that day on the row no longer holds; the next wider row does, or the house's own figure.

    NotValid: reason_missing, starts_in_past; NotAllowed("limit_has_ended").
    """
    require(by, MANAGES, at=at)
    why = needed(reason)
    _require_ahead(starts, at)
    if not limit.in_force or (limit.valid_to and limit.valid_to < starts):
        raise NotAllowed("limit_has_ended")
    _end_all(TimeLimit.objects.filter(pk=limit.pk), starts)
    limit.refresh_from_db()
    _note("end_limit", limit, by=by, at=at, reason=why)


@transaction.atomic
def verify_limit(limit: TimeLimit, *, source: str, by: Staff | None, at: datetime, reason: str) -> None:
    """Somebody has held the figure against its source. NotValid: reason_missing, source_missing."""
    require(by, MANAGES, at=at)
    why = needed(reason)
    if not source.strip():
        raise NotValid("source_missing", field="source")
    before = {"source": limit.source, "verified": limit.verified}
    limit.source, limit.verified = source.strip()[:300], True
    limit.save(update_fields=["source", "verified"])
    _note("verify_limit", limit, by=by, at=at, reason=why, before=before)
