"""Ratings of a service (好评 and 差评) and the answers of a follow-up call.

A level is a name, never a digit: GB/T 39046-2020 table A.8 counts from 1 = very satisfied, the interface of
Zhejiang from 1 = very dissatisfied. Of the ratings that people give on a case the last one counts. A rating that a
system filled in because nobody answered is kept, in a class of its own, and counts nowhere as a person's voice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from qingyu.rules.refusals import NotValid

# Levels


class Level(StrEnum):
    """The five levels of 国办发〔2019〕51号; the last two are bad ratings (差评)."""

    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    BASICALLY_SATISFIED = "basically_satisfied"
    DISSATISFIED = "dissatisfied"
    VERY_DISSATISFIED = "very_dissatisfied"


BAD = frozenset({Level.DISSATISFIED, Level.VERY_DISSATISFIED})
GOOD = frozenset(Level) - BAD


def of_stars(stars: int) -> Level:
    """The level shown as ``stars`` (1 to 5). ``NotValid("stars_not_valid")``."""
    if not 1 <= stars <= 5:
        raise NotValid("stars_not_valid", field="stars")
    return list(Level)[5 - stars]


def demands_rectification(level: Level) -> bool:
    """Whether ``level`` is a bad rating, to be checked with the person and put right."""
    return level in BAD


class Channel(StrEnum):
    """Where a rating was given."""

    WEB = "web"
    MOBILE = "mobile"
    QR_CODE = "qr_code"
    HALL_TABLET = "hall_tablet"
    HALL_TERMINAL = "hall_terminal"
    SMS = "sms"
    PHONE = "phone"
    PAPER = "paper"
    SYSTEM_DEFAULT = "system_default"


class Filed(StrEnum):
    """Who filed for a person: staff wrote it down with them, or somebody came with their authority (代办)."""

    ASSISTED = "assisted"
    PROXY = "proxy"


# Ratings

SERVICE = re.compile(r"(call|ticket|stage):[a-z0-9_]{1,40}")
"""What one service about a case may be: a call, a visit with a ticket, a stage (办件状态) of the matter."""


def check(*, level: str, channel: str, service: str | None = None) -> None:
    """NotValid: level_unknown, channel_unknown, rated_service_unknown, with the field."""
    if level not in list(Level):
        raise NotValid("level_unknown", field="level")
    if channel not in list(Channel):
        raise NotValid("channel_unknown", field="channel")
    if service is not None and not SERVICE.fullmatch(service):
        raise NotValid("rated_service_unknown", field="service")


def counts(channel: str) -> bool:
    """Whether a rating through ``channel`` counts: a person gave it. Of several of a case the last that counts does."""
    return channel != Channel.SYSTEM_DEFAULT


# Follow-up calls


class Outcome(StrEnum):
    """How an attempt to reach a person ended."""

    COMPLETED = "completed"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    NUMBER_INVALID = "number_invalid"
    ASKED_NOT_TO = "asked_not_to"


class Solved(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


FOLLOW_UP_ATTEMPTS = 3
"""Usual in hotlines, at different times of day; no national rule."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One follow-up: its outcome and, when completed, the three answers (``None``: none was given).

    Raises ``NotValid("answer_without_conversation")`` for answers on any other outcome.
    """

    outcome: Outcome
    contacted: bool | None = None
    solved: Solved | None = None
    satisfied: Level | None = None

    def __post_init__(self) -> None:
        given = (self.contacted, self.solved, self.satisfied)
        if self.outcome is not Outcome.COMPLETED and any(one is not None for one in given):
            raise NotValid("answer_without_conversation", field="outcome")


def demands_redo(answer: Answer) -> bool:
    """Whether the case goes back to be done again: unsolved or dissatisfied (济南市12345市民服务热线条例 27).

    Partly solved alone does not; somebody who was not reached demands nothing.
    """
    return answer.solved is Solved.NO or (answer.satisfied is not None and answer.satisfied in BAD)


def calls_again(outcomes: Iterable[Outcome], *, attempts: int = FOLLOW_UP_ATTEMPTS) -> bool:
    """Whether to try once more: nobody has answered yet and fewer than ``attempts`` were made.

    A refusal, a wish not to be called and a dead number end it (济南市12345市民服务热线条例 24 for the wish).
    """
    made = list(outcomes)
    return len(made) < attempts and all(outcome is Outcome.NO_ANSWER for outcome in made)
