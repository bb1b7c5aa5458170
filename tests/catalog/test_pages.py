"""The pages and the API of the catalog, each over the same operations."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from qingyu.catalog import operations, queries
from qingyu.catalog.models import Item, ItemVersion
from qingyu.people import queries as people
from tests.api.doors import Caller, signed_in
from tests.catalog.samples import FIELDS, draft
from tests.people import City

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def now() -> datetime:
    return datetime.now(UTC)


def today() -> Any:
    return people.city_day(now())


@pytest.fixture
def item(city: City) -> Item:
    made = operations.add(draft(city), by=None, at=now() - DAY)
    operations.declare_form(made, FIELDS, by=None, at=now())
    return Item.objects.get(pk=made.pk)


def text(response: Any) -> str:
    return str(response.content.decode())


def desk(client: Client, city: City, who: str) -> None:
    client.force_login(city.staff[who], backend="django.contrib.auth.backends.ModelBackend")


# Citizens --------------------------------------------------------------------------------------------------------


def test_a_citizen_finds_an_item_and_reads_its_guide(
    item: Item, client: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    client.get("/items/?q=户口")  # once in ten minutes: how common each word is
    with django_assert_num_queries(2):
        page = text(client.get("/items/?q=宝宝上户口"))
    assert "出生一件事联办" in page
    with django_assert_num_queries(2):
        assert "生育收养" in text(client.get("/items/"))
    with django_assert_max_num_queries(10):  # three of its own; the ways online, at a window and near by
        page = text(client.get("/items/birth-card/"))
    for words in (
        "5 个工作日",
        "法定 15 个工作日",
        "不收费",
        "母亲身份证",
        "孩子随母亲落户",
        "专家评审",
        "承办人",
        "市民中心",
    ):
        assert words in page, words
    assert "测试handler" not in page  # the post, never the name
    assert "出生医学证明" in text(client.get("/items/birth-card/print/"))


@pytest.mark.parametrize("words", ["母亲身份证", "出生", "联办", "宝 宝", "Ｃity 出生 城市管理"])
def test_it_is_found_by_name_other_names_and_papers(item: Item, client: Client, words: str) -> None:
    assert 'href="/items/birth-card/"' in text(client.get("/items/", {"q": words}))


def test_lists_narrow_by_theme_unit_and_who_it_is_for(item: Item, city: City, client: Client) -> None:
    operations.add(draft(city, "firm", name="企业年报", subject="legal", themes=("设立变更",)), by=None, at=now())
    people.forget()
    found = {
        query: ['"/items/birth-card/"' in page, '"/items/firm/"' in page]
        for query in (
            "theme=生育收养",
            "subject=legal",
            "unit=urban",
            "unit=housing",
            "q=企业&theme=生育收养",
            "theme=x",
        )
        for page in [text(client.get(f"/items/?{query}"))]
    }
    assert found == {
        "theme=生育收养": [True, False], "subject=legal": [False, True], "unit=urban": [True, True],
        "unit=housing": [False, False], "q=企业&theme=生育收养": [False, False], "theme=x": [False, False],
    }  # fmt: skip


@pytest.mark.parametrize(
    "query",
    ["q=", "q=%00", "q=" + "长" * 3000, "q=<script>alert(1)</script>", "q=%22%27%20OR%201=1", "page=999", "page=x",
     "theme=%ff", "unit=%00", "subject=both", "q=%F0%9F%98%80", "q=%ed%a0%80"],
)  # fmt: skip
def test_whatever_is_asked_gets_a_page(item: Item, client: Client, query: str) -> None:
    page = client.get(f"/items/?{query}")
    assert page.status_code == 200
    assert "<script>alert" not in text(page)


@pytest.mark.parametrize("address", ["/items/nothing/", "/items/nothing/print/", "/items/%00/", "/items/出生/"])
def test_what_is_not_there_is_404(item: Item, client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_stale_a_suspended_and_a_withdrawn_guide_say_so(item: Item, city: City, client: Client) -> None:
    Item.objects.filter(pk=item.pk).update(review_due_on=today() - DAY)
    assert "这份指南逾期未核对" in text(client.get("/items/birth-card/"))
    operations.suspend(item, reason="系统升级", until=today() + DAY, by=None, at=now())
    page = text(client.get("/items/birth-card/"))
    assert "暂停办理至" in page
    assert "系统升级" in page
    operations.withdraw(item, reason="法规修订", by=None, at=now())
    page = text(client.get("/items/birth-card/"))
    assert "法规修订" in page
    assert "取消" in page
    assert 'href="/items/birth-card/"' not in text(client.get("/items/?q=出生"))


def test_what_nobody_owns_or_says_is_said_plainly(city: City, client: Client) -> None:
    bare = draft(city, owner=None, deputy=None, charged=None, materials=(), promised_days=None, legal_days=None)
    operations.add(bare, by=None, at=now())
    page = text(client.get("/items/birth-card/"))
    for words in ("还没有指定", "指南没有写，请咨询", "指南没有列出材料", "没有规定时限"):
        assert words in page


# Staff -----------------------------------------------------------------------------------------------------------


def posted(item: Item, **fields: Any) -> dict[str, Any]:
    return {"key": uuid.uuid4().hex, "seen": item.steps_taken} | fields


def edited(item: Item, **fields: Any) -> dict[str, Any]:
    guide = {
        "name": item.name, "conditions": "在本市出生", "promised_days": 4, "promised_day_kind": "working",
        "legal_days": 15, "legal_day_kind": "working", "charged": "false", "visits": 0, "where": "一楼", "online": "on",
        "at_window": "on", "papers-TOTAL_FORMS": 3, "papers-INITIAL_FORMS": 2,
        "papers-0-code": "birth", "papers-0-name": "出生医学证明", "papers-0-kind": "original",
        "papers-1-code": "mother-id", "papers-1-name": "", "papers-2-name": "父亲身份证", "papers-2-kind": "copy",
    }  # fmt: skip
    return posted(item, **guide | fields)


def test_the_unit_changes_its_guide_and_the_old_version_stays(item: Item, city: City, client: Client) -> None:
    desk(client, city, "handler")
    assert "修改办事指南" in text(client.get("/desk/items/birth-card/edit/"))
    form = edited(item, special="专家评审，10，行政许可法四十五条")
    for _ in range(2):  # pressed twice
        assert client.post("/desk/items/birth-card/edit/", form).status_code == 302
    versions = ItemVersion.objects.filter(item=item).order_by("number")
    assert [version.promised_days for version in versions] == [5, 4]
    papers = queries.materials_of(versions[1])
    assert [(paper.name, paper.code, paper.issuer) for paper in papers] == [
        ("出生医学证明", "birth", "助产机构"), ("父亲身份证", "m1", ""),
    ]  # fmt: skip
    assert versions[1].special == [{"name": "专家评审", "days": 10, "basis": "行政许可法四十五条"}]
    assert client.get("/desk/items/birth-card/").status_code == 200


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"promised_days": 16}, 422, "承诺时限超过了法定时限"),
        ({"promised_day_kind": ""}, 422, "请说明是工作日还是自然日"),
        ({"name": ""}, 422, "请填写名称"),
        ({"name": "a\x00"}, 422, ""),
        ({"valid_from": "2020-01-01"}, 422, "请选择今天或以后"),
        ({"special": "评审"}, 422, "请按“名称，天数，依据”逐行填写"),
        ({"papers-2-name": "出生医学证明"}, 422, "这份材料重复了"),
        ({"papers-TOTAL_FORMS": "x"}, 422, ""),
        ({"papers-TOTAL_FORMS": 5000}, 422, ""),
        ({"seen": 1}, 409, "刚刚修改过"),
        ({"legal_days": "99999999999999999999"}, 422, ""),
    ],
)
def test_a_guide_that_is_not_right_is_shown_again_with_what_was_typed(
    item: Item, city: City, client: Client, fields: dict[str, Any], status: int, words: str
) -> None:
    desk(client, city, "handler")
    page = client.post("/desk/items/birth-card/edit/", edited(item, where="特别的地方") | fields)
    assert page.status_code == status
    assert words in text(page)
    assert "特别的地方" in text(page)
    assert ItemVersion.objects.filter(item=item).count() == 1


def test_an_item_is_added_reviewed_assigned_suspended_resumed_and_withdrawn(
    item: Item, city: City, client: Client
) -> None:
    desk(client, city, "handler")
    new = edited(item, code="elder-card", kind="20", subject="natural", aliases="老年卡、老人卡", themes="养老服务")
    assert client.post("/desk/items/new/", new).status_code == 302
    added = Item.objects.get(code="elder-card")
    assert (added.unit_id, added.aliases) == (city.unit("urban"), ["老年卡", "老人卡"])

    def act(name: str, **fields: Any) -> int:
        added.refresh_from_db()
        return client.post(f"/desk/items/elder-card/{name}/", posted(added, **fields)).status_code

    assert act("assign", owner=city.staff["handler"].pk, deputy=city.staff["second_handler"].pk) == 302
    assert act("review", review_due_on=str(today() + 30 * DAY)) == 302
    assert act("form", fields_asked=json.dumps(FIELDS)) == 302
    assert act("form", fields_asked="[{") == 422
    assert act("suspend", reason="装修") == 302
    assert act("resume") == 302
    assert act("resume") == 409
    assert act("suspend", reason="") == 422
    assert act("withdraw", reason="取消") == 403
    assert act("paint") == 404
    desk(client, city, "supervisor")
    assert act("withdraw", reason="法规修订") == 302
    assert act("review") == 409
    assert "elder-card" in text(client.get("/desk/items/?list=withdrawn"))


def test_the_desk_shows_the_own_units_and_what_is_wrong(
    item: Item, city: City, client: Client, django_assert_num_queries: Any
) -> None:
    Item.objects.filter(pk=item.pk).update(review_due_on=today() - DAY)
    operations.add(draft(city, "lift", unit=city.unit("housing"), owner=None, deputy=None), by=None, at=now())
    operations.add(draft(city, "bad", name="矛盾事项", visits=2), by=None, at=now())
    desk(client, city, "handler")
    client.get("/desk/items/")
    with django_assert_num_queries(7):  # the session, who it is, what is wrong in two, counts, the page's rows
        page = text(client.get("/desk/items/"))
    assert "/desk/items/birth-card/" in page
    assert "/desk/items/lift/" not in page
    assert client.get("/desk/items/lift/").status_code == 404
    assert "/desk/items/birth-card/" in text(client.get("/desk/items/?list=stale"))
    wrong = text(client.get("/desk/items/?list=faulty"))
    assert "可网上办，却要到现场" in wrong
    assert client.get("/desk/items/?list=none").status_code == 404
    desk(client, city, "supervisor")
    assert "/desk/items/lift/" in text(client.get("/desk/items/?list=faulty"))
    assert client.get("/desk/items/lift/edit/").status_code == 403


@pytest.mark.parametrize("who", ["caller", "operator", "dispatcher"])
def test_who_has_nothing_to_do_with_items_has_no_door(item: Item, city: City, client: Client, who: str) -> None:
    desk(client, city, who)
    assert client.get("/desk/items/").status_code == 403
    assert client.post("/desk/items/birth-card/review/", posted(item)).status_code == 403


# The API ---------------------------------------------------------------------------------------------------------


def test_the_api_finds_and_reads_what_the_pages_show(item: Item) -> None:
    found = Caller().get("/items?q=出生").json()
    assert [one["code"] for one in found["items"]] == ["birth-card"]
    assert found["items"][0]["promised"] == {"days": 5, "kind": "working"}
    guide = Caller().get("/items/birth-card").json()
    assert [paper["name"] for paper in guide["materials"]] == ["出生医学证明", "母亲身份证", "户口簿"]
    assert [one["name"] for one in guide["form"]] == ["child", "born", "phone"]
    assert Caller().get("/items/nothing").status_code == 404
    assert Caller().get("/items?unit=nothing").json()["code"] == "unit_unknown"
    assert Caller().get("/items?subject=cats").status_code == 422
    assert Caller().get("/items").json()["total"] == 1


def test_staff_keep_guides_over_the_api_by_the_same_operations(item: Item, city: City) -> None:
    handler = signed_in("handler")
    guide = {"name": "敬老卡", "promised_days": 1, "promised_day_kind": "working", "materials": [{"name": "身份证"}]}
    body = {"code": "elder", "guide": guide, "owner": "handler", "deputy": "second_handler"}
    key = {"Idempotency_Key": uuid.uuid4().hex}
    first, again = (handler.post("/desk/items", body, **key) for _ in range(2))
    assert (first.status_code, again.json()) == (201, first.json())
    over = {"guide": guide | {"legal_days": 1, "legal_day_kind": "working", "promised_days": 2}}
    assert handler.post("/desk/items/elder/versions", over).json()["code"] == "promised_over_legal"
    assert handler.post("/desk/items/elder/review", {"seen": 0}).json()["code"] == "row_changed_meanwhile"
    assert handler.post("/desk/items/elder/withdraw", {"reason": "x"}).status_code == 403
    assert handler.post("/desk/items/elder/suspend", {"reason": "x", "since": "yesterday"}).status_code == 422
    assert handler.post("/desk/items/elder/form", {"form": [{"name": "A"}]}).status_code == 422
    assert handler.post("/desk/items/none/review", {}).status_code == 404
    assert signed_in("supervisor").post("/desk/items/elder/withdraw", {"reason": "x"}).status_code == 200
