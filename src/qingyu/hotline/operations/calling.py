"""漏接回拨: ringing back those who did not get through, and those whose call broke off."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from qingyu.hotline.models import AgentState, Call, CallBack
from qingyu.hotline.operations import events, following
from qingyu.hotline.operations.issuing import issue
from qingyu.hotline.ports import Name, Told
from qingyu.people.policy import Viewer
from qingyu.rules import telephone
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid
from qingyu.rules.telephone import Result, State, Why

RING_SECONDS = 30
BATCH = 50


@transaction.atomic
def make_callback(call: Call, *, viewer: Viewer, at: datetime) -> CallBack:
    """The line broke in the middle of a call of mine: the caller is owed a call-back.

    NotAllowed: call_going_on, no_phone_of_caller. NotPermitted("not_your_call").
    """
    viewer.require("hotline.answer")
    row = Call.objects.select_for_update().get(pk=call.pk)
    if row.agent_id != viewer.staff_id or row.outbound:
        raise NotPermitted("not_your_call")
    if row.state != State.ENDED:
        raise NotAllowed("call_going_on")
    if not row.phone:
        raise NotAllowed("no_phone_of_caller")
    return following.owe(row, Why.CUT_OFF, since=row.ended_at or at)


@transaction.atomic
def ring(owed: CallBack, *, viewer: Viewer, at: datetime) -> Call:
    """Has the switch ring the agent and then the caller; the call that tries it.

    NotAllowed: not_at_phone, callback_over, callback_taken, callback_too_early, agent_busy.
    """
    viewer.require("hotline.answer")
    row = CallBack.objects.select_for_update(of=("self",)).select_related("call").get(pk=owed.pk)
    present = AgentState.objects.select_related("switch").filter(staff=viewer.staff_id).first()
    _check(row, present, viewer, at)
    assert present is not None
    row.attempts, row.state, row.agent_id = row.attempts + 1, CallBack.State.DIALLING, viewer.staff_id
    row.save(update_fields=["attempts", "state", "agent"])
    call = _attempt(row, present, at)
    args = {
        "call_ref": call.call_ref, "agent": present.extension, "purpose": "call_back", "timeout": RING_SECONDS,
    }  # fmt: skip
    issue(present.switch, Name.DIAL, key=call.call_ref, args=args, number=row.call.clear_phone(), call=call, at=at)
    return call


def _check(row: CallBack, present: AgentState | None, viewer: Viewer, at: datetime) -> None:
    if present is None or present.state == AgentState.State.OFFLINE:
        raise NotAllowed("not_at_phone")
    if row.state == CallBack.State.DIALLING:
        raise NotAllowed("callback_taken")
    if row.state != CallBack.State.WAITING:
        raise NotAllowed("callback_over")
    if at < row.next_try:
        raise NotAllowed("callback_too_early", next_try=row.next_try)
    busy = Call.objects.filter(agent=viewer.staff_id, wrapped_at=None).exclude(state=State.ENDED)
    if busy.exists():
        raise NotAllowed("agent_busy")


def _attempt(row: CallBack, present: AgentState, at: datetime) -> Call:
    call = Call(
        switch=present.switch, call_ref=f"back-{row.pk}-{row.attempts}", outbound=True, known=True, returns=row,
        state=State.OFFERED, offered_at=at, agent_id=present.staff_id, agent_code=present.extension,
        hidden=row.call.hidden,
    )  # fmt: skip
    purpose = "r" if row.call.hidden else "k"
    call.seal_phone(row.call.clear_phone(), index=row.call.phone_index, purpose=purpose)
    call.save()
    return call


SETTLED = {"reached": CallBack.State.REACHED, "not_needed": CallBack.State.GIVEN_UP}


@transaction.atomic
def settle(owed: CallBack, *, outcome: str, viewer: Viewer, at: datetime) -> CallBack:
    """Somebody says how a call-back ended without the switch: ``reached`` by another telephone, or ``not_needed``.

    NotValid("result_unknown"), NotAllowed("callback_over"), NotPermitted("permission_missing").
    """
    if not viewer.may("hotline.manage"):
        viewer.require("hotline.answer")
    if outcome not in SETTLED:
        raise NotValid("result_unknown", field="outcome")
    row = CallBack.objects.select_for_update().get(pk=owed.pk)
    if row.state not in following.OPEN:
        raise NotAllowed("callback_over")
    row.state, row.outcome, row.outcome_at, row.agent_id = SETTLED[outcome], outcome, at, viewer.staff_id
    row.by_word = True
    row.save(update_fields=["state", "outcome", "outcome_at", "agent", "by_word"])
    following.reached_too(row)
    return row


def owe_cut_off(*, at: datetime) -> int:
    """Whom an agent has left in the middle is owed a call-back: how many.

    The call is over, what was typed is neither filed nor thrown away, and nobody has typed on: the browser was closed,
    or the agent was called away.
    """
    quiet = at - telephone.LEFT_ALONE
    left = Call.objects.filter(
        state=State.ENDED, wrapped_at=None, agent__isnull=False, connected_at__isnull=False, outbound=False,
        imported=False, ended_at__lt=quiet, draft__saved_at__lt=quiet, owed__isnull=True, came__isnull=True,
    ).exclude(phone=b"")  # fmt: skip
    return sum(_owe(pk) for pk in left.order_by("id").values_list("pk", flat=True)[:BATCH])


@transaction.atomic
def _owe(pk: int) -> int:
    row = Call.objects.select_for_update(skip_locked=True).filter(pk=pk, wrapped_at=None).first()
    if row is None or row.ended_at is None:
        return 0
    following.owe(row, Why.CUT_OFF, since=row.ended_at)
    return 1


@transaction.atomic
def note_result(call: Call, *, result: str, viewer: Viewer, at: datetime) -> None:
    """The agent says how a call-back came out, where the switch does not.

    NotValid("result_unknown"), NotAllowed("call_not_outbound"), NotPermitted("not_your_call").
    """
    viewer.require("hotline.answer")
    if result not in list(Result):
        raise NotValid("result_unknown", field="result")
    if not call.outbound:
        raise NotAllowed("call_not_outbound")
    if call.agent_id != viewer.staff_id:
        raise NotPermitted("not_your_call")
    told = Told("outbound.result", call.call_ref, events.OURS, at, data={"result": result, "by": "agent"})
    events.take_event(call.switch, told, at=at)
