"""How calls were answered: in all, by day and by hour; ratings; who is at the telephone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import ExtractHour, TruncDate

from qingyu.hotline.models import AgentState, Call, CallBack, CallEvent
from qingyu.people.policy import Viewer
from qingyu.rules import telephone
from qingyu.rules.telephone import Counts, Outcome

_REAL = ~Q(outcome=Outcome.PHANTOM)
_ANSWERED, _ABANDONED = Q(outcome=Outcome.ANSWERED), Q(outcome=Outcome.ABANDONED)
_COUNTED: dict[str, Q] = {
    "offered": _REAL,
    "requested": _REAL & Q(requested=True),
    "answered": _ANSWERED,
    "answered_in_time": _ANSWERED & (Q(waited__lte=telephone.IN_TIME) | Q(waited__isnull=True)),
    "answered_short": _ANSWERED & Q(talked__lte=telephone.SHORT),
    "abandoned": _ABANDONED,
    "abandoned_late": _ABANDONED & Q(waited__gt=telephone.IN_TIME),
    "missed": Q(outcome=Outcome.MISSED),
    "before_queue": Q(outcome=Outcome.OFFERED),
    "phantom": Q(outcome=Outcome.PHANTOM),
}
_ENDED_WELL = Q(state__in=[CallBack.State.REACHED, CallBack.State.CALLED_AGAIN])
_KEPT = _ENDED_WELL & Q(by_word=False)


_CALLS = {name: Count("id", filter=which) for name, which in _COUNTED.items()}
_OWED = {
    "owed": Count("id"), "kept": Count("id", filter=_KEPT),
    "kept_in_time": Count("id", filter=_KEPT & Q(outcome_at__lte=F("due_at"))),
    "kept_by_word": Count("id", filter=_ENDED_WELL & Q(by_word=True)),
}  # fmt: skip


def counts(viewer: Viewer, *, since: datetime, until: datetime) -> Counts:
    """The calls that came in from ``since`` and before ``until``, and the call-backs owed then; two statements."""
    calls, owed = _rows(viewer, since, until)
    return Counts(**calls.aggregate(**_CALLS), **owed.aggregate(**_OWED))


@dataclass(frozen=True)
class Part:
    """The counts of one day, or of one hour of the day (0 to 23) over all days. ``day`` or ``hour`` is None."""

    counts: Counts
    day: date | None = None
    hour: int | None = None

    @property
    def rates(self) -> telephone.Figures:
        """The rates of the counts."""
        return telephone.figures(self.counts)


def by_day(viewer: Viewer, *, since: datetime, until: datetime) -> list[Part]:
    """Each day of the city on which a call came in or a call-back was owed; two statements."""
    zone = ZoneInfo(settings.TIME_ZONE)
    found = _grouped(viewer, since, until, TruncDate("offered_at", tzinfo=zone), TruncDate("owed_at", tzinfo=zone))
    return [Part(counts, day=day) for day, counts in sorted(found.items())]


def by_hour(viewer: Viewer, *, since: datetime, until: datetime) -> list[Part]:
    """Each hour of the city's day in which a call came in or a call-back was owed; two statements."""
    zone = ZoneInfo(settings.TIME_ZONE)
    found = _grouped(viewer, since, until, ExtractHour("offered_at", tzinfo=zone), ExtractHour("owed_at", tzinfo=zone))
    return [Part(counts, hour=hour) for hour, counts in sorted(found.items())]


def _rows(viewer: Viewer, since: datetime, until: datetime) -> tuple[QuerySet[Call], QuerySet[CallBack]]:
    viewer.require("hotline.manage")
    calls = Call.objects.filter(outbound=False, known=True, offered_at__gte=since, offered_at__lt=until)
    return calls, CallBack.objects.filter(owed_at__gte=since, owed_at__lt=until)


def _grouped(viewer: Viewer, since: datetime, until: datetime, of_call: Any, of_owed: Any) -> dict[Any, Counts]:
    calls, owed = _rows(viewer, since, until)
    found: dict[Any, dict[str, int]] = {}
    for rows, part, wanted in ((calls, of_call, _CALLS), (owed, of_owed, _OWED)):
        grouped: Any = rows.order_by().annotate(part=part).values("part").annotate(**wanted)
        for row in grouped:
            found.setdefault(row.pop("part"), {}).update(row)
    return {part: Counts(**row) for part, row in found.items()}


def ratings(viewer: Viewer, *, since: datetime, until: datetime) -> list[tuple[int, int]]:
    """How many callers gave each number of stars after the call, five first."""
    viewer.require("hotline.manage")
    rows = Call.objects.filter(offered_at__gte=since, offered_at__lt=until, rating__gt=0).order_by()
    found = dict(rows.values_list("rating").annotate(n=Count("id")))
    return [(stars, found.get(stars, 0)) for stars in (5, 4, 3, 2, 1)]


def present(viewer: Viewer) -> list[AgentState]:
    """Who is at the telephone now."""
    viewer.require("hotline.manage")
    rows = AgentState.objects.exclude(state=AgentState.State.OFFLINE).select_related("staff", "switch")
    return list(rows.order_by("switch", "extension"))


def folded(calls: Sequence[Call]) -> list[telephone.Call]:
    """The calls as the rules fold them from what was stored: what the rows must say too."""
    found = []
    for call in calls:
        rows = CallEvent.objects.filter(switch=call.switch_id, call_ref=call.call_ref)
        told = [telephone.Event(row.type, row.seq, row.at, row.data) for row in rows]
        found.append(telephone.fold(told, outbound=call.outbound))
    return found
