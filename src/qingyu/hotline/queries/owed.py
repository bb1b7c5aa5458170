"""Who is to be rung back, and who waits in a queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qingyu.hotline.models import Call, CallBack
from qingyu.hotline.queries.desk import TO_RING, NoSuchCall
from qingyu.rules import identifiers
from qingyu.rules.telephone import State

PAGE = 50


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


# The queue ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """A caller in a queue; the number is masked. ``seconds`` waited so far."""

    position: int
    phone: str
    since: datetime
    seconds: int


def queue(*, at: datetime) -> list[Waiting]:
    """Who waits for an agent now, in the order of the queue; fifty at most. One statement."""
    rows = Call.objects.filter(state=State.QUEUED, imported=False, ended_at=None, joined_at__isnull=False)
    return [_waiting(row, at) for row in rows.order_by("position", "joined_at")[:PAGE]]


def _waiting(row: Call, at: datetime) -> Waiting:
    assert row.joined_at is not None
    seconds = max(0, int((at - row.joined_at).total_seconds()))
    return Waiting(row.position, identifiers.mask_phone(row.clear_phone()), row.joined_at, seconds)
