"""Ratings of a service (好评 and 差评) and the answers of a follow-up call.

A level is a name, never a digit: GB/T 39046-2020 table A.8 counts from 1 = very satisfied, the interface of
Zhejiang from 1 = very dissatisfied. A rating that a system filled in because nobody answered is kept, in a
class of its own, and counts nowhere as a person's voice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from qingyu.rules.refusals import NotAllowed, NotValid

# Levels


class Level(StrEnum):
    """The five levels of 国办发〔2019〕51号; the last two are bad ratings (差评)."""

    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    BASICALLY_SATISFIED = "basically_satisfied"
    DISSATISFIED = "dissatisfied"
    VERY_DISSATISFIED = "very_dissatisfied"

    @property
    def stars(self) -> int:
        """5 for very satisfied down to 1."""
        return 5 - list(Level).index(self)

    @property
    def bad(self) -> bool:
        return self in BAD


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


# Codes of partners

Name = TypeVar("Name", bound=StrEnum)


@dataclass(frozen=True)
class CodeMap(Generic[Name]):
    """How one partner writes a name. Every exchange names its map; there is no default."""

    code: str
    source: str
    codes: Mapping[str, Name]

    def read(self, text: str | int) -> Name:
        """The name behind a partner's code. ``NotValid("partner_code_unknown")``."""
        try:
            return self.codes[str(text).strip()]
        except KeyError:
            raise NotValid("partner_code_unknown", field=self.code, found=str(text)) from None

    def write(self, name: Name) -> str:
        """The partner's code of ``name``. ``NotValid("partner_has_no_code")``."""
        for code, meant in self.codes.items():
            if meant is name:
                return code
        raise NotValid("partner_has_no_code", field=self.code, name=name.value)


NATIONAL_LEVELS = CodeMap(
    "national",
    "GB/T 39046-2020 table A.8",
    {
        "1": Level.VERY_SATISFIED,
        "2": Level.SATISFIED,
        "3": Level.BASICALLY_SATISFIED,
        "4": Level.DISSATISFIED,
        "5": Level.VERY_DISSATISFIED,
    },
)
ZHEJIANG_LEVELS = CodeMap(
    "zhejiang",
    "rating interface of Zhejiang, field satisfaction",
    {
        "1": Level.VERY_DISSATISFIED,
        "2": Level.DISSATISFIED,
        "3": Level.BASICALLY_SATISFIED,
        "4": Level.SATISFIED,
        "5": Level.VERY_SATISFIED,
    },
)
ZHEJIANG_CHANNELS = CodeMap(
    "zhejiang_channels",
    "rating interface of Zhejiang, field pf",
    {
        "1": Channel.WEB,
        "2": Channel.MOBILE,
        "3": Channel.QR_CODE,
        "4": Channel.HALL_TABLET,
        "5": Channel.HALL_TERMINAL,
        "6": Channel.SMS,
        "7": Channel.SYSTEM_DEFAULT,
    },
)
LEVEL_MAPS: Mapping[str, CodeMap[Level]] = {one.code: one for one in (NATIONAL_LEVELS, ZHEJIANG_LEVELS)}


# Ratings


class Turn(StrEnum):
    """A person may rate an occasion once and once more, say after it was put right (评价次数 1, 2)."""

    FIRST = "first"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Rating:
    """One rating as given. ``occasion`` is what was rated: the case, or one service act in it."""

    case: str
    occasion: str
    turn: Turn
    level: Level
    channel: Channel
    at: datetime

    @property
    def active(self) -> bool:
        """Given by a person, not filled in by a system."""
        return self.channel is not Channel.SYSTEM_DEFAULT


def counts(ratings: Iterable[Rating]) -> tuple[Rating, ...]:
    """The ratings that count, one per case and occasion, in the order of case and occasion.

    The second turn counts before the first, the later before the earlier, at the same instant the lower
    level (so that the order of the input does not matter). Defaults never count.
    """
    chosen: dict[tuple[str, str], Rating] = {}
    for rating in ratings:
        key = rating.case, rating.occasion
        if rating.active and (key not in chosen or _weight(rating) > _weight(chosen[key])):
            chosen[key] = rating
    return tuple(chosen[key] for key in sorted(chosen))


def _weight(rating: Rating) -> tuple[bool, datetime, int]:
    return rating.turn is Turn.SECOND, rating.at, -rating.level.stars


def next_turn(ratings: Iterable[Rating]) -> Turn:
    """The turn of one more rating of the same occasion. ``NotAllowed("rated_twice")`` after two.

    A default uses up no turn.
    """
    given = {rating.turn for rating in ratings if rating.active}
    if Turn.SECOND in given:
        raise NotAllowed("rated_twice")
    return Turn.SECOND if given else Turn.FIRST


# Limits


@dataclass(frozen=True, slots=True)
class RectificationLimits:
    """Working days after a bad rating: to reach the person, and to put right what is founded.

    ``None`` where the source says nothing or sets the limit case by case (限期).
    """

    code: str
    source: str
    contact_working_days: int | None
    rectify_working_days: int | None


SHANGHAI = RectificationLimits("shanghai", "上海市优化营商环境条例 29, 30", 1, None)
ANYANG = RectificationLimits("anyang", "安阳市政务服务条例 52", 1, None)
SICHUAN_CITY = RectificationLimits("sichuan_city", "a city in Sichuan, rating rules", None, 15)
PROJECT_DEFAULT = RectificationLimits("default", "contact as in Shanghai, rectification as in a city in Sichuan", 1, 15)
RECTIFICATION_LIMITS: Mapping[str, RectificationLimits] = {
    one.code: one for one in (PROJECT_DEFAULT, SHANGHAI, ANYANG, SICHUAN_CITY)
}
"""Presets by place. No national limit is known: a city chooses."""


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
