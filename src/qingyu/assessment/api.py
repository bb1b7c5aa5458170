"""The barometer as JSON: the same figures as the page."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from qingyu.assessment import periods, queries
from qingyu.people.api import Problem

router = Router(tags=["barometer"])


class FirstShown(Schema):
    """A rate as it was first published."""

    numerator: float | None
    denominator: int | None
    percent: float | None


class RateShown(Schema):
    """One rate. Figures are null where too few were counted to show any; see ``certainty``.

    ``suppressed``: fewer than 5 were counted, or the figure would tell one of those by subtraction.
    """

    code: str
    certainty: Annotated[str, Field(description="no_data, suppressed, uncertain or sure")]
    numerator: float | None
    denominator: int | None
    percent: float | None
    low: Annotated[float | None, Field(description="95 % interval, percent")]
    high: float | None
    before_exclusions: float | None
    excluded: Annotated[int | None, Field(description="null where it is too small to be shown")]
    first: Annotated[FirstShown | None, Field(description="as first published, where the month's figure was another")]
    counts: Annotated[str, Field(description="what the numerator counts")]
    of: Annotated[str, Field(description="what the denominator counts")]
    counted_on: Annotated[str, Field(description="the city date that decides in which period a case counts")]


class UnitShown(Schema):
    unit: str
    name: str
    kind: str
    scope: Annotated[str, Field(description="own cases, or with_below: those of all units below it, too")]
    points: float | None
    band: Annotated[str, Field(description="excellent, good, fair, weak, poor or none")]
    weather: Annotated[str, Field(description="sun, partly, cloud, rain, heavy or none")]
    few: bool
    rates: list[RateShown]


class BarometerShown(Schema):
    start: Annotated[date, Field(serialization_alias="from")]
    end: Annotated[date, Field(serialization_alias="to")]
    whole: UnitShown
    units: list[UnitShown]
    no_data: list[str]
    loaded_history: Annotated[bool, Field(description="some of it was loaded from another system")]
    published_at: Annotated[datetime | None, Field(description="when the figures of this month were first published")]


@router.get("/barometer", response={200: BarometerShown, 422: Problem}, by_alias=True)
def barometer(
    request: HttpRequest,
    unit: Annotated[str, Query(max_length=50)] = "",
    start: Annotated[date | None, Query(alias="from")] = None,
    end: Annotated[date | None, Query(alias="to")] = None,
) -> BarometerShown:
    """Rates and weather by unit; without dates the last 30 days. ``from`` and ``to`` are city dates, both included."""
    today = datetime.now(UTC).astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    last = periods.last_days(today)
    found = queries.barometer(start=start or min(last.start, end or today), end=end or today, today=today, unit=unit)
    return BarometerShown(
        start=found.start, end=found.end, whole=_unit(found.whole),
        units=[_unit(one) for one in found.units], no_data=found.silent, loaded_history=found.loaded,
        published_at=found.published_at and found.published_at.astimezone(ZoneInfo(settings.TIME_ZONE)),
    )  # fmt: skip


def _unit(found: queries.UnitReading) -> UnitShown:
    head = found.head
    return UnitShown(
        unit=head.code, name=head.name, kind=head.kind, scope=head.scope, points=_number(found.points), band=found.band,
        weather=found.weather, few=found.few, rates=[_rate(one) for one in found.readings.values()],
    )  # fmt: skip


def _rate(found: queries.Reading) -> RateShown:
    definition, first = found.definition, found.first
    return RateShown(
        code=found.code, certainty=found.certainty, numerator=_number(found.numerator), denominator=found.denominator,
        percent=_number(found.percent), low=_number(found.low), high=_number(found.high),
        before_exclusions=_number(found.before), excluded=found.excluded,
        first=None if first is None else _first(first),
        counts=definition.numerator, of=definition.denominator, counted_on=definition.counted_on,
    )  # fmt: skip


def _first(found: queries.Reading) -> FirstShown:
    return FirstShown(numerator=_number(found.numerator), denominator=found.denominator, percent=_number(found.percent))


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))
