"""Dated deputies: who stands in for whom, from when to when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import models, transaction

from qingyu.people import queries
from qingyu.people.models import Deputy, Staff
from qingyu.people.operations.changes import needed, note_change, require
from qingyu.people.operations.roles import MANAGES
from qingyu.rules.refusals import NotAllowed, NotValid


@transaction.atomic
def name_deputy(
    staff: Staff, *, deputy: Staff, starts: date, ends: date, by: Staff | None, at: datetime, reason: str
) -> None:
    """A dated deputy; the basket of the absent person is then theirs too. Days of the city, both inclusive.

    NotValid: reason_missing, deputy_is_self, ends_before_start, ends_in_past; NotAllowed: deputy_inactive,
    staff_has_left, deputy_is_absent (somebody stands in for the deputy on one of these days),
    deputy_named_already.
    """
    require(by, MANAGES, at=at)
    why = needed(reason)
    _require_days(starts, ends, today=queries.city_day(at))
    _require_people(staff, deputy)
    if _during(starts, ends).filter(staff=deputy).exists():
        raise NotAllowed("deputy_is_absent")
    if _during(starts, ends).filter(staff=staff, deputy=deputy).exists():
        raise NotAllowed("deputy_named_already")
    staff.deputies.create(deputy=deputy, starts=starts, ends=ends, reason=why[:200])
    facts = {"deputy": deputy.username, "from": starts, "to": ends}
    note_change("name_deputy", f"staff:{staff.username}", by=by, at=at, reason=why, facts=facts)


def _require_days(starts: date, ends: date, *, today: date) -> None:
    if ends < starts:
        raise NotValid("ends_before_start", field="ends")
    if ends < today:
        raise NotValid("ends_in_past", field="ends")


def _require_people(staff: Staff, deputy: Staff) -> None:
    if deputy.pk == staff.pk:
        raise NotValid("deputy_is_self", field="deputy")
    if not deputy.is_active:
        raise NotAllowed("deputy_inactive")
    if not staff.is_active:
        raise NotAllowed("staff_has_left")


def _during(starts: date, ends: date) -> models.QuerySet[Deputy]:
    return Deputy.objects.filter(starts__lte=ends, ends__gte=starts)


@transaction.atomic
def end_deputy(row: Deputy, *, by: Staff | None, at: datetime, reason: str) -> None:
    """Ends it at once: yesterday was the last day. NotValid("reason_missing"); NotAllowed("deputy_has_ended")."""
    require(by, MANAGES, at=at)
    why, today = needed(reason), queries.city_day(at)
    if row.ends < today:
        raise NotAllowed("deputy_has_ended")
    before, row.ends = row.ends, today - timedelta(days=1)
    row.save(update_fields=["ends"])
    facts = {"deputy": row.deputy.username, "before": {"to": before}, "after": {"to": row.ends}}
    note_change("end_deputy", f"staff:{row.staff.username}", by=by, at=at, reason=why, facts=facts)
