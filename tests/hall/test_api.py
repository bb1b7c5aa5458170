"""The hall as JSON: a ticket is taken, called, served; what is refused says why."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.api.doors import Caller, signed_in
from tests.hall.floors import Floor, build_floor
from tests.people import City

AT = "/halls/demo/windows/1"


@pytest.fixture
def floor(city: City) -> Floor:
    return build_floor(city, opened=datetime.now(UTC))


@pytest.fixture
def clerk(floor: Floor) -> Caller:
    return signed_in("clerk")


def take(service: str = "A", **more: object) -> dict[str, object]:
    answer = Caller().post("/halls/demo/tickets", {"service": service} | more)
    assert answer.status_code == 201, answer.content
    found: dict[str, object] = answer.json()
    return found


def test_a_ticket_says_its_number_and_how_long_it_will_be(floor: Floor) -> None:
    first = take()
    assert (first["number"], first["ahead"]) == ("A001", 0)
    for _ in range(6):
        last = take()
    assert last["ahead"] == 6
    assert 0 < last["wait"]["low"] < last["wait"]["high"]  # type: ignore[index]


def test_the_whole_way_of_a_ticket(clerk: Caller) -> None:
    ticket = take(needs=["elder"])
    called = clerk.post(f"{AT}/next", {})
    assert called.status_code == 200
    assert called.json() == {
        "ticket": ticket["ticket"], "number": "A001", "service": "A", "needs": ["elder"], "state": "called"
    }  # fmt: skip
    assert clerk.post(f"{AT}/recall", {}).status_code == 200
    done = clerk.post(f"{AT}/finish", {"answer": "已办结", "ticket": ticket["ticket"]})
    assert done.status_code == 200, done.content
    assert len(done.json()["case"]) == 14
    assert clerk.post(f"{AT}/next", {}).status_code == 204


def test_a_ticket_and_a_call_cost_few_statements(clerk: Caller, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    take()
    clerk.post(f"{AT}/next", {}, Idempotency_Key="k" * 20)  # what is remembered is read now
    with django_assert_num_queries(16):  # four of them savepoints
        assert Caller().post("/halls/demo/tickets", {"service": "A"}, Idempotency_Key="l" * 20).status_code == 201
    at = AT.replace("/1", "/2")
    with django_assert_num_queries(16):
        assert clerk.post(f"{at}/next", {}, Idempotency_Key="m" * 20).status_code == 200


def test_next_with_somebody_there_answers_who(clerk: Caller) -> None:
    ticket = take()
    take()
    clerk.post(f"{AT}/next", {})
    refused = clerk.post(f"{AT}/next", {})
    assert refused.status_code == 409
    assert (refused.json()["code"], refused.json()["ticket"]) == ("ticket_open", ticket["ticket"])


def test_next_at_a_closed_window_is_409(clerk: Caller) -> None:
    assert clerk.post(f"{AT}/close", {}).json()["state"] == "closed"
    refused = clerk.post(f"{AT}/next", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "window_closed")


def test_the_same_request_again_calls_nobody_twice(clerk: Caller) -> None:
    take()
    take()
    answers = [clerk.post(f"{AT}/next", {}, Idempotency_Key="k1") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    tickets = [Caller().post("/halls/demo/tickets", {"service": "A"}, Idempotency_Key="x" * 32) for _ in range(2)]
    assert tickets[0].json()["ticket"] == tickets[1].json()["ticket"]


def test_a_key_that_two_strangers_think_of_gives_each_a_ticket_of_their_own(floor: Floor) -> None:
    def take_from(address: str, key: str) -> object:
        stranger = Caller(client=Client(REMOTE_ADDR=address))
        return stranger.post("/halls/demo/tickets", {"service": "A"}, Idempotency_Key=key).json()["ticket"]

    first, again = take_from("198.51.100.7", "1"), take_from("198.51.100.7", "1")
    assert first == again  # a kiosk that was tapped twice
    assert take_from("203.0.113.9", "1") != first
    long = "k" * 22  # nobody thinks of the same: the phone has come from the house network into another
    assert take_from("198.51.100.7", long) == take_from("203.0.113.9", long)


@pytest.mark.parametrize("act", ["next", "recall", "no-show", "finish", "transfer", "open", "close"])
def test_only_clerks_of_the_window_act(floor: Floor, act: str) -> None:
    body = {"service": "B"} if act == "transfer" else {}
    assert Caller().post(f"{AT}/{act}", body).status_code == 401
    assert signed_in("handler").post(f"{AT}/{act}", body).status_code == 403


def test_nobody_there_is_409_and_an_unknown_place_404(clerk: Caller) -> None:
    for act, body in (("recall", {}), ("no-show", {}), ("finish", {}), ("transfer", {"service": "B"})):
        refused = clerk.post(f"{AT}/{act}", body)
        assert (refused.status_code, refused.json()["code"]) == (409, "no_ticket_open")
    assert clerk.post("/halls/demo/windows/99/next", {}).status_code == 404
    assert Caller().get("/halls/nowhere").status_code == 404
    assert Caller().post("/halls/demo/tickets", {"service": "Z"}).status_code == 422


def test_no_show_and_transfer(clerk: Caller) -> None:
    take()
    clerk.post(f"{AT}/next", {})
    assert clerk.post(f"{AT}/no-show", {}).json()["state"] == "waiting"
    clerk.post(f"{AT}/next", {})
    moved = clerk.post(f"{AT}/transfer", {"service": "C"})
    assert (moved.json()["number"], moved.json()["service"]) == ("A001", "C")


def test_the_state_of_the_hall_and_where_its_events_are(clerk: Caller, settings) -> None:  # type: ignore[no-untyped-def]
    take()
    take("B")
    clerk.post(f"{AT}/next", {})
    state = Caller().get("/halls/demo").json()
    assert [(call["number"], call["window"]) for call in state["calls"]] == [("A001", "1号")]
    assert {one["code"]: one["waiting"] for one in state["services"]} == {"A": 0, "B": 1, "C": 0}
    moved = Caller().get("/halls/demo/events")
    assert moved.status_code == 307
    assert moved["Location"] == f"{settings.EVENTS_ORIGIN}/api/v1/halls/demo/events"
