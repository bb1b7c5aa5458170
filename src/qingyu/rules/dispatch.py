"""Which unit owns a case, how often it may be returned, and when a suggestion is sent without a person.

Sources: duties are laid down in a dispatch catalogue (北京市接诉即办工作条例 11, 12); one lead unit and
assisting units (济南市12345市民服务热线条例 29, 潍坊市12345政务服务便民热线条例 22); a return carries
reason and legal basis; Tianjin takes a return that comes too late for acceptance and designates a unit
after three dispatches that nobody took up (draft of 2024).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import accumulate, product

from qingyu.rules.refusals import NotAllowed, NotValid

ANY = ""
"""Topic or area of a route that holds for all."""

# Routes


@dataclass(frozen=True, slots=True)
class Route:
    """``topic`` in ``area`` is ``lead``'s from ``valid_from`` to ``valid_to`` (inclusive; ``None``: open).

    ``topic`` and ``area`` are codes of nodes of their trees, or ``ANY``; a route holds for all below it.
    """

    topic: str
    area: str
    lead: str
    assisting: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        return (self.valid_from or date.min) <= on <= (self.valid_to or date.max)


class Why(StrEnum):
    """By what a unit was chosen."""

    EXACT = "exact"
    AREA_ABOVE = "area_above"
    TOPIC_ABOVE = "topic_above"
    TOPIC_AND_AREA_ABOVE = "topic_and_area_above"
    FALLBACK = "fallback"
    UNIT_CLOSED = "unit_closed"

    @property
    def by_fallback(self) -> bool:
        """Whether nobody answers for the matter by the table, so that the fallback unit has it."""
        return self in (Why.FALLBACK, Why.UNIT_CLOSED)


@dataclass(frozen=True, slots=True)
class Choice:
    """The owner of a case, who assists, and why; ``route`` is ``None`` for the fallback unit."""

    lead: str
    assisting: tuple[str, ...]
    why: Why
    route: Route | None = None


@dataclass(frozen=True)
class RouteTable:
    """Routes made ready for many questions."""

    _by_node: dict[tuple[str, str], list[Route]] = field(default_factory=dict)

    @classmethod
    def of(cls, routes: Iterable[Route]) -> RouteTable:
        table: dict[tuple[str, str], list[Route]] = {}
        for route in routes:
            table.setdefault((route.topic, route.area), []).append(route)
        return cls(table)

    def choose(
        self,
        *,
        topic_path: Sequence[str],
        area_path: Sequence[str],
        on: date,
        fallback: str,
        closed: Collection[str] = (),
    ) -> Choice:
        """See ``choose``. ``closed`` are the codes of units that are no more."""
        for topic, area in product(_upwards(topic_path), _upwards(area_path)):
            holding = [route for route in self._by_node.get((topic, area), ()) if route.holds(on)]
            working = [route for route in holding if route.lead not in closed]
            if working:
                why = _why(_is_leaf(topic, topic_path), _is_leaf(area, area_path))
                return _choice(min(working, key=_precedence), why, closed)
            if holding:
                return Choice(fallback, (), Why.UNIT_CLOSED)
        return Choice(fallback, (), Why.FALLBACK)


def choose(
    routes: Iterable[Route],
    *,
    topic_path: Sequence[str],
    area_path: Sequence[str],
    on: date,
    fallback: str,
    closed: Collection[str] = (),
) -> Choice:
    """The unit for a case, by the closest route that holds on the city date ``on``.

    Paths run from the root to the case's own topic and area; they may be empty. A closer topic beats a
    closer area: duties are divided by subject first. Where routes for the same topic and area overlap, the
    one that began last holds, then the one that ends first (a dated exception beats the rule), then the
    lower unit code. Closed units assist in nothing; where the lead is closed, the fallback unit has it and ``why``
    says so: a wider route may be another's duty.
    """
    table = RouteTable.of(routes)
    return table.choose(topic_path=topic_path, area_path=area_path, on=on, fallback=fallback, closed=closed)


def _upwards(path: Sequence[str]) -> tuple[str, ...]:
    return (*reversed(path), ANY)


def _is_leaf(node: str, path: Sequence[str]) -> bool:
    return bool(path) and node == path[-1]


def _precedence(route: Route) -> tuple[int, int, str, tuple[str, ...]]:
    began, ends = route.valid_from or date.min, route.valid_to or date.max
    return -began.toordinal(), ends.toordinal(), route.lead, route.assisting


def _why(topic_exact: bool, area_exact: bool) -> Why:
    if topic_exact:
        return Why.EXACT if area_exact else Why.AREA_ABOVE
    return Why.TOPIC_ABOVE if area_exact else Why.TOPIC_AND_AREA_ABOVE


def _choice(route: Route, why: Why, closed: Collection[str]) -> Choice:
    others = dict.fromkeys(route.assisting)
    assisting = tuple(unit for unit in others if unit != route.lead and unit not in closed)
    return Choice(route.lead, assisting, why, route)


# Returns

RETURN_LIMIT = 3


def may_return(
    *,
    returns_so_far: int,
    at: datetime,
    deadline: datetime,
    reason: str,
    legal_basis: str,
    reasons: Collection[str],
    limit: int = RETURN_LIMIT,
) -> None:
    """Nothing, or ``NotAllowed`` with the first of: ``returned_too_often`` (``limit`` returns were made, so
    the centre designates), ``return_too_late`` (``at`` is after ``deadline``; the last instant is in time),
    ``reason_missing``, ``legal_basis_missing``. A reason that is not among ``reasons`` (codes of the city's list) is
    ``NotValid("reason_unknown")``.
    """
    if centre_designates(returns_so_far, limit=limit):
        raise NotAllowed("returned_too_often", returns=returns_so_far, limit=limit)
    if at > deadline:
        raise NotAllowed("return_too_late", deadline=deadline)
    if not reason:
        raise NotAllowed("reason_missing")
    if reason not in reasons:
        raise NotValid("reason_unknown", field="reason")
    if not legal_basis.strip():
        raise NotAllowed("legal_basis_missing")


def centre_designates(returns_so_far: int, *, limit: int = RETURN_LIMIT) -> bool:
    """Whether the case has been returned so often that the centre names the owner, who may not return it."""
    return returns_so_far >= limit


# Suggestions sent without a person


def sends_by_itself(probability: float, threshold: float | None) -> bool:
    """Whether a suggestion is sent without a dispatcher; never where no threshold is in force (``None``).

    Raises ``NotValid("probability_out_of_range")``.
    """
    if not 0 <= probability <= 1:
        raise NotValid("probability_out_of_range", field="probability")
    return threshold is not None and probability >= threshold


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """With ``threshold`` in force: how many are sent, what share of all, what share of those rightly."""

    threshold: float
    sent: int
    share: float
    accuracy: float


def threshold_table(probabilities: Sequence[float], correct: Sequence[bool]) -> tuple[ThresholdRow, ...]:
    """One row per probability that occurs, from the highest down, measured on messages whose unit is known.

    Raises ``NotValid``: ``lengths_differ``, ``probability_out_of_range``.
    """
    if len(probabilities) != len(correct):
        raise NotValid("lengths_differ", field="correct")
    if not all(0 <= one <= 1 for one in probabilities):
        raise NotValid("probability_out_of_range", field="probabilities")
    pairs = sorted(zip(probabilities, correct, strict=True), key=lambda pair: -pair[0])
    right = list(accumulate(int(one) for _, one in pairs))
    return tuple(
        ThresholdRow(float(threshold), sent, sent / len(pairs), right[sent - 1] / sent)
        for sent, (threshold, _) in enumerate(pairs, 1)
        if sent == len(pairs) or pairs[sent][0] != threshold
    )


def threshold_for(rows: Iterable[ThresholdRow], *, accuracy: float, least: int = 30) -> float | None:
    """The threshold that sends most at ``accuracy`` or better, or ``None`` if none does.

    Rows measured on fewer than ``least`` messages prove nothing and are passed over.
    """
    good = [row.threshold for row in rows if row.sent >= least and row.accuracy >= accuracy]
    return min(good, default=None)
