"""What who runs a hall decides ahead: how many windows work for a service from a day on, and what may be booked of it.

The plan and the terms are dated rows: what was in force stays readable, what has been booked stays booked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from qingyu.cases.actors import Actor, ActorKind
from qingyu.hall import appointments, queries
from qingyu.hall.models import AppointmentTerms, Hall, PlannedOpening, Service
from qingyu.hall.operations import holding
from qingyu.people import queries as people
from qingyu.people.models import Staff
from qingyu.people.operations import note_change
from qingyu.rules import appointing
from qingyu.rules.appointing import Opening, Terms
from qingyu.rules.refusals import NotPermitted, NotValid

LONGEST_SLOT = 240


def set_plan(service: Service, *, since: date, openings: Sequence[Opening], by: Actor, at: datetime) -> None:
    """The opening plan of a service from that day on, in place of what was planned from then; none: it is not planned.

    NotPermitted("hall_manage_denied"). NotValid: plan_day_past, opening_order, opening_overlaps,
    opening_windows (``most`` are there for the service).
    """
    _require_manager(by, service.hall)
    _require_day(since, at)
    appointing.check_plan(openings, most=service.windows.count())
    with holding.booking(service.hall_id):
        _end_before(PlannedOpening.objects.filter(service=service), since)
        PlannedOpening.objects.bulk_create(
            [PlannedOpening(service=service, valid_from=since, **asdict(one)) for one in openings]
        )
        lines = [f"{one.starts:%H:%M}-{one.ends:%H:%M} x {one.windows}" for one in openings]
        _note("set_plan", service.hall, by, at, {"service": service.code, "from": since, "openings": lines})


def set_terms(hall: Hall, *, since: date, share: int, slot_minutes: int, by: Actor, at: datetime) -> None:
    """How much of the plan may be booked from that day on, and how long a slot is; the other terms stay as they are.

    NotPermitted("hall_manage_denied"). NotValid: plan_day_past, share_not_valid (0..100), slot_not_valid (5..240).
    """
    _require_manager(by, hall)
    _require_day(since, at)
    if not 0 <= share <= 100:
        raise NotValid("share_not_valid", field="share")
    if not 5 <= slot_minutes <= LONGEST_SLOT:
        raise NotValid("slot_not_valid", field="slot_minutes")
    with holding.booking(hall.pk):
        before = appointments.terms(hall, on=since) or Terms()
        after = replace(before, share=share, slot_minutes=slot_minutes)
        _end_before(AppointmentTerms.objects.filter(hall=hall), since)
        AppointmentTerms.objects.create(hall=hall, valid_from=since, **asdict(after))
        _note("set_terms", hall, by, at, {"from": since, "share": share, "slot_minutes": slot_minutes})


def _require_manager(by: Actor, hall: Hall) -> None:
    if by.kind is ActorKind.SYSTEM:
        return
    if by.viewer is None or not queries.may(by.viewer, "hall.manage", hall):
        raise NotPermitted("hall_manage_denied")


def _require_day(since: date, at: datetime) -> None:
    if since < people.city_day(at):
        raise NotValid("plan_day_past", field="since")


def _end_before(rows: models.QuerySet[Any], since: date) -> None:
    """Rows in force end the day before; those that were still to come never came."""
    rows.filter(valid_from__gte=since).delete()
    rows.filter(Q(valid_to=None) | Q(valid_to__gte=since)).update(valid_to=since - timedelta(days=1))


def _note(what: str, hall: Hall, by: Actor, at: datetime, facts: dict[str, Any]) -> None:
    staff = Staff.objects.filter(pk=by.staff_id).first() if by.staff_id else None
    note_change(what, f"hall:{hall.code}", by=staff, at=at, facts=facts)
    people.forget()
