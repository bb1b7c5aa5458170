"""整改: a poor rating of a service, or of how an application ended, opens a case of its own, with an owner, clocks, and
a second rating at its end.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from qingyu.cases import operations, papers
from qingyu.cases.actors import SYSTEM
from qingyu.cases.models import Case, CaseEvent, CaseText, Contact
from qingyu.cases.operations import Filing, Opened, Person
from qingyu.rules.lifecycle import Kind


def open_for(case: Case, *, rated: int, at: datetime) -> Opened:
    """The case that puts right what the event ``rated`` (its id) says of ``case``; for the same person.

    The unit that served has it from the first minute; where that is the centre itself, the centre decides.
    """
    event = CaseEvent.objects.get(pk=rated)
    with translation.override(settings.LANGUAGE_CODE):
        opened = operations.open_case(_filing(case, event), by=SYSTEM, at=at, mends=case.pk)
        if case.lead_id:
            operations.route(opened.case, unit=case.lead_id, by=SYSTEM, at=at, why="route", comment=_("Served there."))
    return opened


def _filing(case: Case, event: CaseEvent) -> Filing:
    words = _said(event)
    title, text = _words(of_service=event.kind == Kind.SERVICE_RATED)
    told = text % {"number": case.number} + (f"\n\n{words}" if words else "")
    return Filing(
        text=told, title=title, type=_type(case), channel=case.channel, topic="",
        person=_person(case), confidential=case.confidential,
    )  # fmt: skip


def _words(*, of_service: bool) -> tuple[str, str]:
    if of_service:
        return _("Poor rating of a service"), _(
            "A poor rating was given for a service about case %(number)s. Speak with the person and put it right."
        )
    return _("Not content with how an application ended"), _(
        "The person is not content with how application %(number)s ended. Speak with them: explain the reasons, put "
        "right what can be put right, and name the ways of review where the decision itself is disputed."
    )


def _type(case: Case) -> str:
    """A report of wrongdoing stays one, so that who rated it stays sealed with the key of reports."""
    return Case.Type.REPORT if case.type == Case.Type.REPORT else Case.Type.COMPLAINT


def _said(event: CaseEvent) -> str:
    text = CaseText.objects.filter(pk=event.facts.get("text") or 0).first()
    return papers.read_text(text) if text else ""


def _person(case: Case) -> Person | None:
    """Who rated is who filed; sealed anew for the new case."""
    contact = Contact.objects.filter(case=case, role=Contact.Role.PERSON).first()
    if contact is None:
        return None
    clear = {name: papers.clear_field(contact, name) for name in papers.IDENTITY}
    return Person(**clear, language=contact.language)
