"""What goes in and what comes out at the agent's doors. Times are ISO 8601 with offset; numbers are E.164."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ninja import Schema
from pydantic import AwareDatetime, Field

from qingyu.cases.api.shapes import Code, ContactIn, Line, PlaceIn, Words
from qingyu.people.bodies import Body

# In ----------------------------------------------------------------------------------------------------------------


class StateIn(Body):
    """``state``: ready, paused (with ``reason``) or offline; ``switch`` and ``extension`` the first time."""

    state: Code
    reason: Code = ""
    switch: Code = ""
    extension: Annotated[Code, Field(max_length=40)] = ""


class DraftIn(Body):
    """What has been typed so far. ``version``: the one that the last answer told, 0 at first."""

    version: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    text: Words = ""
    title: Line = ""
    name: Line = ""
    phone: Code = ""
    address: Line = ""
    area: Code = ""
    type: Code = ""
    topic: Code = ""
    urgency: Code = ""
    confidential: bool = False
    answer: Words = ""

    def fields(self) -> dict[str, str]:
        """As the operation keeps them."""
        typed = {name: value for name, value in self.model_dump(exclude={"version", "confidential"}).items() if value}
        return typed | ({"confidential": "on"} if self.confidential else {})


class CallFilingIn(Body):
    """The caller's words. The channel is the telephone; without ``contact.phone`` the caller stays unknown."""

    text: Words
    title: Line = ""
    type: Code = ""
    topic: Code = ""
    urgency: Code = "general"
    place: PlaceIn | None = None
    contact: ContactIn | None = None
    confidential: bool = False


class AnsweredIn(CallFilingIn):
    """The same with the answer that the caller was given."""

    answer: Words


class ResultIn(Body):
    """``result``: answered, busy, no_answer or failed."""

    result: Code


class SettleIn(Body):
    """``outcome``: reached (by another telephone) or not_needed."""

    outcome: Code


# Out ---------------------------------------------------------------------------------------------------------------


class AgentOut(Schema):
    """Where somebody answers, and whether they take calls."""

    switch: str
    extension: str
    state: str
    reason: str
    since: AwareDatetime


class EarlierOut(Schema):
    """An earlier case of the same number; never a report of wrongdoing or a confidential one."""

    number: str
    title: str
    state: str
    owner: str
    opened_at: AwareDatetime


class TypedOut(Schema):
    """What was typed so far, kept through a closed browser."""

    version: int
    fields: dict[str, str]
    saved_at: AwareDatetime | None


class CameOut(Schema):
    """A case that came of the call, with the code to read out."""

    number: str
    query_code: str
    state: str


class OwedOut(Schema):
    """A caller to be rung back. ``phone`` is masked; ``why``: abandoned, full, timeout, asked, after_hours, cut_off."""

    id: int
    phone: str
    why: str
    owed_at: AwareDatetime
    due_at: AwareDatetime
    next_try: AwareDatetime
    attempts: int
    outcome: str
    state: str
    late: bool


class CallLine(Schema):
    """A call at hand: rings, talks, or has ended and is not wrapped up."""

    id: int
    state: str
    outbound: bool
    offered_at: AwareDatetime | None


class BrokenOffOut(Schema):
    """An earlier call of the number that broke off and was not made good. ``id`` of the call-back."""

    id: int
    owed_at: AwareDatetime
    text: str


class CallOut(CallLine):
    """The call with all that is known of the caller before the first word."""

    phone: str
    waited: int | None
    earlier: list[EarlierOut]
    typed: TypedOut
    came: list[CameOut]
    call_back: str
    broken_off: BrokenOffOut | None


class DeskOut(Schema):
    """``pulse`` changes whenever something else is to be shown; ``waiting``: callers in a queue, counted to 99."""

    agent: AgentOut | None
    pulse: str
    waiting: int
    calls: list[CallLine]
    unfinished: list[int]


class SavedOut(Schema):
    version: int
    saved_at: AwareDatetime


class FiledOut(Schema):
    number: str
    query_code: str
    state: str


class AnswerOut(Schema):
    """An answer of the house that fits what was typed, or the words asked for."""

    code: str
    title: str
    text: str
    unit: str


class QueueOut(Schema):
    """A caller in a queue; the number is masked."""

    position: int
    phone: str
    since: AwareDatetime
    seconds: int


class RateOut(Schema):
    """``percent`` is null where there is no whole."""

    part: int
    whole: int
    percent: float | None


class PartOut(Schema):
    """One day or one hour of the day; null for all of the span. Names of ``counts`` and ``rates``: docs/hotline.md."""

    day: date | None
    hour: int | None
    counts: dict[str, int]
    rates: dict[str, RateOut]


class FiguresOut(Schema):
    """City days, both inclusive."""

    since: date
    until: date
    all: PartOut
    by_day: list[PartOut]
    by_hour: list[PartOut]
    waiting: list[QueueOut]
