"""What the hotline reads: the call an agent has, who called, what they typed, who is to be rung back, the figures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from qingyu.cases import policy
from qingyu.cases.operations.opening import query_code
from qingyu.cases.queries import Row
from qingyu.cases.staff import file as earlier
from qingyu.hotline.models import AgentState, Call, CallBack, CallCase, CallEvent, Draft, Switch
from qingyu.people import sealing
from qingyu.people.policy import Viewer
from qingyu.rules import identifiers, telephone
from qingyu.rules.refusals import NotValid
from qingyu.rules.telephone import Counts, Outcome, State

PAGE = 50
BEFORE_THE_END = ~Q(state=State.ENDED)
AT_HAND = BEFORE_THE_END | Q(connected_at__isnull=False)
TO_RING = Q(state__in=[CallBack.State.WAITING, CallBack.State.DIALLING])


class NoSuchCall(Exception):
    """There is none, or it is none of the viewer's."""


# The agent's desk -----------------------------------------------------------------------------------------------


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


def call_for(viewer: Viewer, pk: int) -> Call:
    """A call of the viewer's; NoSuchCall otherwise."""
    rows = Call.objects.select_related("switch", "returns__call").filter(pk=pk, agent=viewer.staff_id)
    call = rows.first()
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
    """A case that came of a call, with the code to read out."""

    number: str
    code: str
    state: str


def came_of(call: Call) -> list[Came]:
    """The cases that came of the call."""
    rows = CallCase.objects.filter(call=call).select_related("case").order_by("id")
    return [Came(row.case.number, query_code(row.case), row.case.state) for row in rows]


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


# Call-backs -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Owed:
    """One caller to be rung back; the number is masked."""

    pk: int
    phone: str
    why: str
    owed_at: datetime
    due_at: datetime
    next_try: datetime
    attempts: int
    outcome: str
    state: str
    late: bool
    ready: bool


def call_backs(*, at: datetime) -> list[Owed]:
    """Who is to be rung back, first due first; fifty at most. One statement."""
    rows = CallBack.objects.filter(TO_RING).select_related("call").order_by("due_at", "id")[:PAGE]
    return [_owed(row, at) for row in rows]


def _owed(row: CallBack, at: datetime) -> Owed:
    ready = row.state == CallBack.State.WAITING and row.next_try <= at
    return Owed(
        row.pk, identifiers.mask_phone(row.call.clear_phone()), row.why, row.owed_at, row.due_at, row.next_try,
        row.attempts, row.outcome, row.state, row.due_at < at, ready,
    )  # fmt: skip


def call_back(pk: int) -> CallBack:
    """One call-back; NoSuchCall."""
    row = CallBack.objects.filter(pk=pk).first()
    if row is None:
        raise NoSuchCall
    return row


# Figures --------------------------------------------------------------------------------------------------------

_REAL = ~Q(outcome=Outcome.PHANTOM)
_ANSWERED, _ABANDONED = Q(outcome=Outcome.ANSWERED), Q(outcome=Outcome.ABANDONED)
_COUNTED: dict[str, Q] = {
    "offered": _REAL,
    "requested": _REAL & Q(requested=True),
    "answered": _ANSWERED,
    "answered_in_time": _ANSWERED & (Q(waited__lte=telephone.IN_TIME) | Q(waited__isnull=True)),
    "abandoned": _ABANDONED,
    "abandoned_late": _ABANDONED & Q(waited__gt=telephone.IN_TIME),
    "missed": Q(outcome=Outcome.MISSED),
    "before_queue": Q(outcome=Outcome.OFFERED),
    "phantom": Q(outcome=Outcome.PHANTOM),
}
_KEPT = Q(state__in=[CallBack.State.REACHED, CallBack.State.CALLED_AGAIN])


def counts(viewer: Viewer, *, since: datetime, until: datetime) -> Counts:
    """The calls that came in from ``since`` and before ``until``, and the call-backs owed then; two statements."""
    viewer.require("hotline.manage")
    calls = Call.objects.filter(outbound=False, known=True, offered_at__gte=since, offered_at__lt=until)
    found: dict[str, Any] = calls.aggregate(**{name: Count("id", filter=which) for name, which in _COUNTED.items()})
    owed = CallBack.objects.filter(owed_at__gte=since, owed_at__lt=until)
    found |= owed.aggregate(
        owed=Count("id"), kept=Count("id", filter=_KEPT),
        kept_in_time=Count("id", filter=_KEPT & Q(outcome_at__lte=F("due_at"))),
    )  # fmt: skip
    return Counts(**found)


def ratings(viewer: Viewer, *, since: datetime, until: datetime) -> list[tuple[int, int]]:
    """How many callers gave each number of stars after the call, five first."""
    viewer.require("hotline.manage")
    rows = Call.objects.filter(offered_at__gte=since, offered_at__lt=until, rating__gt=0).order_by()
    found = dict(rows.values_list("rating").annotate(n=Count("id")))
    return [(stars, found.get(stars, 0)) for stars in (5, 4, 3, 2, 1)]


def present(viewer: Viewer) -> list[AgentState]:
    """Who is at the telephone now."""
    viewer.require("hotline.manage")
    rows = AgentState.objects.exclude(state=AgentState.State.OFFLINE).select_related("staff", "switch")
    return list(rows.order_by("switch", "extension"))


def folded(calls: Sequence[Call]) -> list[telephone.Call]:
    """The calls as the rules fold them from what was stored: what the rows must say too."""
    found = []
    for call in calls:
        rows = CallEvent.objects.filter(switch=call.switch_id, call_ref=call.call_ref)
        told = [telephone.Event(row.type, row.seq, row.at, row.data) for row in rows]
        found.append(telephone.fold(told, outbound=call.outbound))
    return found


def switch_of(code: str) -> Switch:
    """A switch by its code. NotValid("switch_unknown")."""
    row = Switch.objects.filter(code=code).first()
    if row is None:
        raise NotValid("switch_unknown", field="switch")
    return row
