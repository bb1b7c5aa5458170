"""What the worker does for the answers."""

from __future__ import annotations

from datetime import datetime

from qingyu.knowledge import operations


def count_stale(*, at: datetime) -> int:
    """Counts for each unit what expires within 30 days, has expired or is past its review; how many in all."""
    return operations.count_stale(at=at)
