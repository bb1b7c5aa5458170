"""Who stands in for whom on a day of the city, remembered so that asking costs a request no statement."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from qingyu.people import queries
from qingyu.people.models import Deputy


@dataclass(frozen=True)
class Absent:
    """Somebody for whom another stands in; ``rights`` as in their staff row, ``ends`` the last day."""

    staff_id: int
    name: str
    unit_id: int
    rights: dict[str, Any]
    ends: date


@queries.remembered
def on_day(day: date) -> dict[int, tuple[Absent, ...]]:
    """Who is absent, by the id of who stands in for them that day; one statement each ten seconds.

    Nobody stands in for a leaver. A deputy of a deputy has the rights of the one they stand in for, no more.
    """
    rows = Deputy.objects.filter(starts__lte=day, ends__gte=day, staff__is_active=True).select_related("staff")
    found = defaultdict[int, list[Absent]](list)
    for row in rows.order_by("ends", "id"):
        away = row.staff
        found[row.deputy_id].append(Absent(away.pk, away.name, away.unit_id, away.rights or {}, row.ends))
    return {deputy: tuple(absent) for deputy, absent in found.items()}


def absent_for(staff_id: int, *, on: date) -> tuple[Absent, ...]:
    """For whom this person stands in that day."""
    return on_day(on).get(staff_id, ())
