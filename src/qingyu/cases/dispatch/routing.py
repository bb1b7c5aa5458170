"""The unit for a topic in an area, by the city's dated routing table; what has no route goes to the fallback unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qingyu.cases.models import Route
from qingyu.cases.topics import by_code
from qingyu.people import queries as people
from qingyu.people.models import Area
from qingyu.rules import dispatch


@dataclass(frozen=True)
class Destination:
    """Where a case should go. ``why`` is a code of ``rules.dispatch.Why``."""

    unit: int
    assisting: tuple[int, ...]
    why: str


@people.remembered
def table() -> dispatch.RouteTable:
    """All routes made ready for many questions; one statement each ten seconds."""
    rows = Route.objects.select_related("topic", "area", "lead")
    return dispatch.RouteTable.of(
        dispatch.Route(
            topic=row.topic.code if row.topic else dispatch.ANY,
            area=row.area.code if row.area else dispatch.ANY,
            lead=row.lead.code,
            assisting=tuple(row.assisting),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in rows
    )


def destination(*, topic: str, area: str, on: date) -> Destination:
    """The lead unit and who assists, for codes of topic and area (either may be empty)."""
    topics, places = by_code().get(topic), people.areas().get(area) or _whole_city()
    choice = table().choose(
        topic_path=tuple(topics.path.split("/")) if topics else (),
        area_path=tuple(places.path.split("/")) if places else (),
        on=on,
        fallback=fallback(area),
        closed={unit.code for unit in people.units().values() if not unit.active},
    )
    ids = people.unit_ids()
    assisting = tuple(ids[code] for code in choice.assisting if code in ids)
    return Destination(ids[choice.lead], assisting, str(choice.why))


def _whole_city() -> Area | None:
    """Where it is not known where: routes for the whole city still hold."""
    return next((area for area in people.areas().values() if area.level == Area.Level.CITY), None)


def fallback(area: str) -> str:
    """Code of the named unit that takes what has no route: of the nearest area above, else the city's own."""
    named = [unit for unit in people.units().values() if unit.fallback and unit.active]
    place = people.areas().get(area)
    path = place.path if place else ""
    above = [unit for unit in named if unit.area_path and path.startswith(unit.area_path) and unit.parent_id]
    nearest = max(above, key=lambda unit: len(unit.area_path), default=None)
    chosen = nearest or next((unit for unit in named if unit.kind != "centre"), None)
    return chosen.code if chosen else next(u.code for u in people.units().values() if u.kind != "centre")
