"""What is counted: whether an answer helped, and how many answers need their owner."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.db.models import F

from qingyu.knowledge import queries
from qingyu.knowledge.models import AnswerVersion, Helped, StaleCount
from qingyu.people import queries as people


@transaction.atomic
def say_helped(version: AnswerVersion, *, yes: bool, at: datetime) -> None:
    """One more person said that the version helped, or that it did not. Nothing tells who."""
    day = people.city_day(at)
    Helped.objects.get_or_create(version=version, day=day)
    column = "yes" if yes else "no"
    Helped.objects.filter(version=version, day=day).update(**{column: F(column) + 1})


@transaction.atomic
def count_stale(*, at: datetime) -> int:
    """Writes down for each unit of the day how many answers stand in force and how many need their owner.

    Run again on the same day it brings the figures up to date. Returns how many answers need their owner.
    """
    day = people.city_day(at)
    needs: Counter[tuple[int, str]] = Counter((one.unit_id, one.why) for one in queries.stale(day=day))
    StaleCount.objects.filter(day=day).delete()
    StaleCount.objects.bulk_create(
        StaleCount(unit_id=unit, day=day, in_force=count, **{why: needs[unit, why] for why in queries.WHY})
        for unit, count in queries.in_force_by_unit().items()
    )
    return sum(needs.values())
