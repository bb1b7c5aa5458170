"""Exact rates, and how a rate of few may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
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
