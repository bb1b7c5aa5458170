"""All points as the rules take them, in memory: read anew only when something was written."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from qingyu.people import queries as people
from qingyu.places.models import Closure, Opening, Point, PointOffer, PopulationCell, Stamp
from qingyu.rules.coverage import Cell, Closing, Grid, Period, Spot, Timetable
from qingyu.rules.coverage.opening import Week
from qingyu.rules.hours import MIDNIGHT, Hours


@dataclass(frozen=True)
class Offer:
    """What a point does for an item. ``whole``: from beginning to end; otherwise papers are only handed in."""

    item: str
    title: str
    whole: bool
    minutes: int


@dataclass(frozen=True)
class Place:
    """A point with all that is asked of it."""

    code: str
    name: str
    kind: str
    address: str
    spot: Spot
    unit_id: int
    hall: str
    phone: str
    way: str
    features: frozenset[str]
    keeps_holidays: bool
    offers: tuple[Offer, ...]
    periods: tuple[Period, ...]
    closings: tuple[tuple[Closing, str], ...]

    def offer(self, item: str) -> Offer | None:
        return next((one for one in self.offers if one.item == item), None)

    def week_on(self, day: date) -> Week:
        """The usual hours of the seven weekdays, as they hold that day; none where no week holds."""
        held = (period.week for period in self.periods if period.first <= day <= (period.last or day))
        return next(held, ((),) * 7)

    def timetable(self) -> Timetable:
        unit = people.units().get(self.unit_id)
        calendar = people.calendar(unit.calendar if unit else "city")
        return Timetable(self.periods, calendar, self.keeps_holidays, tuple(closing for closing, _ in self.closings))


@dataclass
class Atlas:
    """Points by code, and an index of those that offer an item."""

    mark: str
    places: dict[str, Place]
    _grids: dict[tuple[str, str], Grid[Place]] = field(default_factory=dict)

    def grid(self, item: str = "", kind: str = "") -> Grid[Place]:
        """The index of all points, of those that offer an item, or of a kind."""
        if (item, kind) not in self._grids:
            wanted = [one for one in self.places.values() if _is_wanted(one, item, kind)]
            self._grids[item, kind] = Grid((one.spot, one) for one in wanted)
        return self._grids[item, kind]

    @cached_property
    def titles(self) -> dict[str, str]:
        """What is offered anywhere, by code of the item."""
        return {offer.item: offer.title for place in self.places.values() for offer in place.offers}


def _is_wanted(place: Place, item: str, kind: str) -> bool:
    return (not item or place.offer(item) is not None) and (not kind or place.kind == kind)


_known: dict[str, Atlas] = {}
_settled: dict[str, tuple[Cell, ...]] = {}


def atlas() -> Atlas:
    """The points now: one statement, and four more after a write."""
    mark = stamp()
    found = _known.get(mark)
    if found is None:
        found = Atlas(mark, _places())
        _known.clear()
        _known[mark] = found
    return found


def cells() -> tuple[Cell, ...]:
    """Where people live: one statement, and one more after a write."""
    mark = stamp()
    found = _settled.get(mark)
    if found is None:
        found = tuple(map(_cell, PopulationCell.objects.select_related("area").order_by("id")))
        _settled.clear()
        _settled[mark] = found
    return found


def stamp() -> str:
    """The mark of the last write; empty before the first."""
    return Stamp.objects.values_list("mark", flat=True).first() or ""


def _cell(row: PopulationCell) -> Cell:
    area = row.area.code if row.area else ""
    return Cell(row.code, Spot(row.lat, row.lon), row.people, row.elderly, area, row.rural)


def _places() -> dict[str, Place]:
    offers, weeks, closings = _offers(), _periods(), _closings()
    rows = Point.objects.filter(active=True).order_by("id")
    return {
        row.code: Place(
            row.code, row.name, row.kind, row.address, row.spot, row.unit_id, row.hall, row.phone, row.way,
            row.feature_set, row.keeps_holidays, tuple(offers[row.pk]), weeks.get(row.pk, ()), tuple(closings[row.pk]),
        )
        for row in rows
    }  # fmt: skip


def _offers() -> defaultdict[int, list[Offer]]:
    found: defaultdict[int, list[Offer]] = defaultdict(list)
    rows = PointOffer.objects.order_by("point_id", "order", "id").values_list(
        "point_id", "item", "title", "how", "minutes"
    )
    for point, item, title, how, minutes in rows:
        found[point].append(Offer(item, title, how == PointOffer.How.WHOLE, minutes))
    return found


def _closings() -> defaultdict[int, list[tuple[Closing, str]]]:
    found: defaultdict[int, list[tuple[Closing, str]]] = defaultdict(list)
    rows = Closure.objects.filter(lifted_at=None).order_by("starts").values_list("point_id", "starts", "ends", "reason")
    for point, starts, ends, reason in rows:
        found[point].append((Closing(starts, ends), reason))
    return found


def _periods() -> dict[int, tuple[Period, ...]]:
    found: defaultdict[int, defaultdict[tuple[date, date | None], list[list[tuple[object, object]]]]]
    found = defaultdict(lambda: defaultdict(lambda: [[] for _ in range(7)]))
    rows = Opening.objects.order_by("point_id", "valid_from", "weekday", "opens")
    for row in rows.values_list("point_id", "valid_from", "valid_to", "weekday", "opens", "closes"):
        point, first, last, weekday, opens, closes = row
        found[point][first, last][weekday].append((opens, closes or MIDNIGHT))
    return {
        point: tuple(Period(*days, tuple(map(_hours, week))) for days, week in spans.items())
        for point, spans in found.items()
    }


def _hours(day: list[tuple[object, object]]) -> Hours:
    return tuple(day)  # type: ignore[arg-type]
