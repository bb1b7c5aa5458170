"""What the pages of the barometer have in common: the period, rows of charts, ways to the cases for staff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from qingyu.assessment import periods, wording
from qingyu.assessment.figures import Reading
from qingyu.assessment.periods import Period
from qingyu.people import policy
from qingyu.people.queries import city_day


def name(period: Period) -> str:
    """The period in words."""
    if period.code == "last30":
        return _("Last 30 days")
    return _("%(year)s-%(month)s") % {"year": period.start.year, "month": period.start.month}


def frame(period: Period, at: datetime, here: str) -> dict[str, Any]:
    """What every page of the barometer needs; ``here`` is the route of the page."""
    return {
        "at": at,
        "here": here,
        "period": period,
        "period_name": name(period),
        "periods": [(choice, name(choice)) for choice in periods.choices(city_day(at))],
    }


def reads_cases(request: HttpRequest) -> bool:
    """Whether who looks may follow a figure to its cases. Costs nothing for those who are not signed in."""
    staff: Any = request.user
    return bool(staff.is_authenticated and policy.viewer(staff).may("assessment.read"))


def rows(readings: Iterable[Reading], ways: dict[str, str] | None) -> Iterator[dict[str, Any]]:
    """The rows of a chart on one scale, each leading to what it counts, or to its cases (``ways``: of whom)."""
    for reading in readings:
        yield {
            "label": wording.INDICATORS[reading.code].name, "value": reading.percent, "low": reading.low,
            "high": reading.high, "count": reading.denominator if reading.shown else "",
            "href": f"#{reading.code}" if ways is None else cases_url(reading.code, ways),
            "missing": wording.missing(reading),
        }  # fmt: skip


def cases_url(indicator: str, ways: dict[str, str]) -> str:
    """The address of the cases behind an indicator."""
    return f"{reverse('barometer_cases')}?{urlencode({'indicator': indicator} | ways)}"


def definitions(codes: Iterable[str]) -> list[tuple[str, wording.RateWords, str]]:
    """What each indicator counts, in words, and the rule it follows."""
    from qingyu.rules.scoring import INDICATORS

    return [(code, wording.INDICATORS[code], INDICATORS[code].source) for code in codes]
