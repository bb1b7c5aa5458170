"""The same request twice is one act and one answer: the key stands in the same transaction as the act."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from qingyu.cases.models import IdempotencyKey
from qingyu.people import sealing
from qingyu.rules.refusals import NotValid


@dataclass(frozen=True)
class Call:
    """One request that may be repeated. ``key`` empty: it is not protected. ``body`` is what is compared."""

    caller: str
    route: str
    key: str
    body: bytes = b""

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    @property
    def row(self) -> str:
        return f"{self.caller}:{self.route}:{self.key}"


def once(call: Call, act: Callable[[], tuple[int, str]], *, at: datetime) -> tuple[int, str]:
    """Status and text of ``act``, done at most once for the call; a repetition gets the first answer.

    NotValid("idempotency_mismatch") where the same key comes with another body.
    """
    if not call.key:
        with transaction.atomic():
            return act()
    try:
        return _first(call, act, at)
    except IntegrityError:
        return _again(call)


def _first(call: Call, act: Callable[[], tuple[int, str]], at: datetime) -> tuple[int, str]:
    with transaction.atomic():
        row = IdempotencyKey.objects.create(
            caller=call.caller[:80], route=call.route[:120], key=call.key[:120], digest=call.digest, created_at=at
        )
        status, answer = act()
        row.status, row.answer = status, sealing.seal(answer, column="idempotency:answer", row=call.row)
        row.save(update_fields=["status", "answer"])
    return status, answer


def _again(call: Call) -> tuple[int, str]:
    row = IdempotencyKey.objects.filter(caller=call.caller[:80], route=call.route[:120], key=call.key[:120]).first()
    if row is None:
        raise  # noqa: PLE0704  the integrity error was about something else
    if row.digest != call.digest:
        raise NotValid("idempotency_mismatch", field="Idempotency-Key")
    return row.status, sealing.unseal(row.answer, column="idempotency:answer", row=call.row)
