"""What may happen only so often in one round of a case: questions that stop the time, extensions, calls, ratings.

A round begins with the opening, a redo or a reopening. How often is policy: dated rows, chosen by the city's date.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from qingyu.rules.lifecycle import Kind
from qingyu.rules.refusals import NotAllowed


@dataclass(frozen=True, slots=True)
class RoundLimits:
    """How often a unit may take time out of one round, from a day to a day (both inclusive; ``None``: open).

    ``resting_asks``: questions to the citizen during which the handle clock rests; further ones are asked while it
    runs. ``extensions``: how many are granted without a supervisor.
    """

    source: str
    resting_asks: int
    extensions: int
    valid_from: date = date.min
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        return self.valid_from <= on <= (self.valid_to or date.max)


ROUND_LIMITS = (
    RoundLimits(
        "one extension as in 行政许可法 42; questions: no rule is known, a default", resting_asks=2, extensions=1
    ),
)
"""The row that began last holds."""


def limits_on(day: date, *, rows: Iterable[RoundLimits] = ROUND_LIMITS) -> RoundLimits:
    """The limits in force on a date of the city; ValueError where the rows leave a gap."""
    return max((row for row in rows if row.holds(day)), key=lambda row: row.valid_from)


def may_rest(asks: int, *, on: date) -> bool:
    """Whether the handle clock rests during one more question, after ``asks`` for which it rested in this round."""
    return asks < limits_on(on).resting_asks


def needs_supervisor(extensions: int, *, on: date) -> bool:
    """Whether one more extension takes a supervisor, after ``extensions`` that were granted in this round."""
    return extensions >= limits_on(on).extensions


BEGINNINGS = frozenset({Kind.REDONE, Kind.REOPENED})


def next_call(events: Iterable[Kind]) -> int:
    """Which call of the round the next follow-up call is, from 1; ``events`` of the case in order."""
    calls = 1
    for kind in events:
        calls = 1 if kind in BEGINNINGS else calls + (kind is Kind.FOLLOWED_UP)
    return calls


def next_occasion(events: Iterable[Kind]) -> int:
    """Which rating the next one is: 1, or 2 once the matter was taken up again after the first (评价次数 1, 2).

    ``events`` of the case in order, without ratings that a system filled in: they use up no occasion.
    NotAllowed("rated_twice") after two, or after one with nothing new since.
    """
    given, taken_up_again = 0, True
    for kind in events:
        if kind is Kind.RATED:
            given, taken_up_again = given + 1, False
        elif kind in BEGINNINGS:
            taken_up_again = True
    if given > 1 or not taken_up_again:
        raise NotAllowed("rated_twice")
    return given + 1
