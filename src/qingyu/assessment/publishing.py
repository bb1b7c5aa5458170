"""The first figures of a month are kept, so that nothing that was published changes in silence."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction

from qingyu.assessment import counting, periods
from qingyu.assessment.models import PublishedCount, PublishedMonth
from qingyu.assessment.periods import Period
from qingyu.cases.models import CaseEvent, Position
from qingyu.people.queries import city_day

MONTHS = 12


def publish(*, at: datetime) -> int:
    """Keeps the figures of every month of the last twelve that ended a whole day ago; how many months.

    A month is kept once, and not before the follower has read all that was recorded up to this day. A month in which
    nothing counted is not kept: history that is loaded later publishes it then.
    """
    today = city_day(at)
    ended = [month for month in periods.choices(today, months=MONTHS + 1)[1:] if month.end < today - timedelta(days=1)]
    known = set(PublishedMonth.objects.values_list("month", flat=True))
    missing = [month for month in ended if month.start not in known]
    if not missing or not _has_read_up_to(today):
        return 0
    return sum(_keep(month, today, at) for month in missing)


def _has_read_up_to(today: date) -> bool:
    """Whether no event that was recorded before this city day is still to be read."""
    midnight = datetime.combine(today, time(), ZoneInfo(settings.TIME_ZONE))
    read = dict(Position.objects.filter(follower="facts").values_list("partition", "event"))
    return bool(read) and not any(_waits_since(partition, event, midnight) for partition, event in read.items())


def _waits_since(partition: int, event: int, midnight: datetime) -> bool:
    unread = CaseEvent.objects.filter(partition=partition, id__gt=event).order_by("id")
    recorded = unread.values_list("recorded_at", flat=True).first()
    return recorded is not None and recorded < midnight


def _keep(month: Period, today: date, at: datetime) -> int:
    found = counting.counts(month.start, month.end, today)
    if not found:
        return 0
    try:
        with transaction.atomic():
            kept = PublishedMonth.objects.create(month=month.start, at=at)
            PublishedCount.objects.bulk_create(
                PublishedCount(month=kept, unit_id=unit, measure=measure, count=count)
                for unit, counts in found.items()
                for measure, count in counts.items()
            )
    except IntegrityError:  # another worker kept it at the same moment
        return 0
    return 1
