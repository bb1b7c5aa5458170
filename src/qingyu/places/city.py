"""Where the city is: the box around it, the places people know by name, and the nearest place where anybody lives."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.conf import settings

from qingyu.people import queries as people
from qingyu.people.models import Area
from qingyu.places import atlas
from qingyu.rules.coverage import Box, Datum, Grid, Spot, box_of, checked

MARGIN = 0.25
"""Degrees around the middles of the areas: about 25 km."""


def box() -> Box | None:
    """As settings give it, else around the areas that have coordinates; None where there are none."""
    if settings.CITY_BOX:
        return Box(*map(float, settings.CITY_BOX))
    return box_of(_area_spots(), margin=MARGIN)


def _area_spots() -> list[Spot]:
    return [spot for area in people.areas().values() if (spot := spot_of(area))]


def spot_of(area: Area) -> Spot | None:
    """The middle of an area, where it is known."""
    return Spot(area.lat, area.lon) if area.lat is not None and area.lon is not None else None


@dataclass
class Surroundings:
    """What a pair of coordinates is held against; made once for many."""

    box: Box | None
    lived: Grid[str]

    def spot(self, lat: float, lon: float, *, datum: str = "wgs84") -> Spot:
        """The place in WGS-84; NotValid as ``rules.coverage.checked``."""
        away = self._away if len(self.lived) else None
        return checked(lat, lon, datum=Datum(datum), box=self.box, away=away)

    def _away(self, spot: Spot) -> float:
        found = self.lived.nearest(spot)
        return found[0] if found else math.inf


def surroundings() -> Surroundings:
    """The box and where people live: areas and cells of the population."""
    lived = [(spot, "") for spot in _area_spots()] + [(cell.spot, "") for cell in atlas.cells() if cell.people]
    return Surroundings(box(), Grid(lived))


def spot_in_box(lat: float, lon: float) -> Spot:
    """Where somebody says to be, if that can be in the city; NotValid as ``rules.coverage.checked``."""
    return checked(lat, lon, box=box())


# Places by name -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """A place that people name."""

    name: str
    spot: Spot


ENDINGS = ("社区", "街道", "镇", "区")
SHORTEST = 2


def located(text: str) -> Known | None:
    """The place whose name is the longest that stands in the text (or that the text is a part of); None without."""
    said = "".join(text.split())
    if len(said) < SHORTEST:
        return None
    found = [(length, one) for one in _known() if (length := _fit(one.name, said))]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _fit(name: str, said: str) -> int:
    """How many letters of the name stand in what was said; 0 where it is another place."""
    if name in said:
        return 2 * len(name)
    short = next((name.removesuffix(end) for end in ENDINGS if name.endswith(end)), name)
    if len(short) >= SHORTEST and short in said:
        return 2 * len(short) - 1
    return len(said) if said in name else 0


def _known() -> list[Known]:
    areas = people.areas().values()
    named = [Known(area.name, spot) for area in areas if area.level != Area.Level.CITY and (spot := spot_of(area))]
    for place in atlas.atlas().places.values():
        named += [Known(place.name, place.spot), Known("".join(place.address.split()), place.spot)]
    return named


def communities() -> list[tuple[str, list[tuple[str, str]]]]:
    """Districts, each with its streets and communities: code and name, in the order of their codes."""
    known = people.areas()
    districts = sorted((a for a in known.values() if a.level == Area.Level.DISTRICT), key=lambda a: a.code)
    return [(district.name, _below(district)) for district in districts]


def _below(district: Area) -> list[tuple[str, str]]:
    inside = [a for a in people.areas().values() if a.path.startswith(f"{district.path}/") and spot_of(a)]
    own = [district] if spot_of(district) else []
    return [(a.code, a.name) for a in own + sorted(inside, key=lambda a: a.code)]


def district_of(area: str) -> str:
    """The name of the district an area lies in; empty where nobody knows."""
    found = people.areas().get(area)
    codes = found.path.split("/") if found else []
    names = [one.name for code in codes if (one := people.areas().get(code)) and one.level == Area.Level.DISTRICT]
    return names[0] if names else ""
