"""What each event changes in a case that is a request; applications have ``applications`` beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from qingyu.rules.lifecycle.case import CaseState, Facts, door_of
from qingyu.rules.lifecycle.kinds import Kind, State

Change = Callable[[CaseState, datetime, Facts], CaseState]


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
        centre=facts["owner"],
        owner=facts["owner"],
        opened_at=at,
        item=facts.get("item", ""),
        door=door_of(facts),
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
