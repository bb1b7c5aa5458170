"""Reads about the listening desk: which windows listen, and what was heard, counted by cause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.db import connection
from django.db.models import Count, OuterRef, Q, Subquery

from qingyu.cases import policy
from qingyu.cases.kept import SOME_DAYS, Kept, kept
from qingyu.cases.models import Case
from qingyu.hall.models import Facility, Hall, Heard, Window
from qingyu.hall.queries import may
from qingyu.people import queries as people
from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotValid

LONGEST = 366
LISTED = 50


def windows(hall: Hall) -> list[Window]:
    """The listening windows of a hall; one statement."""
    flagged = Facility.objects.filter(hall=hall, kind=Facility.Kind.LISTENING, active=True, window__isnull=False)
    found = Window.objects.filter(pk__in=flagged.values("window_id"), hall=hall).select_related("hall")
    return list(found.order_by("order", "id"))


def is_listening(window: Window) -> bool:
    """Whether matters are taken down there."""
    return Facility.objects.filter(window=window, kind=Facility.Kind.LISTENING, active=True).exists()


def may_count(viewer: Viewer, hall: Hall) -> bool:
    """Whether this person may see the figures: who runs the hall, and who supervises."""
    return may(viewer, "hall.manage", hall) or any(side.may("case.supervise") for side in viewer.each)


@dataclass
class Line:
    """One cause, or one unit: how many were heard, and what became of them. ``late``: overdue at some time."""

    code: str
    label: str
    heard: int = 0
    open: int = 0
    changed: int = 0
    no: int = 0
    withdrawn: int = 0
    late: int = 0


@dataclass(frozen=True)
class Figures:
    """What was heard on these days (both inclusive), by cause and by unit concerned."""

    first: date
    last: date
    whole: Line
    causes: list[Line] = field(default_factory=list)
    units: list[Line] = field(default_factory=list)


def figures(hall: Hall, *, first: date, last: date) -> Figures:
    """Two statements. NotValid("from_after_to" | "span_too_long")."""
    if first > last:
        raise NotValid("from_after_to", field="from")
    if (last - first).days > LONGEST:
        raise NotValid("span_too_long", field="to")
    causes = {code: Line(code, str(label)) for code, label in Heard.Cause.choices}
    whole = Line("", "")
    for code, line in _lines(hall, "cause", (first, last)):
        for name in COUNTED:
            value = getattr(line, name)
            setattr(causes[code], name, value)
            setattr(whole, name, getattr(whole, name) + value)
    units = [_named(code, line) for code, line in _lines(hall, "unit", (first, last))]
    listed = sorted(causes.values(), key=lambda line: -line.heard)
    return Figures(first, last, whole, listed, sorted(units, key=lambda line: -line.heard))


ENDINGS = {"open": "", "changed": "changed", "no": "no", "withdrawn": "withdrawn"}
COUNTED = ("heard", *ENDINGS, "late")


def _lines(hall: Hall, column: str, days: tuple[date, date]) -> Iterator[tuple[str, Line]]:
    for code, *values in _kept_counts(hall.code, column, connection.vendor).read(days=days):
        yield str(code or ""), Line("", "", **dict(zip(COUNTED, values, strict=True)))


@lru_cache(maxsize=256)
def _kept_counts(hall: str, column: str, vendor: str) -> Kept:
    found = Heard.objects.filter(hall=hall, day__range=SOME_DAYS[:2]).values_list(column)
    endings = [Count("pk", filter=Q(ending=code)) for code in ENDINGS.values()]
    counts = [Count("pk"), *endings, Count("pk", filter=Q(late=True))]
    return kept(found.annotate(**{f"n_{n}": count for n, count in enumerate(counts)}).order_by(column))


def _named(unit: str, line: Line) -> Line:
    known = people.units().get(int(unit)) if unit else None
    line.code, line.label = (known.code, known.name) if known else ("", "")
    return line


@dataclass(frozen=True)
class Matter:
    """One matter as it is listed."""

    day: date
    cause: str
    ending: str


def latest(viewer: Viewer, hall: Hall, *, first: date, last: date) -> list[tuple[Matter, str]]:
    """The newest 50 matters of these days, each with the number of its case where the viewer may see it. One statement.

    A matter may have gone to a unit that whoever runs the hall has nothing to do with.
    """
    found = _kept_latest(viewer, hall.code, connection.vendor).read(days=(first, last))
    return [(Matter(day, cause, ending), number or "") for day, cause, ending, number in found]


@lru_cache(maxsize=256)
def _kept_latest(viewer: Viewer, hall: str, vendor: str) -> Kept:
    seen = Case.objects.filter(policy.visible(viewer), pk=OuterRef("case_id")).values("number")
    found = Heard.objects.filter(hall=hall, day__range=SOME_DAYS[:2]).order_by("-day", "-case_id")
    return kept(found.values_list("day", "cause", "ending", Subquery(seen))[:LISTED])
