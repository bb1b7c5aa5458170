"""A request as GeoReport v2 sends it, read into a filing. What it lacks is said by ``Wrong``."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from qingyu.cases import operations
from qingyu.cases.models import ServiceAttribute
from qingyu.cases.open311.queries import LONGEST_TEXT, Service, services
from qingyu.people import queries as people

CHINESE = re.compile("[\u3400-\u9fff]")
LISTS = (ServiceAttribute.Datatype.SINGLE, ServiceAttribute.Datatype.MULTI)


class Wrong(Exception):
    """The request is answered with an error: HTTP status and description."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


@dataclass(frozen=True)
class Sent:
    """A filing, and what belongs to it but is not for the public: answers to questions, address of a picture."""

    filing: operations.Filing
    more: str


def service(code: str) -> Service:
    """The service of that code; Wrong 400 without one, 404 for one that is not offered."""
    if not code:
        raise Wrong(400, _("service_code was not provided"))
    found = services().get(code)
    if found is None:
        raise Wrong(404, _("service_code was not found"))
    return found


def read(form: QueryDict) -> Sent:
    """The filing in a form. Device and account ids are not kept: nothing here needs them (PIPL 6)."""
    wanted = service(_text(form, "service_code", 120))
    description = _text(form, "description", LONGEST_TEXT)
    filing = operations.Filing(
        text=description or wanted.name, channel="open311", topic=wanted.code, place=_place(form), person=_person(form)
    )
    return Sent(filing, "\n".join([*_attributes(form, wanted), *_media(form)]))


def _text(form: Mapping[str, str], name: str, longest: int = 300) -> str:
    text = form.get(name, "").replace("\x00", "").strip()
    if len(text) > longest:
        raise Wrong(400, _("%(field)s is too long") % {"field": name})
    return text


def _place(form: QueryDict) -> operations.Place:
    lat, lon = _degrees(form, "lat", 90), _degrees(form, "long", 180)
    address, area = _text(form, "address_string"), _text(form, "address_id", 24)
    if (lat is None) != (lon is None):
        raise Wrong(400, _("lat and long have to come together"))
    if lat is None and not address and not area:
        raise Wrong(400, _("A location is needed: lat and long, address_string or address_id"))
    if area and area not in people.areas():
        raise Wrong(400, _("address_id was not found"))
    return operations.Place(address, area, lat, lon)


def _degrees(form: QueryDict, name: str, most: int) -> float | None:
    text = _text(form, name, 40)
    if not text:
        return None
    try:
        degrees = float(text)
    except ValueError:
        degrees = math.nan
    if not abs(degrees) <= most:
        raise Wrong(400, _("%(field)s is not valid") % {"field": name})
    return degrees


def _person(form: QueryDict) -> operations.Person | None:
    first, last = _text(form, "first_name", 100), _text(form, "last_name", 100)
    name = f"{last}{first}" if CHINESE.search(last + first) else f"{first} {last}".strip()
    person = operations.Person(name=name, phone=_text(form, "phone", 40), email=_text(form, "email"))
    return person if name or person.reachable else None


def _media(form: QueryDict) -> list[str]:
    url = _text(form, "media_url", 2000)
    return [f"media_url: {url}"] if url else []


# Questions of the service ------------------------------------------------------------------------------------------


def _attributes(form: QueryDict, wanted: Service) -> list[str]:
    """A line for each answered question of the service."""
    lines = [_line(form, attribute) for attribute in wanted.attributes if attribute.variable]
    return [line for line in lines if line]


def _line(form: QueryDict, attribute: ServiceAttribute) -> str:
    name = f"attribute[{attribute.code}]"
    given = [text.replace("\x00", "").strip() for text in form.getlist(name) + form.getlist(f"{name}[]")]
    answers = [text for text in given if text]
    if attribute.required and not answers:
        raise Wrong(400, _("%(field)s is required") % {"field": name})
    if sum(map(len, answers)) > LONGEST_TEXT:
        raise Wrong(400, _("%(field)s is too long") % {"field": name})
    words = _named(attribute, answers, name) if attribute.datatype in LISTS else answers
    return f"{attribute.description} {'; '.join(words)}" if words else ""


def _named(attribute: ServiceAttribute, keys: list[str], name: str) -> list[str]:
    names = {str(key): str(label) for key, label in attribute.values}
    too_many = attribute.datatype == ServiceAttribute.Datatype.SINGLE and len(keys) > 1
    if too_many or any(key not in names for key in keys):
        raise Wrong(400, _("%(field)s is not valid") % {"field": name})
    return [names[key] for key in keys]
