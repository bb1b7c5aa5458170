"""Every operation from its form: done once, refused in words, offered only to those who may."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from qingyu.cases import operations
from qingyu.cases.models import Case, CaseEvent, Notice
from qingyu.cases.staff.acts import ACTS
from tests.cases import staff_desk as desk
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db
HOUR = desk.HOUR

# act, who, what the case is like before, fields, state after
STORIES: list[tuple[str, str, str, dict[str, Any], str]] = [
    ("classify", "dispatcher", "filed", {"type": "complaint", "topic": "house.lift", "urgency": "urgent"}, "received"),
    ("answer_at_once", "agent", "filed", {"answer": "夜间不得施工，可拨打城管热线"}, "closed"),
    ("refuse", "agent", "filed", {"reason": "beyond_duty", "comment": ""}, "refused"),
    ("divert", "agent", "filed", {"reason": "litigation", "comment": "可到法院立案"}, "refused"),
    ("route", "dispatcher", "filed", {"unit": "UNIT:urban", "comment": "请尽快"}, "dispatched"),
    ("accept", "handler", "routed", {}, "accepted"),
    ("assign", "handler", "routed", {"handler": "STAFF:second_handler"}, "dispatched"),
    ("contact", "handler", "accepted", {"how": "phone", "comment": "已通话"}, "handling"),
    ("contact", "handler", "accepted", {"how": "failed", "comment": "无人接听"}, "accepted"),
    ("note", "handler", "accepted", {"text": "明天到现场", "shown": "on"}, "accepted"),
    ("ask", "handler", "accepted", {"question": "几号楼？", "reason": "details_needed"}, "waiting"),
    ("answer", "handler", "accepted", {"answer": "已责令停工"}, "answered"),
    ("review", "dispatcher", "answered", {"decision": "pass", "comment": ""}, "closed"),
    ("review", "dispatcher", "answered", {"decision": "back", "comment": "请写明日期"}, "handling"),
    ("close", "dispatcher", "accepted", {"reason": "no_basis", "comment": "经核查无此情况"}, "closed"),
    ("redo", "supervisor", "closed", {"why": "unsolved", "comment": "仍在施工"}, "handling"),
    ("reopen", "dispatcher", "closed", {"text": "又开始了"}, "handling"),
    ("archive", "dispatcher", "closed", {}, "archived"),
    ("urge", "agent", "routed", {"comment": "请快点"}, "dispatched"),
    ("press", "supervisor", "routed", {"comment": "请今日签收"}, "dispatched"),
    ("add", "agent", "routed", {"text": "三号楼"}, "dispatched"),
    ("withdraw", "agent", "routed", {"comment": "已解决"}, "withdrawn"),
]


def made(city: City, before: str) -> Case:
    return desk.filed() if before == "filed" else getattr(desk, before)(city)


def filled(city: City, fields: dict[str, Any]) -> dict[str, Any]:
    """Fields with units and staff by their ids."""
    ids = {f"UNIT:{code}": unit.pk for code, unit in city.units.items()}
    ids |= {f"STAFF:{name}": staff.pk for name, staff in city.staff.items()}
    return {name: ids.get(value, value) for name, value in fields.items()}


@pytest.mark.parametrize(("act", "who", "before", "fields", "after"), STORIES)
def test_an_act_from_its_form(city: City, act: str, who: str, before: str, fields: dict[str, Any], after: str) -> None:
    case, client = made(city, before), desk.signed_in(city, who)
    assert act in desk.offered(client.get(desk.page(case)).content.decode())
    response = desk.send(client, case, act, **filled(city, fields))
    assert response.status_code == 303, response.content.decode()
    case.refresh_from_db()
    assert case.state == after
    assert CaseEvent.objects.get(case=case, seq=case.length).by_staff == city.staff[who].pk


def fresh(city: City) -> Case:
    """A case that has just been sent, so that it can still be returned."""
    now = datetime.now(UTC)
    case = desk.filed(at=now)
    operations.route(case, unit=city.unit("urban"), by=city.actor("dispatcher"), at=now)
    return case


RETURN = {"reason": "not_our_duty", "comment": "道路红线内", "legal_basis": "城市道路管理条例 21"}


@pytest.mark.parametrize(
    ("decision", "state", "owner"),
    [("keep", "accepted", "urban"), ("back", "received", "centre"), ("on", "dispatched", "housing")],
)
def test_a_return_is_asked_and_decided(city: City, decision: str, state: str, owner: str) -> None:
    case = fresh(city)
    assert desk.send(desk.signed_in(city, "handler"), case, "return_", **RETURN).status_code == 303
    dispatcher = desk.signed_in(city, "dispatcher")
    html = dispatcher.get("/desk/dispatch/?what=disputed").content.decode()
    assert "道路红线内" in html
    assert "城市道路管理条例 21" in html
    unit = city.unit("housing") if decision == "on" else ""
    desk.send(dispatcher, case, "arbitrate", decision=decision, unit=unit, reason="依据职责清单")
    case.refresh_from_db()
    assert (case.state, case.owner_id, case.disputed) == (state, city.unit(owner), False)


def test_an_extension_is_decided_by_somebody_else(city: City) -> None:
    case = fresh(city)
    operations.accept(case, by=city.actor("handler"), at=datetime.now(UTC))
    desk.send(desk.signed_in(city, "handler"), case, "extend", reason="complex", comment="需要鉴定")
    due = case.due_at
    assert desk.send(desk.signed_in(city, "supervisor"), case, "decide_extension", decision="yes").status_code == 303
    case.refresh_from_db()
    assert case.due_at > due
    assert not case.extension_pending


MISSING = [
    ("answer", "handler", "accepted", {"answer": " "}, "id_answer", "请"),
    ("return_", "handler", "routed", {"reason": "", "comment": "x", "legal_basis": "y"}, "", ""),
    ("ask", "handler", "accepted", {"question": "几号楼？"}, "", ""),
    ("review", "dispatcher", "answered", {"decision": "back", "comment": ""}, "", ""),
    ("review", "dispatcher", "answered", {}, "", ""),
    ("route", "dispatcher", "filed", {"unit": ""}, "", ""),
    ("route", "dispatcher", "filed", {"unit": "UNIT:centre"}, "", ""),
    ("assign", "handler", "accepted", {"handler": "STAFF:dispatcher"}, "", ""),
    ("refuse", "agent", "filed", {"reason": ""}, "", ""),
    ("contact", "handler", "accepted", {"how": "", "comment": "说过了"}, "", ""),
    ("arbitrate", "dispatcher", "routed", {"decision": "keep", "reason": "x"}, "", ""),
    ("archive", "dispatcher", "routed", {}, "", ""),
]


@pytest.mark.parametrize(("act", "who", "before", "fields", "_id", "_words"), MISSING)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    city: City, act: str, who: str, before: str, fields: dict[str, Any], _id: str, _words: str
) -> None:
    case = made(city, before)
    response = desk.send(desk.signed_in(city, who), case, act, **filled(city, fields))
    html = response.content.decode()
    assert response.status_code in (409, 422)
    assert "error-summary" in html
    assert "请把错误代码告诉运维人员" not in html
    assert Case.objects.get(pk=case.pk).length == case.length
    assert "说过了" not in fields.values() or "说过了" in html


def test_a_double_click_is_one_act(city: City) -> None:
    case, client = desk.accepted(city), desk.signed_in(city, "handler")
    body = {"seen": case.length, "key": "k" * 32, "text": "明天到现场"}
    answers = [client.post(f"{desk.page(case)}note/", body) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert CaseEvent.objects.filter(case=case, kind="noted").count() == 1


def test_the_same_key_with_other_words_is_refused(city: City) -> None:
    case, client = desk.accepted(city), desk.signed_in(city, "handler")
    body = {"seen": case.length, "key": "k" * 32, "text": "明天到现场"}
    client.post(f"{desk.page(case)}note/", body)
    assert client.post(f"{desk.page(case)}note/", {**body, "text": "后天"}).status_code == 422


def test_a_stale_form_does_nothing_says_what_changed_and_keeps_what_was_typed(city: City) -> None:
    case = desk.accepted(city)
    client, seen = desk.signed_in(city, "handler"), case.length
    operations.note(case, text="同事先写了一句", by=city.actor("second_handler"), at=MONDAY + 3 * HOUR)
    body = {"seen": seen, "key": "a" * 32, "answer": "我写了很久的答复"}
    response = client.post(f"{desk.page(case)}answer/", body)
    html = response.content.decode()
    assert response.status_code == 409
    assert "您的操作没有执行" in html
    assert "测试second_handler" in html
    assert "我写了很久的答复" in html
    assert f'name="seen" value="{case.length}"' in html
    case.refresh_from_db()
    assert case.state == "accepted"


def test_of_two_who_accept_at_once_one_is_told(city: City) -> None:
    case = desk.routed(city)
    first, second = desk.signed_in(city, "handler"), desk.signed_in(city, "second_handler")
    body = {"seen": case.length, "key": "a" * 32}
    assert first.post(f"{desk.page(case)}accept/", body).status_code == 303
    assert second.post(f"{desk.page(case)}accept/", body).status_code == 409
    case.refresh_from_db()
    assert case.handler_id == city.staff["handler"].pk


def test_the_words_that_must_be_told_stand_before_the_button(city: City) -> None:
    case = desk.filed()
    html = desk.signed_in(city, "agent").get(f"{desk.page(case)}refuse/").content.decode()
    notice = Notice.objects.get(group="refuse")
    assert notice.message in html
    assert notice.law in html


# ---------------------------------------------------------------- who is offered what

OFFERED = {
    ("filed", "dispatcher"): {"classify", "answer_at_once", "refuse", "divert", "route", "note", "add", "urge", "close",
                             "withdraw"},
    ("filed", "agent"): {"answer_at_once", "refuse", "divert", "note", "add", "urge", "withdraw"},
    ("filed", "supervisor"): {"note", "press", "close", "withdraw", "add", "urge"},
    ("filed", "mayor"): set(),
    ("routed", "handler"): {"accept", "return_", "note", "assign"},
    ("routed", "dispatcher"): {"classify", "note", "add", "urge", "withdraw"},
    ("accepted", "handler"): {"contact", "answer", "ask", "extend", "note", "assign"},
    ("accepted", "caller"): {"note", "add", "urge"},
    ("answered", "handler"): {"note", "assign"},
    ("answered", "dispatcher"): {"review", "classify", "close", "note", "add", "urge", "withdraw"},
    ("closed", "handler"): {"note"},
    ("closed", "supervisor"): {"archive", "redo", "reopen", "note"},
}  # fmt: skip


@pytest.mark.parametrize(("before", "who"), OFFERED)
def test_everybody_is_offered_their_own_acts_only(city: City, before: str, who: str) -> None:
    case = made(city, before)
    html = desk.signed_in(city, who).get(desk.page(case)).content.decode()
    known = {act.name for act in ACTS}
    assert desk.offered(html) & known == OFFERED[before, who]


@pytest.mark.parametrize("act", [act.name for act in ACTS])
def test_an_act_that_is_not_offered_is_refused_when_sent_all_the_same(city: City, act: str) -> None:
    case = desk.accepted(city)
    fields = {"text": "x", "comment": "x", "answer": "x", "question": "x", "reason": "complex", "decision": "keep",
              "how": "phone", "why": "unsolved", "legal_basis": "x", "unit": city.unit("urban"), "topic": "house",
              "handler": city.staff["handler"].pk}  # fmt: skip
    response = desk.send(desk.signed_in(city, "mayor"), case, act, **fields)
    assert response.status_code in (403, 409, 422)
    assert Case.objects.get(pk=case.pk).length == case.length


def test_letters_of_acts_are_their_own() -> None:
    keys = [act.key for act in ACTS]
    assert len(set(keys)) == len(keys)
    assert not {"j", "k", "/", "?"} & set(keys)
