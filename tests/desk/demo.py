"""A demo city inside one transaction that a module of tests shares and that is rolled back at its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import override_settings

from qingyu.cases import papers
from qingyu.cases.models import Case, CaseText
from qingyu.people import queries
from tests import guards

AT = datetime(2026, 6, 24, 2, 0, tzinfo=UTC)  # a Wednesday, 10:00 in the city


@contextmanager
def nothing_yet(blocker: Any, folder: Path) -> Iterator[None]:
    """An empty database and data directory of their own; all that is written there is gone afterwards."""
    with blocker.unblock(), override_settings(DATA_DIR=folder), rolled_back():
        guards.stand()
        yield


@contextmanager
def rolled_back() -> Iterator[None]:
    """What is written inside never was."""
    with transaction.atomic():
        queries.forget()
        yield
        transaction.set_rollback(True)
    queries.forget()


def told() -> list[tuple[Any, ...]]:
    """Every case with its texts and what happened to it when, without the numbers of rows."""
    texts: dict[int, list[str]] = {}
    for text in CaseText.objects.order_by("pk"):
        texts.setdefault(text.case_id, []).append(papers.read_text(text))
    found = []
    for case in Case.objects.prefetch_related("events"):
        acts = sorted((event.seq, event.kind, event.at) for event in case.events.all())
        found.append((case.opened_at, case.state, texts.get(case.pk, []), acts))
    return sorted(found, key=repr)
