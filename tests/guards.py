"""Tests that commit for real empty the tables afterwards, which the log's guards forbid: they are lifted for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

_known: dict[str, str] = {}


@pytest.fixture
def event_guard(transactional_db: None) -> Iterator[None]:
    """Ask for this in every ``django_db(transaction=True)`` test: guards and heads stand while it runs."""
    from qingyu.people import queries

    stand()
    queries.forget()
    yield
    queries.forget()
    _lift_guards()


def stand() -> None:
    """Makes guards and heads stand again where a test that committed has taken them away. Twice changes nothing."""
    from qingyu.cases.models import LogHead

    with connection.cursor() as cursor:
        for sql in _known.values():
            cursor.execute(sql.replace("CREATE TRIGGER ", "CREATE TRIGGER IF NOT EXISTS "))
    LogHead.objects.bulk_create([LogHead(partition=p, head="0" * 64) for p in range(16)], ignore_conflicts=True)


def _lift_guards() -> None:
    if connection.vendor != "sqlite":
        return  # PostgreSQL truncates, which row triggers let pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'case_event_no_%'")
        _known.update(cursor.fetchall())
        for name in _known:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
