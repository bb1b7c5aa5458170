"""The fact: one round of one case, as far as it counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from operator import attrgetter


class Mark(StrEnum):
    """How a clock of the unit stands: none was started, it runs, it rests, it was kept or missed, it does not count."""

    NONE = ""
    RUNNING = "running"
    PAUSED = "paused"
    IN_TIME = "in_time"
    LATE = "late"
    VOID = "void"


@dataclass(slots=True)
class Fact:
    """One round of one case. ``excluded`` is a code: withdrawn, refused, closed (by the centre, without an answer).

    ``imported``: history of another system. ``denied``: the person called says that nobody got in touch.
    ``receiver``: the unit that had it first. ``at_once``: settled at first contact. ``bounced``: the unit wanted to
    pass it on and was overruled. ``hall``, ``window``, ``item`` are codes; ``waited`` and ``served`` whole seconds;
    ``filed``: assisted or proxy; ``named``: staff whom a letter names. ``began``: seconds since 1970, ``lasted``: from
    filing to the end, the wait at the window with it. ``bad_on``: the day of a bad rating, ``mended``: a later word of
    the person is not bad. ``silent_on``: the day on which an owner's silence passed it to the deputy.

    ``service``: no round but one service about the case: a call, a letter, a stage that was rated, or a visit with a
    ticket; of such a fact only whose it is, the rating and the wait count.
    """

    case: int
    round: int
    unit: int
    type: str = ""
    topic: str = ""
    area: str = ""
    channel: str = ""
    imported: bool = False
    routed_on: date | None = None
    due_on: date | None = None
    signed: str = ""
    contacted: str = ""
    answered: str = ""
    excluded: str = ""
    closed_on: date | None = None
    redone: bool = False
    reached: bool = False
    denied: bool = False
    solved: str = ""
    satisfied: str = ""
    asked_on: date | None = None
    level: str = ""
    rated_on: date | None = None
    returns: int = 0
    pushes: int = 0
    extensions: int = 0
    receiver: int | None = None
    opened_on: date | None = None
    began: int = 0
    lasted: int | None = None
    at_once: bool = False
    bounced: bool = False
    hall: str = ""
    window: str = ""
    item: str = ""
    waited: int | None = None
    served: int | None = None
    filed: str = ""
    named: int | None = None
    bad_on: date | None = None
    mended: bool = False
    silent_on: date | None = None
    service: str = ""


FIELDS = tuple(field.name for field in fields(Fact))
values = attrgetter(*FIELDS)
"""All columns of a fact in the order of ``FIELDS``."""


def parted(facts: Iterable[Fact]) -> tuple[list[Fact], list[Fact]]:
    """The facts of one case: its rounds, and its rated services."""
    rounds: list[Fact] = []
    services: list[Fact] = []
    for fact in facts:
        (services if fact.service else rounds).append(fact)
    return rounds, services
