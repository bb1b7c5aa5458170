"""Points and the circle as JSON: the same reads as the pages; staff close a point and open it again."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from qingyu.people import queries as people
from qingyu.people.api import staff_token
from qingyu.people.bodies import STORABLE, Body
from qingyu.people.models import Staff
from qingyu.people.policy import Viewer
from qingyu.people.replies import REFUSALS, once, reply
from qingyu.places import city, operations, paces, queries
from qingyu.places.atlas import Place
from qingyu.places.forms import rounded
from qingyu.places.models import Closure, Point
from qingyu.places.queries import Ask, Near
from qingyu.places.views import telling
from qingyu.rules.coverage import Reached, Share
from qingyu.rules.refusals import NotAllowed, NotValid

router = Router(tags=["points"])
desk_router = Router(tags=["points"], auth=staff_token)
MOST_MISSED = 50


class Range(Schema):
    """Whole minutes."""

    low: int
    high: int


class QueueOut(Schema):
    """Who waits in the hall, how long a newcomer would, and of when the figure is."""

    waiting: int
    wait: Range
    at: AwareDatetime


class OfferOut(Schema):
    """An item done at a point. ``how``: whole or hand_in; ``minutes`` at the counter."""

    item: str
    title: str
    how: str
    minutes: int


class PointOut(Schema):
    """A point. ``features`` are accessible features; ``unit`` is a code."""

    code: str
    name: str
    kind: str
    address: str
    lat: float
    lon: float
    unit: str
    hall: str
    phone: str
    way: str
    features: list[str]
    offers: list[OfferOut]


class NearOut(PointOut):
    """A point as an answer. ``fits``: sure, tight (it may close before) or later (closed when one comes).

    ``total`` is from now until one stands at the counter; ``missing`` are needs it lacks.
    """

    metres: int
    walk: Range
    total: Range
    open_now: bool
    opens: AwareDatetime
    closes: AwareDatetime
    fits: str
    queue: QueueOut | None
    missing: list[str]


class Points(Schema):
    """``fits`` is false where no point has all that is needed: then those without it are given."""

    at: AwareDatetime
    fits: bool
    points: list[NearOut]


class Day(Schema):
    """``hours`` as ``09:00–12:00，13:30–17:00``, empty where it is closed."""

    day: date
    hours: str


class PointNow(PointOut):
    """A point with how it stands. ``closed_because`` where it is closed for a reason."""

    open_until: AwareDatetime | None
    opens: AwareDatetime | None
    closed_because: str
    week: list[Day]
    queue: QueueOut | None


class ShareOut(Schema):
    """How many people, how many of them in the circle, and the share (0 to 1; null where nobody lives)."""

    people: int
    covered: int
    missed: int
    share: float | None


class AreaOut(Schema):
    area: str
    name: str
    all: ShareOut
    elderly: ShareOut


class CellOut(Schema):
    """A cell outside the circle. ``metres`` to the nearest point, null where there is none."""

    code: str
    lat: float
    lon: float
    area: str
    people: int
    elderly: int | None
    metres: int | None


class CoverageOut(Schema):
    """Who lives in the circle: ``circle`` is hr, commerce or housing. ``missed`` the 50 fullest cells outside."""

    circle: str
    item: str
    kind: str
    points: int
    all: ShareOut
    elderly: ShareOut
    areas: list[AreaOut]
    missed: list[CellOut]


class CloseIn(Body):
    """Closed from when (now without it) to when (until further notice without it), and why."""

    reason: Annotated[str, Field(max_length=200), STORABLE]
    starts: AwareDatetime | None = None
    ends: AwareDatetime | None = None


class ClosureOut(Schema):
    id: int
    point: str
    starts: AwareDatetime
    ends: AwareDatetime | None
    reason: str


# Answers made by hand ------------------------------------------------------------------------------------------


def _range(whole: tuple[int, int]) -> dict[str, int]:
    return {"low": whole[0], "high": whole[1]}


def _queue(found: Any) -> dict[str, object] | None:
    if found is None:
        return None
    return {"waiting": found.waiting, "wait": _range(found.wait.whole), "at": found.at}


def _point(place: Place) -> dict[str, object]:
    unit = people.units().get(place.unit_id)
    return {
        "code": place.code, "name": place.name, "kind": place.kind, "address": place.address, "lat": place.spot.lat,
        "lon": place.spot.lon, "unit": unit.code if unit else "", "hall": place.hall, "phone": place.phone,
        "way": place.way, "features": sorted(place.features),
        "offers": [
            {"item": one.item, "title": one.title, "how": "whole" if one.whole else "hand_in", "minutes": one.minutes}
            for one in place.offers
        ],
    }  # fmt: skip


def _near(one: Near) -> dict[str, object]:
    visit = one.visit
    return _point(one.place) | {
        "metres": round(one.metres), "walk": _range(visit.walk.whole), "total": _range(visit.total.whole),
        "open_now": visit.open_now, "opens": visit.opens, "closes": visit.closes, "fits": str(visit.fits),
        "queue": _queue(one.queue), "missing": sorted(one.missing),
    }  # fmt: skip


def _share(share: Share) -> dict[str, object]:
    part = share.share
    return {
        "people": share.people, "covered": share.covered, "missed": share.missed,
        "share": None if part is None else round(part, 4),
    }  # fmt: skip


def _cell(one: Reached) -> dict[str, object]:
    cell = one.cell
    return {
        "code": cell.code, "lat": cell.spot.lat, "lon": cell.spot.lon, "area": cell.area, "people": cell.people,
        "elderly": cell.elderly, "metres": round(one.metres) if math.isfinite(one.metres) else None,
    }  # fmt: skip


# Everybody -----------------------------------------------------------------------------------------------------

Degrees = Annotated[float, Query(..., description="WGS-84; send three decimals at most: it is rounded to about 100 m")]
Item = Annotated[str, Query("", max_length=60, description="code of a service item, or words of its name")]
Needs = Annotated[str, Query("", max_length=120, description="step_free, low_window, hearing_loop, toilet, parking")]
At = Annotated[AwareDatetime | None, Query(None, description="when one wants to go; now without it")]
PaceName = Annotated[str, Query("adult", max_length=10, description="adult or elder")]


@router.get("/points", response={200: Points, **REFUSALS})
def points(
    request: HttpRequest, lat: Degrees, lon: Degrees, item: Item, needs: Needs, at: At, pace: PaceName
) -> HttpResponse:
    """The five points where somebody at that place is served first, by walking and waiting together."""
    now = datetime.now(UTC)
    wanted = frozenset(part.strip() for part in needs.split(",") if part.strip())
    if not wanted <= set(Point.Feature.values):
        raise NotValid("feature_unknown", field="needs")
    spot = rounded(city.spot_in_box(lat, lon))
    found = queries.nearby(Ask(spot, max(now, _year(at, now)), now, _item(item), wanted, _pace(pace)))
    return reply({"at": now, "fits": found.fits, "points": [_near(one) for one in found.near]})


def _year(at: datetime | None, now: datetime) -> datetime:
    if at is None:
        return now
    if not now.year - 1 <= at.year <= now.year + 1:
        raise NotValid("time_out_of_range", field="at")
    return at.astimezone(UTC)


def _item(words: str) -> str:
    said = words.replace("\x00", "").strip()
    return queries.matching(said)[0][0] if said else ""


def _pace(code: str) -> str:
    if code not in (paces.ADULT, paces.ELDER):
        raise NotValid("pace_unknown", field="pace")
    return code


@router.get("/points/{code}", response={200: PointNow, **REFUSALS})
def point(request: HttpRequest, code: str) -> HttpResponse:
    """One point: what is done there, whether it is open, its next seven days."""
    at = datetime.now(UTC)
    try:
        place = queries.point(code)
    except queries.NoSuchPoint:
        raise Http404 from None
    standing = queries.standing(place, at=at)
    week = [{"day": day, "hours": hours} for day, hours, _ in telling.week(standing)]
    more = {
        "open_until": standing.open_until, "opens": standing.opens, "closed_because": standing.reason, "week": week,
        "queue": _queue(queries.queue_of(place, at=at)),
    }  # fmt: skip
    return reply(_point(place) | more)


Circle = Annotated[str, Query("commerce", max_length=10, description="hr, commerce or housing")]
Kind = Annotated[str, Query("", max_length=10, description="only points of this kind")]


@router.get("/coverage", response={200: CoverageOut, **REFUSALS})
def coverage(request: HttpRequest, circle: Circle, item: Item, kind: Kind) -> HttpResponse:
    """Who lives in the circle around the points and who does not, by area and age where given."""
    picture = queries.coverage(circle=circle, day=people.city_day(datetime.now(UTC)), item=_item(item), kind=kind)
    found, known = picture.covered, people.areas()
    areas = [
        {"area": code, "name": known[code].name if code in known else "", "all": _share(every), "elderly": _share(old)}
        for code, (every, old) in sorted(found.areas.items())
    ]
    body = {
        "circle": picture.circle, "item": picture.item, "kind": picture.kind, "points": picture.points,
        "all": _share(found.all), "elderly": _share(found.elderly), "areas": areas,
        "missed": [_cell(one) for one in found.missed()[:MOST_MISSED]],
    }  # fmt: skip
    return reply(body)


# Staff ---------------------------------------------------------------------------------------------------------


def _viewer(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.auth  # type: ignore[attr-defined]
    viewer.require("point.manage")
    return viewer


def _row(viewer: Viewer, code: str) -> Point:
    try:
        return queries.for_desk(viewer, code)
    except queries.NoSuchPoint:
        raise Http404 from None


def _once(
    request: HttpRequest, viewer: Viewer, act: Callable[[Staff], tuple[int, object]], *, at: datetime
) -> HttpResponse:
    def done() -> tuple[int, object]:
        return act(Staff.objects.get(pk=viewer.staff_id))

    return once(request, f"staff:{viewer.staff_id}", done, at=at)


def _closure(made: Closure, code: str) -> dict[str, object]:
    return {"id": made.pk, "point": code, "starts": made.starts, "ends": made.ends, "reason": made.reason}


@desk_router.post("/points/{code}/close", response={201: ClosureOut, **REFUSALS})
def close(request: HttpRequest, code: str, body: CloseIn) -> HttpResponse:
    """Closes a point for a time; citizens read the reason."""
    at, viewer = datetime.now(UTC), _viewer(request)
    row = _row(viewer, code)

    def act(staff: Staff) -> tuple[int, object]:
        made = operations.close_for(
            row, starts=body.starts or at, ends=body.ends, reason=body.reason, by=staff, at=at
        )  # fmt: skip
        return 201, _closure(made, code)

    return _once(request, viewer, act, at=at)


@desk_router.post("/points/{code}/open", response={200: PointNow, **REFUSALS})
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """Takes back the closing that holds now. 409 closure_over where none does."""
    at, viewer = datetime.now(UTC), _viewer(request)
    row = _row(viewer, code)

    def act(staff: Staff) -> tuple[int, object]:
        held = [one for one in queries.closures(row, at=at) if one.starts <= at]
        if not held:
            raise NotAllowed("closure_over")
        operations.lift(held[0], by=staff, at=at)
        return 200, json.loads(point(request, code).content)

    return _once(request, viewer, act, at=at)
