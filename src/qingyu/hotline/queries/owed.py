"""Who is to be rung back, and who waits in a queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from qingyu.cases.kept import Kept, kept
from qingyu.hotline.models import Call, CallBack, unsealed_phone
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
    return [_owed(values, at) for values in _kept(connection.vendor).read()]


COLUMNS = ("id", "call__phone", "call__uuid", "why", "owed_at", "due_at", "next_try", "attempts", "outcome", "state")


@lru_cache(maxsize=2)
def _kept(vendor: str) -> Kept:
    return kept(CallBack.objects.filter(TO_RING).order_by("due_at", "id").values_list(*COLUMNS)[:PAGE])


def _owed(values: tuple[Any, ...], at: datetime) -> Owed:
    pk, phone, uuid, why, owed_at, due_at, next_try, attempts, outcome, state = values
    ready = state == CallBack.State.WAITING and next_try <= at
    masked = identifiers.mask_phone(unsealed_phone(phone, uuid))
    return Owed(pk, masked, why, owed_at, due_at, next_try, attempts, outcome, state, due_at < at, ready)


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
