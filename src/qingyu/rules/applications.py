"""What holds for applications (办件) beside the events of the log: limits, silence, changed forms, proxies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from qingyu.rules.forms import Field
from qingyu.rules.hours import Calendar, Limit, Unit, working_seconds
from qingyu.rules.refusals import NotValid

LEGAL = Limit(20, Unit.WORKING_DAY)
"""Where a guide names no legal limit (行政许可法 42: 二十日; 82: working days)."""
AT_ONCE = Limit(1, Unit.WORKING_DAY)
"""What is promised while the person waits (即办件) is due on the next working day where it is asked for online."""


class Procedure(StrEnum):
    """Special procedures whose days do not count (行政许可法 45)."""

    HEARING = "hearing"
    TENDER = "tender"
    AUCTION = "auction"
    INSPECTION = "inspection"
    TESTING = "testing"
    QUARANTINE = "quarantine"
    APPRAISAL = "appraisal"
    EXPERT_REVIEW = "expert_review"


class Proxy(StrEnum):
    """Who acts for somebody else (代办), and by what authority: kin, an authority in writing, or the law."""

    FAMILY = "family"
    NEIGHBOUR = "neighbour"
    COMMUNITY = "community"
    AUTHORISED = "authorised"
    GUARDIAN = "guardian"


@dataclass(frozen=True, slots=True)
class Agreed:
    """The two limits that run from the admission: what was promised, and what the law allows at most."""

    promised: Limit
    legal: Limit


def agreed(*, promised: Limit | None, legal: Limit | None, at_once: bool) -> Agreed:
    """What an applicant is told: the promise of the guide, else the limit of the law, else 20 working days.

    >>> str(agreed(promised=None, legal=None, at_once=False).promised)
    '20 working_day'
    """
    outer = legal or LEGAL
    return Agreed(AT_ONCE if at_once else promised or outer, outer)


def special_days(days: int) -> Limit:
    """How long a special procedure is said to last. NotValid("limit_not_positive" | "limit_too_long")."""
    return Limit(days, Unit.WORKING_DAY)


# Silence --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Silence:
    """How much working time an owner may let pass before the deputy is called, and the deputy before a supervisor is.

    Holds from a day to a day, both inclusive; ``None``: open.
    """

    source: str
    deputy: timedelta
    supervisor: timedelta
    valid_from: date = date.min
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        return self.valid_from <= on <= (self.valid_to or date.max)


SILENCES = (Silence("安阳市政务服务条例 42: pre-check within one working day", timedelta(hours=8), timedelta(hours=8)),)
"""The row that began last holds. A working day is counted by the opening hours of the unit, eight hours where none."""
USUAL_DAY = timedelta(hours=8)


def silence_on(day: date, *, rows: Iterable[Silence] = SILENCES) -> Silence:
    """The row in force on a date of the city; ValueError where the rows leave a gap."""
    return max((row for row in rows if row.holds(day)), key=lambda row: row.valid_from)


def silent_at(since: datetime, allowed: timedelta, calendar: Calendar) -> datetime:
    """The first instant at which ``allowed`` of working time has passed since ``since``, to the minute.

    Without opening hours a working day of 24 hours stands for eight, so that eight hours are one whole day.
    """
    scale = 1 if calendar.opening else timedelta(days=1) / USUAL_DAY
    wanted = int(allowed.total_seconds() * scale)
    low, high = 0, 1
    while working_seconds(since, since + timedelta(days=high), calendar) < wanted:
        high *= 2
    low, high = 0, high * 24 * 60
    while low < high:
        middle = (low + high) // 2
        passed = working_seconds(since, since + timedelta(minutes=middle), calendar)
        low, high = (low, middle) if passed >= wanted else (middle + 1, high)
    return since + timedelta(minutes=low)


# A form that changed under a half-filled one --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Carried:
    """Answers taken over into another version of a form; ``asked`` are the fields a person has to look at."""

    answers: dict[str, object]
    asked: tuple[str, ...]


def carried(before: Iterable[Field], after: Iterable[Field], answers: Mapping[str, object]) -> Carried:
    """What of ``answers`` to the form ``before`` still answers ``after``.

    A field keeps its answer where name and kind are the same; new fields, those of another kind and those that ask
    something else now (label, choices, bounds, need) are asked again, with the answer in them where it may stay.
    """
    known = {one.name: one for one in before}
    kept, asked = dict[str, object](), list[str]()
    for one in after:
        old = known.get(one.name)
        if old is not None and old.kind is one.kind and one.name in answers:
            kept[one.name] = answers[one.name]
        if old != one:
            asked.append(one.name)
    return Carried(kept, tuple(asked))


# Who acts for somebody ------------------------------------------------------------------------------------------


def check_proxy(kind: str, *, name: str, phone: str, papers: int) -> None:
    """Whether an act for somebody else can be taken in: who, how to reach them, and the paper that says they may.

    NotValid: proxy_unknown, proxy_name_missing, proxy_phone_missing, authority_missing (not asked of guardians, whose
    authority is the law: 民法典 23, 27).
    """
    if kind not in list(Proxy):
        raise NotValid("proxy_unknown", field="proxy_kind")
    if not name.strip():
        raise NotValid("proxy_name_missing", field="proxy_name")
    if not phone.strip():
        raise NotValid("proxy_phone_missing", field="proxy_phone")
    if not papers and kind != Proxy.GUARDIAN:
        raise NotValid("authority_missing", field="authority")
