"""The places of work: each role begins its day where it works, finds its daily places first and the rest below More."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from qingyu.people import menu, permissions
from tests.cases.staff_desk import signed_in
from tests.doors.test_signin import sign_in
from tests.people import City

ROUTES = {route for _heading, listed in settings.STAFF_PLACES for route, _label, _rights in listed}
RIGHTS = {role: frozenset(held) for role, (_scope, held) in permissions.ROLES.items()}


@pytest.mark.parametrize("role", permissions.ROLES)
def test_a_role_finds_what_it_does_every_day_first_and_everything_else_once(role: str) -> None:
    daily = [place.route for place in menu.daily([role], RIGHTS[role])]
    further = [place.route for _heading, listed in menu.further([role], RIGHTS[role]) for place in listed]
    opened = {route for _h, listed in settings.STAFF_PLACES for route, _l, rights in listed if rights & RIGHTS[role]}
    assert daily == settings.STAFF_DAILY[role], "what the role does daily, it may do"
    assert sorted(daily + further) == sorted(opened)


def test_daily_places_are_places_and_roles_are_roles() -> None:
    assert set(settings.STAFF_DAILY) == set(permissions.ROLES)
    assert {route for listed in settings.STAFF_DAILY.values() for route in listed} <= ROUTES


def test_of_two_roles_the_foremost_place_of_each_comes_first() -> None:
    both = menu.daily(["clerk", "caller"], RIGHTS["clerk"] | RIGHTS["caller"])
    assert [place.route for place in both] == ["halls", "followup", "desk", "new_case"]


def test_a_role_of_the_citys_own_begins_with_what_it_may_open() -> None:
    assert [place.route for place in menu.daily(["night_watch"], frozenset({"case.read"}))] == ["desk", "voices"]
    assert menu.beginning(["night_watch"], frozenset()) == reverse("desk")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "begins"),
    [("clerk", "/desk/hall/"), ("agent", "/hotline/"), ("dispatcher", "/desk/dispatch/"), ("caller", "/desk/followup/"),
     ("mayor", "/barometer/"), ("handler", "/desk/"), ("supervisor", "/desk/overview/")],
)  # fmt: skip
def test_the_day_begins_where_the_role_works(city: City, client: Client, name: str, begins: str) -> None:
    assert sign_in(client, name)["Location"] == begins
    assert client.get(begins).status_code == 200


@pytest.mark.django_db
def test_the_menu_opens_without_scripts_and_says_where_one_is(city: City) -> None:
    client = signed_in(city, "supervisor")
    page = client.get("/answers-desk/").content.decode()
    summary = re.search(r'<details class="menu"><summary>(.*?)</summary>', page)
    assert summary is not None
    assert "知识库" in summary[1], "the open place stands on the closed menu"
    assert '<a href="/answers-desk/" aria-current="page">' in page
    first = page.index('href="/desk/overview/"')
    assert first < page.index('<details class="menu">') < page.index('href="/barometer/"')


@pytest.mark.django_db
def test_the_barometer_leads_staff_back_to_their_work_and_says_nothing_of_it_to_others(city: City) -> None:
    assert "回到工作台" in signed_in(city, "mayor").get("/barometer/").content.decode()
    assert "回到工作台" not in Client().get("/barometer/").content.decode()
