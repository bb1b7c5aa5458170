"""Open311: a partner files with a key, anyone looks, and nobody sees what is not for the public."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from django.http import HttpResponse
from django.test import Client

from qingyu.cases import operations
from qingyu.cases.actors import CITIZEN
from qingyu.cases.models import ApiKey, Case, CaseText, ServiceAttribute, Topic
from qingyu.cases.open311 import keys
from qingyu.people import queries as people
from tests.people import City

pytestmark = pytest.mark.django_db
V2 = "/open311/v2"
NOW = datetime.now(UTC)
PLACE = {"address_string": "柳岸街1号"}
SENT = {"service_code": "city.noise.night", "description": "夜间施工，电话 13800138000", **PLACE}


def post(form: dict[str, Any], *, key: str | None = None, form_of: str = "json", **headers: str) -> HttpResponse:
    api_key = {"api_key": keys.make("partner", at=NOW) if key is None else key}
    return Client().post(f"{V2}/requests.{form_of}", api_key | form, headers=headers)


def get(path: str, **query: str) -> HttpResponse:
    return Client().get(f"{V2}/{path}", query)


def filed(**more: Any) -> str:
    answer = post(SENT | more)
    assert answer.status_code == 201, answer.content
    number: str = answer.json()[0]["service_request_id"]
    return number


def by_web(**more: Any) -> Case:
    """A request of the web door."""
    values = {"text": "楼下很吵，我住302", "channel": "web", "topic": "city.noise.night"} | more
    return operations.open_case(operations.Filing(**values), by=CITIZEN, at=NOW).case


# Filing ------------------------------------------------------------------------------------------------------------


def test_a_partner_files_and_is_told_the_number_and_the_query_code(city: City) -> None:
    answer = post(
        SENT | {"first_name": "晓", "last_name": "王", "phone": "13800138000", "lat": "31.2", "long": "121.5"}
    )
    assert answer.status_code == 201
    row = answer.json()[0]
    case = Case.objects.get(number=row["service_request_id"])
    assert (case.channel, case.topic, case.lat, case.anonymous) == ("open311", "city.noise.night", 31.2, False)
    assert operations.opening.query_code(case) in row["service_notice"]
    assert row["account_id"] is None


def test_the_answer_in_xml_has_the_elements_of_the_specification(city: City) -> None:
    answer = post(SENT, form_of="xml")
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    root = fromstring(answer.content)
    assert root.tag == "service_requests"
    assert [child.tag for child in root[0]] == ["service_request_id", "service_notice", "account_id"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"service_code": ""}, 400), ({"service_code": "no.such"}, 404), ({"address_string": ""}, 400),
        ({"lat": "31.2"}, 400), ({"lat": "x", "long": "1"}, 400), ({"lat": "nan", "long": "1"}, 400),
        ({"lat": "1e400", "long": "1"}, 400), ({"lat": "91", "long": "1"}, 400), ({"address_id": "000"}, 400),
        ({"description": "x" * 4001}, 400), ({"phone": "12"}, 400), ({"service_code": "labour.wages"}, 400),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_the_status_of_the_specification(
    city: City, change: dict[str, str], status: int
) -> None:
    answer = post(SENT | change)
    assert answer.status_code == status
    assert answer.json()[0]["code"] == str(status)
    assert answer.json()[0]["description"]
    assert Case.objects.count() == 0


@pytest.mark.parametrize("place", [{"lat": "31.2", "long": "121.5"}, {"address_id": "990102001000"}, PLACE])
def test_any_of_three_kinds_of_place_is_enough(city: City, place: dict[str, str]) -> None:
    assert post({"service_code": "house.lift"} | place).status_code == 201


@pytest.mark.parametrize("key", ["", "wrong"])
def test_without_a_key_nothing_is_filed(city: City, key: str) -> None:
    answer = post(SENT, key=key, form_of="xml")
    assert answer.status_code == 403
    error = fromstring(answer.content)[0]
    assert (error.tag, [child.tag for child in error]) == ("error", ["code", "description"])


def test_a_key_is_stored_as_a_hash_and_can_be_ended(city: City) -> None:
    key = keys.make("partner", at=NOW)
    assert key not in str(list(ApiKey.objects.values()))
    assert keys.holder(key)
    keys.revoke("partner", at=NOW)
    assert post(SENT, key=key).status_code == 403


def test_the_same_form_with_the_same_idempotency_key_is_filed_once(city: City) -> None:
    key = keys.make("partner", at=NOW)
    answers = [post(SENT, key=key, **{"Idempotency-Key": "a"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert Case.objects.count() == 1


def test_picture_and_answers_reach_the_desk_and_device_ids_do_not(city: City) -> None:
    topic = Topic.objects.get(code="house.lift")
    ServiceAttribute.objects.create(
        topic=topic, code="kind", description="电梯类型？", datatype="singlevaluelist", required=True,
        values=[["1", "客梯"], ["2", "货梯"]],
    )  # fmt: skip
    people.forget()
    form = {
        "service_code": "house.lift",
        "media_url": "http://p.test/1.jpg",
        "device_id": "dev-77",
        "account_id": "acc",
    } | PLACE
    assert post(form).status_code == 400
    assert post(form | {"attribute[kind]": "3"}).status_code == 400
    assert post(form | {"attribute[kind]": "2"}).status_code == 201
    texts = "\n".join(CaseText.objects.values_list("body", flat=True))
    assert "电梯类型？ 货梯" in texts
    assert "http://p.test/1.jpg" in texts
    assert "dev-77" not in texts


# Looking -----------------------------------------------------------------------------------------------------------


def test_a_request_is_shown_scrubbed_with_times_and_unit(city: City) -> None:
    row = get(f"requests/{filed()}.json").json()[0]
    assert row["status"] == "open"
    assert row["service_name"] == "夜间施工"
    assert row["address"] == "柳岸街1号"
    assert "13800138000" not in row["description"]
    assert row["requested_datetime"].endswith("+08:00")
    assert isinstance(row["service_request_id"], str)


def test_other_doors_show_no_words_and_no_exact_place(city: City) -> None:
    case = by_web(place=operations.Place("柳岸街1号302", "990102001000", 31.2, 121.5))
    row = get(f"requests/{case.number}.json").json()[0]
    assert (row["description"], row["lat"], row["long"]) == (None, None, None)
    assert row["address"] == "柳岸街道"


@pytest.mark.parametrize("hidden", [{"type": "report"}, {"confidential": True}, {"topic": ""}])
def test_what_is_not_for_the_public_does_not_exist(city: City, hidden: dict[str, Any]) -> None:
    case = by_web(**hidden)
    assert get("requests.json").json() == []
    assert get(f"requests/{case.number}.json").status_code == 404
    assert get("requests.json", service_request_id=case.number).json() == []
    assert get(f"tokens/{case.number}.json").status_code == 404


@pytest.mark.parametrize("code", ["city.noise.night", "city"])
def test_a_topic_that_is_not_open_shows_nothing_and_takes_nothing(city: City, code: str) -> None:
    by_web()
    Topic.objects.filter(code=code).update(open=False)
    people.forget()
    assert get("requests.json").json() == []
    assert "city.noise.night" not in get("services.json").content.decode()
    assert post(SENT).status_code == 404


def test_lists_are_narrowed_by_service_status_and_number(city: City) -> None:
    first, second = filed(), filed(service_code="house.lift")
    operations.withdraw(Case.objects.get(number=second), by=CITIZEN, at=datetime.now(UTC))
    found = {
        name: {row["service_request_id"] for row in get("requests.json", **query).json()}
        for name, query in {
            "all": {}, "lift": {"service_code": "house.lift"}, "both": {"service_code": "house.lift, city.noise.night"},
            "open": {"status": "open"}, "closed": {"status": "closed"}, "either": {"status": "open,closed"},
            "numbers": {"service_request_id": f"{first},{second}", "status": "open"},
        }.items()
    }  # fmt: skip
    assert found == {
        "all": {first, second}, "lift": {second}, "both": {first, second}, "open": {first}, "closed": {second},
        "either": {first, second}, "numbers": {first, second},
    }  # fmt: skip


def test_without_dates_the_last_ninety_days_are_meant(city: City) -> None:
    old = operations.Filing(text="旧", channel="web", topic="house.lift")
    operations.open_case(old, by=CITIZEN, at=NOW - timedelta(days=100))
    assert get("requests.json").json() == []
    start = (NOW - timedelta(days=110)).isoformat()
    assert len(get("requests.json", start_date=start).json()) == 1
    assert len(get("requests.json", start_date=start.replace("+00:00", "Z")).json()) == 1


@pytest.mark.parametrize(
    "query",
    [
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"},
        {"start_date": "2026-06-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
        {"start_date": "2026-01-01T00:00:00"}, {"start_date": "yesterday"}, {"end_date": "0001-01-01T00:00:00Z"},
        {"start_date": "9999-12-31T23:59:59Z"}, {"status": "lost"}, {"page": "0"}, {"page": "x"}, {"page_size": "1001"},
    ],
)  # fmt: skip
def test_arguments_that_cannot_be_read_are_refused(city: City, query: dict[str, str]) -> None:
    assert get("requests.json", **query).status_code == 400


def test_pages_follow_each_other(city: City) -> None:
    numbers = {filed() for _ in range(3)}
    pages = [get("requests.json", page=str(page), page_size="2").json() for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [2, 1, 0]
    assert {row["service_request_id"] for page in pages for row in page} == numbers


def test_a_token_is_the_number_itself(city: City) -> None:
    number = filed()
    assert get(f"tokens/{number}.json").json() == [{"service_request_id": number, "token": number}]
    assert get("tokens/123.xml").status_code == 404


def test_a_list_takes_few_statements(city: City, django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        filed()
    get("requests.json")
    with django_assert_max_num_queries(2):
        get("requests.json")
