"""Points: added, changed, moved, taken out; their hours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from qingyu.people import queries
from qingyu.people.models import Staff
from qingyu.people.operations.changes import differences
from qingyu.places import city
from qingyu.places.models import Opening, Point
from qingyu.places.operations import holding
from qingyu.rules.coverage import read_week
from qingyu.rules.refusals import NotAllowed, NotValid

CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
RESERVED = frozenset({"new", "coverage"})
PHONE = re.compile(r"[0-9+() 转、/-]*")
DAY = timedelta(days=1)
SHOWN = (
    "name", "kind", "address", "lat", "lon", "unit_id", "hall", "phone", "way", "features", "keeps_holidays", "active",
)  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """What is said of a point. ``datum``: wgs84, gcj02 or bd09, in which ``lat`` and ``lon`` are given; unit by id."""

    name: str
    kind: str
    address: str
    lat: float
    lon: float
    unit: int
    datum: str = "wgs84"
    hall: str = ""
    phone: str = ""
    way: str = ""
    features: frozenset[str] = frozenset()
    keeps_holidays: bool = True


@transaction.atomic
def add(
    draft: Draft, *, code: str, by: Staff | None, at: datetime, reason: str = "",
    around: city.Surroundings | None = None,
) -> Point:  # fmt: skip
    """A new point; it is open at no time until it has hours.

    NotValid: code_not_valid, kind_of_point_unknown, feature_unknown, unit_unknown, datum_unknown, field_missing,
    field_too_long, and those of ``rules.coverage.checked``. NotAllowed("point_exists"). NotPermitted.
    """
    holding.require(by, draft.unit, at=at)
    if not CODE.fullmatch(code) or code in RESERVED:
        raise NotValid("code_not_valid", field="code")
    if Point.objects.filter(code=code).exists():
        raise NotAllowed("point_exists")
    point = Point(code=code, **_values(draft, around))
    point.save()
    holding.note("add_point", point, by=by, at=at, reason=reason, facts={"after": _shown(point)})
    return point


@transaction.atomic
def change(
    point: Point, draft: Draft, *, by: Staff | None, at: datetime, seen: int | None = None, reason: str = "",
    around: city.Surroundings | None = None,
) -> bool:  # fmt: skip
    """Other facts, or another place; whether anything differed. As ``add``; NotAllowed("row_changed_meanwhile")."""
    row = holding.locked(point, seen=seen, by=by, at=at)
    holding.require(by, draft.unit, at=at)
    before = _shown(row)
    for name, value in _values(draft, around).items():
        setattr(row, name, value)
    facts = differences(before, _shown(row))
    if not facts:
        return False
    row.save()
    what = "move_point" if {"lat", "lon"} & facts["after"].keys() else "change_point"
    holding.note(what, row, by=by, at=at, reason=reason, facts=facts)
    return True


@transaction.atomic
def set_hours(
    point: Point, hours: str, *, by: Staff | None, at: datetime, first: date | None = None, reason: str = ""
) -> bool:
    """Other hours from a day on (today without one); whether they differ from those that would hold then.

    ``hours`` as ``rules.coverage.read_week`` reads them. What held before that day stays as it was. NotValid:
    hours_missing, hours_not_readable, opening_not_valid, starts_in_past.
    """
    row = holding.locked(point, seen=None, by=by, at=at)
    today = queries.city_day(at)
    first = first or today
    if first < today:
        raise NotValid("starts_in_past", field="hours_from")
    wanted = {
        (day, opens, closes) for day, spans in enumerate(read_week(hours)) for opens, closes in spans
    }  # fmt: skip
    if wanted == _in_force(row, first):
        return False
    later = Opening.objects.filter(point=row)
    later.filter(valid_from__gte=first).delete()
    later.filter(valid_to=None).update(valid_to=first - DAY)
    later.filter(valid_to__gte=first).update(valid_to=first - DAY)
    Opening.objects.bulk_create(
        Opening(point=row, weekday=day, opens=opens, closes=closes, valid_from=first)
        for day, opens, closes in sorted(wanted)
    )
    holding.note("set_hours", row, by=by, at=at, reason=reason, facts={"hours": hours[:300], "from": first})
    return True


def _in_force(point: Point, first: date) -> set[tuple[int, Any, Any]]:
    """The hours that hold from a day on for good; none where they change later."""
    rows = list(Opening.objects.filter(point=point).exclude(valid_to__lt=first))
    if any(row.valid_from > first or row.valid_to for row in rows):
        return set()
    return {(row.weekday, row.opens, row.closes) for row in rows}


@transaction.atomic
def take_out(point: Point, *, reason: str, by: Staff | None, at: datetime, seen: int | None = None) -> None:
    """Nobody is sent there any more. NotValid("reason_missing"); NotAllowed: point_out_already."""
    row = holding.locked(point, seen=seen, by=by, at=at)
    if not reason.strip():
        raise NotValid("reason_missing", field="reason")
    if not row.active:
        raise NotAllowed("point_out_already")
    row.active = False
    row.save(update_fields=["active"])
    holding.note("take_out_point", row, by=by, at=at, reason=holding.checked(reason, "reason", longest=200))


@transaction.atomic
def put_back(point: Point, *, by: Staff | None, at: datetime, seen: int | None = None) -> None:
    """It is shown again. NotAllowed("point_in_use")."""
    row = holding.locked(point, seen=seen, by=by, at=at)
    if row.active:
        raise NotAllowed("point_in_use")
    row.active = True
    row.save(update_fields=["active"])
    holding.note("put_back_point", row, by=by, at=at)


# What is written ------------------------------------------------------------------------------------------------


def _values(draft: Draft, around: city.Surroundings | None) -> dict[str, Any]:
    if draft.kind not in Point.Kind.values:
        raise NotValid("kind_of_point_unknown", field="kind")
    if not draft.features <= set(Point.Feature.values):
        raise NotValid("feature_unknown", field="features")
    if draft.unit not in queries.units():
        raise NotValid("unit_unknown", field="unit")
    if draft.datum not in ("wgs84", "gcj02", "bd09"):
        raise NotValid("datum_unknown", field="datum")
    spot = (around or city.surroundings()).spot(draft.lat, draft.lon, datum=draft.datum)
    return _words(draft) | {
        "kind": draft.kind, "lat": round(spot.lat, 6), "lon": round(spot.lon, 6), "unit_id": draft.unit,
        "features": ",".join(one for one in Point.Feature.values if one in draft.features),
        "keeps_holidays": draft.keeps_holidays,
    }  # fmt: skip


def _words(draft: Draft) -> dict[str, str]:
    phone = holding.checked(draft.phone, "phone", longest=40)
    if not PHONE.fullmatch(phone):
        raise NotValid("phone_not_valid", field="phone")
    return {
        "name": holding.required(draft.name, "name", longest=80),
        "address": holding.required(draft.address, "address", longest=160),
        "hall": holding.checked(draft.hall, "hall", longest=20),
        "way": holding.checked(draft.way, "way", longest=300),
        "phone": phone,
    }


def _shown(point: Point) -> dict[str, Any]:
    return {name: getattr(point, name) for name in SHOWN}
