"""The same request twice is one act and one answer: the key stands in the same transaction as the act."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qingyu.cases import rows
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
    with transaction.atomic():
        if not call.key:
            return act()
        row = IdempotencyKey(
            caller=call.caller[:80], route=call.route[:120], key=call.key[:120], digest=call.digest, created_at=at
        )
        if not rows.claim(row, unique=("caller", "route", "key")):
            return _again(call)
        status, answer = act()
        sealed = sealing.seal(answer, column="idempotency:answer", row=call.row)
        rows.update(row, {"status": status, "answer": sealed})
        return status, answer


def _again(call: Call) -> tuple[int, str]:
    row = IdempotencyKey.objects.get(caller=call.caller[:80], route=call.route[:120], key=call.key[:120])
    if row.digest != call.digest:
        raise NotValid("idempotency_mismatch", field="Idempotency-Key")
    return row.status, sealing.unseal(row.answer, column="idempotency:answer", row=call.row)
