"""What the apps below need of the case line to act once and to say no in words: ``people.ports.House``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from qingyu.cases import idempotency, wording
from qingyu.people.ports import Sent
from qingyu.rules.refusals import Refusal


class CaseHouse:
    """Keys and sentences as cases have them."""

    def once(self, sent: Sent, act: Callable[[], tuple[int, str]], *, at: datetime) -> tuple[int, str]:
        return idempotency.once(idempotency.Call(sent.caller, sent.route, sent.key, sent.body), act, at=at)

    def sentence(self, refusal: Refusal) -> str:
        return wording.sentence(refusal)
