"""The life of a delivery as a table, and when it is tried again. Plain Python, no clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from qingyu.rules.refusals import NotAllowed

WAITING, SENT, DEAD, CANCELLED = "waiting", "sent", "dead", "cancelled"
STATES = (WAITING, SENT, DEAD, CANCELLED)
ACTS = ("deliver", "fail", "give_up", "resend", "cancel")

# What is not listed is refused. A cancelled delivery that was already on its way says so in the end: sent.
AFTER: dict[tuple[str, str], str] = {
    (WAITING, "deliver"): SENT,
    (WAITING, "fail"): WAITING,
    (WAITING, "give_up"): DEAD,
    (WAITING, "cancel"): CANCELLED,
    (CANCELLED, "deliver"): SENT,
    (DEAD, "deliver"): SENT,
    (DEAD, "resend"): WAITING,
    (DEAD, "cancel"): CANCELLED,
}

# The pause after the first, second, ... failed try; after the last try there is none.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
MOST_ATTEMPTS = len(PAUSES) + 1
# How long a try may take before another worker may take it for lost.
LEASE = timedelta(minutes=5)


def after(state: str, act: str) -> str:
    """The state after the act; NotAllowed("delivery_STATE") where the table has none."""
    try:
        return AFTER[state, act]
    except KeyError:
        raise NotAllowed(f"delivery_{state}", act=act) from None


def sources(act: str) -> tuple[str, ...]:
    """The states in which the act is allowed."""
    return tuple(state for state in STATES if (state, act) in AFTER)


def next_try(attempts: int, *, at: datetime) -> datetime | None:
    """When to try again after ``attempts`` failed tries (one or more), or None if that was the last."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return at + PAUSES[attempts - 1]
