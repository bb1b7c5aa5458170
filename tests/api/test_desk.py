"""Staff see what their unit may see, and do what their role may do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from qingyu.cases import following
from qingyu.cases.api.acts import KINDS
from qingyu.followup import operations as calls
from qingyu.people import queries as people
from tests.api.doors import Caller, filed, signed_in
from tests.people import City

pytestmark = pytest.mark.django_db
REACHED = {"outcome": "completed", "contacted": True, "solved": "no", "satisfied": "dissatisfied"}


def test_a_case_goes_from_filing_to_the_archive_through_the_api(city: City) -> None:
    number = filed(contact={"name": "王晓", "phone": "19900001234"})["number"]
    staff = {name: signed_in(name) for name in ("dispatcher", "handler", "caller", "supervisor")}
    steps = [
        ("dispatcher", "classify", {"type": "complaint", "area": "990102001000"}, "received"),
        ("dispatcher", "route", {"unit": "urban", "assisting": ["housing"]}, "dispatched"),
        ("handler", "accept", {}, "accepted"),
        ("handler", "contact", {"how": "phone"}, "handling"),
        ("handler", "ask", {"question": "哪个工地？", "reason": "details_needed"}, "waiting"),
        ("caller", "add", {"text": "三号楼旁边"}, "handling"),
        ("handler", "extend", {"reason": "complex", "comment": "需要联合执法"}, "handling"),
        ("supervisor", "decide_extension", {"approved": True}, "handling"),
        ("supervisor", "press", {"comment": "请尽快"}, "handling"),
        ("handler", "assign", {"handler": "second_handler"}, "handling"),
        ("handler", "note", {"text": "已约谈", "shown": True}, "handling"),
        ("handler", "answer", {"answer": "已责令停工"}, "answered"),
        ("dispatcher", "review", {"passed": True}, "closed"),
        ("caller", "follow_up", REACHED, "handling"),
        ("handler", "answer", {"answer": "已封停"}, "answered"),
        ("dispatcher", "review", {"passed": True}, "closed"),
        ("caller", "follow_up", REACHED | {"solved": "yes", "satisfied": "satisfied"}, "archived"),
    ]  # fmt: skip
    length = 1
    for who, operation, body, state in steps:
        following.catch_up(at=datetime.now(UTC))
        answer = staff[who].post(f"/desk/cases/{number}/{operation}", body | {"seen": length})
        assert (answer.status_code, answer.json().get("state")) == (200, state), (operation, answer.content)
        length = answer.json()["length"]
    events = staff["dispatcher"].get(f"/desk/cases/{number}/events").json()
    assert [event["seq"] for event in events] == list(range(1, length + 1))
    assert [event["kind"] for event in events][-2:] == ["followed_up", "archived"]


def answered(number: str) -> None:
    """Handled, and the answer passed."""
    steps: list[tuple[str, str, dict[str, object]]] = [
        ("dispatcher", "route", {"unit": "urban"}), ("handler", "accept", {}),
        ("handler", "answer", {"answer": "已处理"}), ("dispatcher", "review", {"passed": True}),
    ]  # fmt: skip
    for who, operation, body in steps:
        assert signed_in(who).post(f"/desk/cases/{number}/{operation}", body).status_code == 200


def test_a_follow_up_call_through_the_api_needs_a_call_that_waits_and_is_free(city: City) -> None:
    number = filed(contact={"phone": "19900001234"})["number"]
    answered(number)
    path, caller = f"/desk/cases/{number}/follow_up", signed_in("caller")
    assert "follow_up" in caller.get(f"/desk/cases/{number}").json()["may"]
    assert caller.post(path, REACHED).json()["code"] == "no_call_to_make"
    following.catch_up(at=datetime.now(UTC))
    calls.take_next(viewer=city.viewer("supervisor"), at=datetime.now(UTC))
    assert caller.post(path, REACHED).json()["code"] == "call_taken"
    calls.put_back(viewer=city.viewer("supervisor"), at=datetime.now(UTC))
    assert caller.post(path, {"outcome": "no_answer"}).json()["state"] == "closed"
    assert caller.post(path, REACHED).json()["code"] == "call_taken"
    following.catch_up(at=datetime.now(UTC))
    assert caller.post(path, REACHED).json()["code"] == "call_too_early"


def test_no_door_archives_a_case_whose_follow_up_call_waits(city: City) -> None:
    number = filed(contact={"phone": "19900001234"})["number"]
    answered(number)
    answer = signed_in("dispatcher").post(f"/desk/cases/{number}/archive", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "follow_up_waiting")


def test_a_topic_and_an_area_of_a_list_mean_all_below_them(city: City) -> None:
    night = filed(topic="city.noise.night", place={"area": "990102001000"})["number"]
    lift = filed(topic="house.lift", place={"area": "990102000000"})["number"]
    found = {
        query: {case["number"] for case in signed_in("dispatcher").get(f"/desk/cases?{query}").json()["cases"]}
        for query in ("topic=city", "topic=city.noise.night", "topic=house", "area=990102000000", "area=990102001000",
                      "topic=house&area=990100000000", "topic=nothing")
    }  # fmt: skip
    assert list(found.values()) == [{night}, {night}, {lift}, {night, lift}, {night}, {lift}, set()]


@pytest.mark.parametrize(
    ("operation", "who", "body", "state"),
    [
        ("answer_at_once", "agent", {"answer": "可以"}, "closed"),
        ("refuse", "agent", {"reason": "beyond_duty"}, "refused"),
        ("divert", "agent", {"reason": "emergency", "comment": "请拨 110"}, "refused"),
        ("urge", "agent", {}, "received"),
        ("withdraw", "agent", {}, "withdrawn"),
        ("close", "dispatcher", {"reason": "no_basis", "comment": "查无此事"}, "closed"),
    ],
)
def test_what_the_centre_does_itself(city: City, operation: str, who: str, body: dict[str, str], state: str) -> None:
    answer = signed_in(who).post(f"/desk/cases/{filed()['number']}/{operation}", body)
    assert (answer.status_code, answer.json().get("state")) == (200, state), answer.content


def test_a_unit_returns_and_the_centre_decides(city: City) -> None:
    number = filed()["number"]
    dispatcher, handler = signed_in("dispatcher"), signed_in("handler")
    dispatcher.post(f"/desk/cases/{number}/route", {"unit": "urban"})
    body = {"reason": "not_our_duty", "legal_basis": "三定方案第二条", "comment": "属住建", "propose": "housing"}
    assert handler.post(f"/desk/cases/{number}/return_", body).json()["disputed"] is True
    decided = dispatcher.post(f"/desk/cases/{number}/arbitrate", {"upheld": True, "reason": "属实", "unit": "housing"})
    assert decided.json()["owner"] == "housing"


def test_every_operation_has_a_door_of_its_own_in_the_schema(city: City) -> None:
    paths = Caller().get("/openapi.json").json()["paths"]
    assert {f"/api/v1/desk/cases/{{number}}/{name}" for name in KINDS} <= set(paths)
    assert all("security" in paths[f"/api/v1/desk/cases/{{number}}/{name}"]["post"] for name in KINDS)


@pytest.mark.parametrize("operation", sorted(KINDS))
def test_no_operation_is_open_to_those_who_have_not_signed_in(city: City, operation: str) -> None:
    assert Caller().post(f"/desk/cases/26010112345678/{operation}", {}).status_code == 401


def test_a_case_out_of_sight_does_not_exist(city: City) -> None:
    number = filed()["number"]
    signed_in("dispatcher").post(f"/desk/cases/{number}/route", {"unit": "urban"})
    other = signed_in("housing_handler")
    for answer in (
        other.get(f"/desk/cases/{number}"),
        other.get(f"/desk/cases/{number}/events"),
        other.post(f"/desk/cases/{number}/note", {"text": "x"}),
        other.post(f"/desk/cases/{number}/reveal_contact", {"purpose": "x"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "case_not_found")
    assert other.get("/desk/cases").json()["cases"] == []


def test_who_sees_a_case_but_has_no_right_is_refused(city: City) -> None:
    answer = signed_in("mayor").post(f"/desk/cases/{filed()['number']}/urge", {})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


def test_somebody_was_quicker(city: City) -> None:
    number, agent = filed()["number"], signed_in("agent")
    agent.post(f"/desk/cases/{number}/note", {"text": "一"})
    answer = agent.post(f"/desk/cases/{number}/note", {"text": "二", "seen": 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "changed_meanwhile")


def test_the_same_operation_with_the_same_key_is_done_once(city: City) -> None:
    number, agent = filed()["number"], signed_in("agent")
    answers = [agent.post(f"/desk/cases/{number}/note", {"text": "一"}, Idempotency_Key="n1") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[1].json()["length"] == 2


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?state=received", 200), ("?owner=centre", 200), ("?basket=open&page=2", 200),
        ("?due_before=2026-12-01T00:00:00%2B08:00", 200), ("?due_before=2026-12-01T00:00:00", 422),
        ("?state=lost", 422), ("?owner=nobody", 422), ("?page=0", 422), ("?page=201", 422), ("?basket=lost", 422),
    ],
)  # fmt: skip
def test_lists_are_narrowed_by_words_they_know(city: City, query: str, status: int) -> None:
    filed()
    assert signed_in("dispatcher").get(f"/desk/cases{query}").status_code == status


def test_a_case_is_shown_with_masked_contact_clocks_and_what_one_may(city: City) -> None:
    number = filed(contact={"name": "王晓", "phone": "19900001234"}, place={"address": "柳岸街1号"})["number"]
    shown = signed_in("dispatcher").get(f"/desk/cases/{number}").json()
    assert shown["contact"]["phone"] == "199****1234"
    assert shown["address"] == "柳岸街1号"
    assert [clock["kind"] for clock in shown["clocks"]] == ["dispatch"]
    assert "route" in shown["may"]
    assert "accept" not in shown["may"]


def test_details_in_clear_need_a_purpose_and_a_right(city: City) -> None:
    number = filed(contact={"name": "王晓", "phone": "19900001234"})["number"]
    path = f"/desk/cases/{number}/reveal_contact"
    assert signed_in("dispatcher").post(path, {"purpose": "回电核实"}).json()["name"] == "王晓"
    assert signed_in("dispatcher").post(path, {"purpose": " "}).status_code == 422
    assert signed_in("supervisor").post(path, {"purpose": "x"}).status_code == 403


def test_a_list_and_a_case_take_few_statements(city: City, django_assert_max_num_queries: object) -> None:
    numbers = [filed(contact={"phone": "19900001234"})["number"] for _ in range(60)]
    dispatcher = signed_in("dispatcher")
    people.forget()  # units and topics are read anew every ten seconds; not in the middle of this
    dispatcher.get(f"/desk/cases/{numbers[0]}")
    with django_assert_max_num_queries(2):  # type: ignore[operator]
        page = dispatcher.get("/desk/cases?state=received").json()
    assert (len(page["cases"]), page["more"]) == (50, True)
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        dispatcher.get(f"/desk/cases/{numbers[0]}")
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        dispatcher.get(f"/desk/cases/{numbers[0]}/events")
