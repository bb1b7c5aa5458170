"""Halls with their windows, and service items online and at the window: pages for everybody."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qingyu.assessment import halls as places
from qingyu.assessment import items as lasting
from qingyu.assessment import periods, wording
from qingyu.assessment.figures import Reading
from qingyu.assessment.halls import HallReading, PlaceReading
from qingyu.assessment.indicators import OF_HALLS
from qingyu.assessment.items import Lasting
from qingyu.assessment.periods import Period
from qingyu.assessment.views import showing
from qingyu.people.doors import open_door
from qingyu.people.queries import city_day


@open_door
@require_safe
def halls(request: HttpRequest) -> HttpResponse:
    """``?period=``; the weather of every hall and its windows, at most three statements."""
    at = datetime.now(UTC)
    period = periods.chosen(request.GET.get("period", ""), city_day(at))
    found = places.halls(start=period.start, end=period.end)
    way = {"period": period.code} if showing.reads_cases(request) else None
    context = {
        "halls": [_hall(hall, way) for hall in found],
        "heads": [wording.INDICATORS[code].name for code in OF_HALLS],
        "definitions": showing.definitions(OF_HALLS),
    }
    return render(request, "assessment/halls.html", context | showing.frame(period, at, "barometer_halls"))


def _hall(found: HallReading, way: dict[str, str] | None) -> dict[str, Any]:
    lines = [found.whole, *found.windows]
    return {
        "whole": found.whole,
        "saying": wording.WEATHER[found.whole.score.weather],
        "points": None if found.whole.score.points is None else int(found.whole.score.points),
        "cells": [_cell(one, way) for one in found.windows],
        "rows": list(showing.rows(found.whole.score.readings.values(), way and _whose(found.whole, way))),
        "lines": [(one, list(_cells(one))) for one in lines],
        "beside": [(wording.BESIDE[code], count) for code, count in found.whole.beside.items()],
        "silent": found.silent,
    }


def _whose(one: PlaceReading, way: dict[str, str]) -> dict[str, str]:
    return way | {"hall": one.hall} | ({"window": one.window} if one.window else {})


def _cell(one: PlaceReading, way: dict[str, str] | None) -> dict[str, Any]:
    return {
        "name": one.name, "weather": one.score.weather, "sentence": wording.side_sentence(one.score),
        "value": "" if one.score.points is None else str(int(one.score.points)),
        "href": showing.cases_url("short_wait", _whose(one, way)) if way else "",
    }  # fmt: skip


def _cells(one: PlaceReading) -> list[Reading]:
    return [one.score.readings[code] for code in OF_HALLS]


@open_door
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """``?period=``; how long each service item took online and at the window, at most three statements."""
    at = datetime.now(UTC)
    today = city_day(at)
    period: Period = periods.chosen(request.GET.get("period", ""), today)
    found = lasting.items(start=period.start, end=period.end, today=today)
    context = {"items": [(one, list(map(_way, one.ways))) for one in found.items], "found": found}
    return render(request, "assessment/items.html", context | showing.frame(period, at, "barometer_items"))


def _way(one: Lasting) -> dict[str, Any]:
    return {"name": wording.WAYS[one.way], "half": wording.step(one.half), "most": wording.step(one.most), "of": one}
