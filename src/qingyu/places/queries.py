"""Reads about points: the nearest for what a person came for, one point, who lives in the circle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from qingyu.people import queries as people
from qingyu.people.policy import Viewer
from qingyu.places import paces, policy
from qingyu.places.atlas import Atlas, Offer, Place, atlas, cells
from qingyu.places.models import Closure, Point
from qingyu.places.ports import Queue, crowd, items
from qingyu.rules.coverage import Covered, Found, Pace, Spot, Timetable, Visit, covered, nearest, pace_on, visit
from qingyu.rules.coverage.circle import CIRCLES
from qingyu.rules.hours import Hours
from qingyu.rules.refusals import NotValid
from qingyu.rules.synonyms import WORDS, others

SHOWN = 5
WITHIN = 20_000.0
"""Nobody is sent further than this, in metres as the crow flies."""
FAR = 30.0
"""A walk of more than so many minutes is nobody's neighbourhood."""
FRESH = timedelta(minutes=5)
LIKELY = 15
MOST_TITLES = 6
ALWAYS = timedelta(days=2)


class NoSuchPoint(Exception):
    """There is no such point, or it is shown to nobody."""


@dataclass(frozen=True)
class Ask:
    """Who asks from where, for what and when. ``needs`` are features; ``pace`` adult or elder; ``now`` is the clock."""

    spot: Spot
    at: datetime
    now: datetime
    item: str = ""
    needs: frozenset[str] = frozenset()
    pace: str = paces.ADULT


@dataclass(frozen=True)
class Near:
    """A point as an answer. ``missing``: which of the needs it lacks; ``queue`` only where it was asked of now."""

    place: Place
    metres: float
    visit: Visit
    offer: Offer | None
    queue: Queue | None
    missing: frozenset[str]


@dataclass(frozen=True)
class Nearby:
    """The answer. ``fits`` is false where no point has all that is needed: then those without it stand in ``near``."""

    near: list[Near]
    fits: bool

    @property
    def open_now(self) -> bool:
        return any(one.visit.open_now for one in self.near)

    @property
    def is_far(self) -> bool:
        return all(one.visit.walk.low > FAR for one in self.near)


def nearby(ask: Ask, *, count: int = SHOWN) -> Nearby:
    """The points where the person is served first; one statement, and those of the crowd where a hall is asked of."""
    book, queues = atlas(), _queues(ask)
    found = _nearest(ask, book, queues, count)
    if found or not ask.needs:
        return Nearby(found, fits=True)
    return Nearby(_nearest(replace(ask, needs=frozenset()), book, queues, count, wanted=ask.needs), fits=False)


def _nearest(
    ask: Ask, book: Atlas, queues: Mapping[str, Queue], count: int, *, wanted: frozenset[str] = frozenset()
) -> list[Near]:
    pace = pace_on(paces.PACES, ask.pace, on=people.city_day(ask.at))

    def plan(away: float, place: Place) -> Visit | None:
        if not ask.needs <= place.features:
            return None
        queue = queues.get(place.hall)
        return visit(
            place.timetable(), at=ask.at, walk=pace.walk(away), wait=queue.wait if queue else None,
            serving=_minutes(place, ask.item),
        )  # fmt: skip

    grid = book.grid(ask.item)
    found = nearest(grid.outwards(ask.spot, within=WITHIN), plan, count=count)
    return [_near(one, ask, queues, wanted) for one in found]


def _near(found: Found[Place], ask: Ask, queues: Mapping[str, Queue], wanted: frozenset[str]) -> Near:
    place = found.thing
    queue = queues.get(place.hall) if found.visit.open_now else None
    return Near(place, found.metres, found.visit, place.offer(ask.item), queue, wanted - place.features)


def _queues(ask: Ask) -> Mapping[str, Queue]:
    """How the halls stand: only asked where somebody wants to go now."""
    return crowd().queues(item=ask.item, at=ask.now) if abs(ask.at - ask.now) <= FRESH else {}


def _minutes(place: Place, item: str) -> int:
    offer = place.offer(item)
    return offer.minutes if offer else LIKELY


# What is offered ------------------------------------------------------------------------------------------------


def titles() -> dict[str, str]:
    """The items that any point offers, by code; the house's name for it before that of an offer. One statement."""
    known = items().titles()
    return {code: known.get(code, title) for code, title in atlas().titles.items()}


def with_guide() -> frozenset[str]:
    """Codes of the items of which the house has a guide to read; remembered."""
    return frozenset(items().titles())


def matching(words: str) -> list[tuple[str, str]]:
    """Items offered somewhere whose name or code holds the words, or other words for the same thing.

    NotValid("item_not_offered") where none does.
    """
    said, known = _plain(words), titles()
    ways = [said, *(said.replace(word, other) for word in WORDS.findall(said) for other in others(word))]
    exact = [(code, title) for code, title in known.items() if said in (code.casefold(), _plain(title))]
    found = exact or [(code, title) for code, title in known.items() if any(way in _plain(title) for way in ways)]
    found = found or [(code, title) for code, title in known.items() if _shares(said, _plain(title))]
    if not found:
        raise NotValid("item_not_offered", field="item")
    return sorted(found, key=lambda pair: (len(pair[1]), pair[0]))[:MOST_TITLES]


def _plain(title: str) -> str:
    return "".join(title.split()).casefold()


def _shares(said: str, title: str) -> bool:
    """Whether two letters in a row are in both: ``社保怎么交`` finds ``社保缴费``."""
    return any(said[place : place + 2] in title for place in range(len(said) - 1))


# One point ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """How a point stands now. ``reason`` where it is closed for one; ``week``: the coming seven days with hours."""

    open_until: datetime | None
    opens: datetime | None
    reason: str
    closed_until: datetime | None
    week: list[tuple[date, Hours, bool]]
    always: bool


def point(code: str) -> Place:
    """The point with that code as citizens see it; NoSuchPoint. One statement."""
    found = atlas().places.get(code)
    if found is None:
        raise NoSuchPoint(code)
    return found


def standing(place: Place, *, at: datetime) -> Standing:
    """Whether it is open, until when or from when, and its next seven days; no statement of its own."""
    table = place.timetable()
    until = table.open_until(at)
    closing = next((pair for pair in place.closings if _holds(pair[0].starts, pair[0].ends, at)), None)
    days = [people.city_day(at) + timedelta(days=number) for number in range(7)]
    return Standing(
        until, None if until else table.opens(at), closing[1] if closing else "", closing[0].ends if closing else None,
        [(day, table.hours(day), _is_cut(table, day)) for day in days],
        until is not None and until - at >= ALWAYS,
    )  # fmt: skip


def _holds(starts: datetime, ends: datetime | None, at: datetime) -> bool:
    return starts <= at and (ends is None or at < ends)


def _is_cut(table: Timetable, day: date) -> bool:
    """Whether a closing takes something out of the hours of the day."""
    planned = replace(table, closings=())
    return list(table.spells(day, 1)) != list(planned.spells(day, 1))


def queue_of(place: Place, *, at: datetime) -> Queue | None:
    """The queue of the point's hall now; None without a hall or where nobody can say."""
    return crowd().queues(item="", at=at).get(place.hall) if place.hall else None


# The desk -------------------------------------------------------------------------------------------------------


def on_desk(viewer: Viewer, *, kind: str = "", words: str = "") -> QuerySet[Point]:
    """Points that the person manages, by name."""
    rows = Point.objects.filter(policy.managed(viewer)).select_related("unit").order_by("name", "id")
    rows = rows.filter(kind=kind) if kind else rows
    return rows.filter(name__icontains=words) if words else rows


def for_desk(viewer: Viewer, code: str) -> Point:
    """The point if the person manages it; NoSuchPoint."""
    found = Point.objects.filter(policy.managed(viewer), code=code).select_related("unit").first()
    if found is None:
        raise NoSuchPoint(code)
    return found


def closures(row: Point, *, at: datetime) -> list[Closure]:
    """Closings that hold or will."""
    rows = Closure.objects.filter(point=row, lifted_at=None).order_by("starts")
    return [one for one in rows if one.ends is None or one.ends > at]


# The circle -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Picture:
    """Who lives in the circle around points with an item or of a kind, and when the figures were made."""

    covered: Covered
    circle: str
    item: str
    kind: str
    points: int


def coverage(*, circle: str, day: date, item: str = "", kind: str = "") -> Picture:
    """Two statements; NotValid: circle_unknown, item_not_offered, kind_of_point_unknown."""
    if circle not in CIRCLES:
        raise NotValid("circle_unknown", field="circle")
    if kind and kind not in Point.Kind.values:
        raise NotValid("kind_of_point_unknown", field="kind")
    book = atlas()
    if item and item not in book.titles:
        raise NotValid("item_not_offered", field="item")
    grid = book.grid(item, kind)
    adult, elder = (pace_on(paces.PACES, code, on=day) for code in (paces.ADULT, paces.ELDER))
    found = covered(cells(), grid, CIRCLES[circle], adult=adult, elder=elder)  # type: ignore[arg-type]
    return Picture(found, circle, item, kind, len(grid))


def pace(code: str, at: datetime) -> Pace:
    """The pace in force."""
    return pace_on(paces.PACES, code, on=people.city_day(at))
