"""What follows when a call has gone on: somebody is owed a call-back, a try came out, an agent writes up."""

from __future__ import annotations

from datetime import datetime

from qingyu.hotline.models import AgentState, Call, CallBack, CallCase, CallEvent
from qingyu.hotline.operations import rating
from qingyu.hotline.operations.issuing import issue
from qingyu.hotline.ports import Name
from qingyu.rules import telephone
from qingyu.rules.telephone import Result, State, Why

OPEN = (CallBack.State.WAITING, CallBack.State.DIALLING)


def follow(call: Call, state: telephone.Call, *, before: str, at: datetime) -> None:
    """In the transaction in which the call was folded; each step once, however often events come."""
    if call.imported:
        return
    if call.outbound:
        _try_came_out(call)
    elif call.connected_at is not None:
        _not_owed(call)
        _broke_off(call, state)
        rating.pass_on(call, at=at)
    elif (why := telephone.owed(state)) is not None and call.phone:
        owe(call, why, since=telephone.owed_since(state) or at)
    if call.state == State.ENDED and before != State.ENDED and call.connected_at and call.agent_id:
        _let_write_up(call, at=at)


def owe(call: Call, why: Why, *, since: datetime) -> CallBack:
    """The caller is to be rung back: one row for each call. Until somebody rings, later news may correct it."""
    told = {"why": why, "owed_at": since, "due_at": since + telephone.WITHIN, "next_try": since}
    row, new = CallBack.objects.get_or_create(call=call, defaults=told)
    untouched = row.state == CallBack.State.WAITING and not row.attempts and row.why != Why.CUT_OFF
    if not new and untouched and (row.why, row.owed_at) != (why, since):
        CallBack.objects.filter(pk=row.pk).update(**told)
        row.refresh_from_db()
    return row


def _not_owed(call: Call) -> None:
    """Who speaks with an agent now need not be rung back for the times they did not get through before."""
    if call.phone_index:
        same = CallBack.objects.filter(call__phone_index=call.phone_index, state__in=OPEN).exclude(call=call)
        same.filter(owed_at__lte=call.connected_at).exclude(why=Why.CUT_OFF).update(
            state=CallBack.State.CALLED_AGAIN, outcome_at=call.connected_at
        )
    untouched = CallBack.objects.filter(call=call, state=CallBack.State.WAITING, attempts=0)
    untouched.exclude(why=Why.CUT_OFF).delete()  # that the caller was answered came late


def _broke_off(call: Call, state: telephone.Call) -> None:
    """The line broke while they spoke, and no case has come of the call: nobody need press anything."""
    if telephone.cut_off(state) and call.phone and not CallCase.objects.filter(call=call).exists():
        owe(call, Why.CUT_OFF, since=call.ended_at or state.connected_at)  # type: ignore[arg-type]


def _try_came_out(call: Call) -> None:
    """The result of a call that we made decides about the call-back it was made for."""
    if call.returns_id is None:
        return
    row = CallBack.objects.select_for_update().get(pk=call.returns_id)
    said_before = row.by_word and row.state == CallBack.State.REACHED
    if not (row.state in OPEN or said_before) or not call.result or call.offered_at is None:
        return
    if said_before and not (call.result == Result.ANSWERED and _switch_says_so(call)):
        return
    row.outcome, row.outcome_at = call.result, call.connected_at or call.offered_at
    if call.result == Result.ANSWERED:
        row.state, row.by_word = CallBack.State.REACHED, not _switch_says_so(call)
        reached_too(row)
    else:
        _try_again(row, last=call.offered_at)
    row.save()


def _switch_says_so(call: Call) -> bool:
    """Whether the switch itself tells that the caller answered, and not only an agent."""
    told = CallEvent.objects.filter(switch=call.switch_id, call_ref=call.call_ref, type=telephone.Type.RESULT)
    return any(row.data.get("result") == Result.ANSWERED and row.data.get("by") != "agent" for row in told)


def reached_too(row: CallBack) -> None:
    """Who has been reached need not be rung for the other times that the same number did not get through."""
    index = Call.objects.filter(pk=row.call_id).values_list("phone_index", flat=True).first()
    if index and row.state == CallBack.State.REACHED:
        same = CallBack.objects.filter(call__phone_index=index, state=CallBack.State.WAITING).exclude(pk=row.pk)
        same.exclude(why=Why.CUT_OFF).update(
            state=row.state, outcome=row.outcome, outcome_at=row.outcome_at, agent=row.agent_id, by_word=row.by_word
        )


def _try_again(row: CallBack, *, last: datetime) -> None:
    results = Call.objects.filter(returns=row).exclude(result="").values_list("result", flat=True)
    again = telephone.next_try(results, last=last)
    row.state = CallBack.State.WAITING if again else CallBack.State.GIVEN_UP
    row.next_try = again or row.next_try


def _let_write_up(call: Call, *, at: datetime) -> None:
    """No further call rings at an agent who writes up the last one."""
    present = AgentState.objects.filter(staff=call.agent_id, state=AgentState.State.READY).first()
    if present is not None:
        args = {"agent": present.extension, "reason": "wrap_up"}
        issue(present.switch, Name.PAUSE, key=f"wrap:{call.pk}", args=args, at=at)
