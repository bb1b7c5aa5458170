"""The citizen's rating of the outcome: the same one twice is one."""

from __future__ import annotations

from datetime import datetime

from qingyu.cases import operations
from qingyu.cases.actors import CITIZEN
from qingyu.cases.idempotency import Call, once
from qingyu.cases.models import Case
from qingyu.rules.rating import Channel
from qingyu.rules.refusals import NotAllowed, NotValid


def rate(case: Case, *, level: str, text: str, channel: Channel, at: datetime) -> None:
    """Records the citizen's rating. Another one at the same moment is refused as "rated_twice"."""
    number = operations.rating_occasion(case)
    call = Call(f"case:{case.uuid}", "rate", str(number), f"{level}\n{text}".encode())
    try:
        once(call, lambda: _rated(case, level, text, channel, number, at), at=at)
    except NotValid as refusal:
        if refusal.code != "idempotency_mismatch":
            raise
        raise NotAllowed("rated_twice") from None


def _rated(case: Case, level: str, text: str, channel: Channel, number: int, at: datetime) -> tuple[int, str]:
    operations.rate(case, level=level, channel=channel, occasion=number, comment=text, by=CITIZEN, at=at)
    return 201, ""
