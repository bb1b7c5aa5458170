"""Citizens file, look and act through the API with number and query code."""

from __future__ import annotations

import json

import pytest

from qingyu.cases.models import Case
from tests.api.doors import FILING, Caller, filed, signed_in
from tests.people import City

pytestmark = pytest.mark.django_db
KEY = "6f1c2a9e-0b7d-4c58-9f3e-2d41b8a7c605"
PERSON = {"name": "王晓", "phone": "199 0000 1234"}


def test_a_filing_is_answered_with_number_code_and_owner(city: City) -> None:
    answer = Caller().post(
        "/cases", FILING | {"contact": PERSON, "place": {"address": "柳岸街1号", "lat": 31.2, "lon": 121.5}}
    )
    assert answer.status_code == 201
    assert set(answer.json()) == {"number", "query_code", "state", "owner", "due_at"}
    assert answer.json()["state"] == "received"
    assert answer.json()["owner"] == "centre"


def test_the_public_view_opens_by_code_in_the_address_or_in_a_header(city: City) -> None:
    new = filed()
    for answer in (
        Caller().get(f"/cases/{new['number']}?code={new['query_code']}"),
        Caller().get(f"/cases/{new['number']}", X_Query_Code=new["query_code"].lower()),
    ):
        assert answer.status_code == 200
        assert answer.json()["text"] == FILING["text"]
        assert answer.json()["may"] == ["add", "urge", "withdraw"]


def test_a_wrong_code_and_a_wrong_number_look_the_same(city: City) -> None:
    new = filed()
    answers = [
        Caller().get(path)
        for path in (
            f"/cases/{new['number']}?code=23456789",
            f"/cases/{new['number']}",
            "/cases/26010112345678?code=23456789",
        )
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_the_same_filing_with_the_same_key_is_filed_once(city: City) -> None:
    first = Caller().post("/cases", FILING, Idempotency_Key=KEY)
    again = Caller().post("/cases", FILING, Idempotency_Key=KEY)
    other = Caller().post("/cases", FILING | {"text": "另一件事"}, Idempotency_Key=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Case.objects.count() == 1
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


@pytest.mark.parametrize(
    ("change", "status", "code", "field"),
    [
        ({"text": "  "}, 422, "text_missing", "text"),
        ({"text": None}, 422, "fields_not_valid", "text"),
        ({"text": "x" * 10_001}, 422, "fields_not_valid", "text"),
        ({"text": "a\x00b"}, 422, "fields_not_valid", "text"),
        ({"topic": "no.such"}, 422, "topic_unknown", "topic"),
        ({"type": "wish"}, 422, "type_unknown", "type"),
        ({"channel": "pigeon"}, 422, "channel_unknown", "channel"),
        ({"topic": "labour.wages"}, 422, "contact_needed", "phone"),
        ({"contact": {"phone": "12"}}, 422, "phone_not_valid", "phone"),
        ({"place": {"lat": 91, "lon": 0}}, 422, "fields_not_valid", "place.lat"),
        ({"colour": "blue"}, 422, "fields_not_valid", "colour"),
    ],
)
def test_what_is_wrong_with_a_filing_is_named(
    city: City, change: dict[str, object], status: int, code: str, field: str
) -> None:
    answer = Caller().post("/cases", FILING | change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]
    assert field in answer.json()["fields"]
    assert Case.objects.count() == 0


def test_channels_of_staff_need_a_token(city: City) -> None:
    phone = FILING | {"channel": "phone"}
    refused = Caller().post("/cases", phone)
    assert (refused.status_code, refused.json()["code"]) == (403, "channel_for_staff")
    assert signed_in("agent").post("/cases", phone).status_code == 201
    assert signed_in("mayor").post("/cases", phone).status_code == 403


def test_what_is_no_json_is_not_readable(city: City) -> None:
    answer = Caller().post("/cases", "{")
    assert (answer.status_code, answer.json()["code"]) == (400, "not_readable")


def test_a_body_past_a_megabyte_is_too_large(city: City) -> None:
    answer = Caller().post("/cases", json.dumps(FILING | {"text": "x" * 1_100_000}))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_messages_come_in_the_language_that_was_asked_for(city: City) -> None:
    bad = FILING | {"text": ""}
    chinese = Caller().post("/cases", bad, Accept_Language="zh-CN").json()["message"]
    english = Caller().post("/cases", bad, Accept_Language="en").json()["message"]
    assert english == "Write what it is about."
    assert chinese == "请填写诉求内容。"


def test_a_citizen_urges_once_a_day_adds_and_withdraws(city: City) -> None:
    new = filed()
    path, code = f"/cases/{new['number']}", f"?code={new['query_code']}"
    assert Caller().post(f"{path}/urge{code}", {}).status_code == 200
    again = Caller().post(f"{path}/urge{code}", {})
    assert (again.status_code, again.json()["code"]) == (409, "urged_already")
    assert Caller().post(f"{path}/add{code}", {"text": "在三号楼"}).json()["entries"][-1]["text"] == "在三号楼"
    assert Caller().post(f"{path}/withdraw{code}", {}).json()["state"] == "withdrawn"
    ended = Caller().post(f"{path}/add{code}", {"text": "再说一句"})
    assert (ended.status_code, ended.json()["code"]) == (409, "already_ended")
    assert Caller().post(f"{path}/urge?code=23456789", {}).status_code == 404


def test_a_citizen_rates_once_and_reopens_and_rates_again(city: City) -> None:
    new = filed()
    path, code = f"/cases/{new['number']}", f"?code={new['query_code']}"
    agent = signed_in("agent")
    agent.post(f"/desk{path}/answer_at_once", {"answer": "已处理"})
    rated = Caller().post(f"{path}/rate{code}", {"level": "satisfied"})
    assert rated.status_code == 200
    again = Caller().post(f"{path}/rate{code}", {"level": "dissatisfied"})
    assert (again.status_code, again.json()["code"]) == (409, "rated_twice")
    assert Caller().post(f"{path}/reopen{code}", {"text": "又开始了"}).json()["state"] == "received"
    agent.post(f"/desk{path}/answer_at_once", {"answer": "再次处理"})
    assert Caller().post(f"{path}/rate{code}", {"level": "very_dissatisfied"}).status_code == 200


def test_a_stranger_needs_a_key_that_nobody_guesses(city: City) -> None:
    answer = Caller().post("/cases", FILING, Idempotency_Key=KEY[:21])
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_short")
    assert "22" in answer.json()["message"]
    assert signed_in("agent").post("/cases", FILING, Idempotency_Key="k1").status_code == 201


def test_strangers_do_not_say_how_urgent_it_is_nor_file_what_open311_publishes(city: City) -> None:
    filed(urgency="urgent")
    assert Case.objects.get().urgency == "general"
    answer = signed_in("agent").post("/cases", FILING | {"channel": "open311"})
    assert (answer.status_code, answer.json()["code"]) == (422, "channel_unknown")


def test_filing_and_looking_take_few_statements(city: City, django_assert_max_num_queries: object) -> None:
    """Ten, and twelve with a key; two more here, where a savepoint of the test stands for BEGIN and COMMIT."""
    body = FILING | {"contact": PERSON, "place": {"address": "柳岸街1号"}}
    Caller().post("/cases", body)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        new = Caller().post("/cases", body).json()
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        Caller().post("/cases", body, Idempotency_Key=KEY)
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        Caller().get(f"/cases/{new['number']}?code={new['query_code']}")
