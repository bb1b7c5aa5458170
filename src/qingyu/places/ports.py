"""What the points need from above, each by a Protocol that settings name: the crowd, the items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from qingyu.rules.coverage import Minutes


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
def crowd() -> Crowd:
    """The implementation that settings name."""
    found: Crowd = import_string(settings.POINTS_CROWD)()
    return found


@cache
def items() -> Items:
    """The implementation that settings name."""
    found: Items = import_string(settings.POINTS_ITEMS)()
    return found
