"""Points, bands and weather: weights and thresholds are data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from qingyu.rules.refusals import NotValid
from qingyu.rules.scoring.rates import HUNDRED, Rate


@dataclass(frozen=True, slots=True)
class Weights:
    """What share of the score each indicator has. Raises ``NotValid("weights_not_whole")`` unless they add up to 1."""

    code: str
    source: str
    shares: Mapping[str, Fraction]

    def __post_init__(self) -> None:
        if sum(self.shares.values()) != 1 or any(share <= 0 for share in self.shares.values()):
            raise NotValid("weights_not_whole", field="shares")


JUNGAR = Weights(
    "jungar",
    "准格尔旗 接诉即办考核 (published preset)",
    {
        "response_rate": Fraction(30, 100),
        "resolution_rate": Fraction(35, 100),
        "satisfaction_rate": Fraction(35, 100),
    },
)


@dataclass(frozen=True, slots=True)
class Score:
    """Points from 0 to 100, exact; ``None`` without any data. ``parts`` are the points each brought.

    ``missing`` are the indicators without data: their share went to the others in proportion.
    """

    points: Fraction | None
    parts: Mapping[str, Fraction] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    def shown(self) -> Decimal | None:
        """One decimal, rounded down: a figure never looks better than the weather beside it."""
        return None if self.points is None else Decimal(int(self.points * 10)).scaleb(-1)


def score(rates: Mapping[str, Rate], weights: Weights, *, least: Fraction = Fraction(0)) -> Score:
    """The weighted sum of the known rates, within 0 and 100.

    A rate that is absent or not known is neither 0 nor 100: the weights of the others are spread over the whole and
    the missing one is named. Where the known ones have less than ``least`` of the weight there are no points.
    """
    values = {name: rates[name].value for name in weights.shares if name in rates}
    known = {name: value for name, value in values.items() if value is not None}
    missing = tuple(name for name in weights.shares if name not in known)
    if not known:
        return Score(None, {}, missing)
    whole = sum((weights.shares[name] for name in known), Fraction(0))
    if whole < least:
        return Score(None, {}, missing)
    parts = {name: HUNDRED * value * weights.shares[name] / whole for name, value in known.items()}
    return Score(sum(parts.values(), Fraction(0)), parts, missing)


# Bands and weather

NOTHING = "none"
"""The name on every scale where nothing is known."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Names for stretches of figures: each step is (least figure, name), from high to low; below the last, the last.

    Raises ``NotValid("steps_not_falling")``.
    """

    code: str
    source: str
    steps: tuple[tuple[Fraction, str], ...]

    def __post_init__(self) -> None:
        leasts = [least for least, _ in self.steps]
        if not leasts or any(low >= high for high, low in pairwise(leasts)):
            raise NotValid("steps_not_falling", field="steps")

    def place(self, figure: Fraction | int | None) -> str:
        """The name of the stretch of ``figure``; ``none`` for ``None``."""
        if figure is None:
            return NOTHING
        return next((name for least, name in self.steps if figure >= least), self.steps[-1][1])


def _scale(code: str, **leasts: int) -> Scale:
    return Scale(code, "default of this project", tuple((Fraction(least), name) for name, least in leasts.items()))


BANDS = _scale("bands", excellent=90, good=80, fair=70, weak=60, poor=0)
WEATHER = _scale("weather", sun=90, partly=80, cloud=70, rain=60, heavy=0)
