"""What each event changes in an application (办件): pre-check, correction, special procedure, decision, result."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from qingyu.rules.lifecycle.case import CaseState, Facts
from qingyu.rules.lifecycle.kinds import Kind, Stage, State
from qingyu.rules.lifecycle.requests import Change


def _submitted(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    """The item names its unit, so nobody has to send it; ``routed_at`` is since when the unit has all papers."""
    return replace(
        case,
        state=State.DISPATCHED,
        stage=Stage.PRECHECK.value,
        owner=facts["unit"],
        lead=facts["unit"],
        handler=facts.get("handler"),
        routed_at=at,
    )


def _correction_asked(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    corrections = case.corrections + 1
    return replace(case, state=State.WAITING, stage=Stage.CORRECTING.value, corrections=corrections)


def _correction_permitted(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(case, permits=case.permits + 1)


def _corrected(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(case, state=State.DISPATCHED, stage=Stage.PRECHECK.value, routed_at=at)


def _lapsed(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    """What is not corrected in time counts as taken back (安阳市政务服务条例 36, 浙江最多跑一次规定 11)."""
    return replace(case, state=State.WITHDRAWN, stage=Stage.LAPSED.value, closed_at=at)


def _admitted(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    handler = facts.get("handler", case.handler)
    return replace(case, state=State.HANDLING, stage=Stage.HANDLING.value, handler=handler, accepted_at=at)


def _not_admitted(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(case, state=State.REFUSED, stage=Stage.NOT_ADMITTED.value, closed_at=at)


def _window_chosen(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(case, state=State.WAITING, stage=Stage.AT_WINDOW.value)


def _window_taken(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    """The unit of the window helps, so that whoever serves there sees the papers."""
    unit = facts["unit"]
    helps = unit not in (case.lead, *case.assisting)
    return replace(case, assisting=(*case.assisting, unit)) if helps else case


def _special_begun(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(case, stage=Stage.SPECIAL.value)


def _special_ended(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(case, stage=Stage.HANDLING.value)


def _decided(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(case, stage=Stage.DECIDED.value, answered_at=at, extension_pending=False)


def _issued(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(case, state=State.CLOSED, stage=Stage.ISSUED.value, closed_at=at)


def _deputy_called(case: CaseState, at: datetime, facts: Facts) -> CaseState:
    return replace(case, handler=facts.get("handler", case.handler))


CHANGES: dict[Kind, Change] = {
    Kind.SUBMITTED: _submitted,
    Kind.CORRECTION_ASKED: _correction_asked,
    Kind.CORRECTION_PERMITTED: _correction_permitted,
    Kind.CORRECTED: _corrected,
    Kind.LAPSED: _lapsed,
    Kind.ADMITTED: _admitted,
    Kind.AUTO_ADMITTED: _admitted,
    Kind.NOT_ADMITTED: _not_admitted,
    Kind.WINDOW_CHOSEN: _window_chosen,
    Kind.WINDOW_TAKEN: _window_taken,
    Kind.SPECIAL_BEGUN: _special_begun,
    Kind.SPECIAL_ENDED: _special_ended,
    Kind.DECIDED: _decided,
    Kind.ISSUED: _issued,
    Kind.DEPUTY_CALLED: _deputy_called,
}
