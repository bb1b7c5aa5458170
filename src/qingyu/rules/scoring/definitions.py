"""What each indicator counts, and the four sides: convenience, breadth, timeliness, warmth (便利 广泛 及时 温暖)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from qingyu.rules.refusals import NotValid
from qingyu.rules.scoring.scores import Weights


class CountedOn(StrEnum):
    """The city date that decides in which period a case counts."""

    HANDLE_DUE = "handle_due_date"
    LAST_FOLLOW_UP_ANSWER = "last_follow_up_answer_date"
    CLOSING = "closing_date"
    LAST_RATING = "last_rating_date"
    BAD_RATING = "bad_rating_date"


class Side(StrEnum):
    """A score has four sides, so that efficiency is not the only yardstick."""

    CONVENIENCE = "convenience"
    BREADTH = "breadth"
    TIMELINESS = "timeliness"
    WARMTH = "warmth"


SHORT_WAIT = 10 * 60
"""Seconds. No national rule: cities promise 10 to 15 minutes."""
BEARABLE_WAIT = 30 * 60
OURS = "default of this project"


@dataclass(frozen=True, slots=True)
class Definition:
    """What an indicator counts; more of it is always better.

    ``numerator`` and ``denominator`` are codes that the catalogues put in words. ``source``: the rule it follows.
    """

    code: str
    numerator: str
    denominator: str
    counted_on: CountedOn
    source: str = OURS


def _by_code(*all_: Definition) -> Mapping[str, Definition]:
    return {one.code: one for one in all_}


DEFINITIONS: Mapping[str, Definition] = _by_code(
    Definition(
        "response_rate", "responded_in_time", "handling_due", CountedOn.HANDLE_DUE, "北京市接诉即办工作条例 32"
    ),
    Definition(
        "resolution_rate", "said_solved", "said_whether_solved", CountedOn.LAST_FOLLOW_UP_ANSWER,
        "北京市接诉即办工作条例 32",
    ),
    Definition(
        "satisfaction_rate", "said_satisfied", "named_a_level", CountedOn.LAST_FOLLOW_UP_ANSWER,
        "北京市接诉即办工作条例 32",
    ),
)  # fmt: skip
"""The three rates that are shown (三率), by code."""

INDICATORS: Mapping[str, Definition] = _by_code(
    *DEFINITIONS.values(),
    # Convenience
    Definition("settled_at_once", "settled_at_first_contact", "received_and_closed", CountedOn.CLOSING),
    Definition("not_passed_on", "unit_did_not_try_to_return", "closed", CountedOn.CLOSING),
    Definition("done_once", "not_done_again", "closed", CountedOn.CLOSING),
    # Breadth
    Definition("person_in_time", "answered_in_time", "through_a_person_and_due", CountedOn.HANDLE_DUE,
               "国办发〔2020〕45号"),
    Definition("heard", "called_or_rated", "closed", CountedOn.CLOSING, "国办发〔2019〕51号"),
    Definition("person_content", "said_satisfied", "through_a_person_and_named_a_level",
               CountedOn.LAST_FOLLOW_UP_ANSWER, "国办发〔2020〕45号"),
    # Timeliness
    Definition("signed_in_time", "accepted_in_time", "accepted_and_handling_due", CountedOn.HANDLE_DUE),
    Definition("answered_in_time", "answered_in_time", "handling_due", CountedOn.HANDLE_DUE),
    Definition("short_wait", "waited_at_most_10_minutes", "waited_at_a_window", CountedOn.CLOSING),
    Definition("bearable_wait", "waited_at_most_30_minutes", "waited_at_a_window", CountedOn.CLOSING),
    # Warmth
    Definition("good_ratings", "rated_well", "rated_by_a_person", CountedOn.LAST_RATING, "国办发〔2019〕51号"),
    Definition("unpushed", "not_pushed", "closed", CountedOn.CLOSING),
    Definition("mended", "last_word_not_bad", "rated_badly", CountedOn.BAD_RATING, "国办发〔2019〕51号"),
    Definition("contact_confirmed", "did_not_deny_contact", "asked_about_contact", CountedOn.LAST_FOLLOW_UP_ANSWER),
)  # fmt: skip
"""All indicators by code. None of them counts a rating that a system filled in."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """The weights of the indicators within each side, from a day on. Raises NotValid("side_missing")."""

    code: str
    source: str
    valid_from: date
    sides: Mapping[Side, Weights]

    def __post_init__(self) -> None:
        if self.sides.keys() != set(Side):
            raise NotValid("side_missing", field="sides")


def _even(side: Side, *codes: str) -> Weights:
    return Weights(side.value, OURS, {code: Fraction(1, len(codes)) for code in codes})


CASES = Scheme(
    "cases_2026", OURS, date(2026, 1, 1),
    {
        Side.CONVENIENCE: _even(Side.CONVENIENCE, "settled_at_once", "not_passed_on", "done_once"),
        Side.BREADTH: _even(Side.BREADTH, "person_in_time", "heard", "person_content"),
        Side.TIMELINESS: _even(Side.TIMELINESS, "response_rate", "signed_in_time", "answered_in_time", "short_wait"),
        Side.WARMTH: _even(
            Side.WARMTH, "satisfaction_rate", "good_ratings", "unpushed", "mended", "contact_confirmed"
        ),
    },
)  # fmt: skip
SCHEMES: tuple[Scheme, ...] = (CASES,)
"""Oldest first. A new scheme is one more of these: figures of days before it keep the weights of their time."""

HALL = Weights(
    "hall", OURS,
    {
        "short_wait": Fraction(30, 100), "bearable_wait": Fraction(20, 100), "settled_at_once": Fraction(20, 100),
        "good_ratings": Fraction(30, 100),
    },
)  # fmt: skip
"""What makes the weather of a hall and of its windows."""


def scheme_on(day: date, schemes: tuple[Scheme, ...] = SCHEMES) -> Scheme:
    """The scheme in force on a day; the oldest for the days before it."""
    held = [scheme for scheme in schemes if scheme.valid_from <= day]
    return held[-1] if held else schemes[0]
