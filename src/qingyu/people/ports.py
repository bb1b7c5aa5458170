"""What the apps below the cases need from above: what is still open, where a request comes from, acts
done once, the words of refusals.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from qingyu.rules.refusals import Refusal


class OpenWork(Protocol):
    """Counts what is still open. Settings name the implementation in ``OPEN_WORK``."""

    def of_staff(self, staff_id: int) -> int:
        """How many open matters the person has in hand."""
        ...

    def of_unit(self, unit_id: int) -> int:
        """How many open matters the unit leads, owns or assists in."""
        ...


@cache
def open_work() -> OpenWork:
    """The implementation that settings name."""
    found: OpenWork = import_string(settings.OPEN_WORK)()
    return found


class SenderOf(Protocol):
    """Names the sender that bounds count by. Settings name the implementation in ``SENDER_OF``."""

    def __call__(self, request: HttpRequest) -> str: ...


@cache
def sender_of() -> SenderOf:
    """The implementation that settings name."""
    found: SenderOf = import_string(settings.SENDER_OF)
    return found


@dataclass(frozen=True)
class Sent:
    """One request that may come again: who sends it, to which door, under which key, and what is compared."""

    caller: str
    route: str
    key: str
    body: bytes = b""


class House(Protocol):
    """The keys and sentences of the house. Settings name the implementation in ``HOUSE``."""

    def once(self, sent: Sent, act: Callable[[], tuple[int, str]], *, at: datetime) -> tuple[int, str]:
        """Status and text of ``act``, done at most once for the key; NotValid("idempotency_mismatch")."""
        ...

    def sentence(self, refusal: Refusal) -> str:
        """What a refusal says to a person."""
        ...


@cache
def house() -> House:
    """The implementation that settings name."""
    found: House = import_string(settings.HOUSE)()
    return found
