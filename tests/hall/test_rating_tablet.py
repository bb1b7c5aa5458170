"""The tablet at a window: whoever was just served rates once; a clerk never does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from qingyu.hall import operations
from qingyu.hall.models import Ticket
from qingyu.people.models import Staff
from qingyu.people.operations import hire
from tests.hall.floors import Floor, build_floor
from tests.people import City

NOW = timedelta(seconds=0)


@pytest.fixture
def floor(city: City) -> Floor:
    return build_floor(city, opened=datetime.now(UTC) - timedelta(hours=1))


def manager(city: City) -> Staff:
    """Whoever runs the hall."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    unit, roles = city.units["urban"], ["hall_manager"]
    return hire(username="runs_it", name="厅长", unit=unit, roles=roles, by=None, at=at, password="晴川-test-2026")[0]


def tablet(city: City) -> Client:
    client = Client()
    client.force_login(manager(city), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/hall/demo/window/1/device/").status_code == 200
    assert client.post("/hall/demo/window/1/device/")["Location"] == "/hall/demo/window/1/rate/"
    assert "_auth_user_id" not in client.session
    return client


def serve(city: City, floor: Floor, *, ago: timedelta = NOW) -> Ticket:
    at, window, clerk = datetime.now(UTC) - ago, floor.windows["1"], city.actor("clerk")
    floor.issue("A", at=at - timedelta(minutes=9))
    operations.call_next(window, by=clerk, at=at - timedelta(minutes=3))
    return operations.finish(window, by=clerk, at=at)


def test_the_person_just_served_rates_with_one_tap_and_once(city: City, floor: Floor) -> None:
    client, ticket = tablet(city), serve(city, floor)
    page = client.get("/hall/demo/window/1/rate/").content.decode()
    assert page.count('name="level"') == 5
    assert ticket.case is not None
    assert ticket.case.number not in page
    assert ticket.ticket not in page
    taps = [client.post("/hall/demo/window/1/rate/", {"ticket": ticket.mark, "level": "satisfied"}) for _ in range(2)]
    assert [tap.status_code for tap in taps] == [200, 302]
    rated = ticket.case.events.get(kind="rated")
    assert (rated.facts["level"], rated.facts["channel"]) == ("satisfied", "hall_tablet")
    assert 'name="level"' not in client.get("/hall/demo/window/1/rate/").content.decode()


def test_a_visit_that_was_rated_poorly_goes_back_to_the_unit_of_the_window(city: City, floor: Floor) -> None:
    from qingyu.followup.tasks import apply_answers
    from tests.followup.stories import follow

    client, ticket = tablet(city), serve(city, floor)
    client.post("/hall/demo/window/1/rate/", {"ticket": ticket.ticket, "level": "dissatisfied"})
    follow()
    apply_answers(at=datetime.now(UTC))
    assert ticket.case is not None
    ticket.case.refresh_from_db()
    assert (ticket.case.state, ticket.case.owner_id, ticket.case.redos) == ("handling", city.unit("urban"), 1)
    assert ticket.case.due_at is not None


def test_whoever_comes_next_does_not_rate_the_one_before(city: City, floor: Floor) -> None:
    client, ticket = tablet(city), serve(city, floor, ago=timedelta(minutes=6))
    assert 'name="level"' not in client.get("/hall/demo/window/1/rate/").content.decode()
    client.post("/hall/demo/window/1/rate/", {"ticket": ticket.ticket, "level": "satisfied"})
    assert ticket.case is not None
    assert not ticket.case.events.filter(kind="rated").exists()


def test_nobody_rates_while_somebody_stands_at_the_window(city: City, floor: Floor) -> None:
    client, ticket = tablet(city), serve(city, floor)
    floor.issue("A", at=datetime.now(UTC))
    operations.call_next(floor.windows["1"], by=city.actor("clerk"), at=datetime.now(UTC))
    assert 'name="level"' not in client.get("/hall/demo/window/1/rate/").content.decode()
    assert ticket.state == "finished"


def test_other_devices_and_clerks_are_turned_away(city: City, floor: Floor) -> None:
    ticket = serve(city, floor)
    form = {"ticket": ticket.ticket, "level": "very_satisfied"}
    assert Client().post("/hall/demo/window/1/rate/", form).status_code == 403
    other = tablet(city)
    assert other.get("/hall/demo/window/2/rate/").status_code == 403
    other.force_login(city.staff["clerk"], backend="django.contrib.auth.backends.ModelBackend")
    assert other.post("/hall/demo/window/1/rate/", form).status_code == 403
    assert ticket.case is not None
    assert not ticket.case.events.filter(kind="rated").exists()


@pytest.mark.parametrize("who", ["clerk", "guide", "hall_manager"])
def test_only_who_runs_the_hall_sets_up_a_tablet(city: City, floor: Floor, who: str) -> None:
    client = Client()
    client.force_login(city.staff[who], backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/hall/demo/window/1/device/").status_code == 403


def test_the_ticket_leads_to_the_rating_once_it_is_finished(city: City, floor: Floor) -> None:
    ticket = serve(city, floor)
    assert "/rate/" in Client().get(f"/t/{ticket.ticket}/").content.decode()
    clerk = Client()
    clerk.force_login(city.staff["clerk"], backend="django.contrib.auth.backends.ModelBackend")
    assert "/rate/" not in clerk.get(f"/t/{ticket.ticket}/").content.decode()


def test_no_page_of_staff_tells_what_opens_a_ticket(city: City, floor: Floor) -> None:
    ticket, clerk = floor.issue("A", at=datetime.now(UTC)), Client()
    clerk.force_login(city.staff["clerk"], backend="django.contrib.auth.backends.ModelBackend")
    operations.call_next(floor.windows["1"], by=city.actor("clerk"), at=datetime.now(UTC))
    page = clerk.get("/hall/demo/window/1/").content.decode()
    assert ticket.mark in page
    found = clerk.post("/desk/find/", {"q": ticket.number}).content.decode()
    assert ticket.number in found
    assert ticket.ticket not in page + found
