"""What a clerk does with the line: the next, again, did not come, somewhere else, done."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from qingyu.cases import operations as cases
from qingyu.cases import rows
from qingyu.cases.actors import Actor
from qingyu.cases.models import Case
from qingyu.cases.topics import by_code
from qingyu.hall import floor, queries
from qingyu.hall.models import Service, Ticket, Window
from qingyu.hall.operations import holding
from qingyu.hall.operations.tickets import PHONE, microseconds
from qingyu.people import sealing
from qingyu.rules.calling import after_absence, next_ticket
from qingyu.rules.refusals import NotAllowed, NotValid

LAST_COUNTED = 200
"""Mean and spread of a service follow about so many of the last people."""


def call_next(window: Window, *, by: Actor, at: datetime) -> Ticket | None:
    """Calls whom the rules name to the window; None where nobody waits for its skills. At most seven statements.

    NotAllowed("ticket_open", ticket, number) while somebody stands there, NotAllowed("window_closed") where it is
    closed or paused, NotPermitted("hall_window_denied").
    """
    holding.require_at_window(by, window)
    with holding.changing(window.hall_id):
        return _call(window, by, at)


def _call(window: Window, by: Actor, at: datetime) -> Ticket | None:
    if ticket := holding.open_ticket(window):
        raise NotAllowed("ticket_open", ticket=ticket.ticket, number=ticket.number)
    places = floor.windows(queries.fetch, window.hall_id)
    here = next(place for place in places if place.id == window.pk)
    if here.state != Window.State.OPEN:
        raise NotAllowed("window_closed", state=here.state)
    others = [place.counter for place in places if place.state == Window.State.OPEN and place.id != here.id]
    choice = next_ticket(here.counter, floor.waiting(queries.fetch, window.hall_id), others, now=microseconds(at))
    if choice is None:
        return None
    seated = {"clerk_id": by.staff_id} if by.staff_id else {}  # whoever calls sits there, whoever opened it
    rows.update(window, {"passed": choice.passes, "acted_at": at} | seated)
    found = rows.find(Ticket, "id", choice.ticket)[0]
    found.hall, found.window, found.service = window.hall, window, queries.known_service(found.service_id)
    called = {"state": Ticket.State.CALLED, "window_id": window.pk, "called_at": at, "rung_at": at, "began_at": None}
    rows.update(found, called | {"calls": found.calls + 1})
    return found


def recall(window: Window, *, by: Actor, at: datetime, seen: str = "") -> Ticket:
    """Calls the same person again. NotAllowed("no_ticket_open" | "ticket_changed")."""
    holding.require_at_window(by, window)
    with holding.changing(window.hall_id):
        ticket = holding.required_ticket(window, seen=seen)
        rows.update(ticket, {"state": Ticket.State.CALLED, "rung_at": at, "calls": ticket.calls + 1})
    return ticket


def begin(window: Window, *, by: Actor, at: datetime, seen: str = "") -> Ticket:
    """The person stands at the window: from now on they are served."""
    holding.require_at_window(by, window)
    with holding.changing(window.hall_id):
        ticket = holding.required_ticket(window, seen=seen)
        rows.update(ticket, {"state": Ticket.State.SERVING, "began_at": ticket.began_at or at})
    return ticket


def no_show(window: Window, *, by: Actor, at: datetime, seen: str = "") -> Ticket:
    """Nobody came: three places back, and void after the third time."""
    holding.require_at_window(by, window)
    with holding.changing(window.hall_id):
        ticket = holding.required_ticket(window, seen=seen)
        if ticket.state == Ticket.State.SERVING:
            raise NotAllowed("person_is_there")
        line = floor.waiting(queries.fetch, window.hall_id)
        absences = ticket.absences + 1
        place = after_absence(queries.waiting_of(ticket), absences, line)
        back = {"state": Ticket.State.WAITING, "place": place, "window_id": None, "called_at": None}
        void = {"state": Ticket.State.VOID, "finished_at": at}
        rows.update(ticket, {"absences": absences} | (void if place is None else back))
    return ticket


def transfer(window: Window, *, to: Service, by: Actor, at: datetime, seen: str = "") -> Ticket:
    """The person needs something else: the same number waits for the other service, at the place it came with.

    NotValid("service_unknown") for a service of another hall, ("service_same").
    """
    holding.require_at_window(by, window)
    if to.hall_id != window.hall_id or not to.active:
        raise NotValid("service_unknown", field="service")
    with holding.changing(window.hall_id):
        ticket = holding.required_ticket(window, seen=seen)
        if ticket.service_id == to.pk:
            raise NotValid("service_same", field="service")
        back = {"state": Ticket.State.WAITING, "window_id": None, "called_at": None, "absences": 0}
        rows.update(ticket, back | {"service_id": to.pk, "transfers": ticket.transfers + 1})
    return ticket


def finish(window: Window, *, by: Actor, at: datetime, answer: str = "", text: str = "", seen: str = "") -> Ticket:
    """The person has what they came for: the ticket ends and a case stands for it, closed at once.

    ``text`` is what they came for, ``answer`` what was done; without words the name of the service stands there.
    """
    holding.require_at_window(by, window)
    with holding.changing(window.hall_id):
        return _finish(window, by=by, at=at, answer=answer, text=text, seen=seen)


def finish_and_next(
    window: Window, *, by: Actor, at: datetime, answer: str = "", text: str = "", seen: str = ""
) -> tuple[Ticket, Ticket | None]:
    """Both or neither, in one transaction."""
    holding.require_at_window(by, window)
    with holding.changing(window.hall_id):
        done = _finish(window, by=by, at=at, answer=answer, text=text, seen=seen)
        return done, _call(window, by, at)


def attach_case(window: Window, case: Case, *, by: Actor, at: datetime, seen: str = "") -> Ticket:
    """The person came with a case that is there already: finishing the ticket opens no other one."""
    holding.require_at_window(by, window)
    with holding.changing(window.hall_id):
        ticket = holding.required_ticket(window, seen=seen)
        served = {"state": Ticket.State.SERVING, "began_at": ticket.began_at or at, "case_id": case.pk}
        rows.update(ticket, served)
        ticket.case = case
    return ticket


def _finish(window: Window, *, by: Actor, at: datetime, answer: str, text: str, seen: str) -> Ticket:
    ticket = holding.required_ticket(window, seen=seen)
    assert ticket.called_at is not None  # it stands at a window
    began = ticket.began_at or ticket.called_at
    served = max(0, int((at - began).total_seconds()))
    facts: dict[str, str | int] = {
        "hall": window.hall.code, "window": window.code, "ticket": ticket.pk, "served": served,
        "waited": max(0, int((ticket.called_at - ticket.issued_at).total_seconds())),
    }  # fmt: skip
    if ticket.service.item:
        facts["item"] = ticket.service.item
    if ticket.case is None:
        filing, told = _filing(ticket, text), answer.strip() or _usual_answer()
        unit = window.unit_id or window.hall.unit_id
        ticket.case = cases.handle_at_once(filing, answer=told, by=by, at=at, unit=unit, **facts).case
    ended = {"state": Ticket.State.FINISHED, "began_at": began, "finished_at": at, "case_id": ticket.case.pk}
    rows.update(ticket, ended)
    rows.update(window, {"acted_at": at})
    _learn(rows.find(Service, "id", ticket.service_id)[0], int((at - ticket.called_at).total_seconds()))
    return ticket


def _filing(ticket: Ticket, text: str) -> cases.Filing:
    phone = sealing.unseal(ticket.phone, column=PHONE, row=ticket.ticket)
    person = cases.Person(phone=phone) if phone else None
    topic = by_code().get(ticket.service.topic)
    return cases.Filing(
        text=text.strip() or ticket.service.name,
        title=ticket.service.name,
        channel="window",
        type="help",
        topic=topic.code if topic and (topic.anonymous or person) else "",
        person=person,
    )


def _usual_answer() -> str:
    """What is stored is in the language of the house, whoever pressed the key."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("Handled at the window.")


def _learn(service: Service, seconds: int) -> None:
    """Mean and mean of squares of what a person takes from the call to the end move with each one served."""
    counted = service.counted + 1
    part = 1 / min(counted, LAST_COUNTED)
    mean = service.mean + (seconds - service.mean) * part
    square = service.square + (seconds**2 - service.square) * part
    rows.update(service, {"counted": counted, "mean": mean, "square": square})
