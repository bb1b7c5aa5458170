"""What this app needs from above: topics, the routing table, time limits."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from qingyu.rules.hours import Limit


class Desk(Protocol):
    """The case line around the answers. Settings name the implementation in ``ANSWERS_DESK``."""

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
def desk() -> Desk:
    """The implementation that settings name."""
    found: Desk = import_string(settings.ANSWERS_DESK)()
    return found
