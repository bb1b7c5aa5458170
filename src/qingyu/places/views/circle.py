"""Who lives within 15 minutes of a point and who does not, as a page and as a table to take along."""

from __future__ import annotations

import csv
import io
import math
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qingyu.people import queries as people
from qingyu.people.doors import staff_door
from qingyu.places import city, drawing, policy, queries
from qingyu.places.atlas import atlas
from qingyu.places.models import Point, PopulationCell
from qingyu.places.queries import Picture
from qingyu.places.views import telling
from qingyu.places.wording import CIRCLE_NAMES, CIRCLES
from qingyu.rules.coverage import Reached, Share
from qingyu.rules.refusals import NotValid

DOORS = (policy.MANAGES, "assessment.read")
LISTED = 20
FIRST = "commerce"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@staff_door(*DOORS)
@never_cache
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """The figures by one definition; five statements with who asks."""
    at = datetime.now(UTC)
    picture = _picture(request, at)
    found, book = picture.covered, atlas()
    points = [one.spot for one in book.places.values() if _counts(one, picture)]
    missed = found.missed()
    context = {
        "picture": picture, "all": found.all, "elderly": found.elderly, "circle": picture.circle,
        "every": percent(found.all), "old": percent(found.elderly),
        "words": CIRCLES[picture.circle], "circles": list(CIRCLE_NAMES.items()), "kinds": Point.Kind.choices,
        "items": sorted(queries.titles().items(), key=lambda pair: pair[1]),
        "areas": _areas(picture), "missed": [_missed(one, at) for one in missed[:LISTED]], "more": len(missed) - LISTED,
        "map": drawing.settled(found.cells, points) if found.cells else None, "source": _source(),
        "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "places/desk/coverage.html", context)


def _picture(request: HttpRequest, at: datetime) -> Picture:
    """By what the address asks for; what it asks wrongly is passed over."""
    wanted = {name: request.GET.get(name, "").replace("\x00", "")[:60] for name in ("circle", "item", "kind")}
    try:
        return queries.coverage(day=people.city_day(at), **wanted | {"circle": wanted["circle"] or FIRST})
    except NotValid:
        return queries.coverage(circle=FIRST, day=people.city_day(at))


def _counts(place: Any, picture: Picture) -> bool:
    return (not picture.item or place.offer(picture.item)) and picture.kind in ("", place.kind)


def _source() -> str:
    return PopulationCell.objects.order_by("-id").values_list("source", flat=True).first() or ""


def percent(share: Share) -> float | None:
    return None if share.share is None else share.share * 100


def _areas(picture: Picture) -> list[tuple[str, Share, Share, float | None, float | None]]:
    """By district: its name, everybody, the elderly, and both shares in percent; the worst first."""
    sums: dict[str, tuple[Share, Share]] = {}
    for code, shares in picture.covered.areas.items():
        name = city.district_of(code) or str(_("no district given"))
        into = sums.setdefault(name, (Share(), Share()))
        for total, one in zip(into, shares, strict=True):
            total.people += one.people
            total.covered += one.covered
    rows = [(name, every, old, percent(every), percent(old)) for name, (every, old) in sums.items()]
    return sorted(rows, key=lambda row: (row[3] if row[3] is not None else 101, row[0]))


def _missed(one: Reached, at: datetime) -> dict[str, Any]:
    away = math.isfinite(one.metres)
    area = people.areas().get(one.cell.area)
    return {
        "cell": one.cell, "area": area.name if area else "", "metres": telling.metres(one.metres) if away else "",
        "walk": queries.pace("adult", at).walk(one.metres).whole if away else None,
    }  # fmt: skip


HEAD = ("cell", "lat", "lon", "area", "people", "elderly", "nearest_m", "covered", "covered_elderly", "circle")


@staff_door(*DOORS)
@never_cache
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """Every cell as CSV, with a byte order mark so that spreadsheets read it as UTF-8."""
    picture = _picture(request, datetime.now(UTC))
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(HEAD)
    rows.writerows(_row(one, picture.circle) for one in picture.covered.cells)
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="coverage-{picture.circle}.csv"'
    return answer


def _row(one: Reached, circle: str) -> list[object]:
    cell = one.cell
    area = people.areas().get(cell.area)
    away = round(one.metres) if math.isfinite(one.metres) else ""
    return [
        _plain(cell.code), cell.spot.lat, cell.spot.lon, _plain(area.name if area else ""), cell.people,
        "" if cell.elderly is None else cell.elderly, away, int(one.inside), int(one.inside_elder), circle,
    ]  # fmt: skip


def _plain(text: str) -> str:
    """What a spreadsheet would take for a formula is marked as text."""
    return f"'{text}" if text.startswith(DANGEROUS) else text
