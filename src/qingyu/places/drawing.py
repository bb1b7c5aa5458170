"""Simple maps as plain figures for a template: no tiles, no other host. North is up; one scale both ways."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qingyu.rules.coverage import METRES_OF_A_DEGREE, Box, Spot, box_of
from qingyu.rules.coverage.circle import Reached

SIZE, EDGE = 320, 26
STEPS = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
LEAST = 400.0
"""A map shows at least so many metres each way."""


@dataclass(frozen=True)
class Mark:
    """Something on the map, in units of its view box."""

    x: int
    y: int
    label: str
    kind: str
    href: str = ""


@dataclass(frozen=True)
class Scale:
    """A bar of so many units that stands for so many metres."""

    length: int
    metres: int

    @property
    def words(self) -> str:
        return f"{self.metres // 1000} km" if self.metres >= 1000 else f"{self.metres} m"


@dataclass(frozen=True)
class Map:
    """Marks, the scale, and rings around the middle with their metres."""

    width: int
    height: int
    marks: list[Mark]
    scale: Scale
    rings: list[tuple[int, int, int]]
    squares: list[tuple[str, str]]


@dataclass(frozen=True)
class View:
    """From coordinates to units of the view box."""

    box: Box
    unit: float
    width: int
    height: int

    def put(self, spot: Spot) -> tuple[int, int]:
        shrunk = math.cos(math.radians((self.box.south + self.box.north) / 2))
        x = (spot.lon - (self.box.west + self.box.east) / 2) * shrunk * METRES_OF_A_DEGREE / self.unit
        y = (spot.lat - (self.box.south + self.box.north) / 2) * METRES_OF_A_DEGREE / self.unit
        return round(self.width / 2 + x), round(self.height / 2 - y)


def view(spots: Sequence[Spot], *, width: int = SIZE, height: int = SIZE) -> View:
    """A view that holds all the places."""
    box = box_of(spots, margin=0) or Box(0, 0, 0, 0)
    shrunk = math.cos(math.radians((box.south + box.north) / 2))
    wide = max(LEAST, (box.east - box.west) * shrunk * METRES_OF_A_DEGREE)
    high = max(LEAST, (box.north - box.south) * METRES_OF_A_DEGREE)
    return View(box, max(wide / (width - 2 * EDGE), high / (height - 2 * EDGE)), width, height)


def around(middle: Spot, points: Sequence[tuple[Spot, str, str]], *, ring: float) -> Map:
    """The person and numbered points (place, kind, address of the page), with a ring of ``ring`` metres."""
    seen = view([middle, *(spot for spot, _, _ in points)])
    x, y = seen.put(middle)
    marks = [
        Mark(*seen.put(spot), label=str(number), kind=kind, href=href)
        for number, (spot, kind, href) in enumerate(points, 1)
    ]
    radius = round(ring / seen.unit)
    return Map(SIZE, SIZE, [Mark(x, y, "", "you"), *reversed(_apart(marks))], _scale(seen.unit), [(x, y, radius)], [])


def _apart(marks: list[Mark]) -> list[Mark]:
    """Marks that would lie over one another are moved down, the later ones."""
    placed: list[Mark] = []
    for mark in marks:
        y = mark.y
        while any(abs(one.x - mark.x) < 20 and abs(one.y - y) < 20 for one in placed) and y < SIZE - 14:
            y += 6
        placed.append(Mark(mark.x, y, mark.label, mark.kind, mark.href))
    return placed


def settled(cells: Sequence[Reached], points: Sequence[Spot], *, width: int = 640, height: int = 480) -> Map:
    """Where people live, inside the circle and outside, and the points: three paths and a mark for each point."""
    lived = [one for one in cells if one.cell.people]
    seen = view([*(one.cell.spot for one in lived), *points], width=width, height=height)
    side = max(3, min(12, round(math.sqrt(width * height / max(1, 3 * len(lived))))))
    squares = [
        (name, "".join(_square(seen.put(one.cell.spot), side) for one in lived if one.inside is inside))
        for name, inside in (("inside", True), ("outside", False))
    ]
    marks = [Mark(*seen.put(spot), label="", kind="point") for spot in points]
    return Map(width, height, marks, _scale(seen.unit), [], squares)


def _square(at: tuple[int, int], side: int) -> str:
    return f"M{at[0] - side // 2} {at[1] - side // 2}h{side}v{side}h-{side}z"


def _scale(unit: float) -> Scale:
    """The longest round bar of at most 90 units."""
    fitting = [step for step in STEPS if step / unit <= 90] or [STEPS[0]]
    return Scale(max(1, round(fitting[-1] / unit)), fitting[-1])
