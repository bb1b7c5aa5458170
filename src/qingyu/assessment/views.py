"""The barometer: the page that a mayor, and everybody else, understands in five seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingyu.assessment import periods, queries, wording
from qingyu.assessment.periods import Period
from qingyu.assessment.queries import Barometer, Reading, UnitReading
from qingyu.people.doors import open_door
from qingyu.people.queries import city_day
from qingyu.rules.refusals import NotValid


@open_door
@require_safe
def barometer(request: HttpRequest) -> HttpResponse:
    """``?period=last30|2026-11&unit=CODE``; at most two statements, whatever the number of cases."""
    at = datetime.now(UTC)
    today = city_day(at)
    period, unit = periods.chosen(request.GET.get("period", ""), today), request.GET.get("unit", "")[:50]
    try:
        found = queries.barometer(start=period.start, end=period.end, today=today, unit=unit)
    except NotValid:
        raise Http404 from None
    return render(request, "assessment/barometer.html", _context(found, period, unit, at))


def _context(found: Barometer, period: Period, unit: str, at: datetime) -> dict[str, Any]:
    whole = found.whole
    return {
        "whole": whole,
        "unit": unit,
        "name": whole.head.name or settings.CITY,
        "scope": wording.SCOPES[whole.head.scope],
        "at": at,
        "found": found,
        "saying": wording.WEATHER[whole.weather],
        "period": period,
        "periods": [(choice, _name(choice)) for choice in periods.choices(city_day(at))],
        "period_name": _name(period),
        "points": None if whole.points is None else int(whole.points),
        "tally": list(_tally(found)),
        "rates": list(_rates(whole)),
        "groups": list(_groups(found, period)),
        "rows": [(one, wording.whose(one), list(_cells(one))) for one in _lines(found)],
        "heads": [wording.RATES[code].name for code in queries.INDICATORS],
        "definitions": [(code, words, whole.readings[code]) for code, words in wording.RATES.items()],
        "silent": found.silent,
        "few": any(reading.few for reading in found.units),
        "empty": not found.units,
    }


def _name(period: Period) -> str:
    if period.code == "last30":
        return _("Last 30 days")
    return _("%(year)s-%(month)s") % {"year": period.start.year, "month": period.start.month}


def _tally(found: Barometer) -> Iterator[tuple[str, int]]:
    """How many units have which weather, from sun to rain."""
    counted = Counter(unit.weather for unit in found.units)
    for weather in wording.WEATHER:
        if counted[weather]:
            yield weather, counted[weather]


def _rates(unit: UnitReading) -> Iterator[dict[str, Any]]:
    """The rows of the chart: the rates of the whole on one scale, each leading to what it counts."""
    for code, reading in unit.readings.items():
        yield {
            "label": wording.RATES[code].name, "value": reading.percent, "low": reading.low, "high": reading.high,
            "count": reading.denominator if reading.shown else "", "href": f"#{code}",
            "missing": wording.missing(reading),
        }  # fmt: skip


def _groups(found: Barometer, period: Period) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    """The cells of each kind of unit, under its heading."""
    for kind in queries.KINDS:
        units = [unit for unit in found.units if unit.head.kind == kind]
        if units:
            yield wording.KINDS[kind], [_cell(unit, period) for unit in units]


def _cell(unit: UnitReading, period: Period) -> dict[str, Any]:
    query = urlencode({"period": period.code, "unit": unit.head.code})
    return {
        "name": wording.whose(unit), "weather": unit.weather, "sentence": wording.sentence(unit),
        "value": "" if unit.points is None else str(int(unit.points)), "href": f"{reverse('barometer')}?{query}",
    }  # fmt: skip


def _lines(found: Barometer) -> list[UnitReading]:
    """The rows of the table: the whole above its units, unless it is one unit alone."""
    return [found.whole, *found.units] if found.whole.head.below else found.units


def _cells(unit: UnitReading) -> Iterator[Reading]:
    for code in queries.INDICATORS:
        yield unit.readings[code]
