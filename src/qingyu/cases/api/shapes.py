"""What goes in and what comes out. Units, topics and areas are codes; times are ISO 8601 with offset."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import AwareDatetime, Field

from qingyu.cases.operations.words import LONGEST
from qingyu.people.bodies import STORABLE, Body

Words = Annotated[str, Field(max_length=LONGEST), STORABLE]
Line = Annotated[str, Field(max_length=300), STORABLE]
Code = Annotated[str, Field(max_length=120), STORABLE]


# In ----------------------------------------------------------------------------------------------------------------


class PlaceIn(Body):
    """Where it is: words, code of the area, degrees WGS84."""

    address: Line = ""
    area: Code = ""
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None


class ContactIn(Body):
    """Who asks and how to reach them. All may be empty unless the topic demands a contact."""

    name: Line = ""
    phone: Code = ""
    email: Line = ""
    address: Line = ""
    language: Annotated[str, Field(max_length=10), STORABLE] = ""


class FilingIn(Body):
    """A request. ``type`` empty: "other" until somebody classifies it."""

    text: Words
    title: Line = ""
    type: Code = ""
    topic: Code = ""
    channel: Code = "web"
    urgency: Code = "general"
    place: PlaceIn | None = None
    contact: ContactIn | None = None
    confidential: bool = False


class UrgeIn(Body):
    """``comment`` is optional."""

    comment: Words = ""


class AddIn(Body):
    """What is to be added; where the unit had asked, it is the reply."""

    text: Words


class RateIn(Body):
    """``level``: very_satisfied, satisfied, basically_satisfied, dissatisfied or very_dissatisfied."""

    level: Code
    comment: Words = ""


class RatingIn(RateIn):
    """``token``: the last part of the link that was sent."""

    token: Code


# Out ---------------------------------------------------------------------------------------------------------------


class Rated(Schema):
    """``rated``: outcome, or the service as ``stage:STATE``."""

    number: str
    rated: str


class Filed(Schema):
    """A new case. ``owner`` is the code of the unit, ``due_at`` the promise; null until a unit has it."""

    number: str
    query_code: str
    state: str
    owner: str
    due_at: AwareDatetime | None


class EntryOut(Schema):
    """One thing that happened, in words."""

    at: AwareDatetime
    kind: str
    words: str
    text: str
    by: str
    where_to: str


class PublicCase(Schema):
    """All that the citizen sees. ``may``: the acts that are open to them now."""

    number: str
    state: str
    title: str
    text: str
    topic: str
    owner: str
    owner_phone: str
    opened_at: AwareDatetime
    due_at: AwareDatetime | None
    provisional: bool
    overdue: bool
    question: str
    answer: str
    entries: list[EntryOut]
    may: list[str]


class CaseRow(Schema):
    """One line of a list. ``due_at`` is the promise, ``next_due_at`` what falls due first and ``next_clock`` which."""

    number: str
    title: str
    state: str
    type: str
    topic: str
    area: str
    owner: str
    owner_name: str
    urgency: str
    opened_at: AwareDatetime
    due_at: AwareDatetime | None
    next_due_at: AwareDatetime | None
    next_clock: str
    provisional: bool
    disputed: bool
    redos: int
    urges: int


class CasePage(Schema):
    """Fifty rows, first due first. No total: counting a million rows costs; ``more`` says whether there is a page."""

    cases: list[CaseRow]
    page: int
    more: bool


class Brief(Schema):
    """How a case stands after an act. ``length`` is what the next act sends as ``seen``."""

    number: str
    state: str
    owner: str
    due_at: AwareDatetime | None
    provisional: bool
    disputed: bool
    round: int
    length: int


class ClockOut(Schema):
    """One clock. ``stop``: how it ended, empty while it runs; ``in_time``: null until it has."""

    kind: str
    unit: str
    round: int
    started_at: AwareDatetime
    due_at: AwareDatetime
    provisional: bool
    paused: bool
    stop: str
    stopped_at: AwareDatetime | None
    in_time: bool | None
    overdue: bool


class DeskCase(Brief):
    """A case as staff see it; ``contact`` is masked, ``may`` are the operations open to the one who asks."""

    title: str
    text: str
    address: str
    type: str
    topic: str
    area: str
    channel: str
    urgency: str
    confidential: bool
    anonymous: bool
    lead: str
    assisting: list[str]
    handler: str
    opened_at: AwareDatetime
    returns: int
    redos: int
    urges: int
    contact: dict[str, str]
    clocks: list[ClockOut]
    may: list[str]


class EventOut(EntryOut):
    """An entry for staff, with the place in the log."""

    seq: int
