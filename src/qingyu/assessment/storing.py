"""Reading and writing facts in bulk: few statements, whatever the size of the batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Model

from qingyu.assessment.folding import FIELDS, Fact, Place, Visit, parted
from qingyu.assessment.models import CaseFact, SubjectDay, UnitDay

COLUMNS = tuple(f"{name}_id" if name in ("case", "unit", "receiver") else name for name in FIELDS)
KEY = ("case_id", "round", "service")
DAYS = tuple(place for place, name in enumerate(FIELDS) if name.endswith("_on"))
Row = tuple[Any, ...]
"""The columns of a fact in the order of ``folding.FIELDS``."""


def rounds_of(cases: Iterable[int]) -> dict[int, list[Fact]]:
    """The rounds of these cases, by case, first round first. One statement."""
    return {case: parted(Fact(*row) for row in rows)[0] for case, rows in rows_of(cases).items()}


def rows_of(cases: Iterable[int]) -> dict[int, list[Row]]:
    """The columns of the facts of these cases, by case: rounds in order, and rated services. One statement."""
    found: dict[int, list[Row]] = {}
    rows = (
        CaseFact.objects.filter(case_id__in=list(cases)).order_by("case_id", "round", "service").values_list(*COLUMNS)
    )
    for row in rows.iterator(chunk_size=5_000):
        found.setdefault(row[0], []).append(row)
    return found


def write_facts(facts: list[Row]) -> None:
    """Each row as it now is; a row that is there is replaced."""
    names = [connection.ops.quote_name(name) for name in COLUMNS]
    kept = ", ".join(f"{name} = excluded.{name}" for name in names[2:])
    _many(
        f"INSERT INTO {CaseFact._meta.db_table} ({', '.join(names)}) VALUES ({_places(len(names))}) "  # noqa: S608
        f"ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {kept}",
        facts if connection.vendor == "postgresql" else [_days_as_text(fact) for fact in facts],
    )


def _days_as_text(fact: Row) -> Row:
    """As SQLite keeps days."""
    row = list(fact)
    for place in DAYS:
        if row[place] is not None:
            row[place] = row[place].isoformat()
    return tuple(row)


def add_counts(tally: Counter[Place], visits: Counter[Visit]) -> None:
    """Adds to the counts of the days, in one order so that two workers never wait for each other in a ring."""
    _add(UnitDay, "unit_id", tally)
    _add(SubjectDay, "subject", visits)


def _add(model: type[Model], whose: str, tally: Counter[Any]) -> None:
    table, adapt = model._meta.db_table, connection.ops.adapt_datefield_value
    rows = [(key, adapt(day), measure, count) for (key, day, measure), count in sorted(tally.items()) if count]
    _many(
        f"INSERT INTO {table} ({whose}, day, measure, count) VALUES ({_places(4)}) "  # noqa: S608
        f"ON CONFLICT (day, {whose}, measure) DO UPDATE SET count = {table}.count + excluded.count",
        rows,
    )
    if any(count < 0 for count in tally.values()):
        model._default_manager.filter(count=0).delete()


def clear() -> None:
    """Drops all facts, before they are made anew."""
    with connection.cursor() as cursor:
        for model in (CaseFact, UnitDay, SubjectDay):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608


def _places(number: int) -> str:
    return ", ".join(["%s"] * number)


def _many(statement: str, rows: list[Row]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)
