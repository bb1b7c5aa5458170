"""The follow-up caller's pages: one call at a time, written down once, personal data only when asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from qingyu.cases.models import Case, CaseEvent, ViewLog
from qingyu.followup.models import FollowUpPlan
from tests.followup import stories
from tests.people import City

pytestmark = pytest.mark.django_db
ANSWERS = {"outcome": "completed", "contacted": "yes", "solved": "yes", "satisfied": "satisfied"}


@pytest.fixture
def case(city: City) -> Case:
    """A case whose call is due: real time has passed its closing."""
    case = stories.closed(city)
    stories.follow()
    return case


@pytest.fixture
def caller(city: City, client: Client) -> Client:
    client.force_login(city.staff["caller"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def fields(case: Case, **answers: str) -> dict[str, str]:
    case.refresh_from_db()
    return {"seen": str(case.length), "key": "a" * 32, **answers}


def test_the_list_counts_and_names_the_calls(case: Case, caller: Client, django_assert_max_num_queries: Any) -> None:
    caller.get("/desk/followup/")
    with django_assert_max_num_queries(9):
        page = caller.get("/desk/followup/").content.decode()
    assert "楼下夜间施工到两点" in page
    assert "打下一个" in page
    assert "19900001234" not in page


def test_what_citizens_wrote_is_shown_as_words_and_never_as_markup(city: City, caller: Client) -> None:
    hostile = stories.closed(city, title="<script>alert('1')</script>{}&amp;")
    stories.follow()
    shown = '<a href="/desk/followup/{}/" data-row>&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;{{}}&amp;amp;</a>'
    assert shown.format(hostile.number) in caller.get("/desk/followup/").content.decode()


def test_the_state_of_each_call_stands_in_its_row(city: City, case: Case, caller: Client) -> None:
    FollowUpPlan.objects.update(attempts=1, outcome="no_answer", round=2)
    page = caller.get("/desk/followup/").content.decode()
    assert all(words in page for words in ("无人接听; ", "后再打</time>", "重办件", "tag-late"))
    later = datetime.now(UTC) + timedelta(minutes=9)
    FollowUpPlan.objects.update(claimed_by=city.staff["agent"], claimed_until=later)
    assert f"{city.staff['agent'].name}正在打" in caller.get("/desk/followup/").content.decode()
    FollowUpPlan.objects.update(claimed_by=city.staff["caller"])
    assert "我在打" in caller.get("/desk/followup/").content.decode()


def test_without_a_call_the_list_says_so(city: City, caller: Client) -> None:
    assert "没有待回访的工单" in caller.get("/desk/followup/").content.decode()
    assert caller.post("/desk/followup/next/").url == "/desk/followup/"  # type: ignore[attr-defined]


def test_the_next_call_is_taken_shown_masked_and_in_clear_on_demand(case: Case, caller: Client) -> None:
    answer = caller.post("/desk/followup/next/")
    assert answer.url == f"/desk/followup/{case.number}/"  # type: ignore[attr-defined]
    page = caller.get(f"/desk/followup/{case.number}/").content.decode()
    assert "199****1234" in page
    assert "已责令停工" in page
    assert "三、您对办理过程和结果满意吗？" in page
    clear = caller.post(f"/desk/followup/{case.number}/reveal/")
    assert "+8619900001234" in clear.content.decode()
    assert f'action="/desk/followup/{case.number}/"' in clear.content.decode()
    assert "no-store" in clear["Cache-Control"]
    assert ViewLog.objects.get().purpose == "回访"


def test_an_unhappy_answer_sends_the_case_back_and_leads_to_the_next_call(
    city: City, case: Case, caller: Client
) -> None:
    other = stories.closed(city, phone="19900005678")
    stories.follow()
    caller.post("/desk/followup/next/", {"number": case.number})
    posted = fields(case, **ANSWERS | {"solved": "no", "next": "1", "comment": "还在吵"})
    answer = caller.post(f"/desk/followup/{case.number}/", posted)
    assert answer.url == f"/desk/followup/{other.number}/"  # type: ignore[attr-defined]
    case.refresh_from_db()
    assert (case.state, case.redos) == ("handling", 1)


def test_the_same_form_twice_is_one_call(case: Case, caller: Client) -> None:
    caller.post("/desk/followup/next/")
    posted = fields(case, outcome="no_answer")
    for _ in range(2):
        assert caller.post(f"/desk/followup/{case.number}/", posted).status_code == 302
    assert CaseEvent.objects.filter(case=case, kind="followed_up").count() == 1
    assert "没有待回访的工单" in caller.get("/desk/followup/").content.decode()


@pytest.mark.parametrize(
    ("answers", "words"),
    [({}, "请"), ({"outcome": "completed"}, "contacted"), (ANSWERS | {"satisfied": ""}, "satisfied")],
)
def test_half_a_form_comes_back_with_what_was_typed(
    case: Case, caller: Client, answers: dict[str, str], words: str
) -> None:
    caller.post("/desk/followup/next/")
    answer = caller.post(f"/desk/followup/{case.number}/", fields(case, **answers, comment="说了很多"))
    assert answer.status_code == 422
    assert "说了很多" in answer.content.decode()
    assert "error-summary" in answer.content.decode()
    assert words in answer.content.decode()


def test_a_case_that_changed_meanwhile_is_shown_anew(case: Case, caller: Client) -> None:
    caller.post("/desk/followup/next/")
    posted = fields(case, **ANSWERS) | {"seen": str(case.length - 1)}
    answer = caller.post(f"/desk/followup/{case.number}/", posted)
    assert answer.status_code == 409
    assert f'value="{case.length}"' in answer.content.decode()
    assert not CaseEvent.objects.filter(case=case, kind="followed_up").exists()


def test_a_call_of_somebody_else_is_shown_without_the_form(city: City, case: Case, caller: Client) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=5)
    FollowUpPlan.objects.update(claimed_by=city.staff["supervisor"], claimed_until=soon)
    page = caller.get(f"/desk/followup/{case.number}/").content.decode()
    assert "测试supervisor" in page
    assert 'name="outcome"' not in page
    caller.post("/desk/followup/next/", {"number": case.number})
    assert FollowUpPlan.objects.get().claimed_by == city.staff["supervisor"]


def test_a_call_can_be_given_back(case: Case, caller: Client) -> None:
    caller.post("/desk/followup/next/")
    caller.post("/desk/followup/next/", {"back": "1"})
    assert FollowUpPlan.objects.get().claimed_by is None


def test_before_the_next_try_the_call_is_shown_but_not_offered(case: Case, caller: Client) -> None:
    FollowUpPlan.objects.update(next_try=datetime.now(UTC) + timedelta(hours=2), attempts=1, outcome="no_answer")
    page = caller.get(f"/desk/followup/{case.number}/").content.decode()
    assert "上次无人接听" in page
    assert "followup/next" not in page
    caller.post("/desk/followup/next/", {"number": case.number})
    assert FollowUpPlan.objects.get().claimed_by is None


NOT_OF = {"agent": {"contact.view_confidential"}, "supervisor": set[str]()}


@pytest.mark.parametrize(("who", "words"), [("agent", "您无权查看诉求人身份"), ("supervisor", "199****1234")])
def test_who_may_not_know_the_person_is_told_so_and_not_that_there_is_no_number(
    city: City, client: Client, who: str, words: str
) -> None:
    """A city may let agents call who may not see confidential identities."""
    case = stories.closed(city, confidential=True)
    stories.follow()
    staff = city.staff[who]
    rights = {*staff.rights["permissions"], "case.followup"} - NOT_OF[who]
    staff.rights = {**staff.rights, "permissions": sorted(rights)}
    staff.save()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/desk/followup/{case.number}/").content.decode()
    assert words in page
    assert "没有留下联系方式" not in page


@pytest.mark.parametrize("path", ["", "next/", "26060100000000/", "26060100000000/reveal/"])
@pytest.mark.parametrize("name", ["handler", "mayor", "agent"])
def test_others_may_not_come_in(city: City, client: Client, path: str, name: str) -> None:
    client.force_login(city.staff[name], backend="django.contrib.auth.backends.ModelBackend")
    ask = client.get if path in ("", "26060100000000/") else client.post
    assert ask(f"/desk/followup/{path}").status_code == 403


def test_a_report_of_wrongdoing_is_out_of_a_callers_sight(city: City, caller: Client) -> None:
    from qingyu.cases import operations
    from qingyu.cases.actors import CITIZEN

    person = operations.Person(name="王晓", phone="19900001234")
    filing = operations.Filing(text="举报施工方", channel="web", type="report", person=person)
    case = operations.open_case(filing, by=CITIZEN, at=stories.MONDAY).case
    operations.answer_at_once(case, answer="已转办", by=city.actor("dispatcher"), at=stories.MONDAY + stories.HOUR)
    stories.follow()
    assert "举报施工方" not in caller.get("/desk/followup/").content.decode()
    assert caller.get(f"/desk/followup/{case.number}/").status_code == 404
    assert caller.post("/desk/followup/next/").url == "/desk/followup/"  # type: ignore[attr-defined]
