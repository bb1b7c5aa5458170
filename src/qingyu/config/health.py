"""Is it alive, is it ready, how is it: for load balancers, operators and Prometheus. No personal data."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation

from qingyu.cases.models import LogHead, Position
from qingyu.config import working
from qingyu.notify import queries as notify
from qingyu.people.doors import open_door
from qingyu.people.policy import viewer
from qingyu.people.queries import remembered

LOOPBACK = ("127.0.0.1", "::1")
OF_PROXIES = ("X-Forwarded-For", "Forwarded", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Via")


@open_door
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@open_door
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and is migrated; 503 otherwise."""
    try:
        LogHead.objects.exists()
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")


def _is_trusted(request: HttpRequest) -> bool:
    passed_on = any(name in request.headers for name in OF_PROXIES)
    if request.META.get("REMOTE_ADDR") in LOOPBACK and not passed_on:
        return True
    return request.user.is_authenticated and viewer(request.user).may("operation.read")


@open_door
def health(request: HttpRequest) -> HttpResponse:
    """Followers' positions and lag, deliveries, disk, worker; for loopback and operators, 404 for others."""
    if not _is_trusted(request):
        return HttpResponse(status=404)
    with translation.override("en"):
        return JsonResponse(figures())


def figures() -> dict[str, Any]:
    """All that the health page and the metrics show; four statements, none grows with the cases."""
    at = datetime.now(UTC)
    heads = dict(LogHead.objects.values_list("partition", "last_event"))
    followers = _followers(heads)
    beat = working.last_beat()
    disk = shutil.disk_usage(settings.DATA_DIR)
    return {
        "at": at.isoformat(),
        "database": connection.vendor,
        "events": events(),
        "followers": followers,
        "worker": {"last_beat": beat.isoformat() if beat else None, "age_seconds": _age(beat, at)},
        "deliveries": _plain(notify.standing(at=at)),
        "disk": {"free_bytes": disk.free, "total_bytes": disk.total},
        "ok": bool(beat and (at - beat).total_seconds() < 60) and all(f["failures"] == 0 for f in followers.values()),
    }


@remembered
def events() -> int:
    """How many events the log holds, by the lengths of its partitions."""
    return sum(LogHead.objects.values_list("length", flat=True))


def _followers(heads: dict[int, int]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in Position.objects.order_by("follower", "partition"):
        entry = found.setdefault(row.follower, {"partitions_behind": 0, "failures": 0, "error": "", "moved_at": None})
        entry["partitions_behind"] += row.event < heads.get(row.partition, 0)
        entry["failures"] += row.failures
        entry["error"] = entry["error"] or row.error
        if row.moved_at and (entry["moved_at"] is None or row.moved_at.isoformat() > entry["moved_at"]):
            entry["moved_at"] = row.moved_at.isoformat()
    return found


def _age(beat: datetime | None, at: datetime) -> int | None:
    return int((at - beat).total_seconds()) if beat else None


def _plain(standing: Any) -> dict[str, Any]:
    values = (
        standing if isinstance(standing, dict) else {n: getattr(standing, n) for n in standing.__dataclass_fields__}
    )
    return dict(values)


@open_door
def metrics(request: HttpRequest) -> HttpResponse:
    """The same for Prometheus."""
    if not _is_trusted(request):
        return HttpResponse(status=404)
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

    registry = CollectorRegistry()
    now = figures()
    _gauges(now, lambda name, words, labels=(): Gauge(f"qingyu_{name}", words, labels, registry=registry))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _gauges(now: dict[str, Any], gauge: Any) -> None:
    gauge("events", "Events in the log").set(now["events"])
    gauge("worker_age_seconds", "Seconds since the worker was last alive").set(now["worker"]["age_seconds"] or -1)
    gauge("disk_free_bytes", "Free bytes where the data lies").set(now["disk"]["free_bytes"])
    behind = gauge("follower_partitions_behind", "Partitions with unread events", ("follower",))
    failures = gauge("follower_failures", "Failed attempts since the last success", ("follower",))
    for name, entry in now["followers"].items():
        behind.labels(name).set(entry["partitions_behind"])
        failures.labels(name).set(entry["failures"])
    deliveries = gauge("deliveries", "Messages by what became of them", ("state",))
    for state, count in now["deliveries"].items():
        if isinstance(count, int | float):
            deliveries.labels(state).set(count)
