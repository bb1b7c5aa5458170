"""How an application begins: sent once, to the unit that the item names, with a receipt from the first minute."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from qingyu.applications import answering
from qingyu.applications.models import Application, Sameness
from qingyu.applications.operations.waiting import silent_from
from qingyu.cases import log, operations, papers, rows
from qingyu.cases.actors import Actor, ActorKind
from qingyu.cases.attachments import Held
from qingyu.cases.models import Case, Contact
from qingyu.cases.operations import Filing, Person
from qingyu.cases.operations.opening import query_code
from qingyu.catalog import queries as catalog
from qingyu.catalog.models import FormVersion, Item, ItemVersion
from qingyu.catalog.queries import Guide
from qingyu.people import queries as people
from qingyu.people import sealing
from qingyu.people.models import Staff
from qingyu.rules import applications as rules
from qingyu.rules import identifiers
from qingyu.rules.forms import Field
from qingyu.rules.lifecycle import Kind
from qingyu.rules.rating import Filed
from qingyu.rules.refusals import NotAllowed, NotValid


@dataclass(frozen=True)
class Proxy:
    """Who acts for the applicant (代办): ``kind`` of ``rules.applications.Proxy``, and photos of the authority."""

    kind: str
    person: Person
    authority: tuple[Held, ...] = ()


@dataclass(frozen=True)
class Sending:
    """An application as it comes in. ``form``: the version that was answered; 0 is whichever holds."""

    item: str
    person: Person
    answers: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, Sequence[Held]] = field(default_factory=dict)
    proxy: Proxy | None = None
    channel: str = "web"
    form: int = 0


@dataclass(frozen=True)
class Sent:
    """The application and the code by which its citizen sees it. ``again``: it had been sent before and is open."""

    case: Case
    query_code: str
    again: bool = False


@transaction.atomic
def send(sending: Sending, *, by: Actor, at: datetime) -> Sent:
    """The application goes to its unit; the same one again, while the first is open, is the first.

    NotAllowed: item_withdrawn, item_suspended, item_not_online, form_changed. NotValid with the field: item_unknown,
    ``answers.NAME`` with a code of ``rules.forms``, applicant_name_missing, applicant_phone_missing, phone_not_valid,
    those of ``rules.applications.check_proxy``, file_gone, too_many_files.
    """
    day = people.city_day(at)
    guide = offered(sending.item, channel=sending.channel, day=day)
    form = catalog.form_for(guide.item, day=day)
    if sending.form and (form is None or form.pk != sending.form):
        raise NotAllowed("form_changed")
    check_people(sending)
    values = _values(answering.fields_of(form, guide.version), sending, day)
    same = _claimed(sending, values)
    if same.case_id and same.case is not None and same.case.of_open:
        return Sent(same.case, query_code(same.case), again=True)
    case = _opened(guide, sending, by=by, at=at)
    same.case = case
    same.save(update_fields=["case"])
    _submit(case, guide, form, sending, values, by=by, at=at)
    return Sent(case, query_code(case))


def offered(code: str, *, channel: str, day: date) -> Guide:
    """The item as it holds that day, if it can be applied for through this channel."""
    try:
        guide = catalog.guide(code, day=day)
    except catalog.NoSuchItem:
        raise NotValid("item_unknown", field="item") from None
    if guide.state == Item.State.WITHDRAWN:
        raise NotAllowed("item_withdrawn")
    if not guide.offered:
        raise NotAllowed("item_suspended")
    if channel != Case.Channel.WINDOW and not _is_online(guide, day):
        raise NotAllowed("item_not_online")
    return guide


def _is_online(guide: Guide, day: date) -> bool:
    """Whether there is anything to fill in or hand in here."""
    form = catalog.form_for(guide.item, day=day)
    return guide.version.online and bool(answering.fields_of(form, guide.version))


def check_people(sending: Sending) -> None:
    """Who it is for must be known and reachable: a decision is made for somebody."""
    if not sending.person.name.strip():
        raise NotValid("applicant_name_missing", field="name")
    if not sending.person.reachable:
        raise NotValid("applicant_phone_missing", field="phone")
    if sending.proxy:
        who = sending.proxy
        rules.check_proxy(who.kind, name=who.person.name, phone=who.person.phone, papers=len(who.authority))


def _values(fields: tuple[Field, ...], sending: Sending, day: date) -> dict[str, str]:
    ids = {name: [held.id for held in files] for name, files in sending.documents.items()}
    checked = answering.checked(fields, sending.answers, ids, day=day)
    for name, fault in checked.errors.items():
        raise NotValid(fault.code, field=f"answers.{name}", **fault.facts)
    return answering.words_only(checked)


def _claimed(sending: Sending, values: Mapping[str, str]) -> Sameness:
    """The row that stands for this item, person and answers, locked to the end: two at once are one after the other."""
    person = sending.person
    reach = identifiers.normalise_phone(person.phone) if person.phone else person.email.strip().lower()
    text = json.dumps([sending.item, person.name.strip(), reach, dict(values)], ensure_ascii=False, sort_keys=True)
    row = Sameness(digest=sealing.blind(text, column="application:same"))
    if rows.claim(row, unique=("digest",)):
        return row
    return Sameness.objects.select_for_update().get(digest=row.digest)


def _opened(guide: Guide, sending: Sending, *, by: Actor, at: datetime) -> Case:
    with translation.override(settings.LANGUAGE_CODE):
        text = _("Application: %(name)s") % {"name": guide.version.name}
    filing = Filing(
        text=text, title=guide.version.name, channel=sending.channel, type=Case.Type.OTHER, person=sending.person
    )  # fmt: skip
    acting = {"filed": str(Filed.PROXY)} if sending.proxy else {}
    case = operations.open_case(filing, by=by, at=at, item=guide.item.code, **acting).case
    if sending.proxy:
        papers.write_contact(case, sending.proxy.person, role=Contact.Role.PROXY)
    return case


def _submit(
    case: Case, guide: Guide, form: FormVersion | None, sending: Sending, values: Mapping[str, str], *,
    by: Actor, at: datetime,
) -> None:  # fmt: skip
    application = _application(case, guide.item, guide.version, form, sending, at)
    authority = {answering.AUTHORITY: sending.proxy.authority} if sending.proxy else {}
    documents = {**sending.documents, **authority}
    kept = answering.keep(case, documents, by_citizen=by.kind is ActorKind.CITIZEN, at=at)
    answering.write_documents(application, kept, at=at)
    facts: dict[str, Any] = answering.write(application, values, number=1, at=at) | answering.facts_of(kept)
    log.record(
        case, Kind.SUBMITTED, by=replace(by, opened=case.pk), at=at, unit=guide.item.unit_id,
        handler=application.owner_id, version=guide.version.pk, form=form.pk if form else 0, **facts,
    )  # fmt: skip


def _application(
    case: Case, item: Item, version: ItemVersion, form: FormVersion | None, sending: Sending, at: datetime
) -> Application:
    at_once = version.promised_days == 0
    limits = rules.agreed(promised=catalog.promised(version), legal=catalog.legal(version), at_once=at_once)
    return Application.objects.create(
        case=case, version=version, form=form, promised=str(limits.promised), legal=str(limits.legal),
        owner=_active(item.owner), deputy=_active(item.deputy), proxy_kind=sending.proxy.kind if sending.proxy else "",
        silent_at=silent_from(item.unit_id, at),
    )  # fmt: skip


def _active(person: Staff | None) -> Staff | None:
    return person if person is not None and person.is_active else None
