"""Staff read where an application stands by its stage, in lists as on its page, and what to do stands first."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from qingyu.cases import labels
from tests.applications.scenes import ANSWERS, item, sent
from tests.applications.test_pages import act
from tests.cases.staff_desk import signed_in
from tests.people import City

pytestmark = pytest.mark.django_db


def test_a_list_tells_the_stage_of_an_application_and_its_number(city: City) -> None:
    item(city)
    case, other = sent(), sent(answers=ANSWERS | {"child": "李小麦"})
    desk = signed_in(city, "handler")
    new = desk.get("/desk/?basket=new").content.decode()
    assert new.count("预审</span>") == 2
    assert f"{case.number} ·" in new, "two applications for one item are told apart"
    assert f"{other.number} ·" in new
    act(desk, case, "admit")
    opened = desk.get("/desk/?basket=open").content.decode()
    assert (opened.count("预审</span>"), opened.count("办理中</span>")) == (1, 1)


def test_a_list_costs_no_more_statements_for_applications(city: City, django_assert_num_queries: Any) -> None:
    item(city)
    desk = signed_in(city, "handler")
    sent()
    desk.get("/desk/?basket=new")
    with CaptureQueriesContext(connection) as one:
        desk.get("/desk/?basket=new")
    for name in ("李小麦", "李小苗", "李小穗"):
        sent(answers=ANSWERS | {"child": name})
    with django_assert_num_queries(len(one)):
        desk.get("/desk/?basket=new")


def test_what_to_do_now_stands_before_the_answers_of_the_form(city: City) -> None:
    item(city)
    html = signed_in(city, "handler").get(f"/desk/cases/{sent().number}/").content.decode()
    assert html.index('id="do-now"') < html.index('id="application"')
    assert html.count('id="do-now"') == 1
    assert "预审</span>" in html
    assert "待签收</span>" not in html, "the state of the case says less than the stage"


@pytest.mark.parametrize(
    ("state", "stage", "words"),
    [("dispatched", "", "待签收"), ("dispatched", "precheck", "预审"), ("waiting", "correcting", "待补正"),
     ("closed", "issued", "已送达"), ("withdrawn", "precheck", "已撤回"), ("withdrawn", "lapsed", "逾期未补正"),
     ("archived", "issued", "已归档")],
)  # fmt: skip
def test_where_an_application_stands(state: str, stage: str, words: str) -> None:
    with override("zh-hans"):
        assert labels.standing(state, stage) == words
