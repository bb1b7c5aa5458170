"""What is found, and in which order; the same on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qingyu.knowledge import queries
from qingyu.knowledge.operations import Draft
from tests.knowledge.test_life import in_force
from tests.people import City

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)
ANSWERS = {
    "allowance": ("高龄津贴怎么申请", "年满八十周岁的本市户籍老人，到居住地社区申请，带身份证和银行卡。"),
    "noise": ("夜间施工噪声谁来管", "夜间二十二时至次日六时禁止施工。请告诉我们工地位置，执法人员到场。"),
    "lift": ("加装电梯需要多少住户同意", "本单元三分之二以上的业主参与表决即可申请。"),
    "card": ("敬老卡怎么办", "年满六十五周岁免费乘车；高龄津贴另行申请。"),
    "wifi": ("公共 WiFi 怎么连", "在大厅选择 Qingchuan-Free，不需要手机号。"),
}


@pytest.fixture
def base(city: City) -> City:
    for code, (title, text) in ANSWERS.items():
        in_force(city, Draft(title, text), code=code, topic="house.lift" if code == "lift" else "")
    return city


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("高龄津贴", ["allowance", "card"]),  # a title before a text
        ("请问高龄津贴怎么申请啊", ["allowance", "card"]),
        ("我想问一下晚上工地夜间施工噪声", ["noise"]),
        ("电梯", ["lift"]),
        ("梯", ["lift"]),  # one character finds what begins with it
        ("wifi", ["wifi"]),
        ("WIFI怎么连", ["wifi"]),
        ("无人机可以飞吗", []),
        ("", []),
        ("？！", []),
        ('" OR * NEAR(', []),
        ("'; DROP TABLE knowledge_answer; --", []),
    ],
)
def test_what_is_found(base: City, question: str, found: list[str]) -> None:
    assert [one.code for one in queries.found_for(question, day=DAY)] == found


def test_a_topic_narrows_the_search(base: City) -> None:
    assert [one.code for one in queries.found_for("申请", day=DAY, topic="house")] == ["lift"]


def test_a_search_is_one_statement(base: City, django_assert_num_queries: Any) -> None:
    queries.found_for("高龄津贴", day=DAY)
    with django_assert_num_queries(1):
        queries.found_for("高龄津贴怎么办理", day=DAY)


@pytest.mark.parametrize(
    ("text", "topic", "found"),
    [
        ("楼下工地夜间施工噪声太大，没人来管", "", ["noise"]),
        ("楼里老人多，想加装电梯，一楼住户不同意，怎么办", "house.lift", ["lift"]),
        ("路灯不亮", "", []),
    ],
)
def test_what_lies_at_hand_beside_a_case(base: City, text: str, topic: str, found: list[str]) -> None:
    assert [one.code for one in queries.at_hand(text, topic, day=DAY)] == found
