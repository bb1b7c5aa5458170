"""漏接回拨: ringing back those who did not get through, and those whose call broke off."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from qingyu.hotline.models import AgentState, Call, CallBack
from qingyu.hotline.operations import events, following
from qingyu.hotline.operations.issuing import issue
from qingyu.hotline.ports import Name, Told
from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid
from qingyu.rules.telephone import Result, State, Why

RING_SECONDS = 30


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
