"""Scheduled work of the case line. Each task finds due rows through a partial index and does one small act each.

What it reads may be old by the time it acts: the rules decide again on the locked row, so nothing is done twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from qingyu.cases import operations
from qingyu.cases.models import CaseClock, IdempotencyKey
from qingyu.people import queries as people
from qingyu.rules.refusals import NotAllowed

BATCH = 200
LOOK = 2000
KEPT = timedelta(hours=48)
ENDED_BY_SILENCE = ("accept", "correct")
"""Clocks of applications that end with an event of their own once they have run out."""


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
    return _each(due.order_by("due_at")[:BATCH], lambda clock: operations.accept_silently(clock.case, at=at))


def warn_and_mark_overdue(*, at: datetime) -> int:
    """Running clocks with a quarter left are warned of, those past due are marked; each once."""
    running = CaseClock.objects.filter(stop="", paused_at=None, imported=False).select_related("case")
    late = running.filter(due_at__lt=at, overdue_at=None).exclude(
        kind="sign", case__state="dispatched", case__disputed=False
    )
    late = late.exclude(kind__in=ENDED_BY_SILENCE)
    marked = _each(late.order_by("due_at")[:BATCH], lambda clock: operations.mark_overdue(clock, at=at))
    near = running.filter(warn_at__lte=at, due_at__gte=at, warned_at=None)
    return marked + _each(near.order_by("warn_at")[:BATCH], lambda clock: operations.warn(clock, at=at))


def end_pauses(*, at: datetime) -> int:
    """Pauses that have lasted as long as they may."""
    resting = CaseClock.objects.filter(paused_at__isnull=False, pause_until__lt=at).select_related("case")
    return _each(resting.order_by("pause_until")[:BATCH], lambda clock: operations.resume(clock.case, at=at))


def reschedule_provisional(*, at: datetime) -> int:
    """Due dates counted without the official list of a year, counted anew where the list has arrived.

    A run looks at ``LOOK`` rows at most and begins where the one before ended, round and round, so that rows to which
    nothing can be done yet keep no others waiting.
    """
    done = 0
    for clock in _provisional_from(_looked["case"]):
        if done >= BATCH and clock.case_id != _looked["case"]:
            break
        _looked["case"] = clock.case_id
        if _calendar_has_arrived(clock):
            done += _each([clock], lambda clock: operations.reschedule(clock, at=at))
    return done


_looked = {"case": 0}  # how far this process has come; a new one begins anew


def _provisional_from(case: int) -> list[CaseClock]:
    """The next ``LOOK`` provisional clocks of cases after that one, then of those from the beginning up to it."""
    found = CaseClock.objects.filter(provisional=True, stop="").exclude(_in_unknown_years())
    ordered = found.select_related("case").order_by("case_id", "pk")
    after = list(ordered.filter(case_id__gt=case)[:LOOK])
    return after + list(ordered.filter(case_id__lte=case)[: LOOK - len(after)])


def _in_unknown_years() -> Q:
    """Clocks that fall due after the last year of which the list is known: nothing can be said of them."""
    beyond = Q(pk__in=[])
    for code, calendar in people.calendars().items():
        if calendar.published:
            last = datetime(max(calendar.published) + 1, 1, 1, tzinfo=calendar.zone)
            beyond |= Q(calendar=code, due_at__gte=last)
    return beyond


def _calendar_has_arrived(clock: CaseClock) -> bool:
    """Whether all lists are known that the due date rests on: from the day after the first (民法典 201)."""
    calendar = people.calendar(clock.calendar)
    return calendar.knows(calendar.day_of(clock.started_at) + timedelta(days=1), calendar.day_of(clock.due_at))


def forget_keys(*, at: datetime) -> int:
    """Keys of repeated requests are kept for 48 hours."""
    return IdempotencyKey.objects.filter(created_at__lt=at - KEPT).delete()[0]


def _each(clocks: Iterable[CaseClock], act: Callable[[CaseClock], object]) -> int:
    """How many acts were done. One that came to nothing (False) or that the rules refuse is not counted."""
    done = 0
    for clock in clocks:
        try:
            done += act(clock) is not False
        except NotAllowed:
            continue  # somebody was quicker; the row is no longer due
    return done
