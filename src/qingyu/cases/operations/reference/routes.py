"""Routes: which unit a topic in an area goes to, from a day to a day. A route is ended, never deleted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from qingyu.cases.models import Route, Topic
from qingyu.cases.operations.reference.putting import MANAGES, put
from qingyu.people import queries as people
from qingyu.people.models import Area, Staff, Unit
from qingyu.people.operations import note_change, require
from qingyu.people.operations.changes import needed
from qingyu.rules.refusals import NotAllowed, NotValid

DAY = timedelta(days=1)


@transaction.atomic
def place_route(
    *, topic: Topic | None, area: Area | None, lead: Unit, valid_from: date, by: Staff | None, at: datetime,
    assisting: list[str] | None = None, valid_to: date | None = None, reason: str = "",
) -> Route:  # fmt: skip
    """Cases of the topic in the area are the lead's from that day on; upsert by topic, area, lead and first day.

    NotValid: ends_before_start, unit_twice; NotAllowed("unit_inactive").
    """
    require(by, MANAGES, at=at)
    if valid_to and valid_to < valid_from:
        raise NotValid("ends_before_start", field="valid_to")
    if lead.code in (assisting or ()):
        raise NotValid("unit_twice", field="assisting")
    if not lead.active:
        raise NotAllowed("unit_inactive", unit=lead.code)
    key = {"topic": topic, "area": area, "lead": lead, "valid_from": valid_from}
    route, _before = put(Route, key, {"assisting": assisting or [], "valid_to": valid_to})
    note_change("place_route", subject(route), by=by, at=at, reason=reason, facts={"after": shown(route)})
    return route


def subject(route: Route) -> str:
    """What the record of changes calls a route."""
    return f"route:{route.pk}"


def shown(route: Route) -> dict[str, Any]:
    """What the record of changes tells of a route."""
    return {
        "topic": route.topic.code if route.topic else "", "area": route.area.code if route.area else "",
        "lead": route.lead.code, "assisting": route.assisting, "from": route.valid_from, "to": route.valid_to,
    }  # fmt: skip


@transaction.atomic
def add_route(
    *, topic: Topic | None, area: Area | None, lead: Unit, valid_from: date, by: Staff | None, at: datetime,
    reason: str, assisting: list[str] | None = None, valid_to: date | None = None,
) -> Route:  # fmt: skip
    """A new route that begins today or later. NotValid: starts_in_past, route_exists, reason_missing and those of
    ``place_route``."""
    why = needed(reason)
    if valid_from < people.city_day(at):
        raise NotValid("starts_in_past", field="valid_from")
    if Route.objects.filter(topic=topic, area=area, lead=lead, valid_from=valid_from).exists():
        raise NotValid("route_exists", field="lead")
    return place_route(
        topic=topic, area=area, lead=lead, valid_from=valid_from, by=by, at=at, assisting=assisting,
        valid_to=valid_to, reason=why,
    )  # fmt: skip


@transaction.atomic
def end_route(route: Route, *, last_day: date, by: Staff | None, at: datetime, reason: str) -> None:
    """The route holds up to and with that day; yesterday ends it at once. Cases that were sent stay where they are.

    NotValid: reason_missing, ends_in_past; NotAllowed("route_has_ended").
    """
    require(by, MANAGES, at=at)
    why, today = needed(reason), people.city_day(at)
    if last_day < today - DAY:
        raise NotValid("ends_in_past", field="last_day")
    if route.valid_to and route.valid_to < today:
        raise NotAllowed("route_has_ended")
    before = route.valid_to
    _end(route, last_day)
    facts = {"before": {"to": before}, "after": {"to": route.valid_to}}
    note_change("end_route", subject(route), by=by, at=at, reason=why, facts=facts)


def _end(route: Route, last_day: date) -> None:
    """A route that has not begun by then never begins: it ends the day before its first."""
    route.valid_to = max(last_day, route.valid_from - DAY)
    route.save(update_fields=["valid_to"])


@transaction.atomic
def hand_over_routes(unit: Unit, *, to: Unit, starts: date, by: Staff | None, at: datetime, reason: str) -> int:
    """From that day on the other unit stands in every route in which this one leads or assists; how many.

    NotValid: reason_missing, starts_in_past, unit_twice (both are the same); NotAllowed("unit_inactive").
    """
    require(by, MANAGES, at=at)
    why = needed(reason)
    if starts < people.city_day(at):
        raise NotValid("starts_in_past", field="starts")
    if to.pk == unit.pk:
        raise NotValid("unit_twice", field="to")
    routes = routes_of(unit, starts)
    for route in routes:
        _hand_on(route, unit, to, starts, by=by, at=at, reason=why)
    return len(routes)


def routes_of(unit: Unit, day: date) -> list[Route]:
    """The routes in which the unit leads or assists on that day or later; two statements at most."""
    later = Route.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day)).select_related("topic", "area", "lead")
    return [route for route in later.order_by("pk") if unit.pk == route.lead_id or unit.code in route.assisting]


def _hand_on(route: Route, unit: Unit, to: Unit, starts: date, *, by: Staff | None, at: datetime, reason: str) -> None:
    lead = to if route.lead_id == unit.pk else route.lead
    helping = [to.code if code == unit.code else code for code in route.assisting]
    first, last = max(starts, route.valid_from), route.valid_to
    _end(route, first - DAY)
    note_change("end_route", subject(route), by=by, at=at, reason=reason, facts={"after": {"to": route.valid_to}})
    place_route(
        topic=route.topic, area=route.area, lead=lead, valid_from=first, valid_to=last, by=by, at=at, reason=reason,
        assisting=[code for code in dict.fromkeys(helping) if code != lead.code],
    )  # fmt: skip
