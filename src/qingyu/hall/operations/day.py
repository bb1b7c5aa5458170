"""The business day of a hall: numbers begin anew, who never came has left. It never turns while a window is open."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from qingyu.cases import rows
from qingyu.hall import queries
from qingyu.hall.models import Hall, Ticket, Window
from qingyu.hall.operations import holding
from qingyu.people import queries as people
from qingyu.rules.calling import business_day

FORGOTTEN = timedelta(hours=3)
"""A window where nothing happened for so long after its day has ended was forgotten, not worked at."""


def roll(hall: Hall, *, at: datetime) -> date:
    """Turns the day where it has ended and all windows are closed; the day in force. Under the lock of the hall."""
    day = business_day(at.astimezone(ZoneInfo(settings.TIME_ZONE)), hall.day_end)
    known = _known_day(hall)
    if known is not None and (day <= known or Window.objects.filter(hall=hall).exclude(state="closed").exists()):
        hall.day = known
        return known
    rows.update(hall, {"day": day})
    Ticket.objects.filter(hall=hall, state="waiting", day__lt=day).update(state=Ticket.State.LEFT, finished_at=at)
    people.forget()
    return day


def _known_day(hall: Hall) -> date | None:
    ((day,),) = queries.fetch("SELECT day FROM hall_hall WHERE id = %s", (hall.pk,))
    return date.fromisoformat(day) if isinstance(day, str) else day


def end_forgotten(hall: Hall, *, at: datetime) -> int:
    """Closes windows that were forgotten after the end of the day, and turns the day; how many were closed."""
    day = business_day(at.astimezone(ZoneInfo(settings.TIME_ZONE)), hall.day_end)
    with holding.changing(hall.pk):
        hall.refresh_from_db(fields=["day"])
        if hall.day is None or day <= hall.day:
            return 0
        forgotten = Window.objects.filter(hall=hall, acted_at__lt=at - FORGOTTEN).exclude(state="closed")
        Ticket.objects.filter(window__in=forgotten, state__in=("called", "serving")).update(
            state=Ticket.State.LEFT, finished_at=at
        )
        closed = forgotten.update(state=Window.State.CLOSED, clerk=None, passed=False)
        roll(hall, at=at)
    return closed
