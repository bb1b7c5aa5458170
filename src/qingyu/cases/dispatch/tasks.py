"""Scheduled work of dispatch."""

from __future__ import annotations

from datetime import datetime

from qingyu.cases.dispatch import operations
from qingyu.cases.models import Suggestion

BATCH = 500


def send_suggested(*, at: datetime) -> int:
    """Looks once at each new suggestion: sends it by itself or leaves it to a dispatcher. How many were sent."""
    waiting = Suggestion.objects.filter(decided=False, case__imported=False).order_by("case_id")[:BATCH]
    if not waiting:
        return 0
    threshold = operations.threshold_in_force()
    return sum(operations.send_if_sure(suggestion, threshold=threshold, at=at) for suggestion in waiting)
