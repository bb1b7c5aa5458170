"""The agent's desk: the call at hand, who called, what they filed before, what has been typed, which answers fit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from qingyu.cases import policy
from qingyu.cases.models import Case
from qingyu.cases.operations.opening import query_code
from qingyu.cases.queries import Row
from qingyu.cases.staff import file as earlier
from qingyu.hotline.models import AgentState, Call, CallBack, CallCase, Draft, Switch
from qingyu.knowledge.queries import Found, at_hand, found_for
from qingyu.people import sealing
from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotValid
from qingyu.rules.telephone import State, Why

MOST_ANSWERS = 3
READ_OUT = timedelta(hours=1)
"""How long after filing the code is there to be read out, and a call that was wrapped up can be looked at again."""
BEFORE_THE_END = ~Q(state=State.ENDED)
AT_HAND = BEFORE_THE_END | Q(connected_at__isnull=False)
TO_RING = RawSQL("hotline_callback.state IN ('waiting', 'dialling')", (), output_field=BooleanField())
"""In the text, so that the partial index matches."""


class NoSuchCall(Exception):
    """There is none, or it is none of the viewer's."""


def state_of(viewer: Viewer) -> AgentState | None:
    """Where the viewer answers and whether they take calls."""
    return AgentState.objects.select_related("switch").filter(staff=viewer.staff_id).first()


def calls_of(viewer: Viewer) -> list[Call]:
    """The calls the viewer has not wrapped up: who is on the line first, then who rings, then what has ended."""
    rows = Call.objects.filter(AT_HAND, agent=viewer.staff_id, wrapped_at=None, imported=False)
    found = rows.select_related("switch", "returns__call").order_by("-id")[:20]
    order = {State.TALKING: 0, State.RINGING: 1, State.OFFERED: 1}
    return sorted(found, key=lambda call: (order.get(State(call.state), 2), -call.pk))


def pulse(viewer: Viewer) -> str:
    """A short text that changes whenever the desk must show something else; one statement."""
    rows = Call.objects.filter(AT_HAND, agent=viewer.staff_id, wrapped_at=None, imported=False)
    return ",".join(f"{pk}-{state}" for pk, state in rows.order_by("-id").values_list("pk", "state")[:20])


def call_for(viewer: Viewer, pk: int, *, at: datetime) -> Call:
    """A call of the viewer's that they are at work on; NoSuchCall otherwise.

    Once it is wrapped up and nothing typed is left in it, its number is shown no more: the case says who the person
    is, to whoever may know.
    """
    at_work = Q(wrapped_at=None) | Q(wrapped_at__gt=at - READ_OUT) | Q(draft__by=viewer.staff_id)
    rows = Call.objects.select_related("switch", "returns__call").filter(pk=pk, agent=viewer.staff_id)
    call = rows.filter(at_work).first()
    if call is None:
        raise NoSuchCall
    return call


@dataclass(frozen=True)
class Typed:
    """What was typed in a call so far. ``version`` 0: nothing yet."""

    fields: dict[str, str]
    version: int = 0
    saved_at: datetime | None = None


def typed(call: Call) -> Typed:
    """What was typed in the call, or in the one that this one returns."""
    owner = call.returns.call if call.returns else call
    row = Draft.objects.filter(call=owner).first()
    if row is None:
        return Typed({})
    text = sealing.unseal(row.body, column="draft:body", row=owner.uuid)
    return Typed(json.loads(text) if text else {}, row.version, row.saved_at)


def unfinished(viewer: Viewer) -> list[Call]:
    """Calls whose draft the viewer neither filed nor threw away, other than those at hand."""
    rows = Call.objects.filter(draft__by=viewer.staff_id, agent=viewer.staff_id, wrapped_at__isnull=False)
    return list(rows.select_related("draft").order_by("-id")[:20])


def earlier_cases(viewer: Viewer, call: Call) -> list[Row]:
    """Up to ten earlier cases of the number, newest first; never reports of wrongdoing or confidential ones."""
    if not call.phone_index or call.hidden:
        return []
    return earlier.of_phone(policy.visible_with(viewer, "contact.find"), call.phone_index)


@dataclass(frozen=True)
class Came:
    """A case that came of a call, with the code to read out; empty when the call is long over."""

    number: str
    code: str
    state: str


def came_of(call: Call, *, at: datetime) -> list[Came]:
    """The cases that came of the call; two statements at most."""
    rows = CallCase.objects.filter(call=call).select_related("case").order_by("id")
    return [
        Came(row.case.number, query_code(row.case) if at - row.at < READ_OUT else "", row.case.state) for row in rows
    ]


def owed_for(call: Call) -> CallBack | None:
    """The call-back that the call is owed, or that it tries."""
    return call.returns or CallBack.objects.filter(call=call).first()


def switches() -> QuerySet[Switch]:
    """Switches at which somebody can answer."""
    return Switch.objects.filter(active=True).exclude(kind=Switch.Kind.REPLAY).order_by("code")


def waiting_now() -> int:
    """How many callers stand in a queue, counted to 99."""
    rows = Call.objects.filter(state=State.QUEUED, imported=False, ended_at=None)
    return len(rows.values_list("pk", flat=True)[:99])


def answers_for(call: Call, *, words: str, day: date) -> list[Found]:
    """Up to three answers to the words; without them those that fit what has been typed in the call so far."""
    if words.strip():
        return found_for(words, day=day)[:MOST_ANSWERS]
    fields = typed(call).fields
    text, topic = fields.get("text", ""), fields.get("topic", "")
    if not text.strip():
        return []
    return at_hand(text, topic, day=day) or found_for(text, day=day)[:MOST_ANSWERS]


@dataclass(frozen=True)
class BrokenOff:
    """An earlier call of the same number that broke off and was not made good, with what was typed in it."""

    owed: CallBack
    text: str


def broken_off(call: Call) -> BrokenOff | None:
    """The newest one; None where there is none, or nobody knows the number. Two statements at most.

    What was to be a report of wrongdoing, or confidential, stays with the agent who began it.
    """
    if not call.phone_index or call.outbound:
        return None
    same = CallBack.objects.filter(TO_RING, why=Why.CUT_OFF, call__phone_index=call.phone_index).exclude(call=call)
    row = same.select_related("call__returns__call").order_by("-owed_at").first()
    if row is None:
        return None
    fields = typed(row.call).fields
    sealed = fields.get("type") == Case.Type.REPORT or fields.get("confidential")
    return BrokenOff(row, "" if sealed else fields.get("text", ""))


def switch_of(code: str) -> Switch:
    """A switch by its code. NotValid("switch_unknown")."""
    row = Switch.objects.filter(code=code).first()
    if row is None:
        raise NotValid("switch_unknown", field="switch")
    return row
