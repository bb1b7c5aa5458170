"""The pages and the API of the answers, each over the same operations."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from qingyu.knowledge import operations
from qingyu.knowledge.models import Answer, Helped, Unanswered
from qingyu.knowledge.operations import Draft
from tests.api.doors import Caller, signed_in
from tests.cases import staff_desk
from tests.people import City

pytestmark = pytest.mark.django_db
NOISE = Draft("夜间施工噪声谁来管", "夜间二十二时至次日六时禁止施工。")


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def answer(city: City) -> Answer:
    made = operations.write(NOISE, unit=city.unit("urban"), code="noise", by=city.viewer("handler"), at=now())
    return operations.put_in_force(made, by=city.viewer("supervisor"), at=now())


def key() -> str:
    return uuid.uuid4().hex


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_citizen_finds_and_reads_an_answer(
    answer: Answer, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.get("/answers/?q=夜间施工")
    with django_assert_max_num_queries(1):
        page = text(client.get("/answers/?q=夜间施工噪声"))
    assert "夜间施工噪声谁来管" in page
    assert "城市管理局" in page
    with django_assert_max_num_queries(1):
        page = text(client.get("/answers/noise/"))
    assert "夜间二十二时至次日六时" in page


@pytest.mark.parametrize(
    "query", ["", "?q=", "?q=无人机", "?q=%00", "?q=" + "长" * 3000, "?q=<script>alert(1)</script>"]
)
def test_whatever_is_asked_gets_a_page(city: City, client: Client, query: str) -> None:
    page = client.get(f"/answers/{query}")
    assert page.status_code == 200
    assert "<script>alert" not in text(page)


def test_what_is_not_shown_is_not_there(city: City, client: Client) -> None:
    operations.write(NOISE, unit=city.unit("urban"), code="draft", by=city.viewer("handler"), at=now())
    assert client.get("/answers/draft/").status_code == 404
    assert client.post("/answers/draft/helped/", {"helped": "yes", "key": key()}).status_code == 404


def test_pressing_twice_counts_once(answer: Answer, client: Client) -> None:
    sent = {"helped": "yes", "key": key()}
    assert client.post("/answers/noise/helped/", sent).url == "/answers/noise/"  # type: ignore[attr-defined]
    client.post("/answers/noise/helped/", sent)
    assert Helped.objects.get().yes == 1
    other = client.post("/answers/noise/helped/", {"helped": "no", "key": key()})
    assert other.url == "/answers/ask/"  # type: ignore[attr-defined]
    client.post("/answers/noise/helped/", {"helped": "perhaps", "key": key()})
    assert (Helped.objects.get().yes, Helped.objects.get().no) == (1, 1)


def test_a_question_is_passed_on_with_a_date(city: City, client: Client) -> None:
    sent = {"question": "无人机可以在公园飞吗", "topic": "city", "key": key()}
    first, again = client.post("/answers/ask/", sent), client.post("/answers/ask/", sent)
    assert first.url == again.url  # type: ignore[attr-defined]
    asked = Unanswered.objects.get()
    assert (asked.asked, asked.unit_id) == (1, city.unit("urban"))
    page = text(client.get(first.url))  # type: ignore[attr-defined]
    assert "无人机可以在公园飞吗" in page
    assert "城市管理局" in page
    assert 'href="/file/"' in page


@pytest.mark.parametrize("question", ["", "  ", "长" * 501])
def test_a_question_that_is_none_keeps_its_words(city: City, client: Client, question: str) -> None:
    page = client.post("/answers/ask/", {"question": question, "key": key()})
    assert page.status_code == 422
    assert question.strip() in text(page)
    assert not Unanswered.objects.exists()


# The desk ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["in_force", "waiting", "drafts", "stale", "questions", "withdrawn"])
@pytest.mark.parametrize("who", ["handler", "supervisor", "mayor"])
def test_every_list_opens(city: City, answer: Answer, kind: str, who: str) -> None:
    operations.ask("无人机可以飞吗", topic="city", at=now())
    assert staff_desk.signed_in(city, who).get(f"/answers-desk/?list={kind}").status_code == 200


def test_the_desk_asks_for_the_right(city: City, client: Client) -> None:
    assert client.get("/answers-desk/").status_code == 302
    assert staff_desk.signed_in(city, "caller").get("/answers-desk/new/").status_code == 403


def test_from_the_first_words_to_being_in_force(city: City, client: Client) -> None:
    handler, supervisor = staff_desk.signed_in(city, "handler"), staff_desk.signed_in(city, "supervisor")
    form = {"title": "夜市几点收摊", "text": "二十三点。", "topic": "city", "key": key()}
    preview = handler.post("/answers-desk/new/", form | {"preview": "1"})
    assert "市民将看到" in text(preview)
    assert not Answer.objects.exists()
    made = handler.post("/answers-desk/new/", form)
    page = made.url  # type: ignore[attr-defined]
    assert handler.post("/answers-desk/new/", form).url == page  # type: ignore[attr-defined]
    seen = re.search(r'name="seen" value="(\d+)"', text(supervisor.get(page)))
    assert seen
    assert handler.post(f"{page}put_in_force/", {"key": key()}).status_code == 403
    assert supervisor.post(f"{page}put_in_force/", {"key": key(), "seen": seen[1]}).status_code == 302
    assert "夜市几点收摊" in text(client.get("/answers/?q=夜市"))
    assert supervisor.post(f"{page}withdraw/", {"key": key(), "seen": seen[1], "reason": "x"}).status_code == 409
    assert supervisor.post(f"{page}withdraw/", {"key": key(), "reason": ""}).status_code == 422


def test_a_refused_version_keeps_its_words(city: City, answer: Answer) -> None:
    handler = staff_desk.signed_in(city, "handler")
    form = {"title": "新标题", "text": "新的正文", "effective_from": "2026-02-02", "expires_on": "2026-02-01"}
    page = handler.post("/answers-desk/noise/version/", form | {"key": key()})
    assert page.status_code == 422
    assert "新的正文" in text(page)
    assert "结束日期" in text(page)


def test_a_unit_answers_a_question(city: City) -> None:
    asked = operations.ask("夜市几点收摊", topic="city", at=now())
    handler, other = staff_desk.signed_in(city, "handler"), staff_desk.signed_in(city, "housing_handler")
    address = f"/answers-desk/questions/{asked.pk}/"
    assert other.get(address).status_code == 404
    assert "夜市几点收摊" in text(handler.get(address))
    form = {"title": "夜市收摊时间", "text": "二十三点。", "key": key()}
    assert handler.post(address, form).status_code == 302
    assert handler.post(address, form | {"key": key()}).status_code == 409
    assert Answer.objects.count() == 1


def test_a_question_is_given_to_another_unit(city: City) -> None:
    asked = operations.ask("夜市几点收摊", at=now())
    dispatcher = staff_desk.signed_in(city, "dispatcher")
    address = f"/answers-desk/questions/{asked.pk}/give/"
    assert dispatcher.post(address, {"unit": "", "key": key()}).status_code == 422
    assert dispatcher.post(address, {"unit": city.unit("urban"), "key": key()}).status_code == 302
    asked.refresh_from_db()
    assert asked.unit_id == city.unit("urban")


# The API -------------------------------------------------------------------------------------------------------


def test_citizens_search_read_judge_and_ask(answer: Answer) -> None:
    caller = Caller()
    assert [one["code"] for one in caller.get("/answers?q=夜间施工").json()["answers"]] == ["noise"]
    assert caller.get("/answers/noise").json()["unit"] == "urban"
    assert caller.get("/answers/nothing").status_code == 404
    for _ in range(2):
        said = caller.post("/answers/noise/helped", {"helped": True}, **{"Idempotency-Key": "a" * 32})
        assert said.json() == {"helped": True}
    assert Helped.objects.get().yes == 1
    asked = caller.post("/questions", {"question": "无人机可以飞吗", "topic": "city"})
    assert (asked.status_code, asked.json()["unit"]) == (201, "urban")
    assert caller.get(f"/questions/{asked.json()['reference']}").json()["state"] == "open"
    assert caller.get("/questions/x").status_code == 422
    assert caller.post("/questions", {"question": ""}).json()["code"] == "question_missing"


def test_staff_write_review_and_reply(city: City) -> None:
    handler, supervisor = signed_in("handler"), signed_in("supervisor")
    made = handler.post("/desk/answers", {"title": "夜市几点收摊", "text": "二十三点。", "topic": "city"})
    assert made.status_code == 201, made.content
    code, seen = made.json()["code"], made.json()["seen"]
    assert handler.post(f"/desk/answers/{code}/put_in_force", {}).status_code == 403
    assert supervisor.post(f"/desk/answers/{code}/put_in_force", {"seen": seen}).json()["state"] == "in_force"
    assert supervisor.post(f"/desk/answers/{code}/withdraw", {"reason": "x", "seen": seen}).status_code == 409
    again = handler.post(f"/desk/answers/{code}/versions", {"title": "夜市", "text": "二十二点。"})
    assert again.json()["waiting"] is True
    assert supervisor.post(f"/desk/answers/{code}/send_back", {"reason": "依据"}).json()["waiting"] is False
    asked = operations.ask("无人机可以飞吗", topic="city", at=now())
    given = supervisor.post(f"/desk/questions/{asked.pk}/give", {"unit": "housing"})
    assert given.json()["unit"] == "housing"
    reply = {"title": "无人机", "text": "须登记。"}
    assert handler.post(f"/desk/questions/{asked.pk}/reply", reply).status_code == 404
    assert signed_in("housing_handler").post(f"/desk/questions/{asked.pk}/reply", reply).status_code == 201


def test_answers_lie_at_hand_beside_a_case(city: City, answer: Answer) -> None:
    case = staff_desk.accepted(city)
    page = text(staff_desk.signed_in(city, "handler").get(staff_desk.page(case)))
    assert "用这段话" in page
    assert 'href="/answers/noise/"' in page
