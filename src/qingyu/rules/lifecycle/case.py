"""A case as its events have made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qingyu.rules.lifecycle.kinds import State

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CaseState:
    """A case as its events have made it. Units and staff are ids; topic and area are codes; texts are ids.

    ``owner`` is always a unit: the centre until routed, then the lead unit. ``round`` counts the times the
    matter was taken up (redo and reopening add one). ``disputed``: a return waits for a decision;
    ``designated``: the lead unit was named by one and may not return the case. ``door``: one of ``DOORS``, or empty.
    ``item``: code of the service item it is about. ``stage``: see ``Stage``. ``corrections``: notices of what must be
    corrected so far; ``permits``: how many more than the one a supervisor has permitted.
    """

    state: State = State.DRAFT
    type: str = ""
    topic: str = ""
    area: str = ""
    channel: str = ""
    urgency: str = "general"
    confidential: bool = False
    anonymous: bool = False
    title: int | None = None
    centre: int = 0
    owner: int = 0
    lead: int | None = None
    assisting: tuple[int, ...] = ()
    handler: int | None = None
    round: int = 1
    disputed: bool = False
    designated: bool = False
    extension_pending: bool = False
    returns: int = 0
    redos: int = 0
    reopens: int = 0
    urges: int = 0
    extensions: int = 0
    opened_at: datetime | None = None
    routed_at: datetime | None = None
    accepted_at: datetime | None = None
    contacted_at: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    last_at: datetime | None = None
    item: str = ""
    stage: str = ""
    corrections: int = 0
    permits: int = 0
    door: str = ""


DOORS = ("listening", "facility")
"""Doors whose cases have limits of their own; each is the name of a fact that the opening carries."""


def door_of(facts: Facts) -> str:
    """By which of ``DOORS`` a matter came; empty for all others."""
    return next((door for door in DOORS if door in facts), "")
