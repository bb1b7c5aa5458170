"""How long a walk takes: the straight line times a detour, at the pace of who walks. Paces are data with dates."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from qingyu.rules.refusals import NotValid


@dataclass(frozen=True, slots=True)
class Minutes:
    """A time between two figures, in minutes; most people will find theirs between them."""

    low: float
    high: float

    def __add__(self, other: Minutes) -> Minutes:
        return Minutes(self.low + other.low, self.high + other.high)

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2

    @property
    def whole(self) -> tuple[int, int]:
        """In whole minutes, outwards, at least one at the upper end."""
        return math.floor(self.low), max(1, math.ceil(self.high))


NONE = Minutes(0, 0)


@dataclass(frozen=True, slots=True)
class Pace:
    """How somebody walks: ``usual`` and ``slow`` in metres a minute, ``detour`` how much longer streets are."""

    code: str
    usual: float
    slow: float
    detour: float
    valid_from: date
    source: str
    valid_to: date | None = None

    def walk(self, straight: float) -> Minutes:
        """How long the walk takes over ``straight`` metres as the crow flies."""
        return Minutes(straight * self.detour / self.usual, straight * self.detour / self.slow)

    def reach(self, minutes: float) -> float:
        """How far as the crow flies one comes in ``minutes`` at the usual pace, in metres."""
        return minutes * self.usual / self.detour


def pace_on(paces: Iterable[Pace], code: str, *, on: date) -> Pace:
    """The pace in force on a day; NotValid("pace_unknown")."""
    for pace in paces:
        if pace.code == code and pace.valid_from <= on and (pace.valid_to is None or on <= pace.valid_to):
            return pace
    raise NotValid("pace_unknown", field="pace")
