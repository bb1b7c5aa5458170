"""Days of the city as instants."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

LONGEST_SPAN = 366  # days for which figures are shown at once


def beginning(day: date) -> datetime:
    """The instant at which a day of the city begins."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)
