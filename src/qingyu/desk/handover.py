"""From an application begun online to the ticket at a window: the same case goes on under its number."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from qingyu.applications import operations as applications
from qingyu.cases import papers
from qingyu.cases.actors import CITIZEN, Actor
from qingyu.cases.models import Case, Contact, ViewLog
from qingyu.cases.operations.opening import is_query_code
from qingyu.hall.models import Ticket, Window
from qingyu.hall.operations.calling import attach_case
from qingyu.rules import identifiers
from qingyu.rules.lifecycle import Stage
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid

REFUSED = "at a window, refused"
WRONG_PROOFS_A_DAY = 30
_DAY = timedelta(hours=24)
ON_THE_WAY = (Stage.PRECHECK, Stage.CORRECTING, Stage.AT_WINDOW)


def go_on(window: Window, *, number: str, proof: str, by: Actor, at: datetime) -> Case:
    """The person at the window names an application and proves that it is theirs: query code, or the phone it has.

    Who comes without having said so has chosen the window by coming. NotPermitted: code_wrong, too_many_requests (30
    wrong proofs of this member of staff in 24 hours). NotAllowed: not_at_this_stage, and what the hall says of its
    ticket. A wrong proof stays in the view log although it is refused: call it outside a transaction.
    """
    assert by.staff_id is not None  # a clerk
    wrong = ViewLog.objects.filter(staff_id=by.staff_id, purpose=REFUSED, at__gt=at - _DAY)
    if wrong.count() >= WRONG_PROOFS_A_DAY:
        raise NotPermitted("too_many_requests")
    case = _named(number)
    if not _is_proved(case, proof):
        ViewLog.objects.create(at=at, staff_id=by.staff_id, case=case, fields=[], purpose=REFUSED)
        raise NotPermitted("code_wrong")
    return _taken(window, case, by=by, at=at)


@transaction.atomic
def _taken(window: Window, case: Case, *, by: Actor, at: datetime) -> Case:
    if case.stage not in ON_THE_WAY:
        raise NotAllowed("not_at_this_stage")
    ticket = attach_case(window, case, by=by, at=at)
    if case.stage != Stage.AT_WINDOW:
        applications.choose_window(case, by=CITIZEN, at=at)
    applications.take_at_window(
        case, unit=window.unit_id or window.hall.unit_id, by=by, at=at, ticket=ticket.pk, hall=window.hall.code,
        window=window.code, waited=_waited(ticket),
    )  # fmt: skip
    return case


def _waited(ticket: Ticket) -> int:
    assert ticket.called_at is not None  # it stands at the window
    return max(0, int((ticket.called_at - ticket.issued_at).total_seconds()))


def _named(number: str) -> Case:
    try:
        return Case.objects.get(number=identifiers.check_case_number(number))
    except (NotValid, Case.DoesNotExist):
        raise NotPermitted("code_wrong") from None


def _is_proved(case: Case, proof: str) -> bool:
    try:
        if is_query_code(case, proof):
            return True
    except NotValid:
        pass
    return _is_their_phone(case, proof)


def _is_their_phone(case: Case, proof: str) -> bool:
    try:
        index = papers.blind_phone(identifiers.normalise_phone(proof))
    except NotValid:
        return False
    return Contact.objects.filter(case=case, phone_index=index).exclude(role=Contact.Role.REPORTED).exists()
