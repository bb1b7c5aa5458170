"""A citizen follows a request: where it is, who has it, until when, and what they may do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from qingyu.cases import operations, tokens
from qingyu.cases.actors import CITIZEN
from qingyu.cases.models import Case
from qingyu.notify.models import Delivery
from tests.cases.door import hidden
from tests.people import City

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
PHONE = "199 0000 1234"


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, settings: LazySettings) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def opened(city: City) -> operations.Opened:
    person = operations.Person(name="王晓", phone=PHONE)
    filing = operations.Filing(text="楼下夜间施工到两点", channel="web", topic="city.noise.night", person=person)
    return operations.open_case(filing, by=CITIZEN, at=datetime.now(UTC) - 10 * HOUR)


def routed(city: City, case: Case) -> datetime:
    at = case.opened_at + HOUR  # type: ignore[operator]
    operations.route(case, unit=city.unit("urban"), by=city.actor("dispatcher"), at=at)
    operations.accept(case, by=city.actor("handler"), at=at + HOUR)
    return at + HOUR


def closed(city: City, case: Case) -> datetime:
    at = routed(city, case)
    operations.contact(case, how="phone", by=city.actor("handler"), at=at + HOUR)
    operations.answer(case, answer="已责令停工", by=city.actor("handler"), at=at + 2 * HOUR)
    operations.review(case, passed=True, by=city.actor("dispatcher"), at=at + 3 * HOUR)
    return at + 3 * HOUR


def look(client: Client, opened: operations.Opened) -> str:
    """The tracking page by number and code."""
    answer = client.get("/track/", {"number": opened.case.number, "code": opened.query_code})
    assert answer.status_code == 200
    return str(answer.content.decode())


def press(client: Client, what: str, **answers: Any) -> Any:
    """Fills in the page of one act and sends it."""
    page = client.get(f"/track/{what}/")
    return client.post(f"/track/{what}/", {**hidden(page), **answers})


def test_number_and_code_open_the_case_and_stay_out_of_the_address(opened: operations.Opened, client: Client) -> None:
    spelled = {"number": f" {opened.case.number[:6]} {opened.case.number[6:]}", "code": opened.query_code.lower()}
    answer = client.post("/track/", spelled)
    assert (answer.status_code, answer["Location"]) == (302, "/track/")
    page = client.get("/track/")
    assert "楼下夜间施工到两点" in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]


def test_wrong_number_and_wrong_code_are_told_in_the_same_words(opened: operations.Opened, client: Client) -> None:
    number, code = opened.case.number, opened.query_code
    tries = [(number, "22222222"), ("26060100000002", code), ("1", code), (number, "x"), (number, code[:-1])]
    answers = [client.post("/track/", {"number": n, "code": c}) for n, c in tries]
    answers += [client.get("/track/", {"number": n, "code": c}) for n, c in tries]
    assert {answer.status_code for answer in answers} == {403}
    assert all("编号和查询码对不上" in answer.content.decode() for answer in answers)
    assert client.get("/track/").context["form"] is not None


@pytest.mark.parametrize("given", [{"number": "", "code": ""}, {"number": "26060100000002", "code": ""}])
def test_what_is_missing_is_said(city: City, client: Client, given: dict[str, str]) -> None:
    answer = client.post("/track/", given)
    assert answer.status_code == 422
    assert "请输入查询码" in answer.content.decode()


def test_before_a_unit_has_it_the_page_says_by_when_that_is_decided(opened: operations.Opened, client: Client) -> None:
    said = look(client, opened)
    assert "正在确定由哪个单位负责" in said
    assert "最晚" in said


def test_with_a_unit_the_promise_is_a_date_with_its_weekday(
    city: City, opened: operations.Opened, client: Client
) -> None:
    routed(city, opened.case)
    said = look(client, opened)
    assert "城市管理局" in said
    assert "星期" in said.split("最晚答复")[1][:300]
    assert "日历公布后可能调整" not in said
    Case.objects.filter(pk=opened.case.pk).update(provisional=True)
    assert "日历公布后可能调整" in look(client, opened)


def test_lateness_is_said_honestly(city: City, opened: operations.Opened, client: Client) -> None:
    routed(city, opened.case)
    Case.objects.filter(pk=opened.case.pk).update(due_at=datetime.now(UTC) - HOUR)
    said = look(client, opened)
    assert "我们超期了，很抱歉" in said
    assert "已超期" in said


def test_going_back_and_forth_is_told_in_words(city: City, opened: operations.Opened, client: Client) -> None:
    assert "来回转了" not in look(client, opened)
    Case.objects.filter(pk=opened.case.pk).update(returns=2)
    assert "来回转了 2 次" in look(client, opened)


def test_a_refusal_is_told_with_reason_and_where_to_turn(city: City, opened: operations.Opened, client: Client) -> None:
    operations.divert(opened.case, reason="litigation", by=city.actor("dispatcher"), at=datetime.now(UTC))
    said = look(client, opened)
    assert "由其他渠道负责" in said
    assert "说明" in said


def test_internal_notes_and_names_of_staff_are_not_shown(city: City, opened: operations.Opened, client: Client) -> None:
    at = routed(city, opened.case)
    operations.note(opened.case, text="内部意见", by=city.actor("handler"), at=at + HOUR)
    operations.answer(opened.case, answer="还没审核的答复", by=city.actor("handler"), at=at + 2 * HOUR)
    said = look(client, opened)
    assert "内部意见" not in said
    assert "还没审核的答复" not in said
    assert "测试handler" not in said
    assert "1990000" not in said


def test_a_question_is_replied_to(city: City, opened: operations.Opened, client: Client) -> None:
    at = routed(city, opened.case)
    unit = city.actor("handler")
    operations.ask(opened.case, question="哪家施工单位？", reason="details_needed", by=unit, at=at + HOUR)
    assert "哪家施工单位？" in look(client, opened)
    assert press(client, "add", text="晴川建工")["Location"] == "/track/"
    opened.case.refresh_from_db()
    assert opened.case.state == "handling"
    assert "晴川建工" in client.get("/track/").content.decode()


def test_urging_is_possible_once_a_day_and_the_page_says_so(
    city: City, opened: operations.Opened, client: Client
) -> None:
    look(client, opened)
    assert press(client, "urge", text="")["Location"] == "/track/"
    said = client.get("/track/").content.decode()
    assert "一天后可以再催" in said
    assert "/track/urge/" not in said
    again = press(client, "urge", text="还没人来")
    assert again.status_code == 422
    assert "24小时内已经催单" in again.content.decode()
    assert "还没人来" in again.content.decode()
    assert opened.case.events.filter(kind="urged").count() == 1


def test_the_same_press_twice_happens_once(opened: operations.Opened, client: Client) -> None:
    look(client, opened)
    page = client.get("/track/add/")
    for _ in range(3):
        assert client.post("/track/add/", {**hidden(page), "text": "昨夜又来了"}).status_code == 302
    assert opened.case.events.filter(kind="added").count() == 1


def test_withdrawing_asks_once_more_and_ends_it(opened: operations.Opened, client: Client) -> None:
    assert "/track/withdraw/" in look(client, opened)
    assert "不能恢复" in client.get("/track/withdraw/").content.decode()
    press(client, "withdraw", text="")
    said = client.get("/track/").content.decode()
    assert "已撤回" in said
    assert "/track/withdraw/" not in said
    assert press(client, "withdraw")["Location"] == "/track/"


def test_rating_once_and_once_more_after_a_redo(city: City, opened: operations.Opened, client: Client) -> None:
    at = closed(city, opened.case)
    assert "已责令停工" in look(client, opened)
    assert press(client, "rate").status_code == 422
    press(client, "rate", level="dissatisfied", text="只停了一天")
    assert "/track/rate/" not in client.get("/track/").content.decode()
    opened.case.refresh_from_db()
    operations.redo(opened.case, why="dissatisfied", by=city.actor("supervisor"), at=datetime.now(UTC))
    operations.answer(opened.case, answer="已全面停工", by=city.actor("handler"), at=datetime.now(UTC))
    operations.review(opened.case, passed=True, by=city.actor("dispatcher"), at=datetime.now(UTC))
    assert "/track/rate/" in client.get("/track/").content.decode()
    press(client, "rate", level="satisfied", text="")
    assert "/track/rate/" not in client.get("/track/").content.decode()
    facts = [event.facts for event in opened.case.events.filter(kind="rated").order_by("seq")]
    assert [(fact["level"], fact["occasion"], fact["channel"]) for fact in facts] == [
        ("dissatisfied", 1, "web"), ("satisfied", 2, "web"),
    ]  # fmt: skip
    assert at < datetime.now(UTC)


def test_new_facts_open_a_closed_matter_again(city: City, opened: operations.Opened, client: Client) -> None:
    closed(city, opened.case)
    look(client, opened)
    assert press(client, "reopen", text="").status_code == 422
    press(client, "reopen", text="昨夜又施工了")
    opened.case.refresh_from_db()
    assert (opened.case.state, opened.case.reopens) == ("handling", 1)


def test_what_is_not_possible_now_is_said_and_does_nothing(opened: operations.Opened, client: Client) -> None:
    look(client, opened)
    for what in ("rate", "reopen"):
        assert client.get(f"/track/{what}/")["Location"] == "/track/"
    assert client.get("/track/nonsense/").status_code == 404
    assert opened.case.events.count() == 1


def test_acts_without_number_and_code_lead_to_the_question_for_them(opened: operations.Opened, client: Client) -> None:
    assert client.get("/track/add/")["Location"] == "/track/"
    answer = client.post("/track/add/", {"number": opened.case.number, "code": "22222222", "text": "x"})
    assert (answer.status_code, "Location" in answer) == (403, False), "a try that rate limits count"
    assert "编号和查询码对不上" in answer.content.decode()
    assert opened.case.events.count() == 1


def test_a_long_reply_outlives_cookie_and_token(opened: operations.Opened) -> None:
    client = Client(enforce_csrf_checks=True)
    look(client, opened)
    page = client.get("/track/add/")
    client.cookies.clear()
    stale = client.post("/track/add/", {**hidden(page), "text": "写了半小时的回复"})
    assert stale.status_code == 422
    assert "写了半小时的回复" in stale.content.decode()
    assert "内容都还在" in stale.content.decode()
    token = stale.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    sent = client.post("/track/add/", {**hidden(stale), "text": "写了半小时的回复", "csrfmiddlewaretoken": token})
    assert sent.status_code == 302


def test_larger_type_in_the_middle_of_a_reply_loses_nothing(opened: operations.Opened, client: Client) -> None:
    look(client, opened)
    page = client.get("/track/add/")
    larger = client.post("/track/add/", {**hidden(page), "text": "写到一半", "mode": "elder"})
    assert "写到一半" in larger.content.decode()
    assert 'data-mode="elder"' in larger.content.decode()


def test_leaving_makes_the_browser_forget(opened: operations.Opened, client: Client) -> None:
    look(client, opened)
    client.post("/track/leave/")
    assert "form" in client.get("/track/").context


def test_a_changed_cookie_opens_nothing(opened: operations.Opened, client: Client) -> None:
    look(client, opened)
    client.cookies["qingyu_case"] = client.cookies["qingyu_case"].value.replace(":", ";", 1)
    assert "form" in client.get("/track/").context


def test_the_tracking_page_costs_at_most_five_statements(
    city: City, opened: operations.Opened, client: Client, django_assert_max_num_queries: Any
) -> None:
    operations.refuse(opened.case, reason="beyond_duty", by=city.actor("dispatcher"), at=datetime.now(UTC))
    look(client, opened)
    with django_assert_max_num_queries(5):
        client.get("/track/")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Where it stands"), ("zh-hans", "办到哪一步"), ("zh-hant", "辦到哪一步")]
)
def test_the_page_speaks_the_language_of_its_reader(
    opened: operations.Opened, client: Client, language: str, words: str
) -> None:
    client.cookies["django_language"] = language
    assert words in look(client, opened)


# A lost code ----------------------------------------------------------------------------------------------------


def test_a_lost_code_goes_to_the_stored_contact_once_a_day(opened: operations.Opened, client: Client) -> None:
    for _ in range(2):
        answer = client.post("/track/lost/", {"number": opened.case.number, "phone": "+86 19900001234"})
        assert answer["Location"] == "/track/lost/sent/"
    delivery = Delivery.objects.get()
    assert (delivery.channel, delivery.event_code, delivery.address_masked) == ("sms", "code_sent", "+86199****1234")


@pytest.mark.parametrize(
    ("number", "phone"), [("", "19900009999"), ("26060100000002", "19900001234"), ("1", "19900001234")]
)
def test_nobody_learns_whether_number_and_phone_belong_together(
    opened: operations.Opened, client: Client, number: str, phone: str
) -> None:
    answer = client.post("/track/lost/", {"number": number or opened.case.number, "phone": phone})
    assert answer["Location"] == "/track/lost/sent/"
    assert not Delivery.objects.exists()


def test_a_phone_number_that_is_none_is_said(opened: operations.Opened, client: Client) -> None:
    answer = client.post("/track/lost/", {"number": opened.case.number, "phone": "12"})
    assert answer.status_code == 422


# The rating link ------------------------------------------------------------------------------------------------


def test_the_link_opens_the_rating_of_its_case_and_nothing_else(
    city: City, opened: operations.Opened, client: Client
) -> None:
    link = f"/rate/{tokens.rating_token(opened.case)}/"
    early = client.get(link)
    assert "正在办理" in early.content.decode()
    closed(city, opened.case)
    page = client.get(link)
    assert "您对办理结果满意吗" in page.content.decode()
    assert "夜间施工" not in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert client.post(link, {"level": ""}).status_code == 422
    assert client.post(link, {"level": "very_satisfied", "text": "谢谢"})["Location"] == link
    assert "谢谢您的评价" in client.get(link).content.decode()
    assert client.post(link, {"level": "dissatisfied"}).status_code == 200
    assert [event.facts["level"] for event in opened.case.events.filter(kind="rated")] == ["very_satisfied"]


def test_a_link_that_was_changed_opens_nothing(city: City, opened: operations.Opened, client: Client) -> None:
    closed(city, opened.case)
    token = tokens.rating_token(opened.case)
    swapped = "A" if token[-1] != "A" else "B"
    for other in (token[:-1] + swapped, token[:-4], "x", "评", token.lower(), "A" * 24):
        assert client.get(f"/rate/{other}/").status_code == 403
    assert len(token) == 24


def test_two_ratings_at_the_same_moment_are_one(city: City, opened: operations.Opened) -> None:
    from qingyu.cases.citizen import rating
    from qingyu.rules.rating import Channel
    from qingyu.rules.refusals import NotAllowed

    closed(city, opened.case)
    now = datetime.now(UTC)
    rating.rate(opened.case, level="satisfied", text="", channel=Channel.WEB, at=now)
    with pytest.raises(NotAllowed, match="rated_twice"):
        rating.rate(opened.case, level="dissatisfied", text="", channel=Channel.WEB, at=now)
