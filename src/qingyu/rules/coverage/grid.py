"""An index of places: squares of about 500 m, so that a question looks at the squares around it alone."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from qingyu.rules.coverage.earth import METRES_OF_A_DEGREE, Spot, metres

T = TypeVar("T")
SIDE = 500.0
SURE = 0.999
"""Squares are measured as flat; over a city that is off by less."""


class Grid(Generic[T]):
    """Things with their places. Immutable; ``side`` of a square in metres."""

    def __init__(self, things: Iterable[tuple[Spot, T]], *, side: float = SIDE) -> None:
        found = list(things)
        self.side = side
        self.up = side / METRES_OF_A_DEGREE
        widest = max((abs(spot.lat) for spot, _ in found), default=0.0)
        self.right = self.up / max(0.01, math.cos(math.radians(min(89.0, widest))))
        self.squares: dict[tuple[int, int], list[tuple[Spot, int, T]]] = {}
        for number, (spot, thing) in enumerate(found):
            self.squares.setdefault(self._square(spot), []).append((spot, number, thing))
        rows, columns = [row for row, _ in self.squares], [column for _, column in self.squares]
        self.rows = (min(rows, default=0), max(rows, default=0))
        self.columns = (min(columns, default=0), max(columns, default=0))

    def __len__(self) -> int:
        return sum(map(len, self.squares.values()))

    def outwards(self, spot: Spot, *, within: float = math.inf) -> Iterator[tuple[float, T]]:
        """Metres and thing, the nearest first, up to ``within`` metres. Stop asking and it stops looking."""
        waiting: list[tuple[float, int, T]] = []
        first, last = self._rings(spot)
        for ring in range(first, last + 1):
            for one, number, thing in self._in_ring(spot, ring):
                heapq.heappush(waiting, (metres(spot, one), number, thing))
            sure = self._sure(spot, ring)
            while waiting and waiting[0][0] <= min(sure, within):
                away, _, thing = heapq.heappop(waiting)
                yield away, thing
            if sure > within:
                return
        while waiting and waiting[0][0] <= within:
            away, _, thing = heapq.heappop(waiting)
            yield away, thing

    def nearest(self, spot: Spot) -> tuple[float, T] | None:
        """The nearest thing with its distance; None where there is none."""
        return next(self.outwards(spot), None)

    def _square(self, spot: Spot) -> tuple[int, int]:
        return math.floor(spot.lat / self.up), math.floor(spot.lon / self.right)

    def _sure(self, spot: Spot, ring: int) -> float:
        """All that is nearer than this lies in the rings up to this one."""
        shrunk = math.cos(math.radians(min(89.0, abs(spot.lat)))) * self.right * METRES_OF_A_DEGREE
        return ring * min(self.side, shrunk) * SURE

    def _rings(self, spot: Spot) -> tuple[int, int]:
        """The first and the last ring that can hold anything."""
        row, column = self._square(spot)
        (south, north), (west, east) = self.rows, self.columns
        gap = max(south - row, row - north, west - column, column - east, 0)
        return gap, max(abs(row - south), abs(row - north), abs(column - west), abs(column - east))

    def _in_ring(self, spot: Spot, ring: int) -> Iterator[tuple[Spot, int, T]]:
        row, column = self._square(spot)
        (south, north), (west, east) = self.rows, self.columns
        for r in range(max(row - ring, south), min(row + ring, north) + 1):
            edge = abs(r - row) == ring
            step = 1 if edge else max(1, 2 * ring)
            start = column - ring
            if edge and start < west:
                start = west
            for c in range(start, min(column + ring, east) + 1, step):
                yield from self.squares.get((r, c), ())
