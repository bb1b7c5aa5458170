"""States and events of a case: which event may follow which state, and what it changes in the case.

Source of the flow: national 12345 guidance (国办发〔2020〕53号) with 签收, 派单异议, 先行联系, 重办 as in the hotline
ordinances of Beijing (2021), Jinan (2018) and Weifang (2021); for applications 行政许可法 32, 42, 44, 45. Deadlines are
the business of ``clocks``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from qingyu.rules.lifecycle import applications, requests
from qingyu.rules.lifecycle.case import DOORS, CaseState, Facts, door_of
from qingyu.rules.lifecycle.kinds import (
    ENDED,
    OF_REQUESTS,
    OPEN,
    OPEN_STATES,
    SOURCES,
    STAGES,
    WITH_UNIT,
    Kind,
    Stage,
    State,
)
from qingyu.rules.refusals import NotAllowed

__all__ = [
    "CHANGES",
    "DOORS",
    "ENDED",
    "OF_REQUESTS",
    "OPEN",
    "OPEN_STATES",
    "SOURCES",
    "STAGES",
    "WITH_UNIT",
    "CaseState",
    "Facts",
    "Kind",
    "Stage",
    "State",
    "allowed",
    "door_of",
    "fold",
    "require",
]

CHANGES = requests.CHANGES | applications.CHANGES


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
    if _is_of_another_kind(case, kind):
        return "not_at_this_stage"
    return _refusal_of_application(case, kind) if case.stage else _refusal_of_request(case, kind)


def _refusal_of_application(case: CaseState, kind: Kind) -> str | None:
    """One notice of what must be corrected (行政许可法 32) and one extension (42)."""
    if kind is Kind.CORRECTION_ASKED and case.corrections > case.permits:
        return "correction_asked_already"
    if kind is Kind.EXTENSION_ASKED and case.extensions:
        return "extended_once"
    return _refusal_of_extension(case, kind)


def _refusal_of_request(case: CaseState, kind: Kind) -> str | None:
    if kind is Kind.ARBITRATED and not case.disputed:
        return "nothing_to_arbitrate"
    if kind in (Kind.RETURNED, Kind.AUTO_ACCEPTED) and case.disputed:
        return "return_already_pending"
    if kind is Kind.RETURNED and case.designated:
        return "unit_designated"
    return _refusal_of_extension(case, kind)


def _refusal_of_extension(case: CaseState, kind: Kind) -> str | None:
    if kind is Kind.EXTENSION_ASKED and case.extension_pending:
        return "extension_already_pending"
    if kind is Kind.EXTENSION_DECIDED and not case.extension_pending:
        return "no_extension_asked"
    return None


def _is_of_another_kind(case: CaseState, kind: Kind) -> bool:
    """Whether the event belongs to another stage of an application, or to requests, or to applications alone."""
    if kind in STAGES:
        return case.stage not in STAGES[kind]
    if kind is Kind.SUBMITTED:
        return not case.item
    if kind in (Kind.EXTENSION_ASKED, Kind.EXTENSION_DECIDED):
        return case.stage not in ("", Stage.HANDLING)
    return bool(case.stage) and kind in OF_REQUESTS


def fold(case: CaseState, kind: Kind, at: datetime, facts: Facts) -> CaseState:
    """The case after the event. Pure: the same events give the same case at any time on any machine."""
    change = CHANGES.get(kind)
    after = change(case, at, facts) if change else case
    return replace(after, last_at=max(at, case.last_at or at))
