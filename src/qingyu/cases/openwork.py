"""What ``people`` asks before somebody leaves or a unit closes: how many cases are still open there."""

from __future__ import annotations

from django.db.models import Q

from qingyu.cases.models import Assistance, Case
from qingyu.cases.operations.unit import IN_HAND
from qingyu.rules.lifecycle import OPEN_STATES


class OpenCases:
    """``people.ports.OpenWork`` by the case rows."""

    def of_staff(self, staff_id: int) -> int:
        """Open cases whose handler the person is."""
        return Case.objects.filter(handler_id=staff_id, state__in=IN_HAND).count()

    def of_unit(self, unit_id: int) -> int:
        """Open cases that the unit owns, leads or assists in."""
        helping = Assistance.objects.filter(unit_id=unit_id, of_open=True).values("case_id")
        has_it = Q(owner_id=unit_id) | Q(lead_id=unit_id) | Q(pk__in=helping)
        return Case.objects.filter(has_it, state__in=OPEN_STATES).count()
