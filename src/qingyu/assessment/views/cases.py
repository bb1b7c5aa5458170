"""The cases behind a figure, for staff who may read scorecards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qingyu.assessment import periods, tracing, wording
from qingyu.assessment.periods import Period
from qingyu.assessment.tracing import PARTS, Question, Traced
from qingyu.assessment.views import showing
from qingyu.cases.models import Case
from qingyu.hall import queries as hall
from qingyu.people import parts
from qingyu.people import queries as people
from qingyu.people.doors import staff_door
from qingyu.people.parts import filled
from qingyu.people.policy import Viewer
from qingyu.people.queries import city_day
from qingyu.rules.refusals import NotPermitted, NotValid

ASKED = ("indicator", "unit", "hall", "window", "part", "after")


@staff_door("assessment.read")
@never_cache
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """``?indicator=&unit=`` or ``&hall=&window=``, ``&period=&part=&after=``; three statements with who asks beside."""
    at = datetime.now(UTC)
    today = city_day(at)
    period = periods.chosen(request.GET.get("period", ""), today)
    given = {name: request.GET[name][:60] for name in ASKED if request.GET.get(name)}
    asked = Question(given.pop("indicator", ""), period.start, period.end, **given)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    try:
        context = _found(viewer, asked, period, today)
    except NotValid:
        raise Http404 from None
    except NotPermitted:
        raise PermissionDenied from None
    return render(request, "assessment/cases.html", context | showing.frame(period, at, "barometer_cases"))


def _found(viewer: Viewer, asked: Question, period: Period, today: Any) -> dict[str, Any]:
    shares = [] if asked.hall else tracing.shares(viewer, asked, today=today)
    page = tracing.traced(viewer, asked, today=today) if asked.hall or asked.unit else None
    others = [one for one in shares if one.code != asked.unit]
    return {
        "asked": asked,
        "words": wording.INDICATORS.get(asked.indicator),
        "title": _title(asked.indicator),
        "whose": _name(asked),
        "own": next((one for one in shares if one.code == asked.unit), None),
        "others": _others(others, asked, period),
        "page": page,
        "lines": _lines(page.rows, rate=asked.indicator in wording.INDICATORS) if page else "",
        "parts": [(part, wording.PARTS[part], _url(replace(asked, part=part, after=""), period)) for part in PARTS],
        "is_rate": asked.indicator in wording.INDICATORS,
        "next_url": _url(replace(asked, after=page.after), period) if page and page.after else "",
        "back": _back(asked, period),
    }  # fmt: skip


ROW = (
    '<tr><th scope="row" class="nowrap"><a href="{}" data-row>{}</a></th><td>{}</td><td class="nowrap">'
    '<time datetime="{}">{}</time></td>{}<td>{}</td><td class="nowrap">{}</td></tr>'
)


def _lines(found: list[Traced], *, rate: bool) -> SafeString:
    """The cases as rows of a table; made here and not in the template: fifty of them stand on a page."""
    pattern = reverse("case", args=["0"])
    counts = {code: filled("<td>{}</td>", words) if rate else "" for code, words in wording.COUNTS.items()}
    states = {state: parts.state_tag(state, str(label)) for state, label in Case.State.choices}
    shown = {one.day: date_format(one.day, "DATE_FORMAT") for one in found}
    rows = (
        filled(
            ROW, pattern.replace("0", one.row.number), one.row.number, parts.shortened(one.row.title, 40),
            one.day.isoformat(), shown[one.day], counts[one.counts], one.row.owner, states[one.row.state],
        )
        for one in found
    )  # fmt: skip
    return SafeString("".join(rows))


def _others(found: list[tracing.Share], asked: Question, period: Period) -> SafeString:
    """Other units with what they have of the figure, as rows of a table."""
    rate = asked.indicator in wording.INDICATORS
    row = '<tr><th scope="row"><a href="{}">{}</a></th>{}<td class="num">{}</td></tr>'
    rows = []
    for one in found:
        url = _url(replace(asked, unit=one.code, part="all", after=""), period)
        good = filled('<td class="num">{}</td>', one.numerator) if rate else ""
        rows.append(filled(row, url, one.name, good, one.denominator))
    return SafeString("".join(rows))


def _title(indicator: str) -> Any:
    words = wording.INDICATORS.get(indicator)
    return words.name if words else wording.BESIDE[indicator]


def _name(asked: Question) -> str:
    if asked.hall:
        return " ".join(filter(None, (hall.hall(asked.hall).name, asked.window)))
    known = people.units().get(people.unit_ids().get(asked.unit, 0))
    return known.name if known else ""


def _url(asked: Question, period: Period) -> str:
    given = {name: getattr(asked, name) for name in ASKED if getattr(asked, name) and getattr(asked, name) != "all"}
    return f"?{urlencode(given | {'period': period.code})}"


def _back(asked: Question, period: Period) -> tuple[str, str]:
    if asked.hall:
        return "barometer_halls", f"?period={period.code}"
    return "barometer", f"?{urlencode({'period': period.code} | ({'unit': asked.unit} if asked.unit else {}))}"
