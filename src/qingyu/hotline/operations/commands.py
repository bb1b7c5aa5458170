"""What switches are told to do: kept until the switch has fetched them and said how they came out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from qingyu.hotline.models import Command, Switch
from qingyu.hotline.operations import events
from qingyu.hotline.ports import Name, Order, Told
from qingyu.people import sealing

BATCH = 50


@transaction.atomic
def fetch(switch: Switch, *, at: datetime) -> list[Order]:
    """Up to 50 commands that wait and are still of use, oldest first. They come again until they are finished."""
    waiting = Command.objects.filter(switch=switch, state=Command.State.WAITING, until__gte=at).order_by("id")
    return [_order(row) for row in waiting[:BATCH]]


def _order(row: Command) -> Order:
    number = sealing.unseal(row.number, column="command:number", row=row.uuid)
    return Order(row.pk, row.name, {**row.args, **({"number": number} if number else {})})


@transaction.atomic
def finish(switch: Switch, *, done: Iterable[int] = (), failed: Iterable[int] = (), at: datetime) -> int:
    """The switch says how commands came out; how many were waiting. A dial that failed is a try that failed."""
    waiting = Command.objects.filter(switch=switch, state=Command.State.WAITING)
    count = waiting.filter(pk__in=list(done)).update(
        state=Command.State.DONE, done_at=at, number=b""
    )  # fmt: skip
    for row in waiting.filter(pk__in=list(failed)).select_related("call").select_for_update(of=("self",)):
        _end(row, Command.State.FAILED, at=at)
        count += 1
    return count


def expire(*, at: datetime) -> int:
    """Commands that nobody fetched in time are of no use any more."""
    late = Command.objects.filter(state=Command.State.WAITING, until__lt=at).order_by("id").values_list("pk", flat=True)
    return sum(_expire(pk, at=at) for pk in late[:BATCH])


@transaction.atomic
def _expire(pk: int, *, at: datetime) -> int:
    rows = Command.objects.select_for_update(skip_locked=True).filter(pk=pk, state=Command.State.WAITING)
    row = rows.first()
    if row is None:
        return 0
    _end(row, Command.State.EXPIRED, at=at)
    return 1


def _end(row: Command, state: str, *, at: datetime) -> None:
    row.state, row.done_at, row.number = state, at, b""
    row.save(update_fields=["state", "done_at", "number"])
    if row.name == Name.DIAL and row.call is not None:
        told = Told("outbound.result", row.call.call_ref, events.OURS + row.pk, at, data={"result": "failed"})
        events.take_event(row.call.switch, told, at=at)
