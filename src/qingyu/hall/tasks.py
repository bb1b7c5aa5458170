"""What happens in a hall by itself."""

from __future__ import annotations

from datetime import datetime

from qingyu.hall import operations
from qingyu.hall.models import Hall


def end_days(*, at: datetime) -> int:
    """Closes windows forgotten overnight, turns the day, counts appointments that were missed; how many windows."""
    operations.end_missed(at=at)
    return sum(operations.end_forgotten(hall, at=at) for hall in Hall.objects.filter(active=True))
