"""Indicators, scores and bands: exact rates, honest small numbers, weights and thresholds as data.

国办函〔2025〕66号 wants bands by kind and size of unit instead of one ranking, so nothing here ranks.
Weights and thresholds are presets with a source; Beijing publishes none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
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


def response_rate(*, responded_in_time: int, due: int) -> Rate:
    """响应率: of the cases whose handling fell due, those accepted, contacted and answered in time."""
    return Rate(responded_in_time, due)


def resolution_rate(answers: Mapping[Solved, int], *, partly: Fraction = Fraction(1, 2)) -> Rate:
    """解决率: of those who said whether it was solved, those who said yes; a PARTLY counts ``partly``."""
    if not 0 <= partly <= 1:
        raise NotValid("partly_out_of_range", field="partly")
    solved = answers.get(Solved.YES, 0) + partly * answers.get(Solved.PARTLY, 0)
    return Rate(solved, sum(answers.values()))


def satisfaction_rate(answers: Mapping[Level, int], *, good: frozenset[Level] = GOOD) -> Rate:
    """满意率: of those who named a level, those who named one of ``good`` (with 基本满意 unless told
    otherwise).
    """
    return Rate(sum(number for level, number in answers.items() if level in good), sum(answers.values()))


# Exclusions


@dataclass(frozen=True, slots=True)
class Counted:
    """One case in one indicator: what it earns of one point, and the code of its exclusion ("" when it
    counts).
    """

    earned: Fraction | int
    excluded: str = ""


@dataclass(frozen=True, slots=True)
class BeforeAndAfter:
    """The same rate with and without what was excluded, shown together; ``excluded`` counts by code."""

    before: Rate
    after: Rate
    excluded: Mapping[str, int]


def before_and_after(cases: Iterable[Counted]) -> BeforeAndAfter:
    """Both rates over the same cases."""
    counting, left_out, excluded = Rate(0, 0), Rate(0, 0), dict[str, int]()
    for code, group in _by_exclusion(cases).items():
        rate = Rate(sum(group), len(group))
        if code:
            left_out += rate
            excluded[code] = len(group)
        else:
            counting += rate
    return BeforeAndAfter(counting + left_out, counting, excluded)


def _by_exclusion(cases: Iterable[Counted]) -> dict[str, list[Fraction | int]]:
    groups: dict[str, list[Fraction | int]] = {}
    for case in cases:
        groups.setdefault(case.excluded, []).append(case.earned)
    return groups


# Scores


@dataclass(frozen=True, slots=True)
class Weights:
    """What share of the score each indicator has. Raises ``NotValid("weights_not_whole")`` unless they add
    up to 1.
    """

    code: str
    source: str
    shares: Mapping[str, Fraction]
    valid_from: date | None = None
    valid_to: date | None = None

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
WEIGHTS: Mapping[str, Weights] = {JUNGAR.code: JUNGAR}


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Points added or taken off by a decision with a reason code (加分, 扣分)."""

    reason: str
    points: Fraction


@dataclass(frozen=True, slots=True)
class Score:
    """Points from 0 to 100, exact; ``None`` without any data. ``parts`` are the points each indicator
    brought.

    ``missing`` are the indicators without data: their share went to the others in proportion.
    """

    points: Fraction | None
    parts: Mapping[str, Fraction] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    def shown(self, places: int = 1) -> Decimal | None:
        return None if self.points is None else rounded(self.points, places)


def score(rates: Mapping[str, Rate], weights: Weights, *, adjustments: Iterable[Adjustment] = ()) -> Score:
    """The weighted sum of the known rates, adjusted, within 0 and 100.

    A rate that is absent or not known is neither 0 nor 100: the weights of the others are spread over the
    whole and the missing one is named.
    """
    values = {name: rates[name].value for name in weights.shares if name in rates}
    known = {name: value for name, value in values.items() if value is not None}
    missing = tuple(name for name in weights.shares if name not in known)
    if not known:
        return Score(None, {}, missing)
    whole = sum((weights.shares[name] for name in known), Fraction(0))
    parts = {name: HUNDRED * value * weights.shares[name] / whole for name, value in known.items()}
    points = sum(parts.values(), Fraction(0)) + sum((one.points for one in adjustments), Fraction(0))
    return Score(min(max(points, Fraction(0)), HUNDRED), parts, missing)


# Bands and weather

NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class Scale:
    """Names for stretches of figures: each step is (least figure, name), from high to low; below the last,
    the last.

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
        """The name of the stretch of ``figure``; ``no_data`` for ``None``."""
        if figure is None:
            return NO_DATA
        return next((name for least, name in self.steps if figure >= least), self.steps[-1][1])


def _scale(code: str, **leasts: int) -> Scale:
    return Scale(code, "default of this project", tuple((Fraction(least), name) for name, least in leasts.items()))


BANDS = _scale("bands", excellent=90, good=80, fair=70, weak=60, poor=0)
WEATHER = _scale("weather", sun=90, partly_cloudy=80, cloud=70, rain=60, heavy_rain=0)
VOLUMES = _scale("volumes", large=1000, medium=100, small=0)
"""Cases a month. Units are compared with their like: same kind, same volume."""


# Definitions


class CountedOn(StrEnum):
    """The city date that decides in which period a case counts."""

    HANDLE_DUE = "handle_due_date"
    LAST_FOLLOW_UP_ANSWER = "last_follow_up_answer_date"
    RATED = "rating_date"
    CLOSED = "closing_date"
    ROUTED = "routing_date"
    CALLED = "call_date"
    RECTIFICATION_DUE = "rectification_due_date"


@dataclass(frozen=True, slots=True)
class Definition:
    """What an indicator counts. ``numerator`` and ``denominator`` are codes that the catalogues put in
    words.
    """

    code: str
    numerator: str
    denominator: str
    counted_on: CountedOn
    per: int = 100


DEFINITIONS: Mapping[str, Definition] = {
    one.code: one
    for one in (
        Definition("response_rate", "responded_in_time", "handling_due", CountedOn.HANDLE_DUE),
        Definition("resolution_rate", "said_solved", "said_whether_solved", CountedOn.LAST_FOLLOW_UP_ANSWER),
        Definition("satisfaction_rate", "said_satisfied", "named_a_level", CountedOn.LAST_FOLLOW_UP_ANSWER),
        Definition("accepted_in_time_rate", "accepted_in_time", "routed", CountedOn.ROUTED),
        Definition("answered_in_time_rate", "answered_in_time", "handling_due", CountedOn.HANDLE_DUE),
        Definition("return_rate", "returned", "routed", CountedOn.ROUTED),
        Definition("redo_rate", "sent_back", "closed", CountedOn.CLOSED),
        Definition("extension_rate", "extended", "handling_due", CountedOn.HANDLE_DUE),
        Definition("follow_up_rate", "reached", "closed", CountedOn.CLOSED),
        Definition("active_rating_rate", "rated_by_person", "closed", CountedOn.CLOSED),
        Definition("good_rating_rate", "good_ratings", "active_ratings", CountedOn.RATED),
        Definition("bad_ratings", "bad_ratings", "active_ratings", CountedOn.RATED, per=10_000),
        Definition("rectified_in_time_rate", "rectified_in_time", "rectification_due", CountedOn.RECTIFICATION_DUE),
        Definition("answered_in_15_s_of_answered", "answered_in_15_s", "calls_answered", CountedOn.CALLED),
        Definition("answered_in_15_s_of_offered", "answered_in_15_s", "answered_or_left_after_15_s", CountedOn.CALLED),
    )
}
"""By code. Two ratios are called "within 15 seconds" in the field; each has its own name here."""
