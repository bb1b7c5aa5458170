"""What Open311 shows. It asks nobody who they are, so it holds what anyone in the street may know, and no more.

Only cases of open topics; never reports of wrongdoing, never confidential ones. What was said and where exactly
is shown of requests that came through Open311, whose senders know that it is public, and scrubbed even then; of
all others only what, which unit, which area, and how it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from qingyu.cases.models import Case, CaseText, ServiceAttribute, Topic
from qingyu.cases.queries import area_name, unit_name
from qingyu.people import queries as people
from qingyu.rules import identifiers
from qingyu.rules.lifecycle import OPEN_STATES

MOST = 1000
LONGEST_TEXT = 4000
STATUSES = ("open", "closed")


@dataclass(frozen=True)
class Service:
    """A topic as Open311 offers it. ``group`` is the name of its topic of level 1."""

    code: str
    name: str
    description: str
    keywords: str
    group: str
    leaf: bool
    attributes: tuple[ServiceAttribute, ...]


@people.remembered
def services() -> dict[str, Service]:
    """Open topics, all of whose topics above are open too, by code; two statements each ten seconds."""
    ordered = Prefetch("attributes", queryset=ServiceAttribute.objects.order_by("order", "id"))
    topics = {topic.code: topic for topic in Topic.objects.prefetch_related(ordered).order_by("path")}
    parents = {topic.parent_id for topic in topics.values()}
    return {code: _service(topic, topics, parents) for code, topic in topics.items() if _is_open(topic, topics)}


def _is_open(topic: Topic, topics: dict[str, Topic]) -> bool:
    return all(topics[code].open for code in topic.path.split("/") if code in topics)


def _service(topic: Topic, topics: dict[str, Topic], parents: set[int | None]) -> Service:
    above = [topics[code].name for code in topic.path.split("/") if code in topics]
    return Service(
        code=topic.code, name=topic.name, description=" / ".join(above), keywords=", ".join(map(str, topic.words)),
        group=above[0] if above else "", leaf=topic.pk not in parents, attributes=tuple(topic.attributes.all()),
    )  # fmt: skip


# Requests ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Search:
    """Which requests. ``numbers`` overrides all else; the rest narrows. ``page`` from 1."""

    numbers: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    page: int = 1
    page_size: int = MOST


def public_cases() -> QuerySet[Case]:
    """The cases that anyone may know of."""
    shown = Case.objects.filter(topic__in=list(services()), confidential=False, opened_at__isnull=False)
    return shown.exclude(type=Case.Type.REPORT)


def requests(search: Search) -> list[dict[str, Any]]:
    """The newest first, at most 1000; two statements."""
    start = (search.page - 1) * search.page_size
    found = _narrowed(search).order_by("-opened_at", "-id")[start : start + search.page_size]
    rows = list(found.values(*COLUMNS))
    words = _words([row["id"] for row in rows if row["channel"] == Case.Channel.OPEN311])
    return [_request(row, words.get(row["id"], {})) for row in rows]


COLUMNS = (
    "id", "number", "state", "topic", "area", "channel", "owner_id", "opened_at", "closed_at", "last_at", "due_at",
    "lat", "lon",
)  # fmt: skip


def _narrowed(search: Search) -> QuerySet[Case]:
    query = public_cases()
    if search.numbers:
        return query.filter(number__in=search.numbers)
    if search.services:
        query = query.filter(topic__in=search.services)
    if search.start:
        query = query.filter(opened_at__gte=search.start)
    if search.end:
        query = query.filter(opened_at__lte=search.end)
    if set(search.statuses) == {"open"}:
        return query.filter(state__in=OPEN_STATES)
    return query.exclude(state__in=OPEN_STATES) if set(search.statuses) == {"closed"} else query


def _words(cases: list[int]) -> dict[int, dict[str, str]]:
    """What was said and where, by case; no statement where no request came through Open311."""
    kinds = [CaseText.Kind.TEXT, CaseText.Kind.PLACE]
    texts = CaseText.objects.filter(case__in=cases, kind__in=kinds).order_by("id") if cases else []
    found: dict[int, dict[str, str]] = {}
    for text in texts:
        found.setdefault(text.case_id, {})[text.kind] = identifiers.scrub(text.body)
    return found


def _request(row: dict[str, Any], words: dict[str, str]) -> dict[str, Any]:
    is_open, own = row["state"] in OPEN_STATES, row["channel"] == Case.Channel.OPEN311
    return {
        "service_request_id": row["number"],
        "status": "open" if is_open else "closed",
        "status_notes": str(Case.State(row["state"]).label),
        "service_name": services()[row["topic"]].name,
        "service_code": row["topic"],
        "description": words.get("text", "")[:LONGEST_TEXT] or None,
        "agency_responsible": unit_name(row["owner_id"]) or None,
        "service_notice": None,
        "requested_datetime": row["opened_at"],
        "updated_datetime": row["last_at"] if is_open else row["closed_at"] or row["last_at"],
        "expected_datetime": row["due_at"],
        "address": words.get("place") or area_name(row["area"]) or None,
        "address_id": row["area"] or None,
        "zipcode": None,
        "lat": row["lat"] if own else None,
        "long": row["lon"] if own else None,
        "media_url": None,
    }
