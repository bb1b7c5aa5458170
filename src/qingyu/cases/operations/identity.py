"""Seeing who a person is. Every clear view has a purpose and leaves a line in the view log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from qingyu.cases import papers, policy
from qingyu.cases.models import Case, Contact, ViewLog
from qingyu.cases.operations.opening import query_code
from qingyu.cases.operations.words import needed
from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotPermitted

WRONG_FACTS_A_DAY = 5
REFUSED = "lost code, refused"
_DAY = timedelta(hours=24)


def may_know(viewer: Viewer, case: Case) -> bool:
    """Whether the viewer may see in clear who the person is. Reports and confidential cases each need a right of
    their own, which the units that handle them do not have (信访工作条例 30; 济南市12345热线条例 16, 32)."""
    if case.type == Case.Type.REPORT:
        return policy.holds(viewer, "contact.view_reports", case)
    return policy.holds(viewer, "contact.view_confidential" if case.confidential else "contact.view", case)


def may_read_out(viewer: Viewer, case: Case) -> bool:
    """Whether the viewer may read a lost query code out; of a sealed case only who may know the person."""
    return policy.holds(viewer, "code.reveal", case) and (not papers.is_sealed(case) or may_know(viewer, case))


def is_hidden(viewer: Viewer, case: Case) -> bool:
    """Whether not even the masked identity is shown: a surname and half a number are enough to know a neighbour."""
    return papers.is_sealed(case) and not may_know(viewer, case)


# Who checks and decides an application, and who permits a second notice about its papers.
OF_APPLICATIONS = ("application.handle", "application.decide", "application.permit")


def may_see_papers(viewer: Viewer, case: Case) -> bool:
    """Whether the viewer may see what an application holds: its answers and papers show who the person is."""
    works_on_it = any(policy.holds(viewer, permission, case) for permission in OF_APPLICATIONS)
    return not is_hidden(viewer, case) and (works_on_it or may_know(viewer, case))


def masked_for(viewer: Viewer, case: Case) -> dict[str, str]:
    """The masked contact as far as the viewer may see it, empty where none was left; one statement at most."""
    if is_hidden(viewer, case):
        return {}
    contact = Contact.objects.filter(case=case, role=Contact.Role.PERSON).first()
    return papers.masked(contact) if contact else {}


@transaction.atomic
def reveal_contact(case: Case, *, viewer: Viewer, purpose: str, at: datetime, role: str = "person") -> dict[str, str]:
    """Name, phone, e-mail, address in clear, for somebody with the right and a purpose; logged."""
    why = needed(purpose, "purpose")
    if not may_know(viewer, case):
        raise NotPermitted("not_permitted", event="reveal_contact")
    contact = Contact.objects.filter(case=case, role=role).first()
    clear = {name: papers.clear_field(contact, name) for name in papers.IDENTITY} if contact else {}
    shown = {name: value for name, value in clear.items() if value}
    ViewLog.objects.create(at=at, staff_id=viewer.staff_id, case=case, fields=sorted(shown), purpose=why[:200])
    return shown


def note_look(case: Case, *, viewer: Viewer, fields: Sequence[str], purpose: str, at: datetime) -> None:
    """Somebody who may know the person looks at ``fields`` in clear, for a purpose; written down."""
    why = needed(purpose, "purpose")
    if not may_know(viewer, case):
        raise NotPermitted("not_permitted", event="reveal_contact")
    ViewLog.objects.create(at=at, staff_id=viewer.staff_id, case=case, fields=sorted(fields), purpose=why[:200])


def note_file(case: Case, *, viewer: Viewer, file: str, at: datetime) -> None:
    """A paper of an application was opened: it shows who the person is, so every look is written down.

    NotPermitted("not_permitted") where ``may_see_papers`` says no.
    """
    if not may_see_papers(viewer, case):
        raise NotPermitted("not_permitted", event="see_papers")
    ViewLog.objects.create(at=at, staff_id=viewer.staff_id, case=case, fields=[f"file:{file}"], purpose="handling")


def reveal_code(case: Case, *, viewer: Viewer, phone: str, matching_fact: str, at: datetime) -> str:
    """Reads a lost query code out to a caller after two matching facts: the phone number, and the day of filing
    or the title. NotPermitted: not_permitted, facts_do_not_match, too_many_requests (five wrong ones in 24 hours).

    Every attempt stands in the view log. A refused one must stay there: call it outside a transaction.
    """
    if not may_read_out(viewer, case):
        raise NotPermitted("not_permitted", event="reveal_code")
    code = _tried(case, viewer, _matches(case, phone, matching_fact), at)
    if code:
        raise NotPermitted(code)
    return query_code(case)


@transaction.atomic
def _tried(case: Case, viewer: Viewer, matches: bool, at: datetime) -> str:
    """Writes the attempt down, one at a time; the code of the refusal, or empty."""
    Case.objects.select_for_update().get(pk=case.pk)
    wrong = ViewLog.objects.filter(case=case, purpose=REFUSED, at__gt=at - _DAY).count()
    if wrong >= WRONG_FACTS_A_DAY:
        return "too_many_requests"
    fields, purpose = (["query_code"], "lost code") if matches else ([], REFUSED)
    ViewLog.objects.create(at=at, staff_id=viewer.staff_id, case=case, fields=fields, purpose=purpose)
    return "" if matches else "facts_do_not_match"


def _matches(case: Case, phone: str, fact: str) -> bool:
    contact = Contact.objects.filter(case=case, role=Contact.Role.PERSON).first()
    known = contact is not None and contact.phone_index == papers.blind_phone(_phone(phone)) and bool(phone)
    return known and _second_fact(case, fact)


def _phone(text: str) -> str:
    from qingyu.rules.identifiers import normalise_phone

    return normalise_phone(text)


def _second_fact(case: Case, fact: str) -> bool:
    fact = fact.strip()
    title = papers.read_text(case.title) if case.title else ""
    day = case.opened_at.strftime("%Y-%m-%d") if case.opened_at else ""
    return bool(fact) and (fact == day or (len(fact) >= 4 and fact in title))
