"""What the tests of the staff door share: signing in, filing, and a form as the page would send it."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta

from django.test import Client

from qingyu.cases import operations
from qingyu.cases.actors import CITIZEN
from qingyu.cases.models import Case
from tests.people import MONDAY, City

HOUR = timedelta(hours=1)
PHONE = "19900001234"
WORDS = "楼下夜间施工到两点，没法睡"


def signed_in(city: City, name: str) -> Client:
    """A browser of that member of staff; what the house remembers is warm."""
    client = Client()
    client.force_login(city.staff[name], backend="django.contrib.auth.backends.ModelBackend")
    return client


def filed(*, at: datetime = MONDAY, phone: str = PHONE, text: str = WORDS, **more: object) -> Case:
    """A citizen's case; without a phone an anonymous one."""
    person = operations.Person(name="王晓明", phone=phone) if phone else None
    values = {"channel": "web", "topic": "city.noise.night", **more}
    filing = operations.Filing(text=text, person=person, **values)  # type: ignore[arg-type]
    return operations.open_case(filing, by=CITIZEN, at=at).case


def routed(city: City, unit: str = "urban", **more: object) -> Case:
    case = filed(**more)  # type: ignore[arg-type]
    operations.route(case, unit=city.unit(unit), by=city.actor("dispatcher"), at=MONDAY + HOUR)
    return case


def accepted(city: City, **more: object) -> Case:
    case = routed(city, **more)
    operations.accept(case, by=city.actor("handler"), at=MONDAY + 2 * HOUR)
    return case


def answered(city: City, **more: object) -> Case:
    case = accepted(city, **more)
    operations.answer(case, answer="已责令停工", by=city.actor("handler"), at=MONDAY + 3 * HOUR)
    return case


def closed(city: City, **more: object) -> Case:
    case = answered(city, **more)
    operations.review(case, passed=True, by=city.actor("dispatcher"), at=MONDAY + 4 * HOUR)
    return case


def page(case: Case) -> str:
    return f"/desk/cases/{case.number}/"


def send(client: Client, case: Case, act: str, *, key: str = "", **fields: object) -> object:
    """Posts the form of one act as the page as it is now would."""
    fresh = Case.objects.get(pk=case.pk)
    body = {"seen": fresh.length, "key": key or uuid.uuid4().hex, **fields}
    return client.post(f"{page(case)}{act}/", body)


def offered(html: str) -> set[str]:
    """The acts that a page offers, by the addresses of their forms and links."""
    return set(re.findall(r'(?:action|href)="/desk/cases/\d+/([a-z_]+)/"', html)) - {"code", "print"}
