"""Service points and where people live, from files."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from qingyu.desk.loading.reading import Line
from qingyu.desk.loading.report import Did, Source
from qingyu.people import queries as people
from qingyu.people.models import Area
from qingyu.places import city, operations
from qingyu.places.models import Point
from qingyu.places.operations import Draft, OfferIn, Settled
from qingyu.rules.refusals import NotValid


def point(line: Line, source: Source) -> Did:
    """code, name, kind, address, lat, lon, unit, hours[, datum, hall, phone, way, features, holidays, offers].

    ``offers`` as ``item=title=how=minutes``, parted by ``;``, in JSON also a list of objects. ``holidays`` closed or
    as_usual. NotValid: unit_unknown, not_a_number, holidays_unknown, and those of ``places.operations``.
    """
    draft, code = _draft(line), line.text("code")
    found = Point.objects.filter(code=code).first()
    how: dict[str, Any] = {"by": None, "at": source.at, "reason": source.reason}
    did = []
    if found is None:
        found = operations.add(draft, code=code, around=_around(source), **how)
    else:
        did.append(operations.change(found, draft, around=_around(source), **how))
    did.append(operations.set_hours(found, line.text("hours"), **how))
    did.append(operations.set_offers(found, _offers(line), **how))
    if len(did) == 2:
        return Did.MADE
    return Did.CHANGED if any(did) else Did.SAME


@lru_cache(maxsize=1)
def _around(source: Source) -> city.Surroundings:
    """The same for every line of a file."""
    return city.surroundings()


def _draft(line: Line) -> Draft:
    holidays = line.text("holidays", "closed")
    if holidays not in ("closed", "as_usual"):
        raise NotValid("holidays_unknown", field="holidays", found=holidays[:20])
    return Draft(
        name=line.text("name"), kind=line.text("kind"), address=line.text("address"), lat=_degrees(line, "lat"),
        lon=_degrees(line, "lon"), unit=_unit(line), datum=line.text("datum", "wgs84").lower(),
        hall=line.text("hall", ""), phone=line.text("phone", ""), way=line.text("way", ""),
        features=frozenset(line.parts("features")), keeps_holidays=holidays == "closed",
    )  # fmt: skip


def _degrees(line: Line, name: str) -> float:
    found = line.figure(name)
    if found is None:
        raise NotValid("field_missing", field=name)
    return found


def _unit(line: Line) -> int:
    try:
        return people.unit_ids()[line.text("unit")]
    except KeyError:
        raise NotValid("unit_unknown", field="unit", found=line.text("unit")) from None


def _offers(line: Line) -> list[OfferIn]:
    value = line.values.get("offers")
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return [_offer(*(str(one.get(name) or "") for name in ("item", "title", "how", "minutes"))) for one in value]
    return [_offer(*(part.strip() for part in text.split("="))) for text in line.parts("offers")]


def _offer(item: str, title: str = "", how: str = "", minutes: str = "", *rest: str) -> OfferIn:
    if rest or (minutes and not minutes.isdecimal()):
        raise NotValid("offers_not_readable", field="offers", found=item[:60])
    return OfferIn(item, title, how or "whole", int(minutes[:4] or 15))


def cell(line: Line, source: Source) -> Did:
    """code, lat, lon, people[, elderly, area, rural, source, datum]; without a source, the name of the file.

    Columns ``id`` and ``population`` serve for code and people. NotValid: area_unknown, not_a_number,
    not_a_whole_number, and those of ``places.operations.settle``.
    """
    elderly = line.whole("elderly") if line.text("elderly", "") else None
    settled = Settled(
        code=line.text("code", line.text("id", "")), lat=_degrees(line, "lat"), lon=_degrees(line, "lon"),
        people=line.whole("people" if line.text("people", "") else "population"), elderly=elderly,
        area=_area(line), rural=line.flag("rural"), source=line.text("source", source.path.name),
        datum=line.text("datum", "wgs84").lower(),
    )  # fmt: skip
    return Did(operations.settle(settled, box=city.box()))


def _area(line: Line) -> Area | None:
    code = line.text("area", "")
    found = people.areas().get(code)
    if code and found is None:
        raise NotValid("area_unknown", field="area", found=code)
    return found
