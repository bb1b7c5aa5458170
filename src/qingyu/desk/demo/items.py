"""The service items of the demo city: twelve guides with owners, a stale one, one that contradicts itself, a form."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from qingyu.catalog import operations
from qingyu.catalog.models import Item
from qingyu.desk.demo import data
from qingyu.desk.loading import itemfields
from qingyu.desk.loading.reading import Line
from qingyu.people import queries as people
from qingyu.people.models import Staff

DAY = timedelta(days=1)
SINCE = 420 * DAY
"""How long ago the guides came into force."""
YEAR = 365 * DAY


def build(*, at: datetime) -> int:
    """Twelve items; how many."""
    staff = dict(Staff.objects.values_list("username", "pk"))
    for number, record in enumerate(data.records("items"), 1):
        _add(Line(number, record), record, staff, at=at)
    return Item.objects.count()


def _add(line: Line, record: dict[str, Any], staff: dict[str, int], *, at: datetime) -> None:
    today = people.city_day(at)
    checked = today - record["reviewed"] * DAY
    draft = itemfields.draft(line, unit_of=people.unit_ids().__getitem__, source="")
    draft = replace(
        draft, owner=staff.get(record["owner"]), deputy=staff.get(record["deputy"]), reviewed_on=checked,
        review_due_on=checked + YEAR,
    )  # fmt: skip
    item = operations.add(draft, by=None, at=at - SINCE)
    if record.get("form"):
        operations.declare_form(item, record["form"], by=None, at=at - SINCE)
