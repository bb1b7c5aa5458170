"""Telling a switch something: a row it will fetch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from qingyu.hotline.models import Call, Command, Switch
from qingyu.hotline.ports import Name
from qingyu.people import sealing

USEFUL = {Name.DIAL: timedelta(minutes=1)}
LONGEST = timedelta(hours=12)


def issue(
    switch: Switch, name: Name, *, key: str, args: Mapping[str, Any], at: datetime, number: str = "",
    call: Call | None = None,
) -> None:  # fmt: skip
    """Tells the switch something, once for each ``key``; replayed history is told nothing."""
    if switch.kind == Switch.Kind.REPLAY:
        return
    until = at + USEFUL.get(name, LONGEST)
    row = Command(switch=switch, key=key, name=name, args=dict(args), call=call, created_at=at, until=until)
    row.number = sealing.seal(number, column="command:number", row=row.uuid)
    Command.objects.bulk_create([row], ignore_conflicts=True)
