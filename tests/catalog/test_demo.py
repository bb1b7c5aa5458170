"""The demo city has service items that people find, one that nobody checked, one that contradicts itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from qingyu.catalog import queries
from qingyu.catalog.models import Item
from qingyu.catalog.queries import Asked
from qingyu.desk.demo import city, data, items
from qingyu.desk.loading.report import Source
from qingyu.people import keys
from qingyu.people import queries as people
from qingyu.rules import forms
from qingyu.rules.guides import Fault
from tests.rows import Kept

AT = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)


def _build() -> None:
    city.set_up(at=AT)
    city._hire(Source(data.FOLDER / "city", AT))
    items.build(at=AT)


_kept = Kept(_build)


@pytest.fixture
def built(db: None) -> None:
    people.forget()
    keys.ensure_keys()
    _kept.lay()
    people.forget()


def test_twelve_items_have_owners_and_one_is_stale_and_one_contradicts_itself(built: None) -> None:
    day = AT.date()
    assert Item.objects.filter(owner__isnull=False).count() == 12
    assert [item.code for item in queries.stale(day=day)] == ["fund-withdraw"]
    wrong = {one.code: one.contradictions for one in queries.faulty(day=day) if one.contradictions}
    assert wrong == {"food-permit": (Fault.PROMISED_OVER_LEGAL, Fault.ONLINE_YET_VISITS)}
    item = Item.objects.get(code="birth-card")
    assert item.deputy is not None
    form = queries.form_for(item, day=day)
    assert form is not None
    assert [one.name for one in forms.declared(form.fields)] == ["child_name", "birth_date", "mother_name", "phone"]
    asked = {
        "给新生儿上户口": "birth-card", "我想开个饭馆": "food-permit", "身份证到期了怎么换": "id-card-renew",
        "老人八十岁补贴": "senior-allowance", "失业了怎么领钱": "unemployment-benefit", "营业执照": "shop-licence",
        "去外地看病能报销吗": "medical-remote", "租房提取公积金": "fund-withdraw",
    }  # fmt: skip
    found = {words: [one.code for one in queries.found_for(Asked(words), day=day)][:2] for words in asked}
    assert {words: code for words, code in asked.items() if code not in found[words]} == {}
