"""One search over all doors: tickets by number and phone, appointments by code and phone, as far as rights go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from qingyu.cases.actors import CITIZEN
from qingyu.hall import operations
from qingyu.hall.models import Ticket
from tests.hall.floors import Floor, build_floor
from tests.people import City

PHONE = "199 0000 4321"


@pytest.fixture
def floor(city: City) -> Floor:
    return build_floor(city, opened=datetime.now(UTC) - timedelta(hours=1))


def issued(floor: Floor, phone: str = PHONE) -> Ticket:
    return operations.issue(floor.services["A"], by=CITIZEN, at=datetime.now(UTC), phone=phone)


def found(city: City, name: str, words: str) -> str:
    client = Client()
    client.force_login(city.staff[name], backend="django.contrib.auth.backends.ModelBackend")
    return client.post("/desk/find/", {"q": words}, follow=True).content.decode()


def test_a_ticket_is_found_by_its_number_of_today_and_by_its_phone(city: City, floor: Floor) -> None:
    ticket = issued(floor)
    issued(floor, "19900005555")
    assert f"取号 {ticket.number}" in found(city, "clerk", ticket.number.lower())
    by_phone = found(city, "agent", PHONE)
    assert by_phone.count(f"{ticket.service.name} · ") == 1
    assert ticket.number in by_phone
    assert ticket.ticket not in by_phone


def test_the_visit_leads_to_its_case(city: City, floor: Floor) -> None:
    ticket, clerk, now = issued(floor), city.actor("clerk"), datetime.now(UTC)
    operations.call_next(floor.windows["1"], by=clerk, at=now)
    done = operations.finish(floor.windows["1"], by=clerk, at=now + timedelta(minutes=5))
    assert done.case is not None
    page = found(city, "clerk", ticket.number)
    assert done.case.number in page


def test_who_has_nothing_to_do_with_halls_finds_no_ticket(city: City, floor: Floor) -> None:
    ticket = issued(floor)
    assert ticket.service.name not in found(city, "housing_handler", ticket.number)
    assert ticket.service.name not in found(city, "handler", PHONE)
