"""When which version of an answer is shown. Days are days of the city; no statement, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ENDLESS = date(9999, 12, 31)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """A version with the first and the last day on which it is shown."""

    version: int
    first: date
    last: date


def spans(passed: Sequence[tuple[int, date, date | None]]) -> list[Span]:
    """The days of each version that passed its review, given as (number, effective from, expires on) by number.

    A later version takes over on its first day, also where it ends before the earlier one: what has expired is not
    followed by what it had replaced. A version that is never shown is left out.
    """
    found = []
    for place, (number, first, expires) in enumerate(passed):
        following = [starts for _, starts, _ in passed[place + 1 :]]
        last = min([expires or ENDLESS, *(starts - DAY for starts in following)])
        if first <= last:
            found.append(Span(number, first, last))
    return found
