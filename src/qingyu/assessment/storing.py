"""Reading and writing facts in bulk: few statements, whatever the size of the batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db import connection

from qingyu.assessment.folding import FIELDS, Fact, Place
from qingyu.assessment.models import CaseFact, UnitDay

COLUMNS = tuple(f"{name}_id" if name in ("case", "unit") else name for name in FIELDS)
KEY = ("case_id", "round")
DAYS = frozenset(name for name in FIELDS if name.endswith("_on"))


def rounds_of(cases: Iterable[int]) -> dict[int, list[Fact]]:
    """The facts of these cases, by case, first round first. One statement."""
    found: dict[int, list[Fact]] = {}
    rows = CaseFact.objects.filter(case_id__in=list(cases)).order_by("case_id", "round").values_list(*COLUMNS)
    for row in rows.iterator(chunk_size=5_000):
        fact = Fact(*row)
        found.setdefault(fact.case, []).append(fact)
    return found


def write_facts(facts: list[Fact]) -> None:
    """Each row as it now is; a row that is there is replaced."""
    day = connection.ops.adapt_datefield_value
    values = [
        tuple(day(getattr(fact, name)) if name in DAYS else getattr(fact, name) for name in FIELDS) for fact in facts
    ]
    kept = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name not in KEY)
    _many(
        f"INSERT INTO {CaseFact._meta.db_table} ({', '.join(COLUMNS)}) VALUES ({_places(len(COLUMNS))}) "  # noqa: S608
        f"ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {kept}",
        values,
    )


def add_counts(tally: Counter[Place]) -> None:
    """Adds to the counts of units and days, in one order so that two workers never wait for each other in a ring."""
    table = UnitDay._meta.db_table
    adapt = connection.ops.adapt_datefield_value
    rows = [(unit, adapt(day), measure, count) for (unit, day, measure), count in sorted(tally.items()) if count]
    _many(
        f"INSERT INTO {table} (unit_id, day, measure, count) VALUES ({_places(4)}) "  # noqa: S608
        f"ON CONFLICT (day, unit_id, measure) DO UPDATE SET count = {table}.count + excluded.count",
        rows,
    )
    if any(count < 0 for count in tally.values()):
        UnitDay.objects.filter(count=0).delete()


def clear() -> None:
    """Drops all facts, before they are made anew."""
    with connection.cursor() as cursor:
        for model in (CaseFact, UnitDay):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608


def _places(number: int) -> str:
    return ", ".join(["%s"] * number)


def _many(statement: str, rows: list[tuple[object, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)
