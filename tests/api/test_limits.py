"""Who tries too often waits; who knows the code or works here is never held up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from qingyu.config import ratelimit
from tests.api.doors import FILING, Caller, filed, signed_in
from tests.people import City

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rate_limits")]


def limited(monkeypatch: pytest.MonkeyPatch, name: str, tries: int) -> None:
    """Lowers the limit of that name so that a test reaches it."""
    rows = [replace(limit, tries=tries) if limit.name == name else limit for limit in ratelimit.LIMITS]
    monkeypatch.setattr(ratelimit, "LIMITS", tuple(rows))


def test_filings_of_an_address_are_limited_but_not_those_of_staff(city: City, monkeypatch: Any) -> None:
    limited(monkeypatch, "filings of an address", 2)
    answers = [Caller().post("/cases", FILING) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[-1].json()["code"] == "too_many_requests"
    assert int(answers[-1]["Retry-After"]) > 0
    assert signed_in("agent").post("/cases", FILING | {"channel": "phone"}).status_code == 201


@pytest.mark.parametrize("header", ["Basic x", "Bearer", "Bearer x"])
def test_no_made_up_header_lifts_the_limit(city: City, monkeypatch: Any, header: str) -> None:
    limited(monkeypatch, "filings of an address", 1)
    caller = Caller(headers={"Authorization": header})
    assert [caller.post("/cases", FILING).status_code for _ in range(3)].count(201) <= 1


def guess(new: dict[str, str], code: str, sender: str, spelled: str = "") -> int:
    """The status for a code that comes from that address."""
    path = f"/api/v1/cases/{spelled or new['number']}?code={code}"
    return Client(REMOTE_ADDR=sender).get(path).status_code


def test_guesses_at_one_case_grow_dear_and_never_hold_up_its_owner(city: City, monkeypatch: Any) -> None:
    monkeypatch.setattr(ratelimit, "AT_ONE_CASE", replace(ratelimit.AT_ONE_CASE, tries=3))
    new = filed()
    dashed = f"{new['number'][:6]}-{new['number'][6:]}"
    assert [guess(new, new["query_code"], "198.51.100.1") for _ in range(5)] == [200] * 5
    assert [guess(new, f"2345678{n}", f"198.51.100.{n}", dashed) for n in range(2, 5)] == [404] * 3
    assert [guess(new, "23456789", "198.51.100.9") for _ in range(4)] == [404, 404, 404, 429]
    assert guess(new, new["query_code"], "198.51.100.1") == 200


def test_a_number_in_a_form_counts_for_its_case(city: City, monkeypatch: Any) -> None:
    monkeypatch.setattr(ratelimit, "AT_ONE_CASE", replace(ratelimit.AT_ONE_CASE, tries=1))
    new = filed()
    wrong = {"number": f"{new['number'][:6]} {new['number'][6:]}", "code": "23456789", "text": "x"}
    answers = [Client().post(path, wrong).status_code for path in ("/track/", *["/track/add/"] * 4)]
    assert answers == [403, 403, 403, 403, 429]


def test_guesses_of_one_address_are_limited_over_all_cases(city: City, monkeypatch: Any) -> None:
    limited(monkeypatch, "code guesses of an address", 3)
    codes = [Caller().get(f"/cases/2601011234567{n}?code=23456789").status_code for n in range(4)]
    assert codes == [404, 404, 404, 429]


def test_sign_ins_of_an_address_are_limited(city: City, monkeypatch: Any) -> None:
    limited(monkeypatch, "sign-ins of an address", 2)
    codes = [Caller().post("/session", {"username": f"n{n}", "password": "x"}).status_code for n in range(3)]
    assert codes == [401, 401, 429]


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "expected"),
    [
        ([], "10.0.0.1", "1.2.3.4", "10.0.0.1"),
        (["10.0.0.1"], "10.0.0.1", "1.2.3.4", "1.2.3.4"),
        (["10.0.0.1"], "10.0.0.1", "9.9.9.9, 1.2.3.4", "1.2.3.4"),
        (["10.0.0.1", "10.0.0.2"], "10.0.0.1", "1.2.3.4, 10.0.0.2", "1.2.3.4"),
        (["10.0.0.1"], "5.6.7.8", "1.2.3.4", "5.6.7.8"),
        (["10.0.0.1"], "10.0.0.1", "", "10.0.0.1"),
    ],
)
def test_only_trusted_proxies_say_where_a_request_comes_from(
    rf: Any, settings: Any, proxies: list[str], remote: str, forwarded: str, expected: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert ratelimit.address(request) == expected


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("198.51.100.7", "198.51.100.7"),
        ("unknown", "unknown"),
    ],
)
def test_one_household_is_one_sender(sender: str, expected: str) -> None:
    assert ratelimit.network(sender) == expected


def test_the_counter_forgets_what_was_long_ago() -> None:
    counter, limit = ratelimit.Counter(), ratelimit.LIMITS[0]
    for _ in range(limit.tries):
        counter.count(limit, "a", 0.0)
    assert counter.wait(limit, "a", 1.0) == limit.seconds - 1
    assert counter.wait(limit, "b", 1.0) == 0
    assert counter.wait(limit, "a", float(limit.seconds)) == 0
