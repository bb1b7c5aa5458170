"""The barometer: rates of each unit over a span of city days, read from daily counts alone, never from cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from qingyu.assessment import counting, figures, periods, sides
from qingyu.assessment.counting import Counts
from qingyu.assessment.figures import Figures, Reading, Sheet
from qingyu.assessment.folding import Measure
from qingyu.assessment.sides import Beside, SideReading
from qingyu.catalog import queries as catalog
from qingyu.people import queries as people
from qingyu.people.queries import UnitInfo
from qingyu.rules import scoring
from qingyu.rules.refusals import NotValid
from qingyu.rules.scoring import BANDS, DEFINITIONS, JUNGAR, WEATHER, Certainty

__all__ = ["Barometer", "Head", "Reading", "UnitReading", "barometer"]
INDICATORS = tuple(DEFINITIONS)
OWN, WITH_BELOW = "own", "with_below"


@dataclass(frozen=True)
class Head:
    """Whose figures they are. ``scope``: ``own`` cases, or ``with_below`` (those of all units below it, too).

    ``below``: there are units below it.
    """

    code: str
    name: str
    kind: str
    scope: str
    below: bool


@dataclass(frozen=True)
class UnitReading:
    """The rates of one unit, the points they make (0 to 100) and the weather that stands for them.

    ``few`` says that some of what was counted is too little to be sure of. Where any of it is hidden there are no
    points and no weather: what is hidden would otherwise give its weight to the others.
    """

    head: Head
    readings: dict[str, Reading]
    points: Decimal | None
    band: str
    weather: str
    few: bool


@dataclass(frozen=True)
class Barometer:
    """The whole, then each unit's own that has a figure, by kind and name; ``silent`` are those that have none.

    ``sides`` and ``beside`` are those of the whole; ``stale``: how many guides of its service items should have been
    confirmed by today and were not. ``loaded``: some of it is history of another system.
    ``published_at``: when the month was first published.
    """

    start: date
    end: date
    whole: UnitReading
    sides: list[SideReading]
    beside: Beside
    stale: int
    units: list[UnitReading]
    silent: list[str]
    loaded: bool
    published_at: datetime | None

    @property
    def corrected(self) -> bool:
        """Whether a figure is another one than that first published."""
        return any(rate.first for unit in (self.whole, *self.units) for rate in unit.readings.values())


def barometer(*, start: date, end: date, today: date, unit: str = "") -> Barometer:
    """What ``unit`` (code, with all below it) or the whole city did from ``start`` to ``end``, both city days included.

    Three statements at most. NotValid: from_after_to, span_too_long (more than 366 days), unit_unknown.
    """
    periods.check(start, end)
    root = _root(unit) if unit else None
    wanted = _wanted(root)
    published = counting.published(start) if periods.is_month(start, end) else None
    counts = counting.counts(start, end, today)
    sheet = _sheet(counts)
    whole = _whole_figures(sheet, root, wanted)
    first, *units = _readings(sheet, root, wanted)
    four = sides.sides(whole, on=end)
    if published:
        then = _sheet(published.counts)
        first, *units = map(_compared, [first, *units], _readings(then, root, wanted))
        four = sides.compared(four, sides.sides(_whole_figures(then, root, wanted), on=end))
    told = [reading for reading in units if _has_data(reading)]
    silent = [one.head.name for one in units if not _has_data(one) and one.head.kind != "city"]
    loaded = any(counts.get(info.id, {}).get(Measure.LOADED) for info in wanted)
    stale = catalog.stale_counts(day=today)
    return Barometer(
        start, end, first, four, sides.beside(whole), sum(stale.get(info.id, 0) for info in wanted), told, silent,
        loaded, published.at if published else None,
    )  # fmt: skip


def _wanted(root: int | None) -> list[UnitInfo]:
    """The units asked for, the city too where it has cases: by kind, each kind in the order of its codes."""
    known = people.units()
    ids = known.keys() if root is None else people.subtree(root)
    found = [known[number] for number in ids]
    kinds = list(KINDS)
    return sorted(found, key=lambda info: (kinds.index(info.kind) if info.kind in kinds else 9, info.code))


KINDS = ("city", "district", "street", "community", "department", "centre")


def _root(unit: str) -> int:
    found = people.unit_ids().get(unit)
    if found is None:
        raise NotValid("unit_unknown", field="unit", unit=unit)
    return found


def _sheet(counts: Mapping[int, Counts]) -> Sheet[int]:
    return Sheet(counts, {info.id: info.parent_id for info in people.units().values()})


# From counts to figures -----------------------------------------------------------------------------------------


def _readings(sheet: Sheet[int], root: int | None, wanted: list[UnitInfo]) -> list[UnitReading]:
    """The whole first, then each unit's own."""
    whole = _reading(_head(root, wanted), _whole_figures(sheet, root, wanted))
    above = frozenset(sheet.parents.values())
    return [whole, *(_own(sheet, info, info.id in above) for info in wanted)]


def _whole_figures(sheet: Sheet[int], root: int | None, wanted: list[UnitInfo]) -> Figures[int]:
    return sheet.whole(root, [info.id for info in wanted])


def _head(root: int | None, wanted: list[UnitInfo]) -> Head:
    if root is None:
        return Head("", "", "", WITH_BELOW, True)
    info, below = people.units()[root], len(wanted) > 1
    return Head(info.code, info.name, info.kind, WITH_BELOW if below else OWN, below)


def _own(sheet: Sheet[int], info: UnitInfo, below: bool) -> UnitReading:
    return _reading(Head(info.code, info.name, info.kind, OWN, below), sheet.own(info.id))


def _reading(head: Head, found: Figures[int]) -> UnitReading:
    readings = {code: found.reading(code) for code in INDICATORS}
    hidden = any(reading.certainty is Certainty.SUPPRESSED for reading in readings.values())
    score = scoring.score({} if hidden else {code: found.rate(code) for code in INDICATORS}, JUNGAR)
    few = any(reading.certainty in (Certainty.SUPPRESSED, Certainty.UNCERTAIN) for reading in readings.values())
    band, weather = BANDS.place(score.points), WEATHER.place(score.points)
    return UnitReading(head, readings, score.shown(), band, weather, few)


def _compared(now: UnitReading, then: UnitReading) -> UnitReading:
    return replace(now, readings=figures.compared(now.readings, then.readings))


def _has_data(reading: UnitReading) -> bool:
    return any(one.certainty is not Certainty.NO_DATA for one in reading.readings.values())
