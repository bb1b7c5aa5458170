"""Who is owed a call-back, since when, and when it is tried again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from qingyu.rules.telephone.call import Call, Outcome, Result, Why

WITHIN = timedelta(minutes=30)  # our own measure: 国办发〔2020〕53号 asks for call-backs and names no time
AGAIN_AFTER = timedelta(minutes=10)
TRIES = 3
LOST = "lost"  # the reason that a switch gives where the line broke
LEFT_ALONE = timedelta(minutes=3)  # our own measure
"""So long after the end of a call, and after the last key, what was typed and not filed counts as broken off."""


def owed(call: Call) -> Why | None:
    """Why the caller is to be rung back, or None. Who was answered is owed nothing by the call itself."""
    if call.outbound or call.outcome not in (Outcome.ABANDONED, Outcome.MISSED):
        return None
    if call.why:
        return Why(call.why)
    return Why(call.left_why) if call.left_why in ("full", "timeout") else Why.ABANDONED


def cut_off(call: Call) -> bool:
    """Whether the line broke while caller and agent were speaking."""
    return not call.outbound and call.connected_at is not None and call.end_reason == LOST


def owed_since(call: Call) -> datetime | None:
    """When the caller gave up, or was let down."""
    return call.abandoned_at or call.left_at or call.ended_at or call.offered_at


def next_try(results: Iterable[str], *, last: datetime) -> datetime | None:
    """When to ring again after these unanswered tries; None where it is given up."""
    tries = sum(1 for result in results if result != Result.ANSWERED)
    return last + AGAIN_AFTER if tries < TRIES else None
