"""Indicators, scores and bands: exact rates, honest small numbers, weights and thresholds as data.

国办函〔2025〕66号 wants bands by kind and size of unit instead of one ranking, so nothing here ranks.
Weights and thresholds are presets with a source; Beijing publishes none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import sqrt

from qingyu.rules.rating import GOOD, Level, Solved
from qingyu.rules.refusals import NotValid

HUNDRED = Fraction(100)
Z_95 = 1.959963984540054
"""Standard normal quantile of a two-sided 95 % interval."""


def rounded(value: Fraction, places: int) -> Decimal:
    """``value`` with ``places`` decimals, halves away from zero (四舍五入), exactly."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


# Rates


@dataclass(frozen=True, slots=True)
class Rate:
    """``numerator`` of ``denominator``, exact. The numerator may hold halves (partly solved).

    Raises ``NotValid("rate_out_of_range")`` unless 0 <= numerator <= denominator.
    """

    numerator: Fraction | int
    denominator: int

    def __post_init__(self) -> None:
        if not 0 <= self.numerator <= self.denominator:
            raise NotValid("rate_out_of_range", numerator=str(self.numerator), denominator=self.denominator)

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.numerator + other.numerator, self.denominator + other.denominator)

    @property
    def known(self) -> bool:
        """False when there was nothing to count: neither 0 % nor 100 %."""
        return self.denominator > 0

    @property
    def value(self) -> Fraction | None:
        """From 0 to 1; ``None`` when not known."""
        return Fraction(self.numerator) / self.denominator if self.known else None

    def percent(self, places: int = 1) -> Decimal | None:
        """In percent, rounded half up; ``None`` when not known."""
        return self.per(100, places)

    def per(self, base: int, places: int = 2) -> Decimal | None:
        """Per ``base``, as in bad ratings per 10,000; ``None`` when not known."""
        return None if self.value is None else rounded(self.value * base, places)

    def interval(self, z: float = Z_95) -> tuple[float, float]:
        """Where the rate may truly lie (E. B. Wilson, 1927), within 0 and 1; (0, 1) when not known."""
        if not self.known:
            return 0.0, 1.0
        count, share = self.denominator, float(self.numerator / Fraction(self.denominator))
        square = z * z
        middle = (share + square / (2 * count)) / (1 + square / count)
        half = z / (1 + square / count) * sqrt(share * (1 - share) / count + square / (4 * count * count))
        return max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share))


class Certainty(StrEnum):
    """How a rate may be shown."""

    NO_DATA = "no_data"
    SUPPRESSED = "suppressed"
    UNCERTAIN = "uncertain"
    SURE = "sure"


@dataclass(frozen=True, slots=True)
class SmallNumbers:
    """Below ``suppress`` a rate is not shown (it could point at somebody), below ``uncertain`` with doubt."""

    suppress: int = 5
    uncertain: int = 30


SMALL_NUMBERS = SmallNumbers()


def certainty(rate: Rate, *, limits: SmallNumbers = SMALL_NUMBERS) -> Certainty:
    if not rate.known:
        return Certainty.NO_DATA
    if rate.denominator < limits.suppress:
        return Certainty.SUPPRESSED
    return Certainty.UNCERTAIN if rate.denominator < limits.uncertain else Certainty.SURE


# The three rates of a case's handling


def responded(*, accepted: bool, contacted: bool, answered: bool, denied: bool) -> bool:
    """响应: accepted, first contacted and answered, each in time (签收, 首次联系, 反馈).

    ``denied``: asked in the follow-up call, the person says that nobody got in touch. Their word counts before the
    entry of the unit; a yes heals no contact that came late, since it does not say when.
    """
    return accepted and contacted and answered and not denied


def response_rate(*, responded_in_time: int, due: int) -> Rate:
    """响应率: of the cases whose handling fell due, those that were ``responded`` to."""
    return Rate(responded_in_time, due)


def resolution_rate(answers: Mapping[Solved, int], *, partly: Fraction = Fraction(1, 2)) -> Rate:
    """解决率: of those who said whether it was solved, those who said yes; a PARTLY counts ``partly``."""
    if not 0 <= partly <= 1:
        raise NotValid("partly_out_of_range", field="partly")
    solved = answers.get(Solved.YES, 0) + partly * answers.get(Solved.PARTLY, 0)
    return Rate(solved, sum(answers.values()))


def satisfaction_rate(answers: Mapping[Level, int], *, good: frozenset[Level] = GOOD) -> Rate:
    """满意率: of those who named a level, those who named one of ``good`` (with 基本满意 unless told otherwise)."""
    return Rate(sum(number for level, number in answers.items() if level in good), sum(answers.values()))


# Scores


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


def score(rates: Mapping[str, Rate], weights: Weights) -> Score:
    """The weighted sum of the known rates, within 0 and 100.

    A rate that is absent or not known is neither 0 nor 100: the weights of the others are spread over the whole and
    the missing one is named.
    """
    values = {name: rates[name].value for name in weights.shares if name in rates}
    known = {name: value for name, value in values.items() if value is not None}
    missing = tuple(name for name in weights.shares if name not in known)
    if not known:
        return Score(None, {}, missing)
    whole = sum((weights.shares[name] for name in known), Fraction(0))
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


# Definitions


class CountedOn(StrEnum):
    """The city date that decides in which period a case counts."""

    HANDLE_DUE = "handle_due_date"
    LAST_FOLLOW_UP_ANSWER = "last_follow_up_answer_date"


@dataclass(frozen=True, slots=True)
class Definition:
    """What an indicator counts. ``numerator`` and ``denominator`` are codes that the catalogues put in words."""

    code: str
    numerator: str
    denominator: str
    counted_on: CountedOn


DEFINITIONS: Mapping[str, Definition] = {
    one.code: one
    for one in (
        Definition("response_rate", "responded_in_time", "handling_due", CountedOn.HANDLE_DUE),
        Definition("resolution_rate", "said_solved", "said_whether_solved", CountedOn.LAST_FOLLOW_UP_ANSWER),
        Definition("satisfaction_rate", "said_satisfied", "named_a_level", CountedOn.LAST_FOLLOW_UP_ANSWER),
    )
}
"""The three rates that are shown (三率), by code."""
