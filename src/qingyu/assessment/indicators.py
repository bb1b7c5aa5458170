"""How each indicator is read: from the counts of days, and from the facts behind them, so that every figure traces.

Both stand side by side: ``of`` and ``good`` (or ``bad``, the rest) are measures of ``folding``; ``among`` and ``hits``
are the facts that these measures count, on the day in the column ``day``. A test holds that they say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Q

from qingyu.assessment.folding import RATED, SAID, SOLVED, Measure
from qingyu.assessment.folding.counted import DECIDED, DUE, KEPT, PERSONAL, PRAISE
from qingyu.rules import rating, scoring
from qingyu.rules.rating import Level, Solved
from qingyu.rules.scoring import Rate

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Formula:
    """``half``: measure and facts that count half. ``whose``: the column of the unit that answers for it."""

    of: tuple[str, ...]
    among: Q
    hits: Q
    day: str
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    half: tuple[str, ...] = ()
    halves: Q | None = None
    whose: str = "unit"

    def total(self, counts: Counts) -> int:
        """The denominator."""
        return sum(counts.get(measure, 0) for measure in self.of)

    def rate(self, counts: Counts) -> Rate:
        """The rate, exact. It is never above 1, whatever was put in by hand."""
        total = self.total(counts)
        hits = sum(counts.get(measure, 0) for measure in self.good)
        if self.bad:
            hits = total - sum(counts.get(measure, 0) for measure in self.bad)
        half = Fraction(sum(counts.get(measure, 0) for measure in self.half), 2)
        return Rate(min(max(hits + half, Fraction(0)), Fraction(total)), total)


OWN = Q(imported=False)
ENDED = OWN & Q(service="")  # a visit or a rated service ends no case
LIVE = Q(excluded="") | Q(answered="late")  # what had been missed counts, however the case ended
HANDLED = LIVE & Q(answered__in=sorted(DUE))
IN_TIME = Q(answered="in_time")
PERSON = Q(channel__in=sorted(PERSONAL)) | ~Q(filed="")
GOOD = Q(satisfied__in=sorted(rating.GOOD))
LEVELS = tuple(SAID + level for level in Level)
RATINGS = tuple(RATED + level for level in Level)
WAITED = OWN & Q(waited__isnull=False)

FORMULAS: Mapping[str, Formula] = {
    "response_rate": Formula(
        (Measure.HANDLING_DUE,), HANDLED,
        IN_TIME & Q(signed__in=sorted(KEPT), contacted__in=sorted(KEPT), denied=False), "due_on",
        good=(Measure.RESPONDED_IN_TIME,),
    ),
    "resolution_rate": Formula(
        tuple(SOLVED + answer for answer in Solved), ~Q(solved=""), Q(solved="yes"), "asked_on",
        good=(SOLVED + Solved.YES,), half=(SOLVED + Solved.PARTLY,), halves=Q(solved="partly"),
    ),
    "satisfaction_rate": Formula(
        LEVELS, ~Q(satisfied=""), GOOD, "asked_on", good=tuple(SAID + level for level in sorted(rating.GOOD))
    ),
    "settled_at_once": Formula(
        (Measure.RECEIVED,), ENDED, Q(at_once=True), "closed_on", good=(Measure.SETTLED,), whose="receiver"
    ),
    "not_passed_on": Formula((Measure.CLOSED,), ENDED, Q(bounced=False), "closed_on", bad=(Measure.BOUNCED,)),
    "done_once": Formula((Measure.CLOSED,), ENDED, Q(redone=False), "closed_on", bad=(Measure.SENT_BACK,)),
    "person_in_time": Formula(
        (Measure.PERSON_DUE,), HANDLED & PERSON, IN_TIME, "due_on", good=(Measure.PERSON_IN_TIME,)
    ),
    "heard": Formula(
        (Measure.CLOSED,), ENDED, Q(reached=True) | ~Q(level=""), "closed_on", good=(Measure.HEARD,)
    ),
    "person_content": Formula(
        (Measure.PERSON_ASKED,), ~Q(satisfied="") & PERSON, GOOD, "asked_on", good=(Measure.PERSON_CONTENT,)
    ),
    "signed_in_time": Formula(
        (Measure.SIGNED,), OWN & LIVE & Q(signed__in=sorted(DECIDED)), Q(signed="in_time"), "due_on",
        good=(Measure.SIGNED_IN_TIME,),
    ),
    "answered_in_time": Formula(
        (Measure.HANDLING_DUE,), HANDLED, IN_TIME, "due_on", good=(Measure.ANSWERED_IN_TIME,)
    ),
    "short_wait": Formula(
        (Measure.WAITED,), WAITED, Q(waited__lte=scoring.SHORT_WAIT), "closed_on", good=(Measure.WAITED_SHORT,)
    ),
    "bearable_wait": Formula(
        (Measure.WAITED,), WAITED, Q(waited__lte=scoring.BEARABLE_WAIT), "closed_on",
        good=(Measure.WAITED_BEARABLE,),
    ),
    "good_ratings": Formula(
        RATINGS, Q(), Q(level__in=sorted(rating.GOOD)), "rated_on",
        good=tuple(RATED + level for level in sorted(rating.GOOD)),
    ),
    "unpushed": Formula((Measure.CLOSED,), ENDED, Q(pushes=0), "closed_on", bad=(Measure.PUSHED,)),
    "mended": Formula((Measure.BAD,), Q(), Q(mended=True), "bad_on", good=(Measure.MENDED,)),
    "contact_confirmed": Formula((Measure.ASKED,), Q(), Q(denied=False), "asked_on", bad=(Measure.DENIED,)),
}  # fmt: skip

SINGLED_OUT: Mapping[tuple[str, ...], tuple[str, ...]] = {
    (Measure.PERSON_DUE,): (Measure.HANDLING_DUE,),
    (Measure.PERSON_ASKED,): LEVELS,
}  # fmt: skip
"""What is counted apart of something that is shown, too: the rest of that must not be small either."""

OF_HALLS = (
    "short_wait", "bearable_wait", "settled_at_once", "done_once", "heard", "satisfaction_rate", "good_ratings",
)  # fmt: skip
"""What is shown of halls and windows."""

BESIDE: Mapping[str, Formula] = {
    "assisted": Formula((Measure.ASSISTED,), OWN & Q(round=1, filed="assisted"), Q(), "opened_on"),
    "proxy": Formula((Measure.PROXY,), OWN & Q(round=1, filed="proxy"), Q(), "opened_on"),
    "praise": Formula((Measure.PRAISE,), OWN & Q(round=1, type=PRAISE), Q(), "opened_on"),
    "silent": Formula((Measure.SILENT,), Q(), Q(), "silent_on"),
}
"""Counts that stand beside the rates."""

ALL: Mapping[str, Formula] = {**FORMULAS, **BESIDE}
MEASURES = tuple(sorted({str(one) for formula in ALL.values() for one in (
    *formula.of, *formula.good, *formula.bad, *formula.half)}))  # fmt: skip
"""All that is read for pages."""
