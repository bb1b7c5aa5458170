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
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from qingyu.assessment import periods, queries, wording
from qingyu.assessment.periods import Period
from qingyu.assessment.queries import Barometer, Reading, UnitReading
from qingyu.assessment.sides import SideReading
from qingyu.assessment.views import showing
from qingyu.people.doors import open_door
from qingyu.people.queries import city_day
from qingyu.rules.refusals import NotValid


@open_door
@gzip_page  # a line for each unit: the one public page that grows with the city
@require_safe
def barometer(request: HttpRequest) -> HttpResponse:
    """``?period=last30|2026-11&unit=CODE``; at most three statements, whatever the number of cases."""
    at = datetime.now(UTC)
    today = city_day(at)
    period, unit = periods.chosen(request.GET.get("period", ""), today), request.GET.get("unit", "")[:50]
    try:
        found = queries.barometer(start=period.start, end=period.end, today=today, unit=unit)
    except NotValid:
        raise Http404 from None
    ways = _ways(period, unit) if showing.reads_cases(request) else None
    context = _context(found, unit, period.code, ways) | showing.frame(period, at, "barometer")
    return render(request, "assessment/barometer.html", context)


def _ways(period: Period, unit: str) -> dict[str, str]:
    return {"period": period.code, "unit": unit}


def _context(found: Barometer, unit: str, code: str, ways: dict[str, str] | None) -> dict[str, Any]:
    whole, words = found.whole, wording.INDICATORS
    return {
        "whole": whole,
        "unit": unit,
        "name": whole.head.name or settings.CITY,
        "scope": wording.SCOPES[whole.head.scope],
        "found": found,
        "saying": wording.WEATHER[whole.weather],
        "points": None if whole.points is None else int(whole.points),
        "tally": list(_tally(found)),
        "rates": list(showing.rows(whole.readings.values(), ways)),
        "sides": [_side(side, ways) for side in found.sides],
        "beside": [(wording.BESIDE[code], count, _beside(code, ways)) for code, count in found.beside.items()],
        "groups": list(_groups(found, code)),
        "rows": [(one, wording.whose(one), list(_cells(one))) for one in _lines(found)],
        "heads": [words[code].name for code in queries.INDICATORS],
        "definitions": showing.definitions(words),
        "silent": found.silent,
        "few": any(reading.few for reading in found.units),
        "empty": not found.units and not any(side.readings_with_data for side in found.sides),
    }


def _side(side: SideReading, ways: dict[str, str] | None) -> dict[str, Any]:
    """One of the four sides: its weather, and the chart of its indicators."""
    return {
        "code": side.side, "name": wording.SIDES[side.side], "weather": side.weather,
        "value": "" if side.points is None else str(int(side.points)), "sentence": wording.side_sentence(side),
        "href": f"#{side.side}", "rows": list(showing.rows(side.readings.values(), ways)),
        "missing": [wording.INDICATORS[code].name for code in side.missing] if side.points is not None else [],
    }  # fmt: skip


def _beside(code: str, ways: dict[str, str] | None) -> str:
    return showing.cases_url(code, ways) if ways else ""


def _tally(found: Barometer) -> Iterator[tuple[str, int]]:
    """How many units have which weather, from sun to rain."""
    counted = Counter(unit.weather for unit in found.units)
    for weather in wording.WEATHER:
        if counted[weather]:
            yield weather, counted[weather]


def _groups(found: Barometer, code: str) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    """The cells of each kind of unit, under its heading."""
    for kind in queries.KINDS:
        units = [unit for unit in found.units if unit.head.kind == kind]
        if units:
            yield wording.KINDS[kind], [_cell(unit, code) for unit in units]


def _cell(unit: UnitReading, code: str) -> dict[str, Any]:
    query = urlencode({"period": code, "unit": unit.head.code})
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
