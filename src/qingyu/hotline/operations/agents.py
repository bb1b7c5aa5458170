"""An agent at the telephone: signs in at an extension, is ready, pauses, signs out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from qingyu.hotline.models import AgentState, Call, Switch
from qingyu.hotline.operations.issuing import issue
from qingyu.hotline.ports import Name
from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotAllowed, NotValid
from qingyu.rules.telephone import State

PAUSES = ("rest", "meal", "training", "meeting", "consulting")


@transaction.atomic
def agent_state(
    *, state: str, viewer: Viewer, at: datetime, switch: Switch | None = None, extension: str = "", reason: str = ""
) -> AgentState | None:
    """Ready, paused (with a reason) or offline. The first time with switch and extension; they stay.

    NotValid: state_unknown, pause_reason_unknown, extension_missing. NotAllowed: extension_taken, agent_busy.
    """
    viewer.require("hotline.answer")
    if state not in AgentState.State.values:
        raise NotValid("state_unknown", field="state")
    if state == AgentState.State.PAUSED and reason not in PAUSES:
        raise NotValid("pause_reason_unknown", field="reason")
    row = AgentState.objects.select_for_update().filter(staff=viewer.staff_id).first()
    if state == AgentState.State.OFFLINE and (row is None or row.state == state):
        return row
    row = _at_extension(row, viewer, switch, extension.strip()[:40], at)
    before, row.state = row.state, state
    row.reason, row.since = (reason if state == AgentState.State.PAUSED else ""), at
    if state == AgentState.State.OFFLINE:
        _check_free(viewer)
    row.save()
    _tell(row, before=before, at=at)
    return row


def _at_extension(
    row: AgentState | None, viewer: Viewer, switch: Switch | None, extension: str, at: datetime
) -> AgentState:
    if row is None:
        row = AgentState(staff_id=viewer.staff_id, since=at)
    if switch is not None and extension:
        if row.state != AgentState.State.OFFLINE and (row.switch_id, row.extension) != (switch.pk, extension):
            _check_free(viewer)
        row.switch, row.extension = switch, extension
    if not row.extension:
        raise NotValid("extension_missing", field="extension")
    present = AgentState.objects.filter(switch=row.switch_id, extension=row.extension).exclude(staff=viewer.staff_id)
    if present.exclude(state=AgentState.State.OFFLINE).exists():
        raise NotAllowed("extension_taken")
    return row


def _check_free(viewer: Viewer) -> None:
    if Call.objects.filter(agent=viewer.staff_id, wrapped_at=None, state=State.TALKING).exists():
        raise NotAllowed("agent_busy")


def _tell(row: AgentState, *, before: str, at: datetime) -> None:
    key, agent = f"agent:{row.pk}:{at.timestamp()}", {"agent": row.extension}
    if row.state == AgentState.State.OFFLINE:
        issue(row.switch, Name.LOGOUT, key=key, args=agent, at=at)
        return
    if before == AgentState.State.OFFLINE:
        issue(row.switch, Name.LOGIN, key=f"{key}:in", args=agent, at=at)
    issue(row.switch, Name.PAUSE, key=key, args={**agent, "reason": row.reason}, at=at)
