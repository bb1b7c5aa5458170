"""The barometer: the page that a mayor, and everybody else, understands in five seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

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
from qingyu.rules.refusals import NotValid


@open_door
@require_safe
def barometer(request: HttpRequest) -> HttpResponse:
    """``?period=last30|2026-11&unit=CODE``; at most two statements, whatever the number of cases."""
    today = datetime.now(UTC).astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    period, unit = periods.chosen(request.GET.get("period", ""), today), request.GET.get("unit", "")[:50]
    try:
        found = queries.barometer(start=period.start, end=period.end, today=today, unit=unit)
    except NotValid:
        raise Http404 from None
    return render(request, "assessment/barometer.html", _context(found, period, unit, today))


def _context(found: Barometer, period: Period, unit: str, today: date) -> dict[str, Any]:
    whole = found.city
    return {
        "whole": whole,
        "unit": unit,
        "name": whole.name or settings.CITY,
        "saying": wording.WEATHER[whole.weather],
        "period": period,
        "periods": [(choice, _name(choice)) for choice in periods.choices(today)],
        "period_name": _name(period),
        "points": None if whole.points is None else int(whole.points),
        "tally": list(_tally(found)),
        "rates": list(_rates(whole)),
        "groups": list(_groups(found, period)),
        "rows": [(reading, list(_cells(reading))) for reading in found.units],
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
        }  # fmt: skip


def _groups(found: Barometer, period: Period) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    """The cells of each kind of unit, under its heading."""
    for kind in queries.KINDS:
        units = [unit for unit in found.units if unit.kind == kind]
        if units:
            yield wording.KINDS[kind], [_cell(unit, period) for unit in units]


def _cell(unit: UnitReading, period: Period) -> dict[str, Any]:
    query = urlencode({"period": period.code, "unit": unit.code})
    return {
        "name": unit.name, "weather": unit.weather, "sentence": wording.sentence(unit),
        "value": "" if unit.points is None else str(int(unit.points)), "href": f"{reverse('barometer')}?{query}",
    }  # fmt: skip


def _cells(unit: UnitReading) -> Iterator[Reading]:
    for code in queries.INDICATORS:
        yield unit.readings[code]
