"""What an agent does with a call: types, answers at once or files, wraps up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from qingyu.cases import actors, papers
from qingyu.cases import operations as cases
from qingyu.cases.models import Case
from qingyu.cases.operations import Filing, Opened
from qingyu.hotline.models import AgentState, Call, CallCase, CallEvent, Draft
from qingyu.hotline.operations import events, rating
from qingyu.hotline.operations.issuing import issue
from qingyu.hotline.ports import Name, Told
from qingyu.people import sealing
from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid
from qingyu.rules.telephone import State

FIELDS = (
    "phone", "name", "text", "title", "address", "area", "type", "topic", "urgency", "confidential", "answer",
)  # fmt: skip
LONGEST_DRAFT = 60_000


def origin(call: Call) -> Call:
    """The call that what is typed belongs to: of a call-back the one that the caller made."""
    return call.returns.call if call.returns is not None else call


def _mine(call: Call, viewer: Viewer) -> Call:
    """The row, locked. NotPermitted("not_your_call") unless the viewer has the call or rings the caller back."""
    viewer.require("hotline.answer")
    row = Call.objects.select_for_update(of=("self",)).select_related("switch", "returns__call").get(pk=call.pk)
    if row.agent_id != viewer.staff_id:
        raise NotPermitted("not_your_call")
    return row


@transaction.atomic
def save_draft(call: Call, *, fields: Mapping[str, str], version: int, viewer: Viewer, at: datetime) -> int:
    """Keeps what has been typed so far; the number of this state of it.

    NotAllowed("draft_changed_elsewhere") where ``version`` is not the last one kept; NotValid("text_too_long").
    """
    owner = origin(_mine(call, viewer))
    body = json.dumps({name: fields[name] for name in FIELDS if fields.get(name)}, ensure_ascii=False)
    if len(body) > LONGEST_DRAFT:
        raise NotValid("text_too_long", field="text", longest=LONGEST_DRAFT)
    row = Draft.objects.select_for_update().filter(call=owner).first()
    if row is None:
        row = Draft(call=owner)
    elif row.version != version:
        raise NotAllowed("draft_changed_elsewhere")
    row.by_id, row.saved_at, row.version = viewer.staff_id, at, row.version + 1
    row.body = sealing.seal(body, column="draft:body", row=owner.uuid, purpose="r")
    row.save()
    return row.version


@transaction.atomic
def throw_away_draft(call: Call, *, viewer: Viewer, at: datetime) -> None:
    """What was typed is not needed: the agent says so."""
    Draft.objects.filter(call=origin(_mine(call, viewer))).delete()


@transaction.atomic
def file(call: Call, filing: Filing, *, viewer: Viewer, at: datetime) -> Opened:
    """The caller's words become a case of channel phone that names the call; the draft is done with."""
    row = _mine(call, viewer)
    opened = cases.open_case(replace(filing, channel=Case.Channel.PHONE), by=actors.staff(viewer), at=at, call=row.pk)
    return _kept(row, opened, at=at)


@transaction.atomic
def answer_at_once(call: Call, filing: Filing, *, answer: str, viewer: Viewer, at: datetime) -> Opened:
    """The agent knows the answer: the case opens and closes in the call."""
    row, by = _mine(call, viewer), actors.staff(viewer)
    opened = cases.handle_at_once(
        replace(filing, channel=Case.Channel.PHONE), answer=answer, by=by, at=at, call=row.pk
    )  # fmt: skip
    return _kept(row, opened, at=at)


def _kept(call: Call, opened: Opened, *, at: datetime) -> Opened:
    CallCase.objects.create(call=call, case=opened.case, at=at)
    rating.pass_on(call, at=at)
    Draft.objects.filter(call=origin(call)).delete()
    if papers.is_sealed(opened.case):
        for one in {call.pk: call, origin(call).pk: origin(call)}.values():
            _hide(one)
    return opened


def _hide(call: Call) -> None:
    """Nobody may find who reported wrongdoing by the call: its number is sealed apart and in no index."""
    call.seal_phone(call.clear_phone(), index="", purpose="r")
    call.hidden = True
    call.save(update_fields=["phone", "phone_index", "hidden"])
    for row in CallEvent.objects.filter(switch=call.switch_id, call_ref=call.call_ref).exclude(sealed=b""):
        row.seal(row.personal(), purpose="r")
        row.save(update_fields=["sealed"])


@transaction.atomic
def wrap_up(call: Call, *, viewer: Viewer, at: datetime) -> None:
    """The agent is done with the call and takes the next. A draft that was not filed stays among the unfinished.

    NotAllowed: call_going_on, wrapped_already.
    """
    row = _mine(call, viewer)
    if row.wrapped_at is not None:
        raise NotAllowed("wrapped_already")
    if row.state != State.ENDED:
        _end_by_hand(row, at=at)
    row.wrapped_at = at
    row.save(update_fields=["wrapped_at"])
    _ready_again(row, viewer, at=at)


def _end_by_hand(call: Call, *, at: datetime) -> None:
    """Where the switch will not tell that the call is over: it is down, or the agent rang by another telephone."""
    if call.switch.up and not (call.outbound and call.result):
        raise NotAllowed("call_going_on")
    told = Told("call.ended", call.call_ref, events.OURS, at, data={"reason": "by_agent"})
    events.take_event(call.switch, told, at=at)
    call.refresh_from_db()


def _ready_again(row: Call, viewer: Viewer, *, at: datetime) -> None:
    present = AgentState.objects.filter(staff=viewer.staff_id, state=AgentState.State.READY).first()
    if present is not None:
        args = {"agent": present.extension, "reason": ""}
        issue(present.switch, Name.PAUSE, key=f"wrapped:{row.pk}", args=args, at=at)
