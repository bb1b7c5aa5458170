"""The service points of the demo city, and where its people live: invented, the same for every seed but for crowds."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from django.conf import settings

from qingyu.desk.demo import data
from qingyu.desk.loading import points
from qingyu.desk.loading.report import Source
from qingyu.people.models import Area
from qingyu.places import city, operations
from qingyu.places.models import Point, PopulationCell
from qingyu.places.operations import Settled
from qingyu.rules.coverage import METRES_OF_A_DEGREE

CLOSED = "wenmo"
SOURCE = "演示数据，虚构"
STEP = 420.0
AROUND = ((0, 0), (1, 0), (0, 1), (-1, 0), (0, -1), (1, 1))
"""A community has six squares of 420 m."""


def build(*, rng: Random, at: datetime) -> int:
    """Twelve points, one of them closed today, and about two hundred cells of people; how many points."""
    source = Source(Path("demo"), at)
    box = city.box()
    for cell in _cells(rng):
        operations.settle(cell, box=box)
    for line in data.lines("points"):
        points.point(line, source)
    _close_today(at)
    return Point.objects.count()


def _close_today(at: datetime) -> None:
    """One is being painted, from this morning until tonight."""
    zone = ZoneInfo(settings.TIME_ZONE)
    morning = datetime.combine(at.astimezone(zone).date(), time(0), zone).astimezone(UTC)
    operations.close_for(
        Point.objects.get(code=CLOSED), starts=morning, ends=morning + timedelta(days=1), by=None, at=at,
        reason="今天粉刷墙面，暂停服务。急事请到书院支行政务柜台，或拨打12345。",
    )  # fmt: skip


def _cells(rng: Random) -> Iterator[Settled]:
    if PopulationCell.objects.exists():
        return
    for area in Area.objects.filter(level=Area.Level.COMMUNITY).select_related("parent").order_by("code"):
        weights = [rng.uniform(0.5, 1.5) for _ in AROUND]
        for number, ((right, up), weight) in enumerate(zip(AROUND, weights, strict=True), 1):
            yield _cell(area, number, (right, up), weight / sum(weights), rng.uniform(0.12, 0.32))


def _cell(area: Area, number: int, step: tuple[int, int], share: float, old: float) -> Settled:
    lat, lon = area.lat or 0.0, area.lon or 0.0
    width = METRES_OF_A_DEGREE * math.cos(math.radians(lat))
    people, street = round(area.population * share), area.parent.name if area.parent else ""
    return Settled(
        code=f"{area.code}-{number}", lat=lat + step[1] * STEP / METRES_OF_A_DEGREE, lon=lon + step[0] * STEP / width,
        people=people, elderly=round(people * old), area=area, rural=street.endswith("镇"), source=SOURCE,
    )  # fmt: skip
