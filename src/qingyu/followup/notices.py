"""Who is told of what: from events to messages. The words stand in ``notify.wording``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from qingyu.cases import papers, tokens
from qingyu.cases.models import Case, CaseClock, CaseEvent, Contact, Notice
from qingyu.cases.operations.opening import query_code
from qingyu.notify import operations as notify
from qingyu.notify import wording
from qingyu.notify.messages import Message
from qingyu.people import queries as people

FOLLOWER = "notices"
STARTED_BY = {
    "submitted": "accept", "correction_asked": "correct", "window_chosen": "correct", "special_begun": "special",
    "corrected": "accept",
}  # fmt: skip
LATEST_CHANGES = ("start", "resume", "extend", "move")


@dataclass(frozen=True)
class Told:
    """One event with what its messages need: the case as it now stands and the person, if there is one."""

    event: CaseEvent
    case: Case
    person: Contact | None
    reasons: dict[tuple[str, str], Notice]

    @property
    def facts(self) -> dict[str, Any]:
        return self.event.facts


# Who hears of an event, and under which code of the wording ---------------------------------------------------


def _only_handle(told: Told, code: str) -> str:
    """Warnings and overdue marks of inner clocks are no business of the citizen."""
    return code if told.facts.get("clock") == "handle" else ""


def _reviewed(told: Told, passed: str, sent_back: str) -> str:
    return passed if told.facts["passed"] else sent_back


def _extension(told: Told, granted: str, declined: str) -> str:
    return granted if told.facts["approved"] else declined


Choice = str | Callable[[Told], str]
CITIZEN: dict[str, Choice] = {
    "opened": lambda told: "" if told.case.stage else "opened",
    "submitted": "applied",
    "correction_asked": "correction",
    "window_chosen": "window",
    "admitted": "admitted",
    "auto_admitted": "admitted",
    "not_admitted": "not_admitted",
    "lapsed": "lapsed",
    "special_begun": "special",
    "deputy_called": "deputy",
    "decided": "decided",
    "issued": "issued",
    "refused": "refused",
    "diverted": "diverted",
    "routed": "routed",
    "arbitrated": lambda told: "routed" if told.facts["upheld"] and told.facts.get("unit") else "",
    "asked": "asked",
    "extension_decided": lambda told: _extension(told, "extended", ""),
    "overdue": lambda told: _only_handle(told, "overdue"),
    "answered_at_once": "closed",
    "reviewed": lambda told: _reviewed(told, "closed", ""),
    "closed": "ended",
    "redone": "redone",
    "reopened": "reopened",
    "urged": "urged",
    "withdrawn": "withdrawn",
}
UNIT: dict[str, Choice] = {
    "submitted": "applied",
    "corrected": "corrected",
    "deputy_called": "deputy",
    "routed": "routed",
    "arbitrated": lambda told: "routed" if told.facts["upheld"] and told.facts.get("unit") else "arbitrated",
    "replied": "replied",
    "added": "added",
    "extension_decided": lambda told: _extension(told, "extension_granted", "extension_declined"),
    "reviewed": lambda told: _reviewed(told, "", "sent_back"),
    "redone": "redone",
    "reopened": "reopened",
    "urged": "urged",
    "pressed": "pressed",
    "warned": "warned",
    "overdue": "overdue",
    "withdrawn": "withdrawn",
}
CENTRE: dict[str, Choice] = {
    "supervisor_called": "silent",
    "returned": "returned",
    "extension_asked": "extension_asked",
    "answered": "answered",
}
KINDS = frozenset(CITIZEN) | frozenset(UNIT) | frozenset(CENTRE)


def _code(table: dict[str, Choice], told: Told) -> str:
    choice = table.get(told.event.kind, "")
    return choice if isinstance(choice, str) else choice(told)


# Messages -------------------------------------------------------------------------------------------------------


def plan(events: Sequence[CaseEvent]) -> None:
    """Plans the messages of a batch: four statements and one for each 500 messages."""
    cases = Case.objects.in_bulk({event.case_id for event in events})
    contacts = Contact.objects.filter(case_id__in=cases, role=Contact.Role.PERSON)
    people_of = {contact.case_id: contact for contact in contacts}
    reasons = _reasons(events)
    messages: list[Message] = []
    for event in events:
        told = Told(event, cases[event.case_id], people_of.get(event.case_id), reasons)
        messages += [*_to_citizen(told), *_to_house(told)]
    if messages:
        notify.plan(messages, at=max(event.recorded_at for event in events))


def _reasons(events: Iterable[CaseEvent]) -> dict[tuple[str, str], Notice]:
    if not any(event.kind in ("refused", "diverted", "extension_decided") for event in events):
        return {}
    return {(notice.group, notice.code): notice for notice in Notice.objects.all()}


def _to_citizen(told: Told) -> Iterator[Message]:
    code = _code(CITIZEN, told)
    if not code or told.person is None:
        return
    phone, email = papers.clear_field(told.person, "phone"), papers.clear_field(told.person, "email")
    channel, address = ("sms", phone) if phone else ("email", email)
    if address:
        yield _message(told, code, "citizen", "citizen", channel, address, _citizen_link(told, code))


def _to_house(told: Told) -> Iterator[Message]:
    """To the inbox of the unit that has the case, and to the centre where the centre must decide."""
    for table, unit_id in ((UNIT, told.case.lead_id or told.case.owner_id), (CENTRE, told.case.centre_id)):
        code, unit = _code(table, told), people.units().get(unit_id or 0)
        if code and unit:
            link = f"{settings.PUBLIC_URL}/desk/cases/{told.case.number}/"
            yield _message(told, code, "unit", f"unit:{unit.code}"[:60], "inbox", unit.code, link)


def _message(told: Told, code: str, kind: str, audience: str, channel: str, address: str, link: str) -> Message:
    needed = wording.needs(code, kind)
    facts: dict[str, Any] = {name: FACTS[name](told) for name in needed if name in FACTS}
    language = told.person.language if told.person and kind == "citizen" else ""
    return Message(
        source_event=told.event.pk, follower=FOLLOWER, audience=audience, channel=channel, address=address,
        event_code=code, language=language or settings.LANGUAGE_CODE, facts=facts | {"link": link},
        purpose="r" if told.case.type == Case.Type.REPORT else "k",
    )  # fmt: skip


def _citizen_link(told: Told, code: str) -> str:
    """To the rating where there is an answer, else to the case; both open without a password."""
    if code == "closed":
        return f"{settings.PUBLIC_URL}/rate/{tokens.rating_token(told.case)}/"
    return f"{settings.PUBLIC_URL}/track/?{urlencode({'number': told.case.number, 'code': query_code(told.case)})}"


def _unit_name(told: Told) -> str:
    unit = people.units().get(told.facts.get("unit") or told.case.lead_id or told.case.owner_id or 0)
    return unit.name if unit else settings.CITY


def _due(told: Told) -> datetime:
    """The date that the event has set, else the one the case has now."""
    of_application = STARTED_BY.get(told.event.kind)
    for change in told.facts.get("clocks", ()):
        if of_application and change["kind"] == of_application and change["do"] in LATEST_CHANGES:
            return datetime.fromisoformat(change["due"])
        if change["kind"] == "handle" and change["do"] == "pause" and "until" in change:
            return datetime.fromisoformat(change["until"])
        if change["kind"] in ("handle", "dispatch") and change["do"] in LATEST_CHANGES:
            return datetime.fromisoformat(change["due"])
    if of_application:
        kept = CaseClock.objects.filter(case=told.case, kind=of_application).values_list("due_at", flat=True)
        return kept.order_by("-id").first() or told.event.at
    return told.case.due_at or told.case.next_due_at or told.event.at


def _reason(told: Told) -> str:
    group = {"refused": "refuse", "diverted": "divert", "extension_decided": "extension"}[told.event.kind]
    code = told.facts.get("reason") or _asked_reason(told)
    notice = told.reasons.get((group, code))
    if notice is None:
        return code
    english = (told.person.language if told.person else "").startswith("en") and notice.name_en
    return notice.name_en if english else notice.name


def _asked_reason(told: Told) -> str:
    asked = CaseEvent.objects.filter(case=told.case, kind="extension_asked", seq__lt=told.event.seq).order_by("-seq")
    event = asked.first()
    return str(event.facts["reason"]) if event else ""


FACTS: dict[str, Callable[[Told], Any]] = {
    "number": lambda told: told.case.number,
    "unit": _unit_name,
    "due": _due,
    "reason": _reason,
}
