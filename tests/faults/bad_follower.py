"""A follower with a mistake in it."""

from __future__ import annotations

from collections.abc import Sequence

from qingyu.cases.following import Follower
from qingyu.cases.models import CaseEvent


class Bad(Follower):
    """Fails at every batch."""

    name = "bad"

    def follow(self, events: Sequence[CaseEvent]) -> None:
        raise ZeroDivisionError
