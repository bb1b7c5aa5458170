"""The demo city has answers that people find, some that need their owner, and questions that wait."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest

from qingyu.desk.demo import city, knowledge
from qingyu.knowledge import queries
from qingyu.knowledge.models import Answer, Unanswered
from qingyu.people import keys
from qingyu.people import queries as people
from tests.rows import Kept

AT = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)


def _build() -> None:
    city.set_up(at=AT)
    knowledge.build(rng=Random(1), at=AT)


_kept = Kept(_build)


@pytest.fixture
def built(db: None) -> None:
    people.forget()
    keys.ensure_keys()
    _kept.lay()
    people.forget()


def test_forty_answers_are_in_force(built: None) -> None:
    assert Answer.objects.filter(state="in_force").count() == 40
    assert Unanswered.objects.count() == 4
    assert {one.why for one in queries.stale(day=AT.date())} == {"expiring", "past_review"}


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("请问高龄津贴怎么申请", "civil-elder-allowance"),
        ("路灯坏了", "streetlight"),
        ("小区停车", "parking-residents"),
        ("老人免费坐公交", "senior-bus"),
        ("工地晚上施工太吵", "environment-noise-construction"),
        ("身份证掉了", "id-card"),
        ("营业执照", "licence"),
        ("水费太高", "water-bill"),
        ("孩子上学没有房产证", "education-school-enrol"),
        ("老板拖欠工资", "labour-wages-arrears"),
    ],
)
def test_people_find_what_they_ask(built: None, question: str, code: str) -> None:
    assert code in [one.code for one in queries.found_for(question, day=AT.date())][:3]
