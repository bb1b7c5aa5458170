"""Who lives within a circle of a point, and who does not.

There are three official circles, and they are not the same; every figure names the one it was counted by:

- ``hr`` 人社服务圈 (人力资源社会保障部 2021): in town a walk of 15 minutes, in the country 5 km;
- ``commerce`` 一刻钟便民生活圈 (商务部): a walk of 15 minutes;
- ``housing`` 完整居住社区 (住房和城乡建设部): a radius of 800 to 1,000 m; the wider one is counted.

Old people walk at their own pace in circles that are counted in minutes. A share needs people: where a cell says
nothing about age, it counts for all ages alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from qingyu.rules.coverage.earth import Spot
from qingyu.rules.coverage.grid import Grid
from qingyu.rules.coverage.walking import Pace


@dataclass(frozen=True, slots=True)
class Circle:
    """A definition: minutes of walking, or metres as the crow flies; ``rural`` metres in the country if it differs."""

    code: str
    minutes: float | None = None
    metres: float | None = None
    rural: float | None = None

    def radius(self, pace: Pace, *, rural: bool) -> float:
        """How far it reaches as the crow flies, in metres."""
        if rural and self.rural is not None:
            return self.rural
        return pace.reach(self.minutes) if self.minutes is not None else self.metres or 0.0


CIRCLES = {
    one.code: one
    for one in (Circle("hr", minutes=15, rural=5_000), Circle("commerce", minutes=15), Circle("housing", metres=1_000))
}


@dataclass(frozen=True, slots=True)
class Cell:
    """People who live around a spot. ``elderly`` (60 and over, 老年人权益保障法 2) is None where nobody has counted."""

    code: str
    spot: Spot
    people: int
    elderly: int | None = None
    area: str = ""
    rural: bool = False


@dataclass(slots=True)
class Share:
    """How many people there are, and how many of them live in the circle."""

    people: int = 0
    covered: int = 0

    @property
    def missed(self) -> int:
        return self.people - self.covered

    @property
    def share(self) -> float | None:
        """0 to 1; None where nobody lives."""
        return self.covered / self.people if self.people else None

    def add(self, people: int, *, inside: bool) -> None:
        self.people += people
        self.covered += people if inside else 0


@dataclass(frozen=True, slots=True)
class Reached:
    """A cell, how far the nearest point is (infinite where there is none), and whether it lies in the circle."""

    cell: Cell
    metres: float
    inside: bool
    inside_elder: bool


@dataclass(frozen=True)
class Covered:
    """The whole picture. ``areas`` by area code; ``cells`` in the order they came."""

    all: Share
    elderly: Share
    areas: dict[str, tuple[Share, Share]]
    cells: Sequence[Reached] = field(repr=False)

    def missed(self) -> list[Reached]:
        """Cells outside the circle where people live, the most people first."""
        out = [one for one in self.cells if not one.inside and one.cell.people]
        return sorted(out, key=lambda one: (-one.cell.people, one.cell.code))


def covered(cells: Iterable[Cell], points: Grid[object], circle: Circle, *, adult: Pace, elder: Pace) -> Covered:
    """Who lives in the circle around any of the points; each cell asks for its nearest point once."""
    found = [_reached(cell, points, circle, adult, elder) for cell in cells]
    everybody, old = Share(), Share()
    areas: dict[str, tuple[Share, Share]] = {}
    for one in found:
        area = areas.setdefault(one.cell.area, (Share(), Share()))
        for share in (everybody, area[0]):
            share.add(one.cell.people, inside=one.inside)
        for share in (old, area[1]):
            share.add(one.cell.elderly or 0, inside=one.inside_elder)
    return Covered(everybody, old, areas, found)


def _reached(cell: Cell, points: Grid[object], circle: Circle, adult: Pace, elder: Pace) -> Reached:
    near = points.nearest(cell.spot)
    away = near[0] if near else math.inf
    return Reached(
        cell, away, away <= circle.radius(adult, rural=cell.rural), away <= circle.radius(elder, rural=cell.rural)
    )
