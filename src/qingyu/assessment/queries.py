"""The barometer: rates of each unit over a span of city days, read from daily counts alone, never from cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Case, Q, Sum, Value, When

from qingyu.assessment.folding import SAID, SOLVED, Measure
from qingyu.assessment.models import UnitDay
from qingyu.people import queries as people
from qingyu.people.queries import UnitInfo
from qingyu.rules import scoring
from qingyu.rules.rating import Level, Solved
from qingyu.rules.refusals import NotValid
from qingyu.rules.scoring import BANDS, DEFINITIONS, JUNGAR, WEATHER, Certainty, Definition, Rate

INDICATORS = ("response_rate", "resolution_rate", "satisfaction_rate")
SHOWN = (Certainty.SURE, Certainty.UNCERTAIN)
LONGEST_DAYS = 366
PICTURES = {"partly_cloudy": "partly", "heavy_rain": "heavy", "no_data": "none"}
BY_DUE_DATE = (
    Measure.HANDLING_DUE, Measure.STILL_RUNNING, Measure.RESPONDED_IN_TIME,
    Measure.EXCLUDED_DUE, Measure.EXCLUDED_RESPONDED,
)  # fmt: skip
READ = (
    *BY_DUE_DATE, *(SOLVED + answer for answer in Solved), *(SAID + level for level in Level),
)  # fmt: skip
Counts = Mapping[str, int]
NONE = Rate(0, 0)


@dataclass(frozen=True)
class Reading:
    """One rate of one unit. Percentages, figures and range are None where too few were counted to show any.

    ``low`` and ``high`` are where the rate may truly lie (95 %). ``before`` is the rate with what was excluded
    (taken back by the citizen, ended by the centre); ``excluded`` is how many.
    """

    definition: Definition
    certainty: Certainty
    numerator: Decimal | None
    denominator: int | None
    percent: Decimal | None
    low: Decimal | None
    high: Decimal | None
    before: Decimal | None
    excluded: int

    @property
    def code(self) -> str:
        return self.definition.code

    @property
    def shown(self) -> bool:
        return self.certainty in SHOWN


@dataclass(frozen=True)
class UnitReading:
    """The rates of one unit, the points they make (0 to 100) and the weather that stands for them.

    ``few`` says that some of what was counted is too little to be sure of. Where any of it is too little to be shown
    there are no points and no weather: what is hidden would otherwise give its weight to the others.
    """

    code: str
    name: str
    kind: str
    readings: dict[str, Reading]
    points: Decimal | None
    band: str
    weather: str
    few: bool


@dataclass(frozen=True)
class Barometer:
    """The whole city, then each unit that has a figure, by kind and name; ``silent`` are those that have none."""

    start: date
    end: date
    city: UnitReading
    units: list[UnitReading]
    silent: list[str]


def barometer(*, start: date, end: date, today: date, unit: str = "") -> Barometer:
    """What ``unit`` (code, with all below it) or the whole city did from ``start`` to ``end``, both city days included.

    One statement. NotValid: from_after_to, span_too_long (more than 366 days), unit_unknown.
    """
    _check(start, end)
    wanted = _wanted(unit)
    counts = _counts(start, end, today, wanted)
    units = [_reading(info.code, info.name, info.kind, counts.get(info.id, {})) for info in wanted]
    whole = _reading(unit, people.units()[_root(unit)].name if unit else "", "", _sum(counts.values()))
    told = [reading for reading in units if _has_data(reading)]
    silent = [reading.name for reading in units if not _has_data(reading) and reading.kind != "city"]
    return Barometer(start, end, whole, told, silent)


def _check(start: date, end: date) -> None:
    if start > end:
        raise NotValid("from_after_to", field="from")
    if (end - start).days >= LONGEST_DAYS:
        raise NotValid("span_too_long", field="from", longest=LONGEST_DAYS)


def _wanted(unit: str) -> list[UnitInfo]:
    """The units asked for, the city too where it has cases: by kind, each kind in the order of its codes."""
    known = people.units()
    ids = people.subtree(_root(unit)) if unit else known.keys()
    found = [known[number] for number in ids]
    kinds = list(KINDS)
    return sorted(found, key=lambda info: (kinds.index(info.kind) if info.kind in kinds else 9, info.code))


KINDS = ("city", "district", "street", "community", "department", "centre")


def _root(unit: str) -> int:
    found = people.unit_ids().get(unit)
    if found is None:
        raise NotValid("unit_unknown", field="unit", unit=unit)
    return found


def _counts(start: date, end: date, today: date, wanted: Iterable[UnitInfo]) -> dict[int, dict[str, int]]:
    """Counts by unit and measure. What has a due date counts once its day is over, answered early or not at all."""
    running = Q(measure=Measure.STILL_RUNNING)
    rows = (
        UnitDay.objects.filter(day__range=(start, end), measure__in=READ, unit_id__in=[info.id for info in wanted])
        .exclude(measure__in=BY_DUE_DATE, day__gte=today)
        .annotate(what=Case(When(running, then=Value(Measure.HANDLING_DUE.value)), default="measure"))
        .values_list("unit_id", "what")
        .annotate(total=Sum("count"))
        .order_by()
    )
    found: dict[int, dict[str, int]] = {}
    for unit, measure, total in rows:
        found.setdefault(unit, {})[measure] = total
    return found


def _sum(counts: Iterable[Counts]) -> dict[str, int]:
    whole: dict[str, int] = {}
    for one in counts:
        for measure, number in one.items():
            whole[measure] = whole.get(measure, 0) + number
    return whole


# From counts to figures -----------------------------------------------------------------------------------------


def _reading(code: str, name: str, kind: str, counts: Counts) -> UnitReading:
    rates = _rates(counts)
    left_out = Rate(counts.get(Measure.EXCLUDED_RESPONDED, 0), counts.get(Measure.EXCLUDED_DUE, 0))
    readings = {name: _shown(name, rate, left_out if name == "response_rate" else NONE) for name, rate in rates.items()}
    hidden = any(reading.certainty is Certainty.SUPPRESSED for reading in readings.values())
    score = scoring.score({} if hidden else rates, JUNGAR)
    weather = WEATHER.place(score.points)
    few = any(reading.certainty in (Certainty.SUPPRESSED, Certainty.UNCERTAIN) for reading in readings.values())
    return UnitReading(
        code, name, kind, readings, _floor(score.points), BANDS.place(score.points), PICTURES.get(weather, weather), few
    )


def _floor(points: Fraction | None) -> Decimal | None:
    """One decimal, rounded down: a figure never looks better than the weather beside it."""
    return None if points is None else Decimal(int(points * 10)) / 10


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


def _shown(code: str, rate: Rate, left_out: Rate) -> Reading:
    """What may be shown of a rate: nothing below the smallest number, since it could point at somebody."""
    certainty, definition, excluded = scoring.certainty(rate), DEFINITIONS[code], left_out.denominator
    if certainty not in SHOWN:
        return Reading(definition, certainty, None, None, None, None, None, None, excluded)
    low, high = (scoring.rounded(Fraction(end) * 100, 1) for end in rate.interval())
    before = Rate(rate.numerator + left_out.numerator, rate.denominator + excluded).percent()
    numerator = scoring.rounded(Fraction(rate.numerator), 1)
    return Reading(definition, certainty, numerator, rate.denominator, rate.percent(), low, high, before, excluded)


def _has_data(reading: UnitReading) -> bool:
    return any(one.certainty is not Certainty.NO_DATA for one in reading.readings.values())
