"""Every read about deliveries: what is due, how it stands, and the dead letters for operators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from qingyu.notify.models import Delivery
from qingyu.people.policy import Viewer


@dataclass(frozen=True)
class Standing:
    """For the health page. ``waiting`` includes ``retrying``: those that have failed at least once."""

    waiting: int
    retrying: int
    dead: int
    oldest_seconds: int


@dataclass(frozen=True)
class DeadLetter:
    """A failed message as operators see it: no address, no text."""

    id: int
    source_event: int
    event_code: str
    audience: str
    channel: str
    channel_name: str
    address_masked: str
    attempts: int
    last_error: str
    created_at: datetime


def standing(*, at: datetime) -> Standing:
    """How many wait, have failed before and are dead, and how long the oldest waiting one has waited."""
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING)
    seen = waiting.aggregate(count=Count("pk"), oldest=Min("created_at"))
    age = int((at - seen["oldest"]).total_seconds()) if seen["oldest"] else 0
    return Standing(
        waiting=seen["count"],
        retrying=waiting.exclude(last_error="").count(),
        dead=Delivery.objects.filter(state=Delivery.State.DEAD).count(),
        oldest_seconds=max(age, 0),
    )


def due_channels(*, at: datetime) -> list[str]:
    """The channels for which something is due."""
    due = Delivery.objects.filter(state=Delivery.State.WAITING, next_at__lte=at)
    return sorted(due.values_list("channel", flat=True).distinct())


def due(channel: str, *, at: datetime, limit: int) -> list[int]:
    """The ids of what is due on a channel, longest due first."""
    rows = Delivery.objects.filter(state=Delivery.State.WAITING, channel=channel, next_at__lte=at)
    return list(rows.order_by("next_at", "pk").values_list("pk", flat=True)[:limit])


def dead_letters(viewer: Viewer, *, before: int | None = None, limit: int = 50) -> Sequence[DeadLetter]:
    """Failed messages with an id below ``before``, newest first. NotPermitted without ``operation.read``."""
    viewer.require("operation.read")
    rows = Delivery.objects.filter(state=Delivery.State.DEAD).defer("address", "subject", "body")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [_dead_letter(row) for row in rows.order_by("-pk")[:limit]]


def delivery(viewer: Viewer, pk: int) -> Delivery | None:
    """One delivery, or None. NotPermitted without ``operation.read``."""
    viewer.require("operation.read")
    return Delivery.objects.filter(pk=pk).first()


def _dead_letter(row: Delivery) -> DeadLetter:
    return DeadLetter(
        id=row.pk, source_event=row.source_event, event_code=row.event_code, audience=row.audience,
        channel=row.channel, channel_name=row.get_channel_display(), address_masked=row.address_masked,
        attempts=row.attempts, last_error=row.last_error, created_at=row.created_at,
    )  # fmt: skip
