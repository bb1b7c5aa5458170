"""A lost query code goes to the contact the person gave, and nowhere else."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode

from qingyu.cases import papers
from qingyu.cases.models import Case, Contact
from qingyu.cases.operations.opening import query_code
from qingyu.notify import operations as notify
from qingyu.notify.messages import Message
from qingyu.rules import identifiers
from qingyu.rules.refusals import NotValid


def send_code(number: str, phone: str, *, at: datetime) -> None:
    """Plans a message where number and phone belong together, once a day for each case; else does nothing."""
    try:
        number, phone = identifiers.check_case_number(number), identifiers.normalise_phone(phone)
    except NotValid:
        return
    wanted = {"case__number": number, "role": Contact.Role.PERSON, "phone_index": papers.blind_phone(phone)}
    contact = Contact.objects.select_related("case").filter(**wanted).first()
    if contact is not None:
        notify.plan([_message(contact, at)], at=at)


def _message(contact: Contact, at: datetime) -> Message:
    case, day = contact.case, at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    email = papers.clear_field(contact, "email")
    last = case.events.order_by("-seq").values_list("pk", flat=True)[0]
    return Message(
        source_event=last, follower=f"lost_code:{day}", audience="citizen", channel="email" if email else "sms",
        address=email or papers.clear_field(contact, "phone"), event_code="code_sent",
        language=contact.language or settings.LANGUAGE_CODE, facts={"number": case.number, "link": tracking_link(case)},
        purpose="r" if case.type == Case.Type.REPORT else "k",
    )  # fmt: skip


def tracking_link(case: Case) -> str:
    """The address that opens the citizen's view: a capability, only for the person of the case."""
    return f"{settings.PUBLIC_URL}{reverse('track')}?{urlencode({'number': case.number, 'code': query_code(case)})}"
