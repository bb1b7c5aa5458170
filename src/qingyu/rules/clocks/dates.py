"""Due dates of a clock that was extended, that rested, or whose calendar has arrived."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from qingyu.rules import hours
from qingyu.rules.clocks.clock import Change
from qingyu.rules.hours import Calendar, Deadline, Limit, Unit


def granted(limit: Limit, by: Limit) -> Limit:
    """What is granted in all once ``limit`` has been extended by ``by``.

    An extension in another unit (24 hours and then 5 working days) is what counts from then on.
    """
    return Limit(limit.amount + by.amount, by.unit) if limit.unit is by.unit else by


def rested(due: Deadline, *, began: datetime, ended: datetime, unit: Unit, calendar: Calendar) -> Deadline:
    """The due date of a clock that rested from ``began`` to ``ended``: later by the working time of the rest.

    A rest that begins past the due date moves nothing. One that begins in time ends in time: where days do not move
    the date far enough (Friday to Saturday, or a reply after close of business) one ``unit`` is left, counted from
    the end of the rest.
    """
    if not hours.in_time(began, due):
        return due
    moved = hours.resume(due, began, max(began, ended), unit, calendar)
    if hours.in_time(ended, moved):
        return moved
    least = hours.deadline(ended, Limit(1, unit), calendar)
    return Deadline(least.at, least.provisional or moved.provisional)


def recompute(history: Iterable[tuple[datetime, Change]], calendar: Calendar) -> Deadline:
    """The due date of one clock counted anew from its own changes: (instant of the event, change), its start first.

    Used when the calendar of a year arrives that was not known when the clock began.
    """
    (began_at, first), *later = history
    started = first.get("since", began_at)
    limit = Limit.parse(first["limit"])
    due, began, until = hours.deadline(started, limit, calendar), started, started
    for at, change in later:
        match change["do"]:
            case "pause":
                began, until = max(at, started), change.get("until")
            case "resume":
                due = rested(due, began=began, ended=min(at, until or at), unit=limit.unit, calendar=calendar)
            case "extend":
                by = Limit.parse(change["by"])
                due, limit = hours.shift(due, by, calendar), granted(limit, by)
    return due
