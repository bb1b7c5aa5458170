"""Every door of the answers asks who comes; the desk's doors answer what the pages show."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from qingyu.knowledge import operations
from qingyu.knowledge.operations import Draft
from tests.api.doors import Caller, signed_in
from tests.cases import staff_desk
from tests.people import City

pytestmark = pytest.mark.django_db
WORDS = {"title": "夜市几点收摊", "text": "二十三点。"}
DOORS: list[tuple[str, str, Any]] = [
    ("get", "/desk/answers", None), ("get", "/desk/answers/stale", None), ("get", "/desk/answers/noise", None),
    ("get", "/desk/questions", None), ("post", "/desk/answers", WORDS), ("post", "/desk/answers/noise/versions", WORDS),
    ("post", "/desk/answers/noise/put_in_force", {}), ("post", "/desk/answers/noise/send_back", {"reason": "依据"}),
    ("post", "/desk/answers/noise/withdraw", {"reason": "依据"}), ("post", "/desk/answers/noise/look_at", {}),
    ("post", "/desk/questions/1/reply", WORDS), ("post", "/desk/questions/1/give", {"unit": "housing"}),
]  # fmt: skip
PAGES = [
    ("get", "/answers-desk/"), ("get", "/answers-desk/new/"), ("post", "/answers-desk/new/"),
    ("get", "/answers-desk/questions/1/"), ("post", "/answers-desk/questions/1/"),
    ("post", "/answers-desk/questions/1/give/"), ("get", "/answers-desk/noise/"),
    ("post", "/answers-desk/noise/put_in_force/"),
]  # fmt: skip


def test_no_stranger_passes_a_door_of_the_desk(city: City) -> None:
    stranger = Caller()
    for method, path, body in DOORS:
        answer = stranger.get(path) if method == "get" else stranger.post(path, body)
        assert answer.status_code == 401, path
    for method, path in PAGES:
        assert getattr(Client(), method)(path)["Location"].startswith("/login/"), path


@pytest.mark.parametrize("who", ["caller", "mayor", "housing_handler"])
def test_who_only_reads_changes_nothing(city: City, who: str) -> None:
    at = datetime.now(UTC)
    made = operations.write(Draft(**WORDS), unit=city.unit("urban"), code="noise", by=city.viewer("handler"), at=at)
    operations.put_in_force(made, by=city.viewer("supervisor"), at=at)
    reader = signed_in(who)
    for _method, path, body in DOORS:
        if "/desk/answers/noise/" in path:
            assert reader.post(path, body).status_code == 403, path
    assert (
        staff_desk.signed_in(city, who).post("/answers-desk/noise/withdraw/", {"reason": "x", "key": "k"}).status_code
        == 403
    )


def test_the_desk_over_the_api(city: City) -> None:
    at = datetime.now(UTC)
    handler = signed_in("handler")
    made = operations.write(Draft(**WORDS), unit=city.unit("urban"), code="noise", by=city.viewer("handler"), at=at)
    assert [one["code"] for one in handler.get("/desk/answers?list=waiting").json()["answers"]] == ["noise"]
    operations.put_in_force(made, by=city.viewer("supervisor"), at=at)
    assert handler.get("/desk/answers").json()["more"] is False
    assert handler.get("/desk/answers?list=all").status_code == 422
    found = handler.get("/desk/answers/noise").json()
    assert [(one["number"], one["text"]) for one in found["versions"]] == [(1, "二十三点。")]
    assert handler.post("/desk/answers/noise/look_at", {}).json()["seen"] == found["seen"] + 1
    assert handler.get("/desk/answers/stale").json() == []
    asked = operations.ask("无人机可以飞吗", topic="city", at=at)
    assert [one["id"] for one in handler.get("/desk/questions").json()] == [asked.pk]


def test_the_desk_is_searched(city: City) -> None:
    operations.write(
        Draft(**WORDS), unit=city.unit("urban"), code="noise", by=city.viewer("handler"), at=datetime.now(UTC)
    )
    browser = staff_desk.signed_in(city, "handler")
    assert "/answers-desk/noise/" in browser.get("/answers-desk/?q=夜市").content.decode()  # a draft, by its title
    assert "/answers-desk/noise/" not in browser.get("/answers-desk/?q=无人机").content.decode()


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "查找答案"), ("zh-hant", "答案"), ("en", "Find answers")])
def test_the_answers_speak_three_languages(city: City, client: Client, language: str, words: str) -> None:
    client.cookies["django_language"] = language
    for path in ("/answers/", "/answers/?q=nothing", "/answers/ask/"):
        page = client.get(path).content.decode()
        assert f'lang="{language}"' in page
    assert words in client.get("/answers/").content.decode()


def test_a_key_that_two_strangers_think_of_counts_for_each_of_them(city: City) -> None:
    answers = [
        Client(REMOTE_ADDR=address).post(
            "/api/v1/questions", {"question": words}, content_type="application/json", HTTP_IDEMPOTENCY_KEY="1"
        )
        for address, words in (("10.1.0.1", "养犬要办证吗"), ("10.2.0.1", "孔明灯能放吗"), ("10.1.0.1", "养犬要办证吗"))
    ]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    first, second, again = (answer.json()["reference"] for answer in answers)
    assert (again == first, second == first) == (True, False)
