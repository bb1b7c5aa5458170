"""When to call again. No national rule: hotlines try three times, at different times of day."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

PAUSES = (timedelta(hours=4), timedelta(hours=21))
"""After the first call that nobody took, and after the second: another time of day each."""
EARLIEST, LATEST = time(9), time(20)
CLAIM = timedelta(minutes=10)
"""How long a call belongs to the person who took it."""


def next_try(at: datetime, *, attempts: int, zone: ZoneInfo) -> datetime:
    """When to try again after ``attempts`` calls, in the same zone as ``at``; never at night."""
    wanted = (at + PAUSES[min(attempts, len(PAUSES)) - 1]).astimezone(zone)
    if wanted.time() < EARLIEST:
        wanted = datetime.combine(wanted.date(), EARLIEST, tzinfo=zone)
    elif wanted.time() > LATEST:
        wanted = datetime.combine(wanted.date() + timedelta(days=1), EARLIEST, tzinfo=zone)
    return wanted.astimezone(at.tzinfo)
