"""The same operations as JSON."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from qingyu.cases.models import Case
from tests.api.doors import API, Caller, signed_in
from tests.applications.scenes import ANSWERS, CODE, item, photo
from tests.people import City

pytestmark = pytest.mark.django_db
KEY = "3f1c2a7e-0b1d-4c55-9a4e-000000000001"


def tokens(number: int) -> list[str]:
    files = [SimpleUploadedFile(f"{n}.jpg", photo()) for n in range(number)]
    answer = Client().post(f"{API}/applications/files", {"files": files})
    assert answer.status_code == 201, answer.content
    return [one["token"] for one in answer.json()["files"]]


def body() -> dict[str, object]:
    first, second = tokens(2)
    return {
        "item": CODE, "answers": ANSWERS, "documents": {"id_photo": [first], "book_photo": [second]},
        "contact": {"name": "李禾", "phone": "13912345678"},
    }  # fmt: skip


def test_an_application_goes_from_sending_to_its_result_over_the_api(city: City) -> None:
    item(city)
    answer = Caller().post("/applications", body(), Idempotency_Key=KEY)
    assert answer.status_code == 201, answer.content
    receipt = answer.json()
    assert receipt["owner"] == {"code": "urban", "name": "城市管理局", "person": "测试handler"}
    assert receipt["deputy"] == "测试second_handler"
    assert receipt["due_at"]
    number, code = receipt["number"], receipt["query_code"]
    desk = signed_in("handler")
    asked = desk.post(f"/desk/cases/{number}/ask_correction", {"missing": "户口簿不清楚", "fields": ["book_photo"]})
    assert asked.status_code == 200, asked.content
    shown = Caller().get(f"/applications/{number}", X_Query_Code=code).json()
    assert (shown["stage"], shown["missing"], shown["fields"]) == ("correcting", "户口簿不清楚", ["book_photo"])
    more = {"documents": {"book_photo": tokens(1)}}
    assert Caller().post(f"/applications/{number}/correct?code={code}", more).status_code == 200
    for name, given in (("admit", {}), ("decide", {"granted": True}), ("issue", {"how": "online"})):
        assert desk.post(f"/desk/cases/{number}/{name}", given).status_code == 200
    result = Caller().get(f"/applications/{number}?code={code}").json()["result"]
    genuine = Caller().get(f"/results/{result['code']}").json()
    assert (genuine["name"], genuine["unit"], genuine["holder"]) == ("生育服务卡", "城市管理局", "李*")
    assert Caller().get("/results/222222222222").status_code == 404


def test_the_same_key_and_the_same_answers_give_one_application(city: City) -> None:
    item(city)
    sent = body()
    first = Caller().post("/applications", sent, Idempotency_Key=KEY).json()
    assert Caller().post("/applications", sent, Idempotency_Key=KEY).json() == first
    again = Caller().post("/applications", body()).json()
    assert (again["number"], again["again"]) == (first["number"], True)
    assert Case.objects.count() == 1


def test_what_is_wrong_is_named_by_field(city: City) -> None:
    item(city)
    answer = Caller().post("/applications", body() | {"answers": ANSWERS | {"born": "soon"}})
    assert (answer.status_code, answer.json()["code"]) == (422, "not_a_date")
    assert "answers.born" in answer.json()["fields"]
    window = Caller().post("/applications", body() | {"channel": "window"})
    assert (window.status_code, window.json()["code"]) == (403, "channel_for_staff")
    by_clerk = signed_in("clerk").post("/applications", body() | {"channel": "window"})
    assert by_clerk.status_code == 201, by_clerk.content
    assert Case.objects.get().channel == "window"


def test_those_without_the_right_are_refused(city: City) -> None:
    item(city)
    number = Caller().post("/applications", body()).json()["number"]
    assert signed_in("willow_handler").post(f"/desk/cases/{number}/admit", {}).status_code == 404
    assert signed_in("mayor").post(f"/desk/cases/{number}/admit", {}).status_code == 403
    assert Caller().get(f"/applications/{number}?code=22222222").status_code == 404


def test_guessing_codes_of_results_is_limited(city: City) -> None:
    from qingyu.config import ratelimit

    ratelimit.counter.tries.clear()
    with override_settings(RATE_LIMITS=True):
        answers = [Client().get("/verify/", {"code": f"22222222222{n % 10}"}).status_code for n in range(31)]
    ratelimit.counter.tries.clear()
    assert answers[:30] == [404] * 30
    assert answers[30] == 429
