"""The agent's acts and the supervisor's figures over JSON: the same operations as the pages; nobody else passes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from qingyu.cases.models import Case, Contact
from qingyu.hotline import operations
from qingyu.hotline.models import Call, CallBack, Draft
from tests.api.doors import Caller, signed_in
from tests.cases import staff_desk
from tests.hotline import scenes
from tests.hotline.scenes import SECOND, hung_up, seated, switch, talking
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db
FILING = {"text": "小区门口的井盖坏了三天", "contact": {"phone": scenes.PHONE, "name": "王"}}


@pytest.fixture
def call(city: City) -> Call:
    at_switch = switch()
    seated(city, at_switch)
    return talking(at_switch)


@pytest.fixture
def agent(city: City) -> Caller:
    return signed_in("agent")


def test_a_call_pops_up_with_the_callers_earlier_cases(agent: Caller, call: Call) -> None:
    old = staff_desk.filed(phone=scenes.PHONE)
    desk = agent.get("/desk/hotline").json()
    assert (desk["agent"]["extension"], [one["state"] for one in desk["calls"]]) == ("8001", ["talking"])
    found = agent.get(f"/desk/calls/{call.pk}").json()
    assert (found["phone"], [one["number"] for one in found["earlier"]]) == ("+8619900001234", [old.number])


def test_what_is_typed_is_kept_then_filed_once_and_wrapped_up(agent: Caller, call: Call) -> None:
    path = f"/desk/calls/{call.pk}"
    typed = agent.post(f"{path}/draft", {"version": 0, "text": "小区门口", "confidential": True}).json()
    assert typed["version"] == 1
    assert agent.post(f"{path}/draft", {"version": 0, "text": "另一个窗口"}).json()["code"] == "draft_changed_elsewhere"
    assert agent.get(path).json()["typed"]["fields"] == {"text": "小区门口", "confidential": "on"}
    first, again = (agent.post(f"{path}/file", FILING, **{"Idempotency-Key": "k" * 32}) for _twice in range(2))
    assert (first.status_code, first.json()) == (201, again.json())
    assert not Draft.objects.exists()
    assert [one["number"] for one in agent.get(path).json()["came"]] == [first.json()["number"]]
    assert agent.post(f"{path}/wrap_up", {}).json()["code"] == "call_going_on"
    hung_up(call)
    assert agent.post(f"{path}/wrap_up", {}).status_code == 200
    assert agent.get("/desk/hotline").json()["calls"] == []


def test_a_case_of_a_call_can_be_rung_and_rated(agent: Caller, call: Call) -> None:
    """What follow-up and ratings need stands on the case: channel phone, and a person who can be reached."""
    agent.post(f"/desk/calls/{call.pk}/answer_at_once", {**FILING, "answer": "带身份证到任一窗口即可办理。"})
    case = Case.objects.get()
    assert (case.channel, case.state, case.anonymous) == ("phone", "closed", False)
    assert Contact.objects.get(case=case, role="person").phone_index


def test_answers_of_the_house_lie_at_hand(agent: Caller, call: Call, city: City) -> None:
    from tests.knowledge.test_life import in_force

    in_force(city, code="noise")
    path = f"/desk/calls/{call.pk}"
    assert agent.get(f"{path}/answers").json() == []
    agent.post(f"{path}/draft", {"text": "请问夜间施工噪声谁来管"})
    assert [one["code"] for one in agent.get(f"{path}/answers").json()] == ["noise"]
    assert [one["code"] for one in agent.get(f"{path}/answers?q=夜间施工").json()] == ["noise"]
    assert agent.get(f"{path}/answers?q=无人机").json() == []


def test_a_call_that_broke_off_is_rung_back_and_settled(agent: Caller, call: Call) -> None:
    hung_up(call)
    tried = agent.post(f"/desk/calls/{call.pk}/ring_back", {})
    assert (tried.status_code, tried.json()["outbound"]) == (201, True)
    (owed,) = agent.get("/desk/call-backs").json()
    assert (owed["why"], owed["state"]) == ("cut_off", "dialling")
    result = agent.post(f"/desk/calls/{tried.json()['id']}/result", {"result": "no_answer"})
    assert result.json()["state"] == "ended"
    assert agent.post(f"/desk/call-backs/{owed['id']}/ring", {}).json()["code"] == "callback_too_early"
    assert (
        agent.post(f"/desk/call-backs/{owed['id']}/settle", {"outcome": "perhaps"}).json()["code"] == "result_unknown"
    )
    assert agent.post(f"/desk/call-backs/{owed['id']}/settle", {"outcome": "reached"}).json() == {"state": "reached"}
    assert agent.post(f"/desk/call-backs/{owed['id']}/settle", {"outcome": "reached"}).json()["code"] == "callback_over"


def test_figures_by_day_and_by_hour_with_both_denominators(agent: Caller, call: Call) -> None:
    hung_up(call)
    found = signed_in("supervisor").get("/desk/hotline/figures?since=2026-06-01&until=2026-06-02").json()
    assert found["all"]["rates"]["in_time_of_answered"] == {"part": 1, "whole": 1, "percent": 100.0}
    assert found["all"]["rates"]["in_time_of_answered_and_late"] == {"part": 1, "whole": 1, "percent": 100.0}
    assert [(one["day"], one["counts"]["offered"]) for one in found["by_day"]] == [("2026-06-01", 1)]
    assert [(one["hour"], one["counts"]["answered"]) for one in found["by_hour"]] == [(9, 1)]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("?since=2026-06-02&until=2026-06-01", "span_backwards"),
        ("?since=2024-06-02&until=2026-06-01", "span_too_long"),
        ("?since=0001-01-01&until=0001-01-01", "field_not_valid"),
        ("?since=9999-12-31&until=9999-12-31", "field_not_valid"),
        ("?since=yesterday", "fields_not_valid"),
    ],
)
def test_a_span_that_is_none(city: City, query: str, code: str) -> None:
    answer = signed_in("supervisor").get(f"/desk/hotline/figures{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_an_agent_takes_calls_pauses_and_leaves(agent: Caller) -> None:
    switch()
    assert agent.post("/desk/hotline/state", {"state": "offline"}).json()["code"] == "not_at_phone"
    seat = {"state": "ready", "switch": "main", "extension": "8001"}
    assert agent.post("/desk/hotline/state", seat).json()["state"] == "ready"
    assert agent.post("/desk/hotline/state", {"state": "paused", "reason": "rest"}).json()["reason"] == "rest"
    assert agent.post("/desk/hotline/state", {**seat, "switch": "nowhere"}).json()["code"] == "switch_unknown"


# Who may come in ------------------------------------------------------------------------------------------------

ACTS = [
    ("get", "/desk/hotline", None), ("post", "/desk/hotline/state", {"state": "ready"}),
    ("get", "/desk/calls/1", None), ("get", "/desk/calls/1/answers", None), ("post", "/desk/calls/1/draft", {}),
    ("post", "/desk/calls/1/file", FILING), ("post", "/desk/calls/1/answer_at_once", {**FILING, "answer": "好"}),
    ("post", "/desk/calls/1/throw_away", {}), ("post", "/desk/calls/1/wrap_up", {}),
    ("post", "/desk/calls/1/ring_back", {}), ("post", "/desk/calls/1/result", {"result": "busy"}),
    ("get", "/desk/call-backs", None), ("post", "/desk/call-backs/1/ring", {}),
    ("post", "/desk/call-backs/1/settle", {"outcome": "reached"}), ("get", "/desk/hotline/figures", None),
]  # fmt: skip


def ask(caller: Caller, method: str, path: str, body: Any) -> Any:
    return caller.get(path) if method == "get" else caller.post(path, body)


def test_every_door_of_the_hotline_asks_who_comes(city: City) -> None:
    stranger, handler = Caller(), signed_in("handler")
    for method, path, body in ACTS:
        assert ask(stranger, method, path, body).status_code == 401, path
        assert ask(handler, method, path, body).status_code == 403, path


PAGES = [
    ("get", "/hotline/"), ("get", "/hotline/pulse/"), ("post", "/hotline/state/"), ("get", "/hotline/calls/1/"),
    ("get", "/hotline/calls/1/answers/"), ("post", "/hotline/calls/1/draft/"), ("post", "/hotline/calls/1/wrap-up/"),
    ("get", "/hotline/call-backs/"), ("post", "/hotline/call-backs/1/ring/"),
    ("post", "/hotline/call-backs/1/settle/"), ("get", "/hotline/figures/"),
]  # fmt: skip


def test_every_page_of_the_hotline_asks_who_comes(city: City) -> None:
    handler = scenes.signed_in(city, "handler")
    for method, path in PAGES:
        assert getattr(Client(), method)(path)["Location"].startswith("/login/"), path
        assert getattr(handler, method)(path).status_code == 403, path


def test_a_call_of_somebody_else_is_not_there(city: City, call: Call) -> None:
    call.agent = city.staff["clerk"]
    call.save()
    other = signed_in("agent")
    for method, path, body in ACTS:
        if path.startswith("/desk/calls/"):
            assert ask(other, method, path.replace("/1", f"/{call.pk}"), body).status_code == 404, path
    assert not CallBack.objects.exists()


def test_a_caller_who_was_cut_off_and_calls_again_brings_what_was_typed(agent: Caller, call: Call, city: City) -> None:
    operations.save_draft(
        call, fields={"text": "我家楼上"}, version=0, viewer=city.viewer("agent"), at=MONDAY + 9 * SECOND
    )
    hung_up(call)
    owed = operations.make_callback(call, viewer=city.viewer("agent"), at=MONDAY + 50 * SECOND)
    again = talking(call.switch, "b", begin=MONDAY + 90 * SECOND)
    assert agent.get(f"/desk/calls/{again.pk}").json()["broken_off"]["text"] == "我家楼上"
    assert "我家楼上" in scenes.signed_in(city).get(f"/hotline/calls/{again.pk}/").content.decode()
    scenes.signed_in(city).post(f"/hotline/call-backs/{owed.pk}/settle/", {"outcome": "reached", "at_desk": "1"})
    assert agent.get(f"/desk/calls/{again.pk}").json()["broken_off"] is None
