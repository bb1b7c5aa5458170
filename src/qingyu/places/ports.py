"""What the points need from above, each by a Protocol that settings name: keys and sentences, the crowd, the items."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from qingyu.rules.coverage import Minutes
from qingyu.rules.refusals import Refusal


@dataclass(frozen=True)
class Sent:
    """One request that may come again: who sends it, to which door, under which key, and what is compared."""

    caller: str
    route: str
    key: str
    body: bytes = b""


class House(Protocol):
    """The house around the points; ``settings.POINTS_HOUSE``."""

    def once(self, sent: Sent, act: Callable[[], tuple[int, str]], *, at: datetime) -> tuple[int, str]:
        """Status and text of ``act``, done at most once for the key; NotValid("idempotency_mismatch")."""
        ...

    def sentence(self, refusal: Refusal) -> str:
        """What a refusal says to a person."""
        ...


@dataclass(frozen=True)
class Queue:
    """How a queue stands: who waits, how long a newcomer would, and when that was looked at."""

    waiting: int
    wait: Minutes
    at: datetime


class Crowd(Protocol):
    """How full halls are; ``settings.POINTS_CROWD``."""

    def queues(self, *, item: str, at: datetime) -> Mapping[str, Queue]:
        """By code of the hall; a hall where nobody can say is left out. The statements do not grow with points."""
        ...


class Items(Protocol):
    """The service items of the house; ``settings.POINTS_ITEMS``."""

    def titles(self) -> Mapping[str, str]:
        """The name of each item by its code; remembered. What is not in it has the title of its offers."""
        ...


@cache
def house() -> House:
    """The implementation that settings name."""
    found: House = import_string(settings.POINTS_HOUSE)()
    return found


@cache
def crowd() -> Crowd:
    """The implementation that settings name."""
    found: Crowd = import_string(settings.POINTS_CROWD)()
    return found


@cache
def items() -> Items:
    """The implementation that settings name."""
    found: Items = import_string(settings.POINTS_ITEMS)()
    return found
