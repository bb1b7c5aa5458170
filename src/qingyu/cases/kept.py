"""Queries for plain values whose statements are kept: to make the text of a wide condition costs more than to run it.

A query is built once with ``SOME_INSTANT`` where the instant of a request belongs (or ``SOME_DAYS``); each reading says
which it is.
Who keeps one keys it by all else that stands in it, such as the viewer, and by ``connection.vendor``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import DateField, DateTimeField, QuerySet

SOME_INSTANT = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for the instant of a request."""
SOME_DAYS = (date(1970, 1, 1), date(1970, 1, 2), date(1970, 1, 3))
"""Stand for the days of a request: the first, the last, and today."""


@dataclass(frozen=True)
class Kept:
    """A statement, its values, and what makes of columns the values of fields. Without text nothing can fit."""

    text: str = ""
    values: tuple[Any, ...] = ()
    converters: dict[int, Any] = field(default_factory=dict)

    def read(self, at: datetime | None = None, days: tuple[date, ...] = ()) -> list[tuple[Any, ...]]:
        """The rows, with ``at`` in the place of SOME_INSTANT and ``days`` of SOME_DAYS; one statement."""
        if not self.text:
            return []
        given = {_day(some): _day(day) for some, day in zip(SOME_DAYS, days, strict=False)}
        if at:
            given |= dict.fromkeys((SOME_INSTANT, _prepared(SOME_INSTANT)), _prepared(at))
        with connection.cursor() as cursor:
            cursor.execute(self.text, [given.get(one, one) for one in self.values])
            found = cursor.fetchall()
        return [self._converted(list(row)) for row in found] if self.converters else list(found)

    def _converted(self, row: list[Any]) -> tuple[Any, ...]:
        for place, (known, expression) in self.converters.items():
            for convert in known:
                row[place] = convert(row[place], expression, connection)
        return tuple(row)


def kept(found: QuerySet[Any]) -> Kept:
    """The statement of a ``values_list`` (whose columns come in the order of their names there)."""
    compiler = found.query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        text, values = compiler.as_sql()
    except EmptyResultSet:
        return Kept()
    converters = compiler.get_converters([column[0] for column in compiler.select])
    return Kept(text, tuple(values), converters)


def counted(found: Sequence[QuerySet[Any]], most: int) -> Kept:
    """One row that says how many each of the queries finds, counted to ``most`` and no further."""
    parts = [kept(one.order_by().values_list("pk")[:most]) for one in found]
    counts = [f"(SELECT COUNT(*) FROM ({part.text}) found)" if part.text else "0" for part in parts]  # noqa: S608
    return Kept(f"SELECT {', '.join(counts)}", tuple(value for part in parts for value in part.values))


def _day(day: date) -> Any:
    return DateField().get_db_prep_value(day, connection)


def _prepared(at: datetime) -> Any:
    return DateTimeField().get_db_prep_value(at, connection)
