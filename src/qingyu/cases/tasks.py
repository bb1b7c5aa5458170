"""Scheduled work of the case line. Each task finds due rows through a partial index and does one small act each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from qingyu.cases import operations
from qingyu.cases.models import CaseClock, IdempotencyKey
from qingyu.rules.refusals import NotAllowed

BATCH = 200
KEPT = timedelta(hours=48)


def accept_silently(*, at: datetime) -> int:
    """Cases whose sign limit has passed in silence are accepted by the house."""
    due = CaseClock.objects.filter(
        kind="sign",
        stop="",
        paused_at=None,
        due_at__lt=at,
        imported=False,
        case__state="dispatched",
        case__disputed=False,
    ).select_related("case")
    return _each(due[:BATCH], lambda clock: operations.accept_silently(clock.case, at=at))


def warn_and_mark_overdue(*, at: datetime) -> int:
    """Running clocks with a quarter left are warned of, those past due are marked; each once."""
    running = CaseClock.objects.filter(stop="", paused_at=None, imported=False).select_related("case")
    late = running.filter(due_at__lt=at, overdue_at=None).exclude(
        kind="sign", case__state="dispatched", case__disputed=False
    )
    marked = _each(late[:BATCH], lambda clock: operations.mark_overdue(clock, at=at))
    near = running.filter(warn_at__lte=at, due_at__gte=at, warned_at=None)
    return marked + _each(near[:BATCH], lambda clock: operations.warn(clock, at=at))


def end_pauses(*, at: datetime) -> int:
    """Pauses that have lasted as long as they may."""
    resting = CaseClock.objects.filter(paused_at__isnull=False, pause_until__lt=at).select_related("case")
    return _each(resting[:BATCH], lambda clock: operations.resume(clock.case, at=at))


def reschedule_provisional(*, at: datetime) -> int:
    """Due dates counted without the official list of a year, counted anew where the list has arrived."""
    from qingyu.people import queries as people

    found = CaseClock.objects.filter(provisional=True, stop="").select_related("case")
    ready = [clock for clock in found[:BATCH] if people.calendar(clock.calendar).is_published(clock.due_at.date())]
    return _each(ready, lambda clock: operations.reschedule(clock, at=at))


def forget_keys(*, at: datetime) -> int:
    """Keys of repeated requests are kept for 48 hours."""
    return IdempotencyKey.objects.filter(created_at__lt=at - KEPT).delete()[0]


def _each(clocks: Iterable[CaseClock], act: Callable[[CaseClock], object]) -> int:
    done = 0
    for clock in clocks:
        try:
            act(clock)
            done += 1
        except NotAllowed:
            continue  # somebody was quicker; the row is no longer due
    return done
