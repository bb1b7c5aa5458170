"""What a switch tells: stored first, then folded into the call, then what follows from it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from qingyu.cases import papers
from qingyu.hotline.models import AgentState, Call, CallEvent, Switch
from qingyu.hotline.operations import following
from qingyu.hotline.ports import PERSONAL, Told, checked
from qingyu.rules import identifiers, telephone
from qingyu.rules.refusals import NotValid

OURS = 2**40  # numbers of events that we tell ourselves begin here
BATCH = 200


def take_event(switch: Switch, told: Told, *, at: datetime) -> int:
    """One event; see ``take_events``."""
    return take_events(switch, [told], at=at)


def take_events(switch: Switch, told: Sequence[Told], *, at: datetime) -> int:
    """Stores what is new, then acts on it; how many were new. Told again, nothing happens twice.

    Stored and acted on in transactions of their own: what could not be acted on now is taken up by
    ``apply_stored``. An event of a call that has not been offered yet waits for that. NotValid: ``ports.checked``.
    """
    rows = [_row(switch, checked(one, at=at), at=at) for one in told]
    before = CallEvent.objects.filter(switch=switch).order_by("-id").values_list("id", flat=True).first() or 0
    with transaction.atomic():
        CallEvent.objects.bulk_create(rows, ignore_conflicts=True)
    new = CallEvent.objects.filter(switch=switch, id__gt=before, uuid__in=[row.uuid for row in rows]).count()
    for call_ref in dict.fromkeys(row.call_ref for row in rows):
        _apply(switch, call_ref, at=at)
    return new


def _row(switch: Switch, told: Told, *, at: datetime) -> CallEvent:
    personal = {name: value for name, value in told.data.items() if name in PERSONAL}
    row = CallEvent(
        uuid=uuid.uuid4(), switch=switch, call_ref=told.call_ref, type=told.type, seq=told.seq, at=told.at,
        leg=told.leg, data={name: value for name, value in told.data.items() if name not in PERSONAL}, recorded_at=at,
    )  # fmt: skip
    row.seal(personal)
    return row


def apply_stored(*, at: datetime) -> int:
    """Acts on events that were stored and not yet acted on, oldest first."""
    left = CallEvent.objects.filter(applied=False, recorded_at__lt=at).order_by("id")
    wanted = dict.fromkeys(left.values_list("switch_id", "call_ref")[:BATCH])
    switches = Switch.objects.in_bulk({switch for switch, _ref in wanted})
    for switch, call_ref in wanted:
        _apply(switches[switch], call_ref, at=at)
    return len(wanted)


@transaction.atomic
def _apply(switch: Switch, call_ref: str, *, at: datetime) -> None:
    if not call_ref:
        _of_the_switch(switch)
        return
    call = locked(switch, call_ref)
    stored = list(CallEvent.objects.filter(switch=switch, call_ref=call_ref))
    state = telephone.fold(map(_event, stored), outbound=call.outbound)
    before = call.state
    _keep_phone(call, stored)
    _fold(call, state)
    call.save()
    new = [row.pk for row in stored if not row.applied]
    CallEvent.objects.filter(pk__in=new).update(applied=True)
    following.follow(call, state, before=before, at=at)


def _event(row: CallEvent) -> telephone.Event:
    return telephone.Event(row.type, row.seq, row.at, row.data)


def locked(switch: Switch, call_ref: str) -> Call:
    """The row of a call, locked; made where the switch tells of it for the first time, with whatever event."""
    rows = Call.objects.select_for_update().filter(switch=switch, call_ref=call_ref)
    call = rows.first()
    if call is None:
        fresh = Call(switch=switch, call_ref=call_ref, imported=switch.kind == Switch.Kind.REPLAY)
        Call.objects.bulk_create([fresh], ignore_conflicts=True)
        call = rows.get()
    call.switch = switch
    return call


COLUMNS = (
    "known", "state", "outcome", "requested", "offered_at", "joined_at", "position", "connected_at", "ended_at",
    "end_reason", "waited", "talked", "rating", "recording", "result",
)  # fmt: skip


def _fold(call: Call, state: telephone.Call) -> None:
    made_at = call.offered_at
    for name in COLUMNS:
        setattr(call, name, getattr(state, name))
    if call.outbound:
        call.offered_at = made_at
    elif state.agent != call.agent_code:
        call.agent_code, call.agent_id = state.agent, _agent_at(call.switch, state.agent)


def _agent_at(switch: Switch, extension: str) -> int | None:
    if not extension:
        return None
    present = AgentState.objects.filter(switch=switch, extension=extension).exclude(state=AgentState.State.OFFLINE)
    return present.values_list("staff_id", flat=True).first()


def _keep_phone(call: Call, stored: Iterable[CallEvent]) -> None:
    if call.phone or call.outbound or call.hidden:
        return
    offered = next((row for row in stored if row.type == telephone.Type.OFFERED), None)
    number = str(offered.personal().get("caller") or "") if offered else ""
    if not number:
        return
    try:
        phone = identifiers.normalise_phone(number)
        call.seal_phone(phone, index=papers.blind_phone(phone))
    except NotValid:
        call.seal_phone(number[:40], index="")


def _of_the_switch(switch: Switch) -> None:
    """Whether the switch is up, and which agents take calls, as it says itself; the latest word counts."""
    left = CallEvent.objects.filter(switch=switch, call_ref="", applied=False).order_by("at", "id")
    for row in list(left):
        if row.type == telephone.Type.AGENT_STATE:
            _agent_told(switch, row)
        elif switch.told_at is None or row.at >= switch.told_at:
            switch.up, switch.told_at = row.type == telephone.Type.UP, row.at
            switch.save(update_fields=["up", "told_at"])
        CallEvent.objects.filter(pk=row.pk).update(applied=True)


def _agent_told(switch: Switch, row: CallEvent) -> None:
    state = str(row.data.get("state") or "")
    if state not in AgentState.State.values or state == AgentState.State.OFFLINE:
        state = AgentState.State.PAUSED if state != AgentState.State.OFFLINE else state
    present = AgentState.objects.filter(switch=switch, extension=telephone.text(row.data.get("agent")))
    present.exclude(state=AgentState.State.OFFLINE).filter(since__lt=row.at).update(
        state=state, reason=telephone.text(row.data.get("reason"))[:20], since=row.at
    )  # fmt: skip
