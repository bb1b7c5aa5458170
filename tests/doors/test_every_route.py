"""Every address of the program, by its own table of routes: who is kept out; a new one is shut until it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path

from qingyu.config.api import api
from qingyu.config.ratelimit import applying
from qingyu.config.urls import urlpatterns as every
from qingyu.people.doors import OPEN, SIGNED_IN, open_door
from qingyu.people.operations import hire
from qingyu.people.permissions import CODES, ROLES
from tests.hall.floors import build_floor
from tests.people import City

API = "api/v1/"
NOT_LET_IN = {403, 404, 405}
"""404 where a door does not tell whether there is such a thing; 405 where it takes the other method alone."""
SAMPLES = {
    "number": "26060100000000", "pk": "1", "code": "demo", "n": "1", "name": "accept", "deputy": "1", "act": "file",
    "year": "2026", "preset": "test", "time": "opening", "file": "00000000-0000-4000-8000-000000000000", "what": "urge",
    "reference": "00000000-0000-4000-8000-000000000000", "token": "x", "ticket": "x", "again": "yes",
}  # fmt: skip


# What a program may do without a token: by a code, a signature, or because it is for everybody.
OPEN_TO_ALL = """
POST /session
POST /cases
GET /cases/{number}
POST /ratings
POST /cases/{number}/urge
POST /cases/{number}/add
POST /cases/{number}/withdraw
POST /cases/{number}/rate
POST /cases/{number}/reopen
POST /cases/{number}/attachments
GET /answers
GET /answers/{code}
POST /answers/{code}/helped
POST /questions
GET /questions/{reference}
GET /items
GET /items/{code}
GET /points
GET /points/{code}
GET /coverage
GET /barometer
GET /barometer/halls
GET /barometer/items
GET /halls/{code}/facilities
POST /facilities/{code}/reports
POST /applications
POST /applications/files
GET /applications/{number}
POST /applications/{number}/correct
POST /applications/{number}/window
GET /results/{code}
GET /halls/{code}
GET /halls/{code}/events
POST /halls/{code}/tickets
GET /halls/{hall}/slots
POST /halls/{hall}/appointments
GET /halls/{hall}/appointments/mine
POST /halls/{hall}/appointments/cancel
POST /halls/{hall}/appointments/move
POST /halls/{hall}/arrivals
POST /switches/{switch}/events
POST /switches/{switch}/commands
"""


def routes(patterns: list[URLPattern | URLResolver] | None = None, before: str = "") -> Iterator[tuple[str, object]]:
    """Every address with its view, but those of the API, which says itself who may come in."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = f"{before}{one.pattern}".replace("^", "")
        if isinstance(one, URLPattern):
            yield route, one.callback
        elif route != API:
            yield from routes(one.url_patterns, route)


def filled(route: str) -> str:
    """The address with a sample for each part of it; a KeyError names a part that is new."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: SAMPLES[found[1]], route)


def shut() -> list[tuple[str, tuple[str, ...]]]:
    """The addresses of staff and the rights any of which opens them."""
    found = [(route, getattr(view, "permission", ())) for route, view in routes()]
    return [(filled(route), permission) for route, permission in found if permission != (OPEN,)]


def test_every_view_says_who_may_come_in_by_a_right_that_there_is() -> None:
    known = {OPEN, SIGNED_IN, *CODES}
    assert [route for route, view in routes() if not set(getattr(view, "permission", ())) & known] == []
    assert len(list(routes())) > 150


def test_an_operation_of_the_api_asks_for_a_token_or_stands_among_the_open_ones() -> None:
    found = {
        f"{method.upper()} {address.removeprefix('/api/v1')}": bool(entry.get("security"))
        for address, methods in api.get_openapi_schema()["paths"].items()
        for method, entry in methods.items()
    }
    assert {name for name, asks in found.items() if not asks} == set(OPEN_TO_ALL.strip().splitlines())
    assert len(found) > 100


def unmarked(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open to the world by mistake")


urlpatterns = [path("forgotten/", unmarked), path("said/", open_door(lambda request: unmarked(request))), *every]


@override_settings(ROOT_URLCONF=__name__)
def test_a_view_that_forgets_to_say_it_lets_nobody_in(client: Client, db: None) -> None:
    assert client.get("/forgotten/").status_code == 403
    assert client.get("/said/").status_code == 200


@pytest.mark.django_db
def test_strangers_come_in_by_no_door_of_staff(city: City, client: Client) -> None:
    for address, _permission in shut():
        for answer in (client.get(address), client.post(address, {})):
            led = answer.status_code == 302 and answer["Location"].startswith("/login/")
            assert led or answer.status_code in NOT_LET_IN, (address, answer.status_code)


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(ROLES))
def test_no_role_comes_in_without_the_right(city: City, client: Client, role: str) -> None:
    held = {SIGNED_IN, *ROLES[role][1]}
    client.force_login(city.staff[role], backend="django.contrib.auth.backends.ModelBackend")
    kept_out = [address for address, permission in shut() if not held & set(permission)]
    assert len(kept_out) > 20
    for address in kept_out:
        found = client.get(address).status_code, client.post(address, {}).status_code
        assert set(found) <= NOT_LET_IN, (address, found)


# Doors that take something of everybody and count nothing, each with its reason.
UNCOUNTED = {
    "/mode/": "stores a cookie alone",
    "/language/": "stores a cookie alone",
    "/logout/": "ends a session alone",
    "/points/": "answers a question and keeps nothing of it",
    "/hall/demo/window/1/rate/": "takes a rating from the tablet of the window alone, once for each visit",
}


@pytest.mark.django_db
def test_what_takes_something_of_everybody_is_counted(city: City, client: Client) -> None:
    build_floor(city)
    pages = [filled(route) for route, view in routes() if view.permission == (OPEN,) and "(?" not in route]  # type: ignore[attr-defined]
    taking = [address for address in pages if client.post(address, {}).status_code != 405]
    taking = [address for address in taking if not address.startswith(("/health", "/metrics", "/api/"))]
    doors = [line.split(" ")[1] for line in OPEN_TO_ALL.strip().splitlines() if line.startswith("POST")]
    taking += [re.sub(r"{\w+}", "x", f"/api/v1{door}") for door in doors]
    uncounted = {address for address in taking if not applying(RequestFactory().post(address))}
    assert uncounted == set(UNCOUNTED)


# Views that Django does not ask for the token of a form: each says here what asks instead.
WITHOUT_TOKEN = {
    "file/": "asks itself, so that a page left open loses no words",
    "apply/<slug:code>/": "asks itself, so that a page left open loses no words",
    "track/<slug:what>/": "asks itself, so that a page left open loses no words",
    "track/application/correct/": "asks itself, so that a page left open loses no photos",
    "track/application/window/": "asks itself, so that a page left open loses no words",
    "f/<slug:code>/": "knows nobody: there is no cookie to abuse",
    "desk/letter/": "asks once the bound on uploads is set",
}


def test_forms_without_the_token_of_their_page_are_few_and_known() -> None:
    pages = [(route, view) for route, view in routes() if not route.startswith(("open311/", "api/"))]
    assert {route for route, view in pages if getattr(view, "csrf_exempt", False)} == set(WITHOUT_TOKEN)


@pytest.mark.django_db
def test_a_form_of_another_site_does_nothing_in_the_name_of_staff(city: City) -> None:
    at, unit = datetime(2026, 1, 1, tzinfo=UTC), city.units["urban"]
    everybody = hire(
        username="all", name="全能", unit=unit, roles=sorted(ROLES), by=None, at=at, password="晴川-test-2026"
    )[0]
    client = Client(enforce_csrf_checks=True)
    client.force_login(everybody, backend="django.contrib.auth.backends.ModelBackend")
    found = {address: client.post(address, {}).status_code for address, _permission in shut()}
    assert {address: status for address, status in found.items() if status not in (403, 405)} == {}
    assert list(found.values()).count(403) > 60
