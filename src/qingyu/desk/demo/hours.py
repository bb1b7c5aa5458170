"""When people act: office hours of the city for staff, and never later than now."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.conf import settings

from qingyu.people import queries

OPENS, CLOSES = time(8, 30), time(17, 45)
SHARE_OF_THE_REST = 0.35


def in_office(at: datetime, chance: Random) -> datetime:
    """``at`` or, outside office hours, some minutes into the next working morning."""
    zone, calendar = ZoneInfo(settings.TIME_ZONE), queries.calendar("city")
    local = at.astimezone(zone)
    if calendar.is_working(local.date()) and OPENS <= local.time() <= CLOSES:
        return at
    tomorrow = timedelta(days=1 if local.time() > CLOSES else 0)
    day = calendar.next_working_day(local.date() + tomorrow)
    return datetime.combine(day, OPENS, tzinfo=zone).astimezone(at.tzinfo) + timedelta(minutes=chance.randint(1, 90))


def before_now(at: datetime, *, last: datetime, now: datetime) -> datetime:
    """``at`` where that is past; otherwise a part of the time that is left since ``last``."""
    return at if at < now - timedelta(minutes=2) else last + (now - last) * SHARE_OF_THE_REST
