"""What happens about facilities by itself."""

from __future__ import annotations

from datetime import datetime

from qingyu.hall.models import Hall
from qingyu.hall.operations import rounds


def tell_late_rounds(*, at: datetime) -> int:
    """Managers hear of rounds that should have been done; how many rounds."""
    return sum(rounds.tell_late(hall, at=at) for hall in Hall.objects.filter(active=True))
