"""Every operation staff do to a case: its name, the shape of its arguments, the function of ``cases.operations``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NamedTuple

from pydantic import Field

from qingyu.cases import operations
from qingyu.cases.actors import Actor
from qingyu.cases.api.answers import unit_id
from qingyu.cases.api.shapes import Code, Words
from qingyu.cases.models import Case
from qingyu.people.bodies import Body
from qingyu.people.models import Staff
from qingyu.rules.lifecycle import Kind
from qingyu.rules.refusals import NotValid


class Act(Body):
    """``seen``: the ``length`` of the case as the person saw it; another one meanwhile is 409 changed_meanwhile."""

    seen: Annotated[int | None, Field(ge=0, le=2**31 - 1)] = None

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        """Calls the operation."""
        raise NotImplementedError


class Classify(Act):
    """Corrects type, topic, area or urgency; what is empty stays."""

    type: Code = ""
    topic: Code = ""
    area: Code = ""
    urgency: Code = ""

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.classify(case, type=self.type, topic=self.topic, area=self.area, urgency=self.urgency, by=by, at=at)


class AnswerAtOnce(Act):
    """The centre itself knows the answer. ``ending``: see ``Answer``."""

    answer: Words
    ending: Code = ""
    legal_basis: Words = ""

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.answer_at_once(
            case, answer=self.answer, ending=self.ending, legal_basis=self.legal_basis, by=by, at=at
        )


class Refuse(Act):
    """Not taken up: the code of the reason, and a comment for the citizen."""

    reason: Code
    comment: Words = ""

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.refuse(case, reason=self.reason, comment=self.comment, by=by, at=at)


class Divert(Act):
    """Sent to the channel the law provides for it."""

    reason: Code
    comment: Words = ""

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.divert(case, reason=self.reason, comment=self.comment, by=by, at=at)


class Route(Act):
    """Sends the case to its lead unit, with units that assist. ``why``: person, suggestion, route or fallback."""

    unit: Code
    assisting: Annotated[list[Code], Field(max_length=20)] = []
    why: Annotated[str, Field(pattern="^(person|suggestion|route|fallback)$")] = "person"
    comment: Words = ""

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        assisting = tuple(unit_id(code, field="assisting") for code in dict.fromkeys(self.assisting))
        operations.route(
            case, unit=unit_id(self.unit), assisting=assisting, why=self.why, comment=self.comment, by=by, at=at
        )


class Accept(Act):
    """The unit takes the case; who accepts becomes its handler."""

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.accept(case, by=by, at=at)


class Assign(Act):
    """Gives the case to another person of the unit, by user name."""

    handler: Code

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        person = Staff.objects.filter(username=self.handler).values_list("pk", flat=True).first()
        if person is None:
            raise NotValid("handler_not_of_unit", field="handler")
        operations.assign(case, handler=person, by=by, at=at)


class Return(Act):
    """The unit says with reason and legal basis that the case is not its own; ``propose``: whose instead."""

    reason: Code
    legal_basis: Words
    comment: Words
    propose: Code = ""

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        propose = unit_id(self.propose, field="propose") if self.propose else None
        operations.return_(
            case, reason=self.reason, legal_basis=self.legal_basis, comment=self.comment, propose=propose, by=by, at=at
        )


class Arbitrate(Act):
    """Decides a return. Upheld: back to the centre or on to ``unit``; else the unit must take it."""

    upheld: bool
    reason: Words
    unit: Code = ""

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        unit = unit_id(self.unit) if self.unit else None
        operations.arbitrate(case, upheld=self.upheld, reason=self.reason, unit=unit, by=by, at=at)


class Contact(Act):
    """The unit has spoken with the person. ``how``: phone, visit, message or failed."""

    how: Code
    comment: Words = ""

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.contact(case, how=self.how, comment=self.comment, by=by, at=at)


class Note(Act):
    """A note for the file; ``shown``: a word of progress that the citizen reads."""

    text: Words
    shown: bool = False

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.note(case, text=self.text, shown=self.shown, by=by, at=at)


class Ask(Act):
    """Asks the citizen; the handle clock rests meanwhile. ``reason``: the code of a pause."""

    question: Words
    reason: Code

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.ask(case, question=self.question, reason=self.reason, by=by, at=at)


class Extend(Act):
    """Asks for more time."""

    reason: Code
    comment: Words

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.extend(case, reason=self.reason, comment=self.comment, by=by, at=at)


class DecideExtension(Act):
    """Grants or denies more time; never the one who asked."""

    approved: bool
    comment: Words = ""

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.decide_extension(case, approved=self.approved, comment=self.comment, by=by, at=at)


class Answer(Act):
    """The unit's answer; the citizen sees it once the centre has passed it.

    ``ending``, only for what came by the listening desk: changed, or no with its legal basis.
    """

    answer: Words
    ending: Code = ""
    legal_basis: Words = ""

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.answer(case, answer=self.answer, ending=self.ending, legal_basis=self.legal_basis, by=by, at=at)


class Review(Act):
    """Passes the answer, or sends it back with a comment."""

    passed: bool
    comment: Words = ""

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.review(case, passed=self.passed, comment=self.comment, by=by, at=at)


class Close(Act):
    """Ends handling without an answer that passed; the citizen is told the comment."""

    reason: Code
    comment: Words

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.close(case, reason=self.reason, comment=self.comment, by=by, at=at)


class Redo(Act):
    """Unsatisfied or unsolved: the same unit again with a new handle clock. ``why``: a short code."""

    why: Annotated[str, Field(pattern="^[a-z_]{1,40}$")]
    comment: Words = ""

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.redo(case, why=self.why, comment=self.comment, by=by, at=at)


class Reopen(Act):
    """New facts about a matter that had ended."""

    text: Words

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.reopen(case, text=self.text, by=by, at=at)


class Urge(Act):
    """The citizen urges, told by an agent."""

    comment: Words = ""

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.urge(case, comment=self.comment, by=by, at=at)


class Add(Act):
    """The citizen adds something, told by an agent."""

    text: Words

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.add(case, text=self.text, by=by, at=at)


class Press(Act):
    """A supervisor's first step."""

    comment: Words

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.press(case, comment=self.comment, by=by, at=at)


class Withdraw(Act):
    """The citizen no longer wants it, told by an agent."""

    comment: Words = ""

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.withdraw(case, comment=self.comment, by=by, at=at)


class Archive(Act):
    """Follow-up has ended."""

    why: Annotated[str, Field(pattern="^[a-z_]{1,40}$")] = "followed_up"

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        operations.archive(case, why=self.why, by=by, at=at)


class Door(NamedTuple):
    """The shape of the body, which knows its operation, and what the operation makes happen."""

    shape: type[Act]
    kind: Kind


# By the last part of the address.
DOORS: dict[str, Door] = {
    "classify": Door(Classify, Kind.CLASSIFIED),
    "answer_at_once": Door(AnswerAtOnce, Kind.ANSWERED_AT_ONCE),
    "refuse": Door(Refuse, Kind.REFUSED),
    "divert": Door(Divert, Kind.DIVERTED),
    "route": Door(Route, Kind.ROUTED),
    "accept": Door(Accept, Kind.ACCEPTED),
    "assign": Door(Assign, Kind.ASSIGNED),
    "return_": Door(Return, Kind.RETURNED),
    "arbitrate": Door(Arbitrate, Kind.ARBITRATED),
    "contact": Door(Contact, Kind.CONTACTED),
    "note": Door(Note, Kind.NOTED),
    "ask": Door(Ask, Kind.ASKED),
    "extend": Door(Extend, Kind.EXTENSION_ASKED),
    "decide_extension": Door(DecideExtension, Kind.EXTENSION_DECIDED),
    "answer": Door(Answer, Kind.ANSWERED),
    "review": Door(Review, Kind.REVIEWED),
    "close": Door(Close, Kind.CLOSED),
    "redo": Door(Redo, Kind.REDONE),
    "reopen": Door(Reopen, Kind.REOPENED),
    "urge": Door(Urge, Kind.URGED),
    "add": Door(Add, Kind.ADDED),
    "press": Door(Press, Kind.PRESSED),
    "withdraw": Door(Withdraw, Kind.WITHDRAWN),
    "archive": Door(Archive, Kind.ARCHIVED),
}

# Every operation by name and what it makes happen, with those whose doors stand in the apps above.
KINDS: dict[str, Kind] = {name: door.kind for name, door in DOORS.items()} | {
    "follow_up": Kind.FOLLOWED_UP, "admit": Kind.ADMITTED, "not_admit": Kind.NOT_ADMITTED, "decide": Kind.DECIDED,
    "ask_correction": Kind.CORRECTION_ASKED, "permit_correction": Kind.CORRECTION_PERMITTED, "correct": Kind.CORRECTED,
    "begin_special": Kind.SPECIAL_BEGUN, "end_special": Kind.SPECIAL_ENDED, "issue": Kind.ISSUED,
    "choose_window": Kind.WINDOW_CHOSEN,
}  # fmt: skip
