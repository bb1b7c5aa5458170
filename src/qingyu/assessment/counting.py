"""Counts of units over a span of city days: as they stand now, and as they stood when a month was first published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Case, Q, Sum, Value, When

from qingyu.assessment import indicators
from qingyu.assessment.folding import Measure
from qingyu.assessment.models import PublishedCount, SubjectDay, UnitDay
from qingyu.cases.kept import SOME_DAYS, Kept, kept

BY_DUE_DATE = (
    Measure.HANDLING_DUE, Measure.STILL_RUNNING, Measure.RESPONDED_IN_TIME, Measure.ANSWERED_IN_TIME, Measure.SIGNED,
    Measure.SIGNED_IN_TIME, Measure.PERSON_DUE, Measure.PERSON_IN_TIME, Measure.EXCLUDED_DUE,
    Measure.EXCLUDED_RESPONDED, Measure.LOADED,
)  # fmt: skip
READ = tuple(sorted({*map(str, BY_DUE_DATE), *indicators.MEASURES}))
Counts = Mapping[str, int]


@dataclass(frozen=True)
class Published:
    """The counts of a month by unit and measure as they stood ``at`` that moment."""

    at: datetime
    counts: dict[int, dict[str, int]]


def counts(start: date, end: date, today: date) -> dict[int, dict[str, int]]:
    """Counts by unit and measure. What has a due date counts once its day is over, answered early or not at all."""
    return _by_unit(_kept_counts(connection.vendor).read(days=(start, end, today)))


@lru_cache(maxsize=2)
def _kept_counts(vendor: str) -> Kept:
    start, end, today = SOME_DAYS
    running = Q(measure=Measure.STILL_RUNNING)
    rows = (
        UnitDay.objects.filter(day__range=(start, end), measure__in=READ)
        .exclude(measure__in=BY_DUE_DATE, day__gte=today)
        .annotate(what=Case(When(running, then=Value(Measure.HANDLING_DUE.value)), default="measure"))
        .values_list("unit_id", "what")
        .annotate(total=Sum("count"))
        .order_by()
    )
    return kept(rows)


def visits(start: date, end: date, kind: str) -> dict[str, dict[str, int]]:
    """Counts by subject and measure of one kind of subject: ``hall`` (with its windows) or ``item``. One statement."""
    wanted = Q(subject__startswith="item:") if kind == "item" else ~Q(subject__startswith="item:")
    rows = SubjectDay.objects.filter(wanted, day__range=(start, end)).values_list("subject", "measure")
    found: dict[str, dict[str, int]] = {}
    for subject, measure, total in rows.annotate(total=Sum("count")).order_by():
        found.setdefault(subject, {})[measure] = total
    return found


def published(month: date) -> Published | None:
    """What was first published of the month that begins on this day; None before that. One statement."""
    rows = PublishedCount.objects.filter(month__month=month)
    found = list(rows.values_list("month__at", "unit_id", "measure", "count"))
    return Published(found[0][0], _by_unit(row[1:] for row in found)) if found else None


def _by_unit(rows: Iterable[tuple[Any, ...]]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for unit, measure, total in rows:
        found.setdefault(unit, {})[measure] = total
    return found


def together(some: Iterable[Counts]) -> dict[str, int]:
    """The sum of several."""
    whole: dict[str, int] = {}
    for one in some:
        for measure, number in one.items():
            whole[measure] = whole.get(measure, 0) + number
    return whole
