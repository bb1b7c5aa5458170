"""How many deadlines a second one core computes, each by a call of its own. Prints one JSON line."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from qingyu.rules.hours import Calendar, Limit, deadline

TARGET = 50_000
CALLS = 100_000
ROUNDS = 5
LIMITS = [
    Limit.parse(text)
    for text in ("5 working_day", "1 working_day", "20 working_day", "7 calendar_day", "2 hour", "30 minute")
]


def exceptions(first_year: int, last_year: int) -> Iterator[tuple[date, bool]]:
    """A made-up list of usual length: every year 28 days off and 6 weekend days to work."""
    for year in range(first_year, last_year + 1):
        for ordinal in range(28):
            yield date(year, 1 + ordinal % 12, 1 + ordinal // 12), False
        for week in range(6):
            saturday = date(year, 3, 7) + timedelta(weeks=6 * week)
            yield saturday + timedelta(days=5 - saturday.weekday()), True


def rate(starts: list[datetime], limits: list[Limit], calendar: Calendar) -> float:
    """Deadlines a second of CPU time, over one pass."""
    began = time.process_time()
    for start, limit in zip(starts, limits, strict=True):
        deadline(start, limit, calendar)
    return len(starts) / (time.process_time() - began)


def main() -> None:
    days = dict(exceptions(2019, 2026))
    calendar = Calendar("bench", ZoneInfo("Asia/Shanghai"), days, frozenset(range(2019, 2027)))
    first = datetime(2019, 1, 1, tzinfo=UTC)
    starts = [first + timedelta(seconds=2503 * number) for number in range(CALLS)]
    mixed = [LIMITS[number % len(LIMITS)] for number in range(CALLS)]
    value = sorted(rate(starts, mixed, calendar) for _ in range(ROUNDS))[ROUNDS // 2]
    working = sorted(rate(starts, LIMITS[:1] * CALLS, calendar) for _ in range(ROUNDS))[ROUNDS // 2]
    detail = (
        f"one core, one call each, median of {ROUNDS} x {CALLS} over {len(LIMITS)} limits; "
        f"5 working days alone {working:.0f} 1/s; {len(days)} exceptions in 8 years"
    )
    figure = {"name": "hours.deadline", "value": round(value), "unit": "1/s", "target": TARGET}
    print(json.dumps(figure | {"ok": value >= TARGET, "database": None, "detail": detail}))


if __name__ == "__main__":
    main()
