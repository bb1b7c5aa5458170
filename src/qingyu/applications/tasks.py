"""Scheduled work of applications: each task finds due rows and does one small act each; the rules decide again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from qingyu.applications import operations
from qingyu.applications.models import Application
from qingyu.cases.models import Case, CaseClock
from qingyu.rules.refusals import NotAllowed

BATCH = 200


def admit_silently(*, at: datetime) -> int:
    """Applications of which nobody has said in time whether they are taken up."""
    return _each(_due("accept", at), lambda case: operations.admit_silently(case, at=at))


def lapse(*, at: datetime) -> int:
    """Applications whose person has not corrected what was missing in time."""
    return _each(_due("correct", at), lambda case: operations.lapse(case, at=at))


def call_deputies(*, at: datetime) -> int:
    """Owners who are silent: the deputy has it; deputies who are silent: a supervisor is told."""
    silent = Application.objects.filter(silent_at__lte=at).select_related("case").order_by("silent_at")
    return sum(operations.call_next(application, at=at) for application in silent[:BATCH])


def forget_drafts(*, at: datetime) -> int:
    """Half-filled applications whose time is over."""
    return operations.forget_drafts(at=at)


def _due(clock: str, at: datetime) -> list[Case]:
    due = CaseClock.objects.filter(kind=clock, stop="", paused_at=None, due_at__lt=at, imported=False)
    return [row.case for row in due.select_related("case").order_by("due_at")[:BATCH]]


def _each(cases: list[Case], act: Callable[[Case], object]) -> int:
    done = 0
    for case in cases:
        try:
            act(case)
        except NotAllowed:
            continue  # somebody was quicker; the row is no longer due
        done += 1
    return done
