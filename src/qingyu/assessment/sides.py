"""The four sides of a score, and the counts that stand beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from qingyu.assessment import figures
from qingyu.assessment.figures import Figures, Reading
from qingyu.assessment.indicators import BESIDE
from qingyu.rules import scoring
from qingyu.rules.scoring import WEATHER, Certainty, Side, Weights

HALF = Fraction(1, 2)
Beside = Mapping[str, int | None]
"""Counts by code (``indicators.BESIDE``); None where one is too small to be shown."""


@dataclass(frozen=True)
class SideReading:
    """One side (or the score of a hall): its indicators, the points of those that are shown (0 to 100), the weather.

    ``missing`` are indicators without a figure: nothing was counted, or too little to be shown. Their weight goes to
    the others; where the others have less than half of it there are no points.
    """

    side: str
    readings: dict[str, Reading]
    points: Decimal | None
    weather: str
    missing: tuple[str, ...]

    @property
    def few(self) -> bool:
        """Whether chance plays a part in it."""
        return any(one.certainty in (Certainty.SUPPRESSED, Certainty.UNCERTAIN) for one in self.readings.values())

    @property
    def readings_with_data(self) -> list[Reading]:
        """Those of which anything was counted."""
        return [one for one in self.readings.values() if one.certainty is not Certainty.NO_DATA]


def sides(found: Figures[Any], *, on: date) -> list[SideReading]:
    """The four sides with the weights in force on that day."""
    scheme = scoring.scheme_on(on)
    return [weighed(side.value, found, scheme.sides[side]) for side in Side]


def weighed(name: str, found: Figures[Any], weights: Weights, also: tuple[str, ...] = ()) -> SideReading:
    """Points of the indicators that are shown; ``also`` are indicators without weight.

    What is hidden takes no part, so no points can tell it.
    """
    readings = {code: found.reading(code) for code in (*weights.shares, *also)}
    rates = {code: found.rate(code) for code in weights.shares if readings[code].shown}
    score = scoring.score(rates, weights, least=HALF)
    return SideReading(name, readings, score.shown(), WEATHER.place(score.points), score.missing)


def compared(now: list[SideReading], then: list[SideReading]) -> list[SideReading]:
    """With the rates as first published where they differ."""
    pairs = zip(now, then, strict=True)
    return [replace(one, readings=figures.compared(one.readings, first.readings)) for one, first in pairs]


def beside(found: Figures[Any]) -> Beside:
    """What is counted beside the rates."""
    return {code: found.count(formula.of) for code, formula in BESIDE.items()}
