"""Taking a ticket by a form: once for its key, whoever presses the button how often."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from qingyu.cases.actors import Actor
from qingyu.cases.idempotency import Call, once
from qingyu.hall import appointments, operations, queries
from qingyu.hall.models import Hall, Service, Ticket
from qingyu.hall.wording import NEED_ICONS, NEEDS


def new_key() -> str:
    """A key for one form."""
    return uuid.uuid4().hex


def take(
    request: HttpRequest, service: Service, *, caller: str, by: Actor, source: str, at: datetime
) -> tuple[Ticket, queries.Outlook]:
    """The ticket of the posted form and how it stands. NotValid, NotPermitted."""
    needs = [need for need in request.POST.getlist("need") if need]
    key = request.POST.get("key", "")[:64]
    body = f"{service.pk}:{','.join(sorted(needs))}".encode()

    def act() -> tuple[int, str]:
        return 201, operations.issue(service, by=by, at=at, needs=needs, source=source).ticket

    _status, name = once(Call(caller, f"ticket:{service.hall_id}", key, body), act, at=at)
    ticket = queries.ticket(name)
    return ticket, queries.outlook(ticket)


def arrive(hall: Hall, said: str, *, by: Actor, source: str, at: datetime) -> Ticket:
    """The ticket of an appointment that is named by its code or phone. NotValid, NotAllowed, NotPermitted."""
    appointment = appointments.expected(hall, said[:40], at=at)
    return operations.check_in(appointment, by=by, source=source, at=at)


def address(ticket: Ticket) -> str:
    """Where the ticket is watched, in full: for the picture that phones read."""
    return f"{settings.PUBLIC_URL}{reverse('ticket', args=[ticket.ticket])}"


def picture(text: str) -> SafeString:
    """A QR code as SVG."""
    svg = segno.make(text, error="m").svg_inline(scale=4, border=2, dark="#000", light="#fff", omitsize=False)
    return mark_safe(svg)  # noqa: S308  made by us from an address of ours


def need_choices() -> list[dict[str, Any]]:
    """The needs with their words and pictures."""
    return [{"code": str(need), "name": words, "icon": NEED_ICONS[need]} for need, words in NEEDS.items()]  # type: ignore[index]


def words_of(needs: frozenset[str]) -> list[dict[str, Any]]:
    """The needs of one ticket, in the order of the rules."""
    return [one for one in need_choices() if one["code"] in needs]


def events_of(hall: Hall) -> str:
    """Where the changes of a hall are told: straight at the event process, which spares the pages a redirect."""
    return f"{settings.EVENTS_ORIGIN}{reverse('api:hall_events', args=[hall.code])}"
