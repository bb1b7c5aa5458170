"""Every write about deliveries: planning them inside a follower's transaction, and what becomes of each."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from qingyu.notify import addresses, states, wording
from qingyu.notify.messages import Message
from qingyu.notify.models import Delivery
from qingyu.people import sealing
from qingyu.people.models import Staff
from qingyu.people.operations import note_change
from qingyu.rules.refusals import NotValid

CHUNK = 500


def plan(rows: Sequence[Message], *, at: datetime) -> None:
    """Writes one delivery for each message; those planned before are left as they are.

    Belongs in the transaction that moves the follower's position. A message whose address the channel cannot
    use becomes a dead letter, so that somebody sees it. NotValid("wording_unknown" | "fact_missing" |
    "channel_unknown") tells of a fault in the follower and writes nothing.
    """
    planned = [_planned(row, at=at) for row in rows]
    Delivery.objects.bulk_create(planned, batch_size=CHUNK, ignore_conflicts=True)


def _planned(row: Message, *, at: datetime) -> Delivery:
    if row.channel not in Delivery.Channel.values:
        raise NotValid("channel_unknown", field="channel", channel=row.channel)
    text = wording.render(row)
    trouble = addresses.trouble(row.address, channel=row.channel)
    delivery = Delivery(
        uuid=uuid.uuid4(), source_event=row.source_event, follower=row.follower, audience=row.audience,
        channel=row.channel, event_code=row.event_code, language=text.language, created_at=at, next_at=at,
        address_masked=addresses.masked(row.address)[:255], idempotency_key=_key(row, text),
        state=states.DEAD if trouble else states.WAITING, last_error=trouble,
    )  # fmt: skip
    delivery.seal(address=row.address, subject=text.subject, body=text.body, purpose=row.purpose)
    return delivery


def _key(row: Message, text: wording.Text) -> str:
    # The text is part of the key: after a restore an event id may come again for another event, and a
    # receiver that remembers keys must then not swallow the other message.
    parts = (row.source_event, row.follower, row.audience, row.channel, row.address, text.subject, text.body)
    return sealing.blind("\x1f".join(map(str, parts)), column="delivery:key")


@transaction.atomic
def resend(delivery: Delivery, *, by: Staff | None, at: datetime, reason: str = "") -> None:
    """A dead letter is tried again from the start, under its old key; else NotAllowed("delivery_STATE")."""
    row = _locked(delivery)
    row.state = states.after(row.state, "resend")
    row.attempts, row.next_at, row.last_error = 0, at, ""
    row.save(update_fields=["state", "attempts", "next_at", "last_error"])
    note_change("resend_delivery", f"delivery:{row.pk}", by=by, at=at, reason=reason)


@transaction.atomic
def cancel(delivery: Delivery, *, by: Staff | None, at: datetime, reason: str = "") -> None:
    """A waiting or dead delivery is not tried any more. NotAllowed("delivery_STATE") otherwise."""
    row = _locked(delivery)
    row.state = states.after(row.state, "cancel")
    row.save(update_fields=["state"])
    note_change("cancel_delivery", f"delivery:{row.pk}", by=by, at=at, reason=reason)


def _locked(delivery: Delivery) -> Delivery:
    return Delivery.objects.select_for_update().get(pk=delivery.pk)


@transaction.atomic
def take(pk: int, *, at: datetime) -> Delivery | None:
    """Marks a try before it is made and lends the row to the caller for ``states.LEASE``.

    None if another worker has it, it is no longer due, or its last try was never heard of (then it is dead).
    """
    due = Delivery.objects.filter(pk=pk, state=states.WAITING, next_at__lte=at)
    delivery = due.select_for_update(skip_locked=True).first()
    if delivery is None:
        return None
    if delivery.attempts >= states.MOST_ATTEMPTS:
        mark_dead(delivery, code="outcome_unknown")
        return None
    delivery.attempts += 1
    delivery.next_at = at + states.LEASE
    delivery.save(update_fields=["attempts", "next_at"])
    return delivery


def mark_sent(delivery: Delivery, *, at: datetime) -> None:
    """What has left the house says so, even if it was cancelled on its way."""
    Delivery.objects.filter(pk=delivery.pk, state__in=states.sources("deliver")).update(
        state=states.SENT, sent_at=at, last_error=""
    )


def mark_failed(delivery: Delivery, *, code: str, at: datetime) -> None:
    """Waits for the next try, or is dead after the last. Nothing happens if another try has begun since."""
    again = states.next_try(delivery.attempts, at=at)
    if again is None:
        mark_dead(delivery, code=code)
    else:
        _same_try(delivery).update(next_at=again, last_error=code)


def mark_dead(delivery: Delivery, *, code: str) -> None:
    """Is not tried any more unless an operator asks for it."""
    _same_try(delivery).update(state=states.DEAD, last_error=code)


def _same_try(delivery: Delivery) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=delivery.pk, state=states.WAITING, attempts=delivery.attempts)
