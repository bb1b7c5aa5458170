"""How long the same service item takes online and at the window, side by side; and guides that nobody has confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from qingyu.assessment import counting
from qingyu.assessment.folding import TOOK
from qingyu.catalog import queries as catalog
from qingyu.catalog.models import Item
from qingyu.rules import scoring
from qingyu.rules.scoring import SMALL_NUMBERS

WAYS = ("online", "window")
HALF, MOST = Fraction(1, 2), Fraction(9, 10)


@dataclass(frozen=True)
class Lasting:
    """How long one way took: half of all ended within the step ``half``, nine of ten within ``most``.

    All are None where nothing was counted; where that was too little only ``few`` says so. ``share``: half, of the
    longest of the same item, in percent.
    """

    way: str
    count: int | None
    half: str | None
    most: str | None
    few: bool
    share: int = 0


@dataclass(frozen=True)
class ItemReading:
    """One service item and its ways: ``online`` and ``window``."""

    code: str
    name: str
    ways: tuple[Lasting, ...]


@dataclass(frozen=True)
class Items:
    """Those of which at least one way can be shown, by name; ``hidden``: how many ended too seldom.

    ``stale``: how many guides should have been confirmed by today and were not.
    """

    items: list[ItemReading]
    hidden: int
    stale: int


def items(*, start: date, end: date, today: date) -> Items:
    """What ended between two city days, both included. Three statements, whatever the number of cases."""
    found = _by_item(counting.visits(start, end, "item"))
    names = dict(Item.objects.filter(code__in=found).values_list("code", "name"))
    read = [ItemReading(code, names.get(code, code), _ways(ways)) for code, ways in found.items()]
    told = sorted((one for one in read if any(way.count for way in one.ways)), key=lambda one: (one.name, one.code))
    return Items(told, len(read) - len(told), sum(catalog.stale_counts(day=today).values()))


def _by_item(counts: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, dict[str, int]]]:
    found: dict[str, dict[str, dict[str, int]]] = {}
    for subject, steps in counts.items():
        code, _, way = subject.partition(":")[2].rpartition("/")
        taken = {name.removeprefix(TOOK): count for name, count in steps.items() if name.startswith(TOOK) and count}
        if taken:
            found.setdefault(code, {})[way] = taken
    return found


def _ways(counts: Mapping[str, Mapping[str, int]]) -> tuple[Lasting, ...]:
    found = [_lasting(way, counts.get(way, {})) for way in WAYS]
    longest = max((_seconds(one.half) for one in found), default=0) or 1
    return tuple(
        Lasting(one.way, one.count, one.half, one.most, one.few, max(1, round(100 * _seconds(one.half) / longest)))
        if one.half else one
        for one in found
    )  # fmt: skip


def _lasting(way: str, steps: Mapping[str, int]) -> Lasting:
    total = sum(steps.values())
    if total < SMALL_NUMBERS.suppress:
        return Lasting(way, None, None, None, total > 0)
    half, most = scoring.within(steps, HALF), scoring.within(steps, MOST)
    return Lasting(way, total, half, most, total < SMALL_NUMBERS.uncertain)


def _seconds(step: str | None) -> int:
    if step is None:
        return 0
    return scoring.STEPS.get(step, 2 * scoring.STEPS["90d"])
