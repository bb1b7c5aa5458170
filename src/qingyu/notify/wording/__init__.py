"""From an event code and facts to the words a person reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from qingyu.notify.messages import Message
from qingyu.notify.wording.applications import APPLICATIONS
from qingyu.notify.wording.citizen import CITIZEN as REQUESTS
from qingyu.notify.wording.house import HOUSE
from qingyu.notify.wording.labels import AUDIENCES, TROUBLES
from qingyu.notify.wording.template import SIGNATURE, Template
from qingyu.rules.refusals import NotValid

CITIZEN = {**REQUESTS, **APPLICATIONS}
TEMPLATES: Mapping[str, Mapping[str, Template]] = {"citizen": CITIZEN, "unit": HOUSE, "staff": HOUSE}
# Filled in here, from settings; the follower need not give them.
OWN = frozenset({"city", "phone"})
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Text:
    """A rendered message. A text message's subject is not sent; the console names it by that."""

    subject: str
    body: str
    language: str


def has(event_code: str, kind: str) -> bool:
    """Whether this kind of audience (citizen, unit, staff) is told of the event at all."""
    return event_code in TEMPLATES.get(kind, {})


def needs(event_code: str, kind: str) -> frozenset[str]:
    """The facts a message must bring. NotValid("wording_unknown")."""
    template = _template(event_code, kind)
    text = "".join((template.subject, *template.body, template.short))
    return frozenset(_PLACEHOLDER.findall(text)) - OWN


def render(message: Message) -> Text:
    """The words of a message in its language. NotValid("wording_unknown" | "fact_missing" with ``fact``)."""
    template = _template(message.event_code, message.kind)
    missing = needs(message.event_code, message.kind) - message.facts.keys()
    if missing:
        raise NotValid("fact_missing", field="facts", fact=min(missing), event_code=message.event_code)
    language = _language(message.language)
    with translation.override(language):
        facts = _shown(message.facts)
        body = _short(template, facts) if message.channel == "sms" else _letter(template, facts)
        return Text(subject=_(template.subject) % facts, body=body, language=language)


def about(event_code: str, audience: str) -> str:
    """What a message is about, in the reader's language, without number or names."""
    kind = audience.partition(":")[0]
    if not has(event_code, kind):
        return event_code
    return _(TEMPLATES[kind][event_code].subject) % {"number": "…", "unit": "…"}


def audience(code: str) -> str:
    """Who is addressed, in the reader's language."""
    kind, _colon, who = code.partition(":")
    label = str(AUDIENCES.get(kind, kind))
    return f"{label} {who}".rstrip()


def trouble(code: str) -> str:
    """What went wrong, in the reader's language; the code itself stands beside it."""
    return str(TROUBLES.get(code.partition(" ")[0], TROUBLES["fault"]))


def _template(event_code: str, kind: str) -> Template:
    if not has(event_code, kind):
        raise NotValid("wording_unknown", field="event_code", event_code=event_code, audience=kind)
    return TEMPLATES[kind][event_code]


def _language(code: str) -> str:
    known = dict(settings.LANGUAGES)
    return code if code in known else settings.LANGUAGE_CODE


def _letter(template: Template, facts: Mapping[str, str]) -> str:
    lines = [_(line) % facts for line in template.body]
    return "\n\n".join([*lines, _("%(city)s, service line %(phone)s") % facts]) + "\n"


def _short(template: Template, facts: Mapping[str, str]) -> str:
    return (_(SIGNATURE) + _(template.short)) % facts


def _shown(facts: Mapping[str, Any]) -> dict[str, str]:
    shown = {name: _show(value) for name, value in facts.items()}
    return {**shown, "city": str(settings.CITY), "phone": str(settings.HELP_PHONE)}


def _show(value: Any) -> str:
    if isinstance(value, datetime):
        local = timezone.localtime(value, ZoneInfo(settings.TIME_ZONE))
        return formats.date_format(local, "DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "DATE_FORMAT")
    return " ".join(str(value).split())
