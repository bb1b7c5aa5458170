"""Tickets and appointments, for the search that spans all doors."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from qingyu.cases import policy
from qingyu.cases.models import Case
from qingyu.cases.ports import Finding, Sought
from qingyu.hall import appointments, queries
from qingyu.hall.models import Appointment, Hall, Ticket
from qingyu.people import sealing
from qingyu.people.policy import Viewer

LISTED = 20
NUMBER = re.compile(r"[A-Za-z]{1,2}\d{3,4}")


def visits(viewer: Viewer, sought: Sought, *, at: datetime) -> list[Finding]:
    """Tickets by today's number, by their address or by phone, appointments by code or phone, in halls in reach.

    Four statements at most.
    """
    halls = [hall for hall in queries.halls().values() if _in_reach(viewer, hall)]
    if not halls or not sought.text:
        return []
    return [*_tickets(viewer, sought, halls), *_appointments(sought, halls)]


def _in_reach(viewer: Viewer, hall: Hall) -> bool:
    return any(queries.may(viewer, right, hall) for right in ("hall.ticket", "hall.window", "hall.manage")) or (
        viewer.reach is None and viewer.may("contact.find")
    )


def _tickets(viewer: Viewer, sought: Sought, halls: list[Hall]) -> list[Finding]:
    wanted = _which(sought, halls)
    if wanted is None:
        return []
    rows = list(_newest(Ticket.objects.filter(wanted, hall__in=halls).select_related("service"), "-issued_at"))
    numbers = _cases(viewer, rows)
    return [_ticket(row, numbers.get(row.case_id or 0, "")) for row in rows]


def _which(sought: Sought, halls: Iterable[Hall]) -> Q | None:
    if sought.phone_index:
        return Q(phone_index=sought.phone_index)
    if NUMBER.fullmatch(sought.text):
        days = Q(pk__in=[])
        for hall in halls:
            days |= Q(hall=hall, day=hall.day, number=sought.text.upper())
        return days
    return Q(ticket=sought.text) if len(sought.text) == len("0123456789abcdef") else None


def _newest(rows: QuerySet[Ticket], by: str) -> QuerySet[Ticket]:
    return rows.order_by(by)[:LISTED]


def _cases(viewer: Viewer, rows: list[Ticket]) -> dict[int, str]:
    """Numbers of the cases that came of the visits, where the viewer may see them."""
    found = Case.objects.filter(policy.visible(viewer), pk__in=[row.case_id for row in rows if row.case_id])
    return dict(found.values_list("pk", "number"))


def _ticket(row: Ticket, number: str) -> Finding:
    """Without the address of the ticket: whoever has it may give the number back, and rate."""
    title = _("Ticket %(number)s") % {"number": row.number}
    said = f"{row.service.name} · {row.get_state_display()}"
    return Finding("ticket", title, said, row.issued_at, number)


def _appointments(sought: Sought, halls: list[Hall]) -> list[Finding]:
    if sought.phone:
        wanted = Q(phone_index=sealing.blind(sought.phone, column=appointments.PERSON))
    elif len(sought.text) == 8:
        wanted = Q(code=sought.text.upper())
    else:
        return []
    rows = Appointment.objects.filter(wanted, hall__in=halls).select_related("service").order_by("-starts_at")
    return [_appointment(row) for row in rows[:LISTED]]


def _appointment(row: Appointment) -> Finding:
    when = date_format(localtime(row.starts_at), "SHORT_DATETIME_FORMAT")
    said = f"{row.service.name} · {row.get_state_display()}"
    return Finding("calendar", _("Appointment for %(when)s") % {"when": when}, said, row.booked_at)
