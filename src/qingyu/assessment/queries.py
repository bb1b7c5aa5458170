"""The barometer: rates of each unit over a span of city days, read from daily counts alone, never from cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from qingyu.assessment import counting, periods
from qingyu.assessment.counting import Counts
from qingyu.assessment.folding import SAID, SOLVED, Measure
from qingyu.people import queries as people
from qingyu.people.queries import UnitInfo
from qingyu.rules import hiding, scoring
from qingyu.rules.hiding import Hidden
from qingyu.rules.rating import Level, Solved
from qingyu.rules.refusals import NotValid
from qingyu.rules.scoring import BANDS, DEFINITIONS, JUNGAR, SMALL_NUMBERS, WEATHER, Certainty, Definition, Rate

INDICATORS = tuple(DEFINITIONS)
LEFT_OUT = "left_out"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "response_rate": (Measure.HANDLING_DUE,),
    "resolution_rate": tuple(SOLVED + answer for answer in Solved),
    "satisfaction_rate": tuple(SAID + level for level in Level),
    LEFT_OUT: (Measure.EXCLUDED_DUE,),
}
"""What the denominator of each rate counts, and what is left out: where they are too small, they are hidden."""
SHOWN = (Certainty.SURE, Certainty.UNCERTAIN)
LONGEST_DAYS = 366
OWN, WITH_BELOW = "own", "with_below"


@dataclass(frozen=True)
class Reading:
    """One rate of one unit. Percentages, figures and range are None where too few were counted to show any.

    ``low`` and ``high`` are where the rate may truly lie (95 %). ``before`` is the rate with what was excluded
    (taken back by the citizen in time, ended by the centre in time); ``excluded`` is how many, None where that is too
    small to be shown. ``first`` is the rate as first published, where it was another.
    """

    definition: Definition
    certainty: Certainty
    numerator: Decimal | None
    denominator: int | None
    percent: Decimal | None
    low: Decimal | None
    high: Decimal | None
    before: Decimal | None
    excluded: int | None
    first: Reading | None = None

    @property
    def code(self) -> str:
        return self.definition.code

    @property
    def shown(self) -> bool:
        return self.certainty in SHOWN


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

    ``loaded``: some of it is history of another system. ``published_at``: when the month was first published.
    """

    start: date
    end: date
    whole: UnitReading
    units: list[UnitReading]
    silent: list[str]
    loaded: bool
    published_at: datetime | None

    @property
    def corrected(self) -> bool:
        """Whether a figure is another one than that first published."""
        return any(rate.first for unit in (self.whole, *self.units) for rate in unit.readings.values())


@dataclass(frozen=True)
class Sheet:
    """What was counted for each unit, and which of it must not be shown; ``above`` are units that have some below."""

    counts: Mapping[int, Counts]
    hidden: Mapping[str, Hidden[int]]
    above: frozenset[int | None]

    def own(self, unit: int) -> tuple[Counts, list[str]]:
        """The counts of a unit's own cases, and the columns that are hidden."""
        return self.counts.get(unit, {}), [code for code, gone in self.hidden.items() if unit in gone.own]

    def whole(self, unit: int | None, wanted: Iterable[UnitInfo]) -> tuple[Counts, list[str]]:
        """The same for a unit with all below it, or for everything (None)."""
        found = counting.together(self.counts.get(info.id, {}) for info in wanted)
        hides = [code for code, gone in self.hidden.items() if (gone.all if unit is None else unit in gone.whole)]
        return found, hides


def barometer(*, start: date, end: date, today: date, unit: str = "") -> Barometer:
    """What ``unit`` (code, with all below it) or the whole city did from ``start`` to ``end``, both city days included.

    Two statements at most. NotValid: from_after_to, span_too_long (more than 366 days), unit_unknown.
    """
    _check(start, end)
    root = _root(unit) if unit else None
    wanted = _wanted(root)
    published = counting.published(start) if periods.is_month(start, end) else None
    counts = counting.counts(start, end, today)
    whole, *units = _readings(counts, root, wanted)
    if published:
        whole, *units = map(_compared, [whole, *units], _readings(published.counts, root, wanted))
    told = [reading for reading in units if _has_data(reading)]
    silent = [one.head.name for one in units if not _has_data(one) and one.head.kind != "city"]
    loaded = any(counts.get(info.id, {}).get(Measure.LOADED) for info in wanted)
    return Barometer(start, end, whole, told, silent, loaded, published.at if published else None)


def _check(start: date, end: date) -> None:
    if start > end:
        raise NotValid("from_after_to", field="from")
    if (end - start).days >= LONGEST_DAYS:
        raise NotValid("span_too_long", field="from", longest=LONGEST_DAYS)


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


def _sheet(counts: Mapping[int, Counts]) -> Sheet:
    """With what must be hidden, judged over all units, whichever are asked for: every page hides the same."""
    parents = {info.id: info.parent_id for info in people.units().values()}
    hidden = {}
    for code, measures in COLUMNS.items():
        own = {unit: sum(counts.get(unit, {}).get(measure, 0) for measure in measures) for unit in parents}
        hidden[code] = hiding.hidden(own, parents, least=SMALL_NUMBERS.suppress)
    return Sheet(counts, hidden, frozenset(parents.values()))


# From counts to figures -----------------------------------------------------------------------------------------


def _readings(counts: Mapping[int, Counts], root: int | None, wanted: list[UnitInfo]) -> list[UnitReading]:
    """The whole first, then each unit's own."""
    sheet = _sheet(counts)
    return [_whole(sheet, root, wanted), *(_own(sheet, info) for info in wanted)]


def _whole(sheet: Sheet, root: int | None, wanted: list[UnitInfo]) -> UnitReading:
    counts, hides = sheet.whole(root, wanted)
    if root is None:
        return _reading(Head("", "", "", WITH_BELOW, True), counts, hides)
    info, below = people.units()[root], len(wanted) > 1
    return _reading(Head(info.code, info.name, info.kind, WITH_BELOW if below else OWN, below), counts, hides)


def _own(sheet: Sheet, info: UnitInfo) -> UnitReading:
    below = info.id in sheet.above
    return _reading(Head(info.code, info.name, info.kind, OWN, below), *sheet.own(info.id))


def _reading(head: Head, counts: Counts, hides: list[str]) -> UnitReading:
    rates = _rates(counts)
    readings = {name: _shown(name, rate, counts, hides) for name, rate in rates.items()}
    hidden = any(reading.certainty is Certainty.SUPPRESSED for reading in readings.values())
    score = scoring.score({} if hidden else rates, JUNGAR)
    few = any(reading.certainty in (Certainty.SUPPRESSED, Certainty.UNCERTAIN) for reading in readings.values())
    band, weather = BANDS.place(score.points), WEATHER.place(score.points)
    return UnitReading(head, readings, score.shown(), band, weather, few)


def _rates(counts: Counts) -> dict[str, Rate]:
    solved = {answer: counts.get(SOLVED + answer, 0) for answer in Solved}
    levels = {level: counts.get(SAID + level, 0) for level in Level}
    return {
        "response_rate": scoring.response_rate(
            responded_in_time=counts.get(Measure.RESPONDED_IN_TIME, 0), due=counts.get(Measure.HANDLING_DUE, 0)
        ),
        "resolution_rate": scoring.resolution_rate(solved),
        "satisfaction_rate": scoring.satisfaction_rate(levels),
    }


def _shown(code: str, rate: Rate, counts: Counts, hides: list[str]) -> Reading:
    """What may be shown of a rate: nothing that could point at somebody, and nothing that would tell such a figure."""
    certainty, definition = Certainty.SUPPRESSED if code in hides else scoring.certainty(rate), DEFINITIONS[code]
    left_out = _left_out(counts) if code == "response_rate" else Rate(0, 0)
    excluded = None if code == "response_rate" and LEFT_OUT in hides else left_out.denominator
    if certainty not in SHOWN:
        return Reading(definition, certainty, None, None, None, None, None, None, excluded)
    low, high = (scoring.rounded(Fraction(end) * 100, 1) for end in rate.interval())
    before = None if excluded is None else (rate + left_out).percent()
    numerator = scoring.rounded(Fraction(rate.numerator), 1)
    return Reading(definition, certainty, numerator, rate.denominator, rate.percent(), low, high, before, excluded)


def _left_out(counts: Counts) -> Rate:
    return Rate(counts.get(Measure.EXCLUDED_RESPONDED, 0), counts.get(Measure.EXCLUDED_DUE, 0))


def _compared(now: UnitReading, then: UnitReading) -> UnitReading:
    """With the rates as first published where they differ. A rate that is hidden in either is compared with nothing."""
    readings = {code: _corrected(reading, then.readings[code]) for code, reading in now.readings.items()}
    return replace(now, readings=readings)


def _corrected(now: Reading, then: Reading) -> Reading:
    same = (now.numerator, now.denominator) == (then.numerator, then.denominator)
    return now if same or not (now.shown and then.shown) else replace(now, first=then)


def _has_data(reading: UnitReading) -> bool:
    return any(one.certainty is not Certainty.NO_DATA for one in reading.readings.values())
