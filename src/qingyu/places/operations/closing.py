"""Closing a point for a time, for a reason that people are told, and taking that back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from qingyu.people.models import Staff
from qingyu.places.models import Closure, Point
from qingyu.places.operations import holding
from qingyu.rules.refusals import NotAllowed, NotValid


@transaction.atomic
def close_for(
    point: Point, *, starts: datetime, ends: datetime | None, reason: str, by: Staff | None, at: datetime,
    seen: int | None = None,
) -> Closure:  # fmt: skip
    """Closed from one instant to another, or until further notice; the reason stands on its page.

    NotValid: reason_missing, ends_before_start, ends_in_past. NotAllowed("point_closed_then") where it is closed
    already at that time.
    """
    row = holding.locked(point, seen=seen, by=by, at=at)
    if not reason.strip():
        raise NotValid("reason_missing", field="reason")
    if ends is not None and ends <= starts:
        raise NotValid("ends_before_start", field="ends")
    if ends is not None and ends <= at:
        raise NotValid("ends_in_past", field="ends")
    if any(_meet(one, starts, ends) for one in Closure.objects.filter(point=row, lifted_at=None)):
        raise NotAllowed("point_closed_then")
    words = holding.checked(reason, "reason", longest=200)
    made = Closure.objects.create(point=row, starts=starts, ends=ends, reason=words, by=by)
    holding.note("close_point", row, by=by, at=at, reason=words, facts={"starts": starts, "ends": ends})
    return made


def _meet(one: Closure, starts: datetime, ends: datetime | None) -> bool:
    return (ends is None or one.starts < ends) and (one.ends is None or starts < one.ends)


@transaction.atomic
def lift(closure: Closure, *, by: Staff | None, at: datetime) -> None:
    """Open again, as its hours say. NotAllowed("closure_over") where it has ended or was taken back."""
    row = holding.locked(closure.point, seen=None, by=by, at=at)
    found = Closure.objects.select_for_update().get(pk=closure.pk)
    if found.lifted_at is not None or (found.ends is not None and found.ends <= at):
        raise NotAllowed("closure_over")
    found.lifted_at = at
    found.save(update_fields=["lifted_at"])
    holding.note("lift_closure", row, by=by, at=at)
