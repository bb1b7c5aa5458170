"""What the pages of the administrator show: people, units, routes, limits, days, changes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from qingyu.cases import topics
from qingyu.cases.models import CaseClock, Route
from qingyu.desk.administration import labels
from qingyu.people import permissions
from qingyu.people import queries as people
from qingyu.people.models import AdminChange, Deputy, Staff, Unit

PAGE = 50


def page_of(rows: QuerySet[Any] | list[Any], number: str) -> Page[Any]:
    """One page of a list; a page that is not there is the nearest one."""
    return Paginator(rows, PAGE).get_page(number if number.isascii() and number.isdigit() else 1)


# People ---------------------------------------------------------------------------------------------------------


def staff(*, words: str, unit: str, role: str, gone: bool) -> QuerySet[Staff]:
    """Staff by name, narrowed."""
    found = Staff.objects.filter(is_active=not gone).select_related("unit").order_by("name", "pk")
    if words:
        found = found.filter(Q(name__icontains=words) | Q(username__icontains=words))
    if unit:
        found = found.filter(unit__code=unit)
    if role:
        found = found.filter(roles__code=role)
    return found


def deputies_of(person: Staff, *, today: date) -> list[Deputy]:
    """Who stands in for somebody, and for whom they stand in, from today on and in the last year."""
    rows = Deputy.objects.filter(
        Q(staff=person) | Q(deputy=person), ends__gte=today.replace(year=today.year - 1, day=1)
    )
    return list(rows.select_related("staff", "deputy").order_by("-ends", "-pk")[:20])


# Units ----------------------------------------------------------------------------------------------------------


def units(words: str) -> list[Unit]:
    """Every unit in the order of the tree, with ``people`` (active staff) and ``depth``; one statement."""
    working = Count("staff", filter=Q(staff__is_active=True))
    rows = Unit.objects.select_related("area", "calendar", "parent").annotate(people=working).order_by("path")
    found = _in_order(list(rows))
    return [unit for unit in found if words.lower() in f"{unit.name} {unit.short} {unit.code}".lower()]


def _in_order(rows: list[Unit]) -> list[Unit]:
    """Parents before children, brothers by the order in which they were made (a path orders "10" before "9")."""
    for unit in rows:
        unit.depth = min(unit.path.count("/") - 2, 5)  # type: ignore[attr-defined]
    return sorted(rows, key=lambda unit: [int(step) for step in unit.path.split("/") if step])


def without_staff(rows: Iterable[Unit]) -> list[Unit]:
    """Open units in which nobody works; a unit that only holds others together is none of them."""
    above = {unit.parent_id for unit in rows if unit.active}
    return [
        unit
        for unit in rows
        if unit.active and not unit.people and unit.pk not in above  # type: ignore[attr-defined]
    ]


def without_fallback(rows: Iterable[Unit]) -> bool:
    """Whether no open unit takes what has no route."""
    return not any(unit.fallback and unit.active for unit in rows)


# Routes ---------------------------------------------------------------------------------------------------------


def routes(*, topic: str, area: str, unit: str, when: str, today: date) -> QuerySet[Route]:
    """Routes by topic and area. ``when``: now (and to come), ended or all; a topic takes in those below it."""
    found = Route.objects.select_related("topic", "area", "lead").order_by(
        "topic__path", "area__path", "valid_from", "pk"
    )
    if when != "all":
        ended = Q(valid_to__lt=today)
        found = found.filter(ended if when == "ended" else ~ended | Q(valid_to=None))
    if topic:
        found = found.filter(Q(topic__code=topic) | Q(topic__path__contains=f"{topic}/"))
    if area:
        found = found.filter(area__code=area)
    if unit:
        found = found.filter(Q(lead__code=unit) | Q(assisting__icontains=f'"{unit}"'))
    return found


def unrouted(today: date) -> list[topics.TopicInfo]:
    """Topics of the last level for which no route holds anywhere today: their cases go to the fallback unit."""
    holding = Route.objects.filter(valid_from__lte=today, lead__active=True)
    holding = holding.filter(Q(valid_to=None) | Q(valid_to__gte=today))
    routed = set(holding.values_list("topic__code", flat=True))
    if None in routed:
        return []
    known = topics.by_code()
    parents = {step for topic in known.values() for step in topic.path.split("/")[:-1]}
    leaves = [topic for topic in known.values() if topic.code not in parents]
    return [topic for topic in leaves if not routed.intersection(topic.path.split("/"))]


def overlaps(rows: Iterable[Route]) -> dict[int, str]:
    """For each route what else holds for the same topic and area in the same days, and which one counts; one
    statement."""
    shown = list(rows)
    same = Route.objects.filter(topic__in=[row.topic_id for row in shown if row.topic_id]).select_related("lead")
    anywhere = Route.objects.filter(topic=None).select_related("lead")
    others = list(same) + (list(anywhere) if any(row.topic_id is None for row in shown) else [])
    found = {}
    for row in shown:
        rivals = [other for other in others if other.pk != row.pk and _clash(row, other)]
        if rivals:
            found[row.pk] = _explained(row, rivals)
    return found


def _clash(one: Route, other: Route) -> bool:
    if (one.topic_id, one.area_id) != (other.topic_id, other.area_id) or not other.lead.active:
        return False
    return one.valid_from <= (other.valid_to or date.max) and other.valid_from <= (one.valid_to or date.max)


def _explained(row: Route, rivals: list[Route]) -> str:
    first = min(rivals, key=_precedence)
    if _precedence(first) < _precedence(row):
        return _("From %(day)s on %(unit)s goes before it: the route that began last holds.") % {
            "day": max(first.valid_from, row.valid_from).isoformat(),
            "unit": first.lead.name,
        }
    return _("It goes before that of %(unit)s: the route that began last holds.") % {"unit": first.lead.name}


def _precedence(row: Route) -> tuple[int, int, str]:
    """The order of ``rules.dispatch``: began last, then ends first, then the lower code."""
    return -row.valid_from.toordinal(), (row.valid_to or date.max).toordinal(), row.lead.code


# Days -----------------------------------------------------------------------------------------------------------


def provisional(calendar: str) -> Counter[int]:
    """Running clocks whose due date waits for a list, by the year they fall due in; one statement."""
    found = CaseClock.objects.filter(provisional=True, stop="", calendar=calendar).values_list("due_at", flat=True)
    return Counter(people.city_day(due).year for due in found)


# Changes --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """One line of the record of changes, in words."""

    row: AdminChange
    who: str
    what: labels.Words
    kind: labels.Words
    subject: str
    facts: list[tuple[labels.Words, str, str]]


def changes(*, subject: str, words: str, by: str, what: str) -> QuerySet[AdminChange]:
    """The record, newest first, narrowed."""
    found = AdminChange.objects.select_related("by").order_by("-id")
    if subject:
        found = found.filter(subject__startswith=f"{subject}:")
    if words:
        found = found.filter(Q(subject__icontains=words) | Q(reason__icontains=words))
    if by:
        found = found.filter(Q(by__name__icontains=by) | Q(by__username=by))
    if what:
        found = found.filter(what=what)
    return found


def about(subject: str, most: int = 10) -> list[Told]:
    """The last changes of one subject."""
    return told(AdminChange.objects.filter(subject=subject).select_related("by").order_by("-id")[:most])


def changes_since(subject: str, seen: int | None) -> list[Told]:
    """What others did since a form was opened."""
    if not subject:
        return []
    found = AdminChange.objects.filter(subject=subject, id__gt=seen or 0).select_related("by").order_by("-id")
    return told(found[:5])


def told(rows: Iterable[AdminChange]) -> list[Told]:
    """The lines in words."""
    return [_told(row) for row in rows]


def _told(row: AdminChange) -> Told:
    kind, _sign, rest = row.subject.partition(":")
    who = row.by.name if row.by else _("the house itself")
    named = labels.SUBJECTS.get(kind, kind)
    return Told(row, who, labels.ACTS.get(row.what, row.what), named, rest, _facts(row.facts))


def _facts(facts: dict[str, Any]) -> list[tuple[labels.Words, str, str]]:
    """Lines of (name, before, after)."""
    before, after = facts.get("before") or {}, facts.get("after") or {}
    names = [*after, *(name for name in before if name not in after)]
    found = [(labels.FACTS.get(n, n), _plain(before.get(n, "")), _plain(after.get(n, ""))) for n in names]
    rest = [(labels.FACTS.get(n, n), "", _plain(v)) for n, v in facts.items() if n not in ("before", "after")]
    return [line for line in found + rest if {line[1], line[2]} - {"", "—"}]


def _plain(value: Any) -> str:
    if value is None or value == "" or value == []:
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _(", ").join(str(permissions.CODES.get(one, permissions.ROLE_NAMES.get(one, one))) for one in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
