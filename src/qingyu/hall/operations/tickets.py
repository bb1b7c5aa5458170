"""Taking a ticket, leaving, coming late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection

from qingyu.cases import papers, rows
from qingyu.cases.actors import Actor
from qingyu.hall import floor, queries
from qingyu.hall.models import Service, Ticket, TicketCounter, new_ticket
from qingyu.hall.operations import holding
from qingyu.hall.operations.day import roll
from qingyu.people import sealing
from qingyu.rules import identifiers
from qingyu.rules.calling import Need, behind
from qingyu.rules.refusals import NotAllowed, NotValid

PHONE = "ticket:phone"


def issue(
    service: Service, *, by: Actor, at: datetime, needs: Iterable[str] = (), phone: str = "", source: str = "kiosk"
) -> Ticket:
    """A ticket with the next number of the service on the hall's day; eight statements.

    NotValid("need_unknown" | "phone_not_valid"), NotPermitted("hall_ticket_denied").
    """
    holding.require_guide(by, service.hall)
    blank = with_phone(Ticket(ticket=new_ticket(), needs=known_needs(needs), source=source), phone)
    with holding.changing(service.hall_id):
        return place_in_line(service, blank, at=at)


def with_phone(ticket: Ticket, phone: str) -> Ticket:
    """The ticket with the number sealed, found by its blind index; as it was where there is none."""
    if phone:
        number = identifiers.normalise_phone(phone)
        ticket.phone = sealing.seal(number, column=PHONE, row=ticket.ticket)
        ticket.phone_index = papers.blind_phone(number)
    return ticket


def place_in_line(service: Service, ticket: Ticket, *, at: datetime, due: datetime | None = None) -> Ticket:
    """The ticket with the next number of the service, at the end of the line. Under the lock of the hall.

    ``due`` (of an appointment): from when on it goes before; it stands in the line as if it had come then.
    """
    day = roll(service.hall, at=at)
    ticket.hall, ticket.service, ticket.day, ticket.issued_at = service.hall, service, day, at
    ticket.number = _next_number(service, day)
    ticket.place, ticket.due = microseconds(due or at), microseconds(due) if due else None
    rows.insert([ticket])
    return ticket


def known_needs(needs: Iterable[str]) -> str:
    """As stored: parted by commas, in the order of the rules. NotValid("need_unknown")."""
    given = set(needs)
    if given - {str(need) for need in Need}:
        raise NotValid("need_unknown", field="needs")
    return ",".join(str(need) for need in Need if need in given)


def _next_number(service: Service, day: date) -> str:
    """Counted by one statement: two who ask at once get two numbers, whatever else is locked."""
    table = connection.ops.quote_name(TicketCounter._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (service_id, day, last) VALUES (%s, %s, 1) "  # noqa: S608
            f"ON CONFLICT (service_id, day) DO UPDATE SET last = {table}.last + 1 RETURNING last",
            [service.pk, connection.ops.adapt_datefield_value(day)],
        )
        (last,) = cursor.fetchone()
    return f"{service.code}{last:03d}"


def microseconds(at: datetime) -> int:
    """An instant in the measure of ``Ticket.place``."""
    return int(at.timestamp() * 1_000_000)


def leave(ticket: Ticket, *, at: datetime) -> None:
    """The person says that they do not wait any longer. NotAllowed("ticket_ended") once it has been called."""
    with holding.changing(ticket.hall_id):
        ticket.refresh_from_db(fields=["state"])
        if ticket.state != Ticket.State.WAITING:
            raise NotAllowed("ticket_ended")
        rows.update(ticket, {"state": Ticket.State.LEFT, "finished_at": at})


def bring_back(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Somebody comes late: behind the next three of the service.

    NotAllowed("ticket_of_another_day" | "ticket_ended").
    """
    holding.require_guide(by, ticket.hall)
    with holding.changing(ticket.hall_id):
        ticket.refresh_from_db()
        if ticket.state not in (Ticket.State.VOID, Ticket.State.LEFT):
            raise NotAllowed("ticket_ended")
        if ticket.day != type(ticket.hall).objects.values_list("day", flat=True).get(pk=ticket.hall_id):
            raise NotAllowed("ticket_of_another_day")
        line = floor.waiting(queries.fetch, ticket.hall_id)
        place = behind(line, at_least=0, service=ticket.service_id)
        back = {"state": Ticket.State.WAITING, "place": place or ticket.place, "absences": 0, "window_id": None}
        rows.update(ticket, back | {"finished_at": None})
