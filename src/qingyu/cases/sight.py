"""Lists of what a person may see, asked so that an index gives each part in order: they cost the same at any size.

``policy.visible`` is one condition with an OR between owning and assisting units, which no index serves in the order
of a list: a database would read and sort all cases of a unit. Here each unit's part is read by itself, no longer than
the list can be, and what is found is put together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from qingyu.cases import policy
from qingyu.cases.models import Assistance, Case
from qingyu.people.policy import Viewer

BY_TIME_LEFT = ("next_due_at", "id")
NEWEST = ("-opened_at", "-id")
MOST_UNITS = 100
"""A part for each unit up to here; for more they are read together and sorted."""
ANY_UNIT = -1
"""Stands for a unit in a statement whose text is made once and used for each."""

Statement = tuple[str, list[Any]]


@dataclass(frozen=True)
class Narrowing:
    """What a list shall hold and in which order. ``of_open``: only open cases can fit the condition."""

    condition: Q
    order: tuple[str, ...] = BY_TIME_LEFT
    of_open: bool = True


def open_cases(condition: Q) -> Narrowing:
    """Open cases that fit, first due first.

    The condition says itself that they are open: by ``IS_OPEN``, or by one state, which has an index of its own.
    """
    return Narrowing(condition)


def first(viewer: Viewer, wanted: Narrowing, most: int) -> QuerySet[Case]:
    """The first ``most`` cases in sight that fit, in order. No more than ``most`` rows may be taken from it."""
    shares = policy.shares(viewer)
    whole = [share for share in shares if share.units is None]
    if len(shares) == 1 and whole:
        return Case.objects.filter(whole[0].readable, wanted.condition).order_by(*wanted.order)
    parts = [part for share in shares for part in _parts(share, wanted, most)]
    if not parts:
        return Case.objects.none()
    found = RawSQL(*_union(parts))  # noqa: S611 -- statements of the ORM, with their parameters apart
    return Case.objects.filter(pk__in=found).order_by(*wanted.order)


def whose_case(viewer: Viewer) -> Exists:
    """Rows of another table (column ``case``) of which the viewer may see the case, asked of each row by itself.

    ``case__in`` would have SQLite read all cases in sight first, however few rows the list has.
    """
    return Exists(Case.objects.filter(policy.visible(viewer), pk=OuterRef("case_id")))


def of_units(units: Collection[int], rows: QuerySet[Any], most: int) -> Any:
    """The ids of the first ``most`` rows (column ``unit``) of these units, in their order: a part for each unit, which
    an index finds; for very many units together.
    """
    if not units or len(units) > MOST_UNITS:
        return rows.filter(unit__in=units).values("pk")
    text, values = rows.filter(unit=ANY_UNIT).values("pk")[:most].query.sql_with_params()
    parts = [(text, [unit if value == ANY_UNIT else value for value in values]) for unit in sorted(units)]
    return RawSQL(*_union(parts))  # noqa: S611 -- statements of the ORM, with their parameters apart


def counting(viewer: Viewer, wanted: Mapping[str, Narrowing], most: int) -> Statement:
    """One statement with a figure for each: how many fit, counted to ``most`` for owning and assisting units each."""
    shares = policy.shares(viewer)
    counts, values = [], list[Any]()
    for narrowing in wanted.values():
        found = [part for share in shares for part in _together(share, replace(narrowing, order=()), most)]
        parts = [_union(found)] if len(shares) > 1 else found  # of one person they share no case
        counts.append(" + ".join(f"(SELECT COUNT(*) FROM ({text}) found)" for text, _ in parts) or "0")  # noqa: S608
        values += [value for _, given in parts for value in given]
    return f"SELECT {', '.join(counts)}", values


def _parts(share: policy.Share, wanted: Narrowing, most: int) -> Iterator[Statement]:
    if share.units is None or len(share.units) > MOST_UNITS:
        yield from _together(share, wanted, most)
        return
    for text, values in _compiled(Q(owner_id=ANY_UNIT) & share.owned & wanted.condition, wanted.order, most):
        for unit in sorted(share.units):
            yield text, [unit if value == ANY_UNIT else value for value in values]
    yield from _helped(_assisting(share, wanted) & share.readable, wanted, most)


def _together(share: policy.Share, wanted: Narrowing, most: int) -> Iterator[Statement]:
    if share.units is None:
        yield from _compiled(share.readable & wanted.condition, wanted.order, most)
        return
    yield from _compiled(Q(owner_id__in=share.units) & share.owned & wanted.condition, wanted.order, most)
    only_helped = _assisting(share, wanted) & ~Q(owner_id__in=share.units)
    yield from _helped(only_helped & share.readable, wanted, most)


def _helped(sight: Q, wanted: Narrowing, most: int) -> Iterator[Statement]:
    """Read from the side of the assisting unit, whose cases are few: no index of another column may lead away."""
    names = _names(wanted.condition)
    plain = {f"plain_{name}": _Plain(F(name)) for name in names}
    cases = Case.objects.alias(**plain).filter(sight, _renamed(wanted.condition))
    yield from _compiled_query(cases, wanted.order, most)


class _Plain(Func):
    """A column as it stands, which SQLite is not to look up in an index (unary plus); PostgreSQL weighs by itself."""

    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


def _names(condition: Q) -> set[str]:
    children: list[Any] = [child for child in condition.children if not isinstance(child, Q)]
    nested = [_names(child) for child in condition.children if isinstance(child, Q)]
    return {str(name).split("__")[0] for name, _value in children}.union(*nested)


def _renamed(condition: Q) -> Q:
    parts: list[Any] = list(condition.children)
    children = [_renamed(part) if isinstance(part, Q) else (f"plain_{part[0]}", part[1]) for part in parts]
    return Q(*children, _connector=condition.connector, _negated=condition.negated)


def _assisting(share: policy.Share, wanted: Narrowing) -> Q:
    helping = Assistance.objects.filter(unit_id__in=share.units or ())
    return Q(pk__in=(helping.filter(of_open=True) if wanted.of_open else helping).values("case_id"))


def _compiled(condition: Q, order: Sequence[str], most: int) -> Iterator[Statement]:
    yield from _compiled_query(Case.objects.filter(condition), order, most)


def _compiled_query(cases: QuerySet[Case], order: Sequence[str], most: int) -> Iterator[Statement]:
    """The statement of one part; none where nothing can fit."""
    try:
        text, values = cases.order_by(*order).values("pk")[:most].query.sql_with_params()
    except EmptyResultSet:
        return
    yield text, list(values)


def _union(parts: Sequence[Statement]) -> Statement:
    name = connection.ops.quote_name("pk")
    text = " UNION ".join(f"SELECT {name} FROM ({text}) part_{n}" for n, (text, _) in enumerate(parts))  # noqa: S608
    return text, [value for _, values in parts for value in values]
