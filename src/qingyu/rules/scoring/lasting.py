"""How long things take, counted in steps: so many within an hour, a day, a week. Steps add up; averages do not."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from fractions import Fraction

MINUTE, HOUR, DAY = 60, 3600, 86_400
STEPS: Mapping[str, int] = {
    "5m": 5 * MINUTE, "10m": 10 * MINUTE, "15m": 15 * MINUTE, "20m": 20 * MINUTE, "30m": 30 * MINUTE,
    "45m": 45 * MINUTE, "1h": HOUR, "2h": 2 * HOUR, "4h": 4 * HOUR, "8h": 8 * HOUR, "1d": DAY, "2d": 2 * DAY,
    "3d": 3 * DAY, "5d": 5 * DAY, "7d": 7 * DAY, "10d": 10 * DAY, "15d": 15 * DAY, "20d": 20 * DAY, "30d": 30 * DAY,
    "45d": 45 * DAY, "60d": 60 * DAY, "90d": 90 * DAY,
}  # fmt: skip
"""The most seconds of each step, rising."""
LONGER = "longer"
_CODES, _ENDS = tuple(STEPS), tuple(STEPS.values())


def step(seconds: int) -> str:
    """The step in which so many seconds lie; ``longer`` beyond the last."""
    place = bisect_left(_ENDS, seconds)
    return _CODES[place] if place < len(_CODES) else LONGER


def within(counts: Mapping[str, int], share: Fraction) -> str | None:
    """The first step within which at least ``share`` of what is counted by step was done; None of nothing."""
    wanted, done = share * sum(counts.values()), 0
    if not wanted:
        return None
    for code in (*_CODES, LONGER):
        done += counts.get(code, 0)
        if done >= wanted:
            return code
    return LONGER
