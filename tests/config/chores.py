"""Tasks for the worker: one is well, one fails, one has always more to do. ``ran`` says which were run."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError

ran: list[str] = []


def good(*, at: datetime) -> int:
    ran.append("good")
    return 0


def bad(*, at: datetime) -> int:
    ran.append("bad")
    raise IntegrityError("a mistake in one task, not a database that is away")


def busy(*, at: datetime) -> int:
    ran.append("busy")
    return 3
