"""Followers: what reacts to events, with a position in the log that moves in the same transaction as its rows.

So each event is acted on exactly once, in order, with nothing to enqueue and nothing to lose. A follower that
fails keeps its position, backs off, shows on the health page and holds up no other.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from qingyu.cases.models import CaseEvent, LogHead, Position
from qingyu.cases.models.log import PARTITIONS
from qingyu.rules.refusals import NotAllowed

log = logging.getLogger("qingyu.following")
BATCH = 500
LONGEST_BACK_OFF = timedelta(minutes=10)


class Follower:
    """What an app does when events arrive. Writes only rows of its own app and deliveries; never ``record``.

    ``rebuildable``: owns nothing but derived rows, so it may start again from the first event.
    ``batch``: how many events it takes at once at most.
    """

    name = ""
    rebuildable = False
    batch = BATCH

    def read(self, events: QuerySet[CaseEvent]) -> Sequence[Any]:
        """Fetches them; who reads millions may fetch fewer columns. Each must have its ``pk``."""
        return list(events)

    def follow(self, events: Sequence[Any]) -> None:
        """Acts on events of one partition in order, in bulk. Must give the same rows when a batch is cut elsewhere."""
        raise NotImplementedError

    def clear(self) -> None:
        """Drops all derived rows, before a rebuild."""
        raise NotImplementedError


def followers() -> list[Follower]:
    """Those of settings.FOLLOWERS, in order."""
    return [import_string(path)() for path in settings.FOLLOWERS]


def catch_up(*, at: datetime, limit: int = 50) -> int:
    """Lets every follower read up to ``limit`` batches of each partition that has news; how many events were read."""
    known, read = followers(), 0
    ensure_positions(known)
    heads = dict(LogHead.objects.values_list("partition", "last_event"))
    behind = [p for p in Position.objects.all() if p.event < heads.get(p.partition, 0) and _is_due(p, at)]
    by_name = {follower.name: follower for follower in known}
    for position in sorted(behind, key=lambda p: list(by_name).index(p.follower) if p.follower in by_name else 99):
        if position.follower in by_name:
            read += _follow_partition(by_name[position.follower], position.partition, at=at, limit=limit)
    return read


def _is_due(position: Position, at: datetime) -> bool:
    return position.retry_at is None or position.retry_at <= at


def _follow_partition(follower: Follower, partition: int, *, at: datetime, limit: int) -> int:
    read = 0
    for _batch in range(limit):
        try:
            found = _one_batch(follower, partition, at=at)
        except Exception as error:
            log.exception("follower %s stopped in partition %s", follower.name, partition)
            _back_off(follower.name, partition, error, at=at)
            break
        read += found
        if found < follower.batch:
            break
    return read


@transaction.atomic
def _one_batch(follower: Follower, partition: int, *, at: datetime) -> int:
    skip = connection.features.has_select_for_update_skip_locked
    rows = Position.objects.select_for_update(skip_locked=skip).filter(follower=follower.name, partition=partition)
    position = rows.first()
    if position is None:
        return 0
    waiting = CaseEvent.objects.filter(partition=partition, id__gt=position.event).order_by("id")
    events = follower.read(waiting[: follower.batch])
    if events:
        follower.follow(events)
        position.event, position.moved_at = events[-1].pk, at
        position.failures, position.retry_at, position.error = 0, None, ""
        position.save()
    return len(events)


def _back_off(name: str, partition: int, error: Exception, *, at: datetime) -> None:
    position = Position.objects.get(follower=name, partition=partition)
    position.failures += 1
    wait = min(timedelta(seconds=2**position.failures), LONGEST_BACK_OFF)
    position.retry_at, position.error = at + wait, type(error).__name__
    position.save()


def ensure_positions(known: Sequence[Follower]) -> None:
    """A position per follower and partition; a new follower begins at the first event."""
    have = set(Position.objects.values_list("follower", "partition"))
    Position.objects.bulk_create(
        [
            Position(follower=follower.name, partition=number)
            for follower in known
            for number in range(PARTITIONS)
            if (follower.name, number) not in have
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def start_again(name: str) -> None:
    """Drops a follower's rows and sets it to the first event. NotAllowed("not_rebuildable" | "follower_unknown")."""
    follower = next((follower for follower in followers() if follower.name == name), None)
    if follower is None:
        raise NotAllowed("follower_unknown", follower=name)
    if not follower.rebuildable:
        raise NotAllowed("not_rebuildable", follower=name)
    positions = Position.objects.filter(follower=name)
    list(positions.select_for_update().order_by("partition"))  # a batch under way ends first, the next one waits
    follower.clear()
    positions.update(event=0, failures=0, retry_at=None, error="")


def rebuildable() -> list[str]:
    """Names of the followers that may start again."""
    return [follower.name for follower in followers() if follower.rebuildable]
