"""What goes in and what comes out. Units and topics are codes; days are days of the city."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ninja import Schema
from pydantic import AwareDatetime, Field

from qingyu.knowledge.operations import Draft
from qingyu.knowledge.operations.words import LONGEST, LONGEST_TITLE
from qingyu.people.bodies import STORABLE, Body

Code = Annotated[str, Field(max_length=120), STORABLE]
Title = Annotated[str, Field(max_length=LONGEST_TITLE), STORABLE]
Text = Annotated[str, Field(max_length=LONGEST), STORABLE]
Words = Annotated[str, Field(max_length=500), STORABLE]
Reason = Annotated[str, Field(max_length=300), STORABLE]
Seen = Annotated[int | None, Field(ge=0, le=2**31 - 1)]


class AnswerOut(Schema):
    """An answer as it is shown today. ``unit`` is a code, ``unit_name`` and ``topic_name`` are words."""

    code: str
    title: str
    text: str
    unit: str
    unit_name: str
    topic: str
    topic_name: str
    effective_from: date


class Answers(Schema):
    answers: list[AnswerOut]


class QuestionIn(Body):
    """A question that no answer fits; no name, phone or identity number belongs in it."""

    question: Words
    topic: Code = ""


class QuestionOut(Schema):
    """Who has the question and until when. ``answer``: the code of its answer once that is in force."""

    reference: str
    question: str
    state: str
    unit: str
    due_at: AwareDatetime
    asked: int
    answer: str = ""


class HelpedIn(Body):
    helped: bool


class VersionIn(Body):
    """The words, and the days on which they hold (days of the city, both inclusive)."""

    title: Title
    text: Text
    effective_from: date | None = None
    expires_on: date | None = None
    review_on: date | None = None
    seen: Seen = None

    def draft(self) -> Draft:
        return Draft(self.title, self.text, self.effective_from, self.expires_on)


class WriteIn(VersionIn):
    unit: Code = ""
    topic: Code = ""


class ActIn(Body):
    seen: Seen = None


class ReasonIn(ActIn):
    reason: Reason


class GiveIn(Body):
    unit: Code


class VersionOut(Schema):
    """One version; ``helped`` and ``did_not`` count who said so."""

    number: int
    title: str
    text: str
    effective_from: date
    expires_on: date | None
    helped: int
    did_not: int


class Standing(Schema):
    """How an answer stands: ``seen`` goes with the next act."""

    code: str
    title: str
    unit: str
    state: str
    waiting: bool
    newest: int
    review_on: date
    seen: int


class StandingPage(Schema):
    """Fifty a page; ``more`` says whether there is a next one."""

    answers: list[Standing]
    page: int
    more: bool


class StaleOut(Schema):
    """``why``: expired, expiring or past_review; ``on`` the day that says so."""

    code: str
    title: str
    unit: str
    why: str
    on: date


class Whole(Standing):
    """An answer with all its versions, the newest first."""

    versions: list[VersionOut]


class OpenQuestion(QuestionOut):
    """``id`` is what the acts of the desk take."""

    id: int
