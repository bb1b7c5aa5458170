"""Signing in: a token that ends, and a lock after too many wrong passwords."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from qingyu.people import operations, tokens
from qingyu.people.models import Token
from tests.api.doors import PASSWORD, Caller, signed_in
from tests.people import City

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_a_token_opens_the_desk_until_it_is_given_back(city: City) -> None:
    agent = signed_in("agent")
    assert agent.get("/desk/cases").status_code == 200
    assert agent.delete("/session").status_code == 204
    refused = agent.get("/desk/cases")
    assert (refused.status_code, refused.json()["code"]) == (401, "sign_in_needed")
    assert refused["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic YTpi", "bearer  "])
def test_without_a_token_that_holds_the_desk_is_shut(city: City, header: str) -> None:
    caller = Caller(headers={"Authorization": header} if header else {})
    assert caller.get("/desk/cases").status_code == 401


def test_the_token_itself_stands_nowhere(city: City) -> None:
    agent = signed_in("agent")
    text = agent.headers["Authorization"].split()[1]
    assert Token.objects.exclude(digest="").count() == 1
    assert text not in str(list(Token.objects.values()))


@pytest.mark.parametrize(
    ("uses", "last", "holds"),
    [
        ([], 29 * MINUTE, True),
        ([], 30 * MINUTE, False),
        ([20 * MINUTE], 49 * MINUTE, True),
        ([n * 20 * MINUTE for n in range(1, 36)], 12 * 60 * MINUTE, False),
    ],
)
def test_a_token_ends_after_half_an_idle_hour_or_twelve_hours(
    city: City, uses: list[timedelta], last: timedelta, holds: bool
) -> None:
    token = tokens.issue(city.staff["agent"], at=NOON).token
    for use in uses:
        assert tokens.holder(token, at=NOON + use)
    assert (tokens.holder(token, at=NOON + last) is not None) is holds


def test_tokens_that_have_ended_are_forgotten(city: City) -> None:
    tokens.issue(city.staff["agent"], at=NOON)
    assert tokens.forget(at=NOON + 10 * MINUTE) == 0
    assert tokens.forget(at=NOON + 31 * MINUTE) == 1


@pytest.mark.parametrize("change", ["password", "roles", "leave"])
def test_a_change_of_password_roles_or_place_ends_all_tokens(city: City, change: str) -> None:
    agent, person = signed_in("agent"), city.staff["agent"]
    if change == "password":
        operations.change_password(person, password="another-晴川-2026", at=NOON, by=None)
    elif change == "roles":
        operations.set_roles(person, roles=["caller"], by=None, at=NOON)
    else:
        operations.leave(person, by=None, at=NOON, reason="gone")
    assert agent.get("/desk/cases").status_code == 401


def test_wrong_passwords_are_refused_and_then_locked_out(city: City) -> None:
    wrong = {"username": "agent", "password": "wrong"}
    answers = [Caller().post("/session", wrong) for _ in range(6)]
    assert (answers[0].status_code, answers[0].json()["code"]) == (401, "sign_in_failed")
    assert (answers[-1].status_code, answers[-1].json()["code"]) == (429, "sign_in_locked")
    assert "Retry-After" in answers[-1]
    right = Caller().post("/session", {"username": "agent", "password": PASSWORD})
    assert right.status_code == 429


def test_nobody_learns_whether_a_name_exists(city: City) -> None:
    answers = [Caller().post("/session", {"username": name, "password": "wrong"}) for name in ("agent", "nobody")]
    assert answers[0].content == answers[1].content


def test_a_one_time_password_must_be_changed_first(city: City) -> None:
    _, password = operations.hire(
        username="new", name="新人", unit=city.units["centre"], roles=["agent"], by=None, at=NOON
    )
    answer = Caller().post("/session", {"username": "new", "password": password})
    assert (answer.status_code, answer.json()["code"]) == (403, "password_must_change")


def test_an_otp_is_taken(city: City) -> None:
    body = {"username": "agent", "password": PASSWORD, "otp": "123456"}
    assert Caller().post("/session", body).status_code == 200
