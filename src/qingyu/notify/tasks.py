"""Sending what is due. Each try is marked before it is made, its outcome after, each in a transaction."""

from __future__ import annotations

import logging
import time
from datetime import datetime

from qingyu.notify import channels, operations, queries
from qingyu.notify.messages import Outgoing
from qingyu.notify.models import Delivery
from qingyu.notify.ports import Channel, ChannelDown, GiveUp, TryLater

log = logging.getLogger("qingyu.notify")
BATCH = 50
# A channel gets at most this long in one run, so that a slow one holds up no other and no lease runs out.
SECONDS = 30.0


def send(*, at: datetime) -> int:
    """Sends what is due, a batch for each channel; returns how many messages left.

    A crash between handing over and marking leaves the row waiting: it goes out once more after the lease,
    under the same key. Nothing is lost; the receiver can tell the double by its key.
    """
    return sum(_send_over(name, at=at) for name in queries.due_channels(at=at))


def _send_over(name: str, *, at: datetime) -> int:
    try:
        channel = channels.make(name)
    except channels.UnknownChannel as trouble:
        log.error("%s", trouble)
        return 0
    begun, sent = time.monotonic(), 0
    try:
        for pk in queries.due(name, at=at, limit=BATCH):
            if time.monotonic() - begun > SECONDS:
                break
            sent += _send_one(channel, pk, at=at)
    except ChannelDown as trouble:
        log.warning("channel %s is down: %s", name, trouble.code)
    finally:
        channel.close()
    return sent


def _send_one(channel: Channel, pk: int, *, at: datetime) -> int:
    delivery = operations.take(pk, at=at)
    if delivery is None:
        return 0
    try:
        channel.send(_outgoing(delivery))
    except GiveUp as trouble:
        operations.mark_dead(delivery, code=trouble.code)
        return 0
    except TryLater as trouble:
        operations.mark_failed(delivery, code=trouble.code, at=at)
        if isinstance(trouble, ChannelDown):
            raise
        return 0
    except Exception as error:  # a fault in a channel must not stop the others; its text may hold an address
        log.error("delivery %s failed: %s", pk, type(error).__name__)
        operations.mark_failed(delivery, code=f"fault {type(error).__name__}"[:60], at=at)
        return 0
    operations.mark_sent(delivery, at=at)
    return 1


def _outgoing(delivery: Delivery) -> Outgoing:
    return Outgoing(
        key=delivery.idempotency_key,
        channel=delivery.channel,
        address=delivery.clear("address"),
        address_masked=delivery.address_masked,
        subject=delivery.clear("subject"),
        body=delivery.clear("body"),
        language=delivery.language,
        created_at=delivery.created_at,
    )
