"""Seeing who a person is. Every clear view has a purpose and leaves a line in the view log."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from qingyu.cases import papers, policy
from qingyu.cases.models import Case, Contact, ViewLog
from qingyu.cases.operations.opening import query_code
from qingyu.cases.operations.words import needed
from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotPermitted


@transaction.atomic
def reveal_contact(case: Case, *, viewer: Viewer, purpose: str, at: datetime, role: str = "person") -> dict[str, str]:
    """Name, phone, e-mail, address in clear, for somebody with the right and a purpose; logged."""
    why = needed(purpose, "purpose")
    wanted = "contact.view_reports" if case.type == Case.Type.REPORT else "contact.view"
    if not policy.holds(viewer, wanted, case):
        raise NotPermitted("not_permitted", event="reveal_contact")
    contact = Contact.objects.filter(case=case, role=role).first()
    clear = {name: papers.clear_field(contact, name) for name in papers.IDENTITY} if contact else {}
    shown = {name: value for name, value in clear.items() if value}
    ViewLog.objects.create(at=at, staff_id=viewer.staff_id, case=case, fields=sorted(shown), purpose=why[:200])
    return shown


@transaction.atomic
def reveal_code(case: Case, *, viewer: Viewer, phone: str, matching_fact: str, at: datetime) -> str:
    """Reads a lost query code out to a caller after two matching facts: the phone number, and the day of filing
    or the title. NotPermitted("facts_do_not_match"); the attempt is logged either way by the door."""
    viewer.require("code.reveal")
    contact = Contact.objects.filter(case=case, role=Contact.Role.PERSON).first()
    known = contact is not None and contact.phone_index == papers.blind_phone(_phone(phone)) and bool(phone)
    if not known or not _second_fact(case, matching_fact):
        raise NotPermitted("facts_do_not_match")
    ViewLog.objects.create(at=at, staff_id=viewer.staff_id, case=case, fields=["query_code"], purpose="lost code")
    return query_code(case)


def _phone(text: str) -> str:
    from qingyu.rules.identifiers import normalise_phone

    return normalise_phone(text)


def _second_fact(case: Case, fact: str) -> bool:
    fact = fact.strip()
    title = papers.read_text(case.title) if case.title else ""
    day = case.opened_at.strftime("%Y-%m-%d") if case.opened_at else ""
    return bool(fact) and (fact == day or (len(fact) >= 4 and fact in title))
