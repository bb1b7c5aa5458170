"""The barometer as JSON: the same figures as the page."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from qingyu.assessment import halls as places
from qingyu.assessment import items as lasting
from qingyu.assessment import periods, queries, tracing
from qingyu.assessment.halls import PlaceReading
from qingyu.assessment.items import ItemReading
from qingyu.assessment.sides import SideReading
from qingyu.assessment.tracing import Question
from qingyu.people.api import Problem, staff_token
from qingyu.rules.scoring import STEPS

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


class SideShown(Schema):
    """One of the four sides. ``missing``: indicators without a figure, whose weight went to the others."""

    code: Annotated[str, Field(description="convenience, breadth, timeliness, warmth; hall for halls and windows")]
    points: float | None
    weather: str
    missing: list[str]
    rates: list[RateShown]


class BarometerShown(Schema):
    start: Annotated[date, Field(serialization_alias="from")]
    end: Annotated[date, Field(serialization_alias="to")]
    whole: UnitShown
    sides: Annotated[list[SideShown], Field(description="the four sides of the whole")]
    beside: Annotated[dict[str, int | None], Field(description="counts; null where one is too small to be shown")]
    stale_guides: int
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
    first, last, today = _span(start, end)
    found = queries.barometer(start=first, end=last, today=today, unit=unit)
    return BarometerShown(
        start=found.start, end=found.end, whole=_unit(found.whole), sides=[_side(one) for one in found.sides],
        beside=dict(found.beside), stale_guides=found.stale,
        units=[_unit(one) for one in found.units], no_data=found.silent, loaded_history=found.loaded,
        published_at=found.published_at and found.published_at.astimezone(ZoneInfo(settings.TIME_ZONE)),
    )  # fmt: skip


def _span(start: date | None, end: date | None) -> tuple[date, date, date]:
    """From, to and today; without dates the last 30 days."""
    today = datetime.now(UTC).astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    last = periods.last_days(today)
    return start or min(last.start, end or today), end or today, today


def _side(found: SideReading) -> SideShown:
    return SideShown(
        code=found.side, points=_number(found.points), weather=found.weather, missing=list(found.missing),
        rates=[_rate(one) for one in found.readings.values()],
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


# Halls and windows, service items ---------------------------------------------------------------------------------


class PlaceShown(Schema):
    """A hall with all its windows (``window`` empty) or one window. ``visits``: null where that is too few."""

    hall: str
    window: str
    name: str
    visits: int | None
    beside: dict[str, int | None]
    score: SideShown


class HallShown(Schema):
    whole: PlaceShown
    windows: list[PlaceShown]
    no_data: list[str]


class HallsShown(Schema):
    start: Annotated[date, Field(serialization_alias="from")]
    end: Annotated[date, Field(serialization_alias="to")]
    halls: list[HallShown]


class LastingShown(Schema):
    """Seconds within which half and nine of ten of what ended were done: upper ends of steps, null beyond 90 days."""

    way: Annotated[str, Field(description="online or window")]
    count: int | None
    half_within: int | None
    most_within: int | None
    few: bool


class ItemShown(Schema):
    item: str
    name: str
    ways: list[LastingShown]


class ItemsShown(Schema):
    start: Annotated[date, Field(serialization_alias="from")]
    end: Annotated[date, Field(serialization_alias="to")]
    items: list[ItemShown]
    hidden: Annotated[int, Field(description="items that ended too seldom to be shown")]
    stale_guides: int


@router.get("/barometer/halls", response={200: HallsShown, 422: Problem}, by_alias=True)
def halls(
    request: HttpRequest,
    start: Annotated[date | None, Query(alias="from")] = None,
    end: Annotated[date | None, Query(alias="to")] = None,
) -> HallsShown:
    """The weather of every hall and its windows; without dates the last 30 days."""
    first, last, _today = _span(start, end)
    periods.check(first, last)
    found = places.halls(start=first, end=last)
    shown = [
        HallShown(whole=_place(one.whole), windows=[_place(at) for at in one.windows], no_data=one.silent)
        for one in found
    ]
    return HallsShown(start=first, end=last, halls=shown)


def _place(one: PlaceReading) -> PlaceShown:
    return PlaceShown(
        hall=one.hall, window=one.window, name=one.name, visits=one.visits, beside=dict(one.beside),
        score=_side(one.score),
    )  # fmt: skip


@router.get("/barometer/items", response={200: ItemsShown, 422: Problem}, by_alias=True)
def items(
    request: HttpRequest,
    start: Annotated[date | None, Query(alias="from")] = None,
    end: Annotated[date | None, Query(alias="to")] = None,
) -> ItemsShown:
    """How long each service item took online and at a window; without dates the last 30 days."""
    first, last, today = _span(start, end)
    periods.check(first, last)
    found = lasting.items(start=first, end=last, today=today)
    shown = [_item(one) for one in found.items]
    return ItemsShown(start=first, end=last, items=shown, hidden=found.hidden, stale_guides=found.stale)


def _item(one: ItemReading) -> ItemShown:
    ways = [
        LastingShown(
            way=way.way, count=way.count, half_within=STEPS.get(way.half or ""), most_within=STEPS.get(way.most or ""),
            few=way.few,
        )
        for way in one.ways
    ]  # fmt: skip
    return ItemShown(item=one.code, name=one.name, ways=ways)


# The cases behind a figure, for staff -----------------------------------------------------------------------------


class TracedShown(Schema):
    number: str
    day: date
    round: int
    counts: Annotated[str, Field(description="in the numerator: yes, half or no")]
    service: Annotated[str, Field(description="the service that was rated; empty for the outcome and all else")]


class PageShown(Schema):
    """Newest first, 50 at most; ``after`` asks for the next page, empty at the end."""

    cases: list[TracedShown]
    after: str


@router.get(
    "/desk/barometer/cases", response={200: PageShown, 401: Problem, 403: Problem, 422: Problem}, auth=staff_token
)
def cases(
    request: HttpRequest,
    indicator: Annotated[str, Query(max_length=60)],
    unit: Annotated[str, Query(max_length=60)] = "",
    hall: Annotated[str, Query(max_length=60)] = "",
    window: Annotated[str, Query(max_length=60)] = "",
    part: Annotated[str, Query(max_length=60)] = "all",
    after: Annotated[str, Query(max_length=60)] = "",
    start: Annotated[date | None, Query(alias="from")] = None,
    end: Annotated[date | None, Query(alias="to")] = None,
) -> PageShown:
    """The cases that an indicator counts for a unit, hall or window, as far as who asks may see them."""
    first, last, today = _span(start, end)
    asked = Question(indicator, first, last, unit=unit, hall=hall, window=window, part=part, after=after)
    page = tracing.traced(request.auth, asked, today=today)  # type: ignore[attr-defined]
    found = [
        TracedShown(number=one.row.number, day=one.day, round=one.round, counts=one.counts, service=one.service)
        for one in page.rows
    ]
    return PageShown(cases=found, after=page.after)
