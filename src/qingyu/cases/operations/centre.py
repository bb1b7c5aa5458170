"""What the centre does: classify, answer at once, refuse or divert with notice, route, arbitrate, review, close."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from qingyu.cases import log
from qingyu.cases.actors import Actor
from qingyu.cases.models import Case, CaseText, Notice
from qingyu.cases.operations.words import needed, notice, optional, with_ending, written
from qingyu.cases.topics import by_code
from qingyu.people import queries as people
from qingyu.rules.lifecycle import Kind
from qingyu.rules.refusals import NotAllowed, NotValid


@transaction.atomic
def classify(
    case: Case, *, by: Actor, at: datetime, type: str = "", topic: str = "", area: str = "", urgency: str = ""
) -> None:
    """Corrects type, topic, area or urgency. What is empty stays. Running clocks keep the limits they began with."""
    given = {"type": type, "topic": topic, "area": area, "urgency": urgency}
    facts = {name: value for name, value in given.items() if value and value != getattr(case, name)}
    if facts.get("type", "consultation") not in Case.Type.values:
        raise NotValid("type_unknown", field="type")
    if "topic" in facts and facts["topic"] not in by_code():
        raise NotValid("topic_unknown", field="topic")
    if "area" in facts and facts["area"] not in people.areas():
        raise NotValid("area_unknown", field="area")
    if (facts.get("type") == Case.Type.REPORT) != (case.type == Case.Type.REPORT) and "type" in facts:
        raise NotAllowed("report_type_is_fixed")
    if facts:
        log.record(case, Kind.CLASSIFIED, by=by, at=at, **facts)


@transaction.atomic
def answer_at_once(
    case: Case, *, answer: str, by: Actor, at: datetime, unit: int | None = None, ending: str = "",
    legal_basis: str = "",
) -> None:  # fmt: skip
    """The answer is known: the case closes and is followed up. ``ending``: see ``unit.answer``.

    ``unit`` settled it at its own window and has the case from then on; None: the centre itself did.
    """
    text, ended = with_ending(case, answer, ending=ending, legal_basis=legal_basis)
    facts: dict[str, Any] = dict(ended)
    if unit is not None and unit != case.centre_id:
        _check_known(unit)
        facts["unit"] = unit
    told = written(case, CaseText.Kind.ANSWER, text, at=at, shown=True)
    log.record(case, Kind.ANSWERED_AT_ONCE, by=by, at=at, **told, **facts)


def _check_known(unit: int) -> None:
    if unit not in people.units() or not people.units()[unit].active:
        raise NotValid("unit_unknown", field="unit")


@transaction.atomic
def refuse(case: Case, *, reason: str, by: Actor, at: datetime, comment: str = "") -> None:
    """Not taken up, with the notice the ordinance demands (北京接诉即办条例 11, 潍坊条例 19)."""
    found = notice(Notice.Group.REFUSE, reason)
    facts = optional(case, CaseText.Kind.COMMENT, comment, at=at, shown=True)
    log.record(case, Kind.REFUSED, by=by, at=at, reason=found.code, **facts)


@transaction.atomic
def divert(case: Case, *, reason: str, by: Actor, at: datetime, comment: str = "") -> None:
    """Sent to the channel the law provides for it (110, courts, petitions ...), and the person is told which."""
    found = notice(Notice.Group.DIVERT, reason)
    facts = optional(case, CaseText.Kind.COMMENT, comment, at=at, shown=True)
    log.record(case, Kind.DIVERTED, by=by, at=at, reason=found.code, **facts)


@transaction.atomic
def route(
    case: Case, *, unit: int, by: Actor, at: datetime, assisting: tuple[int, ...] = (), why: str = "person",
    comment: str = "",
) -> None:  # fmt: skip
    """Sends the case to its lead unit. ``why``: person, suggestion, route or fallback."""
    _check_units(unit, assisting)
    facts = optional(case, CaseText.Kind.COMMENT, comment, at=at, shown=False)
    log.record(case, Kind.ROUTED, by=by, at=at, unit=unit, assisting=list(assisting), why=why, **facts)


def _check_units(unit: int, assisting: tuple[int, ...]) -> None:
    known = people.units()
    if unit not in known or not known[unit].active or known[unit].kind == "centre":
        raise NotValid("unit_unknown", field="unit")
    if unit in assisting:
        raise NotValid("unit_twice", field="assisting")
    if any(other not in known or not known[other].active for other in assisting):
        raise NotValid("unit_unknown", field="assisting")


@transaction.atomic
def arbitrate(case: Case, *, upheld: bool, reason: str, by: Actor, at: datetime, unit: int | None = None) -> None:
    """Decides a return. Upheld: back to the centre or on to ``unit``; not upheld: the unit must take it (强制签收)."""
    facts: dict[str, Any] = {"upheld": upheld}
    if upheld and unit is not None:
        if unit == case.lead_id:
            raise NotAllowed("unit_returned_it")
        _check_units(unit, ())
        facts["unit"] = unit
    facts |= written(case, CaseText.Kind.REASON, needed(reason, "reason"), at=at, shown=False)
    log.record(case, Kind.ARBITRATED, by=by, at=at, **facts)


@transaction.atomic
def review(case: Case, *, passed: bool, by: Actor, at: datetime, comment: str = "") -> None:
    """Passes the unit's answer on to the citizen (the case closes) or sends it back with a comment."""
    if not passed:
        needed(comment, "comment")
    facts = optional(case, CaseText.Kind.COMMENT, comment, at=at, shown=False)
    log.record(case, Kind.REVIEWED, by=by, at=at, passed=passed, **facts)


@transaction.atomic
def close(case: Case, *, reason: str, comment: str, by: Actor, at: datetime) -> None:
    """Ends handling without an answer that passed (终止办理, 潍坊条例 21); the comment is told to the citizen."""
    found = notice(Notice.Group.CLOSE, reason)
    facts = written(case, CaseText.Kind.COMMENT, needed(comment, "comment"), at=at, shown=True)
    log.record(case, Kind.CLOSED, by=by, at=at, reason=found.code, **facts)
