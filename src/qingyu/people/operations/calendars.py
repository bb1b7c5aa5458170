"""The official list of a year. Deadlines that were provisional for want of it are then counted anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from qingyu.people.models import CalendarDay, CalendarYear, Staff, WorkingCalendar
from qingyu.people.operations.changes import note_change, require
from qingyu.rules.refusals import NotValid


@transaction.atomic
def publish_year(
    calendar: WorkingCalendar, *, year: int, days: Mapping[date, tuple[bool, str]], source: str,
    by: Staff | None, at: datetime, reason: str = "",
) -> None:  # fmt: skip
    """Enters the official list of a year: exceptions from Monday to Friday as {day: (works, name)}.

    A list published again replaces the one before; clocks that were final stay as they were promised.
    NotValid("day_of_another_year").
    """
    require(by, "calendar.manage", at=at)
    wrong = [day for day in days if day.year != year]
    if wrong:
        raise NotValid("day_of_another_year", field="days", day=wrong[0].isoformat())
    locked = WorkingCalendar.objects.select_for_update().get(pk=calendar.pk)
    CalendarDay.objects.filter(calendar=calendar, day__year=year).delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(calendar=calendar, day=day, works=works, name=name) for day, (works, name) in days.items()
    )
    CalendarYear.objects.update_or_create(calendar=calendar, year=year, defaults={"source": source})
    calendar.version = locked.version + 1
    calendar.save(update_fields=["version"])
    facts = {"year": year, "days": len(days), "source": source}
    note_change("publish_year", f"calendar:{calendar.code}", by=by, at=at, reason=reason, facts=facts)
