"""Which point serves a person first: the walk, whether it is open on arrival, the wait, and the time at the counter."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from qingyu.rules.coverage.opening import Timetable
from qingyu.rules.coverage.walking import NONE, Minutes

T = TypeVar("T")
MINUTE = timedelta(minutes=1)
ALWAYS = timedelta(days=2)
"""Open for so long without a break means round the clock."""


class Fits(StrEnum):
    """Whether a person is served before it closes: surely, only with some luck, or only after it has opened again."""

    SURE = "sure"
    TIGHT = "tight"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Visit:
    """How a visit would go. ``opens`` and ``closes`` are of the time of opening in which one is served.

    ``total`` is from now until one stands at the counter, waiting for the doors included. ``wait`` is None where
    nobody can say how long the queue will be.
    """

    opens: datetime
    closes: datetime
    open_now: bool
    fits: Fits
    walk: Minutes
    wait: Minutes | None
    total: Minutes

    @property
    def always(self) -> bool:
        """Open round the clock."""
        return self.closes - self.opens >= ALWAYS


def visit(timetable: Timetable, *, at: datetime, walk: Minutes, wait: Minutes | None, serving: float) -> Visit | None:
    """The first time of opening in which one can be served who sets out at ``at``; None within forty days.

    ``wait`` is the queue as it stands now, so it counts only where the point is open now; ``serving`` minutes at the
    counter must end before it closes.
    """
    for opens, closes in timetable.from_(at):
        queue = wait if opens <= at else None
        total = _until_served(opens - at, walk, queue)
        if at + (total.low + serving) * MINUTE > closes:
            continue
        sure = at + (total.high + serving) * MINUTE <= closes
        fits = _fits(opens <= at + walk.low * MINUTE, sure)
        return Visit(opens, closes, opens <= at, fits, walk, queue, total)
    return None


def _until_served(opens_in: timedelta, walk: Minutes, wait: Minutes | None) -> Minutes:
    doors = opens_in / MINUTE
    return Minutes(max(walk.low, doors), max(walk.high, doors)) + (wait or NONE)


def _fits(open_on_arrival: bool, sure: bool) -> Fits:
    if not open_on_arrival:
        return Fits.LATER
    return Fits.SURE if sure else Fits.TIGHT


# The nearest ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A point with its distance and how a visit would go."""

    thing: T
    metres: float
    visit: Visit


def nearest(
    outwards: Iterable[tuple[float, T]], plan: Callable[[float, T], Visit | None], *, count: int
) -> list[Found[T]]:
    """The ``count`` points where one is served first, of all that are handed in by growing distance.

    Ordered by the middle of walking and waiting. Looks no further once the walk alone would take longer than the
    worst of those found, so it looks at few even where there are many.
    """
    best: list[tuple[float, int, Found[T]]] = []
    for number, (away, thing) in enumerate(outwards):
        planned = plan(away, thing)
        if planned is None:
            continue
        if len(best) == count and planned.walk.middle > -best[0][0]:
            break
        heapq.heappush(best, (-planned.total.middle, -number, Found(thing, away, planned)))
        if len(best) > count:
            heapq.heappop(best)
    return [found for _, _, found in sorted(best, key=lambda one: (-one[0], -one[1]))]
