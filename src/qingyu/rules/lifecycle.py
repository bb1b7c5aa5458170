"""States and events of a case: which event may follow which state, and what it changes in the case.

Source of the flow: national 12345 guidance (国办发〔2020〕53号) with 签收, 派单异议, 先行联系, 重办 as in the hotline
ordinances of Beijing (2021), Jinan (2018) and Weifang (2021). Deadlines are the business of ``clocks``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from qingyu.rules.refusals import NotAllowed

Facts = Mapping[str, Any]


class State(StrEnum):
    DRAFT = "draft"
    RECEIVED = "received"
    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    HANDLING = "handling"
    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"
    ARCHIVED = "archived"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    """Joined to another case (并单). No event leads here yet; the word is fixed for those who read states."""


class Kind(StrEnum):
    """What may happen to a case; past tense, one word for each."""

    OPENED = "opened"
    CLASSIFIED = "classified"
    ANSWERED_AT_ONCE = "answered_at_once"
    REFUSED = "refused"
    DIVERTED = "diverted"
    ROUTED = "routed"
    ACCEPTED = "accepted"
    AUTO_ACCEPTED = "auto_accepted"
    ASSIGNED = "assigned"
    RETURNED = "returned"
    ARBITRATED = "arbitrated"
    CONTACTED = "contacted"
    NOTED = "noted"
    ASKED = "asked"
    REPLIED = "replied"
    RESUMED = "resumed"
    ADDED = "added"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_DECIDED = "extension_decided"
    ANSWERED = "answered"
    REVIEWED = "reviewed"
    CLOSED = "closed"
    REDONE = "redone"
    REOPENED = "reopened"
    URGED = "urged"
    PRESSED = "pressed"
    WITHDRAWN = "withdrawn"
    FOLLOWED_UP = "followed_up"
    RATED = "rated"
    SERVICE_RATED = "service_rated"
    ARCHIVED = "archived"
    WARNED = "warned"
    OVERDUE = "overdue"
    RESCHEDULED = "rescheduled"


OPEN = frozenset({State.RECEIVED, State.DISPATCHED, State.ACCEPTED, State.HANDLING, State.WAITING, State.ANSWERED})
OPEN_STATES = tuple(str(state) for state in State if state in OPEN)
"""The same as stored, in the order of a life: for filters and indexes."""
ENDED = frozenset({State.CLOSED, State.ARCHIVED, State.REFUSED, State.WITHDRAWN, State.MERGED})
WITH_UNIT = frozenset({State.ACCEPTED, State.HANDLING, State.WAITING})
EVERYWHERE = frozenset(State) - {State.DRAFT, State.MERGED}

# Which event may happen in which states. What is not listed is refused.
SOURCES: dict[Kind, frozenset[State]] = {
    Kind.OPENED: frozenset({State.DRAFT}),
    Kind.CLASSIFIED: OPEN,
    Kind.ANSWERED_AT_ONCE: frozenset({State.RECEIVED}),
    Kind.REFUSED: frozenset({State.RECEIVED}),
    Kind.DIVERTED: frozenset({State.RECEIVED}),
    Kind.ROUTED: frozenset({State.RECEIVED}),
    Kind.ACCEPTED: frozenset({State.DISPATCHED}),
    Kind.AUTO_ACCEPTED: frozenset({State.DISPATCHED}),
    Kind.ASSIGNED: OPEN - {State.RECEIVED},
    Kind.RETURNED: frozenset({State.DISPATCHED}),
    Kind.ARBITRATED: frozenset({State.DISPATCHED}),
    Kind.CONTACTED: frozenset({State.ACCEPTED, State.HANDLING, State.WAITING}),
    Kind.NOTED: EVERYWHERE,
    Kind.ASKED: frozenset({State.ACCEPTED, State.HANDLING}),
    Kind.REPLIED: frozenset({State.WAITING}),
    Kind.RESUMED: frozenset({State.WAITING}),
    Kind.ADDED: OPEN - {State.WAITING},
    Kind.EXTENSION_ASKED: WITH_UNIT,
    Kind.EXTENSION_DECIDED: WITH_UNIT,
    Kind.ANSWERED: WITH_UNIT,
    Kind.REVIEWED: frozenset({State.ANSWERED}),
    Kind.CLOSED: frozenset({State.RECEIVED, State.ACCEPTED, State.HANDLING, State.WAITING, State.ANSWERED}),
    Kind.REDONE: frozenset({State.CLOSED}),
    Kind.REOPENED: frozenset({State.CLOSED, State.ARCHIVED, State.REFUSED}),
    Kind.URGED: OPEN,
    Kind.PRESSED: OPEN,
    Kind.WITHDRAWN: OPEN,
    Kind.FOLLOWED_UP: frozenset({State.CLOSED}),
    Kind.RATED: frozenset({State.CLOSED, State.ARCHIVED}),
    Kind.SERVICE_RATED: EVERYWHERE,
    Kind.ARCHIVED: frozenset({State.CLOSED}),
    Kind.WARNED: OPEN | {State.CLOSED},
    Kind.OVERDUE: OPEN | {State.CLOSED},
    Kind.RESCHEDULED: OPEN | {State.CLOSED},
}


@dataclass(frozen=True, slots=True)
class CaseState:
    """A case as its events have made it. Units and staff are ids; topic and area are codes; texts are ids.

    ``owner`` is always a unit: the centre until routed, then the lead unit. ``round`` counts the times the
    matter was taken up (redo and reopening add one). ``disputed``: a return waits for a decision;
    ``designated``: the lead unit was named by one and may not return the case. ``door``: one of ``DOORS``, or empty.
    """

    state: State = State.DRAFT
    type: str = ""
    topic: str = ""
    area: str = ""
    channel: str = ""
    urgency: str = "general"
    confidential: bool = False
    anonymous: bool = False
    title: int | None = None
    door: str = ""
    centre: int = 0
    owner: int = 0
    lead: int | None = None
    assisting: tuple[int, ...] = ()
    handler: int | None = None
    round: int = 1
    disputed: bool = False
    designated: bool = False
    extension_pending: bool = False
    returns: int = 0
    redos: int = 0
    reopens: int = 0
    urges: int = 0
    extensions: int = 0
    opened_at: datetime | None = None
    routed_at: datetime | None = None
    accepted_at: datetime | None = None
    contacted_at: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    last_at: datetime | None = None


DOORS = ("listening", "facility")
"""Doors whose cases have limits of their own; each is the name of a fact that the opening carries."""


def door_of(facts: Facts) -> str:
    """By which of ``DOORS`` a matter came; empty for all others."""
    return next((door for door in DOORS if door in facts), "")


def allowed(case: CaseState) -> frozenset[Kind]:
    """The events that may happen next."""
    return frozenset(kind for kind in Kind if _refusal(case, kind) is None)


def require(case: CaseState, kind: Kind) -> None:
    """NotAllowed if the event may not happen now; the code says why, ``state`` stands in its facts."""
    code = _refusal(case, kind)
    if code:
        raise NotAllowed(code, state=str(case.state), event=str(kind))


def _refusal(case: CaseState, kind: Kind) -> str | None:
    if case.state not in SOURCES[kind]:
        return "already_ended" if case.state in ENDED else "not_in_this_state"
    if kind is Kind.ARBITRATED and not case.disputed:
        return "nothing_to_arbitrate"
    if kind in (Kind.RETURNED, Kind.AUTO_ACCEPTED) and case.disputed:
        return "return_already_pending"
    if kind is Kind.RETURNED and case.designated:
        return "unit_designated"
    if kind is Kind.EXTENSION_ASKED and case.extension_pending:
        return "extension_already_pending"
    if kind is Kind.EXTENSION_DECIDED and not case.extension_pending:
        return "no_extension_asked"
    return None


def fold(case: CaseState, kind: Kind, at: datetime, facts: Facts) -> CaseState:
    """The case after the event. Pure: the same events give the same case at any time on any machine."""
    change = CHANGES.get(kind)
    after = change(case, at, facts) if change else case
    return replace(after, last_at=max(at, case.last_at or at))


def _opened(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(
        case,
        state=State.RECEIVED,
        type=facts["type"],
        topic=facts.get("topic", ""),
        area=facts.get("area", ""),
        channel=facts["channel"],
        urgency=facts.get("urgency", "general"),
        confidential=facts.get("confidential", False),
        anonymous=facts.get("anonymous", False),
        title=facts.get("title"),
        door=door_of(facts),
        centre=facts["owner"],
        owner=facts["owner"],
        opened_at=at,
    )


def _classified(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    named = {name: facts[name] for name in ("type", "topic", "area", "urgency") if name in facts}
    return replace(case, **named)


def _routed(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(
        case,
        state=State.DISPATCHED,
        owner=facts["unit"],
        lead=facts["unit"],
        assisting=tuple(facts.get("assisting", ())),
        handler=None,
        disputed=False,
        designated=False,
        routed_at=at,
        accepted_at=None,
    )


def _accepted(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    handler = facts.get("handler", case.handler)
    return replace(case, state=State.ACCEPTED, handler=handler, disputed=False, accepted_at=at)


def _assigned(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(case, handler=facts["handler"])


def _returned(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(case, disputed=True, returns=case.returns + 1)


def _arbitrated(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    """Whoever is named, the unit that returned or another one, may not return it (潍坊条例 22: 指定后不得退)."""
    if not facts["upheld"]:
        return replace(_accepted(case, at, facts), designated=True)
    if facts.get("unit"):
        return replace(_routed(case, at, facts), designated=True)
    return replace(case, state=State.RECEIVED, owner=case.centre, lead=None, assisting=(), handler=None, disputed=False)


def _contacted(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    state = State.HANDLING if case.state is State.ACCEPTED else case.state
    return replace(case, state=state, contacted_at=case.contacted_at or at)


def _asked(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(case, state=State.WAITING)


def _handling(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(case, state=State.HANDLING)


def _extension_asked(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(case, extension_pending=True)


def _extension_decided(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    granted = 1 if facts["approved"] else 0
    return replace(case, extension_pending=False, extensions=case.extensions + granted)


def _answered(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(case, state=State.ANSWERED, answered_at=at, extension_pending=False)


def _reviewed(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    if facts["passed"]:
        return replace(case, state=State.CLOSED, closed_at=at)
    return replace(case, state=State.HANDLING, answered_at=None)


def _closed(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(case, state=State.CLOSED, closed_at=at, extension_pending=False)


def _answered_at_once(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    """``unit``: who settled it at its own window; it is the one to do it again (谁办理谁负责)."""
    closed = replace(case, state=State.CLOSED, answered_at=at, closed_at=at)
    return replace(closed, owner=facts["unit"], lead=facts["unit"]) if facts.get("unit") else closed


def _refused(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(case, state=State.REFUSED, closed_at=at)


def _redone(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(_taken_up_again(case), redos=case.redos + 1)


def _reopened(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(_taken_up_again(case), reopens=case.reopens + 1)


def _taken_up_again(case: CaseState) -> CaseState:
    state = State.HANDLING if case.lead else State.RECEIVED
    return replace(case, state=state, round=case.round + 1, answered_at=None, closed_at=None, extension_pending=False)


def _urged(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(case, urges=case.urges + 1)


def _withdrawn(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(case, state=State.WITHDRAWN, closed_at=at, disputed=False, extension_pending=False)


def _archived(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(case, state=State.ARCHIVED)


Change = Callable[[CaseState, datetime, Facts], CaseState]
CHANGES: dict[Kind, Change] = {
    Kind.OPENED: _opened,
    Kind.CLASSIFIED: _classified,
    Kind.ANSWERED_AT_ONCE: _answered_at_once,
    Kind.REFUSED: _refused,
    Kind.DIVERTED: _refused,
    Kind.ROUTED: _routed,
    Kind.ACCEPTED: _accepted,
    Kind.AUTO_ACCEPTED: _accepted,
    Kind.ASSIGNED: _assigned,
    Kind.RETURNED: _returned,
    Kind.ARBITRATED: _arbitrated,
    Kind.CONTACTED: _contacted,
    Kind.ASKED: _asked,
    Kind.REPLIED: _handling,
    Kind.RESUMED: _handling,
    Kind.EXTENSION_ASKED: _extension_asked,
    Kind.EXTENSION_DECIDED: _extension_decided,
    Kind.ANSWERED: _answered,
    Kind.REVIEWED: _reviewed,
    Kind.CLOSED: _closed,
    Kind.REDONE: _redone,
    Kind.REOPENED: _reopened,
    Kind.URGED: _urged,
    Kind.WITHDRAWN: _withdrawn,
    Kind.ARCHIVED: _archived,
}
