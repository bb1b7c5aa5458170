"""What this app needs from above: whether somebody, or a unit, still has matters in hand."""

from __future__ import annotations

from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


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
