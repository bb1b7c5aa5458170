"""From counts to figures that may be shown: rates with their range, and nothing that could point at somebody."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Generic, TypeVar

from qingyu.assessment import counting
from qingyu.assessment.counting import Counts
from qingyu.assessment.folding import Measure
from qingyu.assessment.indicators import FORMULAS, SINGLED_OUT
from qingyu.rules import hiding, scoring
from qingyu.rules.hiding import Hidden
from qingyu.rules.scoring import INDICATORS, SMALL_NUMBERS, Certainty, Definition, Rate

SHOWN = (Certainty.SURE, Certainty.UNCERTAIN)
LEFT_OUT = (Measure.EXCLUDED_DUE.value,)
Key = TypeVar("Key", bound=Hashable)
Column = tuple[str, ...]
"""The measures whose sum is a denominator."""


@dataclass(frozen=True)
class Reading:
    """One rate of one unit, hall or window. Figures and range are None where too few were counted to show any.

    ``low`` and ``high`` are where the rate may truly lie (95 %). ``before`` is the rate with what was excluded
    (taken back by the citizen in time, ended by the centre in time); ``excluded`` is how many, None where that is too
    small to be shown. ``first`` is the rate as first published, where it was another.
    """

    definition: Definition
    certainty: Certainty
    numerator: Decimal | None
    denominator: int | None
    percent: Decimal | None
    low: Decimal | None
    high: Decimal | None
    before: Decimal | None
    excluded: int | None
    first: Reading | None = None

    @property
    def code(self) -> str:
        return self.definition.code

    @property
    def shown(self) -> bool:
        return self.certainty in SHOWN


@dataclass(frozen=True)
class Sheet(Generic[Key]):
    """What was counted for each unit (or window), and which of it must not be shown, judged over all of them.

    ``parents`` names each and what it stands under, so every page hides the same. ``gone`` remembers what was judged.
    """

    counts: Mapping[Key, Counts]
    parents: Mapping[Key, Key | None]
    gone: dict[Column, Hidden[Key]] = field(default_factory=dict)

    def hidden(self, column: Column) -> Hidden[Key]:
        """Of which the sum of these measures must not be shown; the rest of what it is singled out of neither."""
        if column not in self.gone:
            whole = SINGLED_OUT.get(column, ())
            own = {key: self._sum(key, column) for key in self.parents}
            rest = {key: self._sum(key, whole) - own[key] for key in self.parents} if whole else {}
            self.gone[column] = hiding.hidden(own, self.parents, least=SMALL_NUMBERS.suppress, rest=rest)
        return self.gone[column]

    def _sum(self, key: Key, column: Column) -> int:
        found = self.counts.get(key)
        return sum(found.get(measure, 0) for measure in column) if found else 0

    def own(self, key: Key) -> Figures[Key]:
        """The figures of what is counted for it alone."""
        return Figures(self, self.counts.get(key, {}), key, False)

    def whole(self, key: Key | None, parts: Iterable[Key]) -> Figures[Key]:
        """The same with all below it, or for everything (None)."""
        return Figures(self, counting.together(self.counts.get(part, {}) for part in parts), key, True)


@dataclass(frozen=True)
class Figures(Generic[Key]):
    """The counts of one, and what of them may be shown."""

    sheet: Sheet[Key]
    counts: Counts
    key: Key | None
    with_below: bool

    def hides(self, column: Column) -> bool:
        gone = self.sheet.hidden(column)
        if self.key is None:
            return gone.all
        return self.key in (gone.whole if self.with_below else gone.own)

    def rate(self, code: str) -> Rate:
        """The exact rate, whether it may be shown or not."""
        return FORMULAS[code].rate(self.counts)

    def reading(self, code: str) -> Reading:
        """The rate as it may be shown."""
        rate = self.rate(code)
        certainty = Certainty.SUPPRESSED if self.hides(FORMULAS[code].of) else scoring.certainty(rate)
        left_out = self._left_out() if code == "response_rate" else Rate(0, 0)
        excluded = None if code == "response_rate" and self.hides(LEFT_OUT) else left_out.denominator
        return shown(INDICATORS[code], rate, certainty, left_out, excluded)

    def count(self, column: Column) -> int | None:
        """How many; None where that is too small to be shown."""
        return None if self.hides(column) else sum(self.counts.get(measure, 0) for measure in column)

    def _left_out(self) -> Rate:
        return Rate(self.counts.get(Measure.EXCLUDED_RESPONDED, 0), self.counts.get(Measure.EXCLUDED_DUE, 0))


def shown(definition: Definition, rate: Rate, certainty: Certainty, left_out: Rate, excluded: int | None) -> Reading:
    """What may be shown of a rate: nothing that could point at somebody, and nothing that would tell such a figure."""
    if certainty not in SHOWN:
        return Reading(definition, certainty, None, None, None, None, None, None, excluded)
    low, high = (scoring.rounded(Fraction(end) * 100, 1) for end in rate.interval())
    before = None if excluded is None else (rate + left_out).percent()
    numerator = scoring.rounded(Fraction(rate.numerator), 1)
    return Reading(definition, certainty, numerator, rate.denominator, rate.percent(), low, high, before, excluded)


def compared(now: Mapping[str, Reading], then: Mapping[str, Reading]) -> dict[str, Reading]:
    """With the rates as first published where they differ. A rate that is hidden in either is compared with nothing."""
    return {code: _corrected(reading, then[code]) for code, reading in now.items()}


def _corrected(now: Reading, then: Reading) -> Reading:
    same = (now.numerator, now.denominator) == (then.numerator, then.denominator)
    return now if same or not (now.shown and then.shown) else replace(now, first=then)
