"""How long one will wait: the hall is played on from where it stands, everybody taking the mean time of what they need.

What the play gives is the middle of a range. Its width follows from how much service times vary, and from how many are
served before at the windows in question: the spread of their sum, divided among the windows. Those who will come later
and go before (people of 60 and over, for one) lengthen it at the far end.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from qingyu.rules.calling import Counter, Waiting, suits

SOONER, LATER = 1.1, 1.9
"""Standard deviations to each side, so that about four of five find their wait inside (``qingyu hall simulate``):
what holds up a hall (people who do not come, who are sent on) is commoner than what speeds it up."""
LEAST = 75.0
CHANGE = 20.0
"""Seconds from the end of one service to the call of the next."""


@dataclass(frozen=True)
class Pace:
    """How long a service takes from the call to the end: mean and standard deviation, in seconds."""

    mean: float
    spread: float


@dataclass(frozen=True, slots=True)
class Range:
    """A wait in seconds that four of five people will find true."""

    low: float
    high: float

    @property
    def minutes(self) -> tuple[int, int]:
        """In whole minutes, outwards."""
        return math.floor(self.low / 60), math.ceil(self.high / 60)


@dataclass(frozen=True, slots=True)
class Stand:
    """An open window and the service it is busy with; None: free."""

    counter: Counter
    busy: int | None = None


@dataclass(frozen=True, slots=True)
class _Called:
    """What the play says: seconds until the call, and how many are called before at windows in question."""

    after: float
    before: int


def expected_wait(
    stands: Sequence[Stand], waiting: Iterable[Waiting], joining: Waiting, paces: Mapping[int, Pace]
) -> Range | None:
    """Until ``joining`` is called; None while no window of its service is open.

    ``paces`` by service; ``waiting`` may hold ``joining`` itself.
    """
    ours = [stand for stand in stands if joining.service in stand.counter.services]
    if not ours:
        return None
    line = [one for one in waiting if one.ticket != joining.ticket and (one.presses or one.order < joining.order)]
    called = _play(stands, [*line, joining], joining, paces)
    share = sum(one.presses for one in line) / len(line) if line and not joining.presses else 0.0
    deviation = _deviation(called, len(ours), ours, paces)
    return Range(max(0.0, called.after - SOONER * deviation), called.after * (1 + share / 2) + LATER * deviation)


def _deviation(called: _Called, windows: int, ours: Sequence[Stand], paces: Mapping[int, Pace]) -> float:
    if not called.after:
        return LEAST / LATER
    known = {service for stand in ours for service in stand.counter.services} & paces.keys()
    spread = math.sqrt(sum(paces[one].spread ** 2 + paces[one].mean ** 2 / 4 for one in known) / len(known))
    return max(LEAST / LATER, spread * math.sqrt(called.before + 1 + windows / 3) / windows)


def _play(stands: Sequence[Stand], line: list[Waiting], joining: Waiting, paces: Mapping[int, Pace]) -> _Called:
    """The windows call by their rules until it is the turn of ``joining``."""
    lines = _lines(stands, sorted(line, key=lambda one: one.order))
    passed = [stand.counter.passed for stand in stands]
    free = [(after, number) for number, after in enumerate(_first_free(stands, paces))]
    heapify(free)
    taken: set[int] = set()
    before = 0
    while free:
        after, number = heappop(free)
        found, passed[number] = lines[number].call(taken, passed=passed[number])
        if found is None:
            continue
        if found.ticket == joining.ticket:
            return _Called(after, before)
        taken.add(found.ticket)
        before += joining.service in stands[number].counter.services
        heappush(free, (after + paces[found.service].mean + CHANGE, number))
    return _Called(0.0, 0)


def _first_free(stands: Sequence[Stand], paces: Mapping[int, Pace]) -> list[float]:
    """Seconds until each window is free: nobody knows how far the busy ones are, so they end evenly one by one."""
    busy = sum(stand.busy is not None for stand in stands)
    found, place = [], 0
    for stand in stands:
        if stand.busy is None or stand.busy not in paces:
            found.append(0.0)
            continue
        pace = paces[stand.busy]
        whole = (pace.mean + (pace.spread**2) / pace.mean) if pace.mean else 0.0
        found.append((place + 0.5) / busy * whole + CHANGE)
        place += 1
    return found


@dataclass(slots=True)
class _Line:
    """Whom windows of one kind may call, in the order of the line and in the order of need."""

    order: list[Waiting]
    needy: list[Waiting]
    at: int = 0
    needy_at: int = 0

    def call(self, taken: set[int], *, passed: bool) -> tuple[Waiting | None, bool]:
        """Whom a window calls now and whether that passes others by, as ``calling.next_ticket`` does."""
        self.at = _skip(self.order, self.at, taken)
        self.needy_at = _skip(self.needy, self.needy_at, taken)
        if self.at == len(self.order):
            return None, passed
        first = self.order[self.at]
        chosen = first if passed or self.needy_at == len(self.needy) else self.needy[self.needy_at]
        return chosen, chosen is not first


def _lines(stands: Sequence[Stand], line: list[Waiting]) -> list[_Line]:
    """For each window its line; windows that know and offer the same share one."""
    shared: dict[tuple[frozenset[int], frozenset[str]], _Line] = {}
    for stand in stands:
        kind = (stand.counter.services, stand.counter.fits)
        if kind not in shared:
            shared[kind] = _line(stand.counter, line, [other.counter for other in stands if other is not stand])
    return [shared[stand.counter.services, stand.counter.fits] for stand in stands]


def _line(counter: Counter, line: list[Waiting], others: Sequence[Counter]) -> _Line:
    mine = [one for one in line if one.service in counter.services and (not one.wants or suits(counter, one, others))]
    return _Line(mine, sorted((one for one in mine if one.presses), key=lambda one: -len(one.wants & counter.fits)))


def _skip(line: list[Waiting], at: int, taken: set[int]) -> int:
    while at < len(line) and line[at].ticket in taken:
        at += 1
    return at
