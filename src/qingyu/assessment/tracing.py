"""The cases behind a figure: those that an indicator counts for a unit, hall or window, found by index."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models import Case as Switch

from qingyu.assessment import counting, periods
from qingyu.assessment.indicators import ALL, OF_HALLS, Formula
from qingyu.assessment.models import CaseFact
from qingyu.cases import policy
from qingyu.cases import queries as cases
from qingyu.cases.models import Case
from qingyu.hall import queries as hall
from qingyu.people import queries as people
from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotPermitted, NotValid

PAGE = 50
PARTS = ("all", "yes", "no")
AFTER = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{1,18})")
OF_PLACES = (*OF_HALLS, "assisted", "proxy", "praise")


@dataclass(frozen=True)
class Question:
    """Which cases: those of a ``unit`` (its own), or of a ``hall`` and perhaps one ``window`` in it.

    ``part``: ``all`` that the denominator counts, ``yes`` those of the numerator, ``no`` the others.
    ``after``: where the page before ended.
    """

    indicator: str
    start: date
    end: date
    unit: str = ""
    hall: str = ""
    window: str = ""
    part: str = "all"
    after: str = ""


@dataclass(frozen=True)
class Traced:
    """A case on the ``day`` on which it counts. ``counts``: in the numerator 1, half, or 0.

    ``service``: which one was rated, where it counts for that and not for the outcome.
    """

    row: cases.Row
    day: date
    round: int
    counts: str
    service: str = ""


@dataclass(frozen=True)
class Page:
    """Newest first, 50 at most, those in sight of who asks; ``after`` continues, empty at the end."""

    rows: list[Traced]
    after: str


def traced(viewer: Viewer, asked: Question, *, today: date) -> Page:
    """One page of the cases behind a figure; two statements, whatever their number.

    NotPermitted("permission_missing") without assessment.read in reach of the unit. NotValid: indicator_unknown,
    unit_unknown, hall_unknown, part_unknown, cursor_not_valid, from_after_to, span_too_long.
    """
    formula = _formula(asked)
    whose = _whose(viewer, asked, formula)
    facts = _counted(formula, asked, whose, today)
    found = list(_seen(viewer, _narrowed(facts, formula, asked)).values_list(
        formula.day, "pk", "case_id", "round", "hit", "half", "service")[: PAGE + 1])  # fmt: skip
    more, found = found[PAGE:], found[:PAGE]
    rows = _rows(viewer, [case for _day, _pk, case, *_ in found])
    read = [
        Traced(rows[case], day, number, _word(hit, half), service)
        for day, _pk, case, number, hit, half, service in found
    ]
    return Page(read, f"{found[-1][0]:%Y-%m-%d}.{found[-1][1]}" if more else "")


@dataclass(frozen=True)
class Share:
    """What one unit has of a figure: exact, for staff."""

    code: str
    name: str
    numerator: str
    denominator: int


def shares(viewer: Viewer, asked: Question, *, today: date) -> list[Share]:
    """The units, with all below the unit asked for, that have cases behind the figure; those in reach. One statement.

    NotValid as with ``traced``.
    """
    formula = _formula(asked)
    if asked.unit and asked.unit not in people.unit_ids():
        raise NotValid("unit_unknown", field="unit", unit=asked.unit[:50])
    wanted = people.subtree(people.unit_ids()[asked.unit]) if asked.unit else people.units().keys()
    counts = counting.counts(asked.start, asked.end, today)
    found = [info for info in people.units().values() if info.id in wanted and _reads(viewer, info.id)]
    told = [(info, formula, counts.get(info.id, {})) for info in found]
    return [
        Share(info.code, info.name, _plain(formula.rate(some).numerator), formula.total(some))
        for info, formula, some in told if formula.total(some)
    ]  # fmt: skip


def _plain(number: Fraction | int) -> str:
    return f"{float(number):g}"


def _formula(asked: Question) -> Formula:
    formula = ALL.get(asked.indicator)
    if formula is None or (asked.hall and asked.indicator not in OF_PLACES):
        raise NotValid("indicator_unknown", field="indicator")
    if asked.part not in PARTS:
        raise NotValid("part_unknown", field="part")
    periods.check(asked.start, asked.end)
    return formula


def _whose(viewer: Viewer, asked: Question, formula: Formula) -> Q:
    """The facts of the unit or place; who asks must reach its unit by a side that may read scorecards."""
    if not asked.hall:
        unit = people.unit_ids().get(asked.unit)
        if unit is None:
            raise NotValid("unit_unknown", field="unit", unit=asked.unit[:50])
        _require(viewer, unit)
        return Q(**{formula.whose: unit})
    found = hall.halls().get(asked.hall)
    if found is None:
        raise NotValid("hall_unknown", field="hall")
    _require(viewer, found.unit_id)
    return Q(hall=asked.hall, window=asked.window) if asked.window else Q(hall=asked.hall)


def _require(viewer: Viewer, unit: int) -> None:
    if not _reads(viewer, unit):
        raise NotPermitted("permission_missing", permission="assessment.read")


def _reads(viewer: Viewer, unit: int) -> bool:
    return any(side.may("assessment.read") and side.reaches(unit) for side in viewer.each)


def _counted(formula: Formula, asked: Question, whose: Q, today: date) -> QuerySet[CaseFact]:
    """What has a due date counts once its day is over, as in the figures."""
    end = min(asked.end, today - timedelta(days=1)) if formula.day == "due_on" else asked.end
    return CaseFact.objects.filter(whose, formula.among, **{f"{formula.day}__range": (asked.start, end)})


def _narrowed(facts: QuerySet[CaseFact], formula: Formula, asked: Question) -> QuerySet[CaseFact]:
    hits, halves = formula.hits or Q(pk__isnull=False), formula.halves or Q(pk__isnull=True)
    marked = facts.annotate(hit=_as_value(hits), half=_as_value(halves))
    if asked.part != "all":
        counting = hits | halves
        marked = marked.filter(counting if asked.part == "yes" else ~counting)
    return _behind(marked, formula.day, asked.after).order_by(f"-{formula.day}", "-pk")


def _as_value(condition: Q) -> Any:
    return Switch(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _behind(facts: QuerySet[CaseFact], column: str, after: str) -> QuerySet[CaseFact]:
    if not after:
        return facts
    found = AFTER.fullmatch(after)
    try:
        day = date.fromisoformat(found[1]) if found else None
    except ValueError:
        day = None
    if found is None or day is None:
        raise NotValid("cursor_not_valid", field="after")
    return facts.filter(
        Q(**{f"{column}__lt": day}) | Q(**{column: day}, pk__lt=int(found[2])), **{f"{column}__lte": day}
    )


def _seen(viewer: Viewer, facts: QuerySet[CaseFact]) -> QuerySet[CaseFact]:
    """Only of cases that the policy shows to who asks."""
    condition = policy.visible_with(viewer, "assessment.read")
    return facts.filter(Exists(Case.objects.filter(condition, pk=OuterRef("case_id")))) if condition else facts


def _rows(viewer: Viewer, ids: Iterable[int]) -> dict[int, cases.Row]:
    found = Case.objects.filter(policy.visible(viewer), pk__in=set(ids)).values_list(*cases.COLUMNS)
    rows = (cases.row_of(values) for values in found)
    return {row.pk: row for row in rows}


def _word(hit: bool, half: bool) -> str:
    return "half" if half else "yes" if hit else "no"
