"""Spans of city days as people choose them."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from qingyu.rules.refusals import NotValid

MONTH = re.compile(r"(\d{4})-(\d{2})")
LAST = 30
LONGEST_DAYS = 366


@dataclass(frozen=True)
class Period:
    """From ``start`` to ``end``, both included. ``code``: ``last30`` or a month as ``2026-11``."""

    code: str
    start: date
    end: date


def last_days(today: date) -> Period:
    """The last 30 days with today."""
    return Period("last30", today - timedelta(days=LAST - 1), today)


def month(text: str) -> Period:
    """A month as ``2026-11``. NotValid("month_not_valid")."""
    found = MONTH.fullmatch(text)
    try:
        start = date(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        start = None
    if start is None:
        raise NotValid("month_not_valid", field="month", found=text[:20])
    return Period(text, start, (start + timedelta(days=32)).replace(day=1) - timedelta(days=1))


def check(start: date, end: date) -> None:
    """NotValid: from_after_to, span_too_long (more than 366 days)."""
    if start > end:
        raise NotValid("from_after_to", field="from")
    if (end - start).days >= LONGEST_DAYS:
        raise NotValid("span_too_long", field="from", longest=LONGEST_DAYS)


def is_month(start: date, end: date) -> bool:
    """Whether these days are one whole month."""
    year, number = start.year, start.month
    return start.day == 1 and (end.year, end.month, end.day) == (year, number, monthrange(year, number)[1])


def chosen(text: str, today: date) -> Period:
    """The period of a code; the last 30 days for an empty or unknown one."""
    try:
        return month(text)
    except NotValid:
        return last_days(today)


def choices(today: date, *, months: int = 12) -> list[Period]:
    """What may be chosen: the last 30 days, this month and those before it."""
    found, day = [last_days(today)], today.replace(day=1)
    for _ in range(months):
        found.append(month(f"{day:%Y-%m}"))
        day = (day - timedelta(days=1)).replace(day=1)
    return found
