"""What this app needs from above: topics, the routing table, time limits, the words of refusals, acts done once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from qingyu.rules.hours import Limit
from qingyu.rules.refusals import Refusal


@dataclass(frozen=True)
class Sent:
    """One request that may come again: who sends it, to which door, under which key, and what is compared."""

    caller: str
    route: str
    key: str
    body: bytes = b""


class House(Protocol):
    """The house around the answers. Settings name the implementation in ``ANSWERS_HOUSE``."""

    def once(self, sent: Sent, act: Callable[[], tuple[int, str]], *, at: datetime) -> tuple[int, str]:
        """Status and text of ``act``, done at most once for the key; NotValid("idempotency_mismatch")."""
        ...

    def sentence(self, refusal: Refusal) -> str:
        """What a refusal says to a person."""
        ...

    def topics(self) -> list[tuple[str, str]]:
        """Codes of all topics with their full names, in the order of the tree."""
        ...

    def topic_name(self, code: str) -> str:
        """The full name of a topic; empty where there is none."""
        ...

    def unit_for(self, topic: str, *, on: date) -> int:
        """The unit that leads cases of the topic; the centre without a topic."""
        ...

    def question_limit(self, *, on: date) -> Limit:
        """How long a unit may take for a question that nobody could answer."""
        ...


@cache
def house() -> House:
    """The implementation that settings name."""
    found: House = import_string(settings.ANSWERS_HOUSE)()
    return found
