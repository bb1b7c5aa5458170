"""Places on the earth: distance, bad coordinates, and the shifted coordinates of Chinese maps.

Distance is the great circle (haversine) on a sphere of the mean radius 6,371,008.8 m (IUGG): within 0.6 % of the
ellipsoid, far below what a detour is known to.

Phones and maps in China often give GCJ-02 or BD-09 instead of WGS-84. GCJ-02 has no published definition; the formula
here is the one in general use (Krasovsky 1940 ellipsoid, a = 6,378,245 m, e2 = 0.00669342162296594323), BD-09 the
one Baidu's own programs use on top of it. GCJ-02 is turned back to within a millimetre, BD-09 to
within 20 cm.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from qingyu.rules.refusals import NotValid

RADIUS = 6_371_008.8
METRES_OF_A_DEGREE = RADIUS * math.pi / 180
AXIS, SQUEEZED = 6_378_245.0, 0.00669342162296594323
CHINA = (0.8293, 72.004, 55.8271, 137.8347)
"""South, west, north and east of where the shift is applied at all."""
TURNS = 20
LONELY = 10_000.0
"""Metres to the nearest place where people live, beyond which a point is taken for a slip."""


class Datum(StrEnum):
    """In which system a pair of coordinates was given."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place by its coordinates in WGS-84, in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Box:
    """What lies between two parallels and two meridians."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, spot: Spot) -> bool:
        return self.south <= spot.lat <= self.north and self.west <= spot.lon <= self.east


def box_of(spots: Iterable[Spot], *, margin: float) -> Box | None:
    """The smallest box around the places, wider by ``margin`` degrees on each side; None without any."""
    found = list(spots)
    if not found:
        return None
    lats, lons = [one.lat for one in found], [one.lon for one in found]
    return Box(min(lats) - margin, min(lons) - margin, max(lats) + margin, max(lons) + margin)


def metres(a: Spot, b: Spot) -> float:
    """The straight line between two places, in metres."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat, half_lon = (lat_b - lat_a) / 2, math.radians(b.lon - a.lon) / 2
    square = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * RADIUS * math.asin(math.sqrt(min(1.0, square)))


def bearing(a: Spot, b: Spot) -> int:
    """In which of eight directions ``b`` lies as seen from ``a``: 0 north, 1 north-east, 2 east ... 7 north-west."""
    east = (b.lon - a.lon) * math.cos(math.radians((a.lat + b.lat) / 2))
    return round(math.degrees(math.atan2(east, b.lat - a.lat)) / 45) % 8


# Bad coordinates ------------------------------------------------------------------------------------------------


def checked(
    lat: float, lon: float, *, datum: Datum = Datum.WGS84, box: Box | None = None,
    away: Callable[[Spot], float] | None = None,
) -> Spot:  # fmt: skip
    """The place in WGS-84, if it can be one of this city.

    ``box`` is around the city; ``away`` tells the metres to the nearest place where people live: beyond ``LONELY`` it
    lies in the sea or on a bare mountain. NotValid: coordinates_not_valid, coordinates_swapped, point_outside_city
    (``km`` from the middle), point_nowhere (``km`` to the nearest known place).
    """
    spot = _on_earth(lat, lon, box)
    spot = to_wgs84(spot, datum)
    if box and not box.holds(spot):
        middle = Spot((box.south + box.north) / 2, (box.west + box.east) / 2)
        raise NotValid("point_outside_city", field="lat", km=round(metres(middle, spot) / 1000))
    lonely = away(spot) if away else 0.0
    if lonely > LONELY:
        raise NotValid("point_nowhere", field="lat", km=round(lonely / 1000))
    return spot


def _on_earth(lat: float, lon: float, box: Box | None) -> Spot:
    if not (math.isfinite(lat) and math.isfinite(lon)):
        raise NotValid("coordinates_not_valid", field="lat")
    swapped = Spot(lon, lat)
    if _is_swapped(lat, lon) or (box and not box.holds(Spot(lat, lon)) and box.holds(swapped)):
        raise NotValid("coordinates_swapped", field="lat", lat=lon, lon=lat)
    if abs(lat) > 90 or abs(lon) > 180:
        raise NotValid("coordinates_not_valid", field="lat")
    return Spot(lat, lon)


def _is_swapped(lat: float, lon: float) -> bool:
    return 90 < abs(lat) <= 180 and abs(lon) <= 90


# The shift of Chinese maps --------------------------------------------------------------------------------------


def to_wgs84(spot: Spot, datum: Datum) -> Spot:
    """The same place in WGS-84."""
    if datum == Datum.BD09:
        spot = _from_baidu(spot)
    return spot if datum == Datum.WGS84 else _turned_back(spot)


def to_gcj02(spot: Spot) -> Spot:
    """Where a Chinese map draws the place; outside China as it is."""
    south, west, north, east = CHINA
    if not (south <= spot.lat <= north and west <= spot.lon <= east):
        return spot
    x, y = spot.lon - 105, spot.lat - 35
    lat, lon = math.radians(spot.lat), spot.lon
    magic = 1 - SQUEEZED * math.sin(lat) ** 2
    up = _waves_north(x, y) * 180 / (AXIS * (1 - SQUEEZED) / (magic * math.sqrt(magic)) * math.pi)
    right = _waves_east(x, y) * 180 / (AXIS / math.sqrt(magic) * math.cos(lat) * math.pi)
    return Spot(spot.lat + up, lon + right)


def to_bd09(spot: Spot) -> Spot:
    """Where Baidu's map draws the place."""
    seen = to_gcj02(spot)
    length = math.hypot(seen.lon, seen.lat) + 0.00002 * math.sin(seen.lat * TWIST)
    angle = math.atan2(seen.lat, seen.lon) + 0.000003 * math.cos(seen.lon * TWIST)
    return Spot(length * math.sin(angle) + 0.006, length * math.cos(angle) + 0.0065)


TWIST = math.pi * 3000 / 180


def _from_baidu(spot: Spot) -> Spot:
    x, y = spot.lon - 0.0065, spot.lat - 0.006
    length = math.hypot(x, y) - 0.00002 * math.sin(y * TWIST)
    angle = math.atan2(y, x) - 0.000003 * math.cos(x * TWIST)
    return Spot(length * math.sin(angle), length * math.cos(angle))


def _turned_back(seen: Spot) -> Spot:
    guess = seen
    for _ in range(TURNS):
        shown = to_gcj02(guess)
        up, right = seen.lat - shown.lat, seen.lon - shown.lon
        guess = Spot(guess.lat + up, guess.lon + right)
        if abs(up) < 1e-9 and abs(right) < 1e-9:
            break
    return guess


def _waves_north(x: float, y: float) -> float:
    flat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    return flat + _ripple(x) + _waves(y, (20, 1), (40, 3)) + _waves(y, (160, 12), (320, 30))


def _waves_east(x: float, y: float) -> float:
    flat = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    return flat + _ripple(x) + _waves(x, (20, 1), (40, 3)) + _waves(x, (150, 12), (300, 30))


def _ripple(x: float) -> float:
    return (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3


def _waves(value: float, *waves: tuple[float, int]) -> float:
    """Each wave by its height and how many thirds of a whole turn it spans."""
    return sum(height * math.sin(value / length * math.pi) for height, length in waves) * 2 / 3
