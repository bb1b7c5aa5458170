"""The pages and the API of the points, over the same reads and operations; what they ask of the database."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from qingyu.config.logs import masked
from qingyu.places import operations
from qingyu.places.models import Closure, Point
from tests.api.doors import Caller, signed_in
from tests.cases import staff_desk
from tests.catalog.samples import added
from tests.hall.floors import build_floor
from tests.people import City
from tests.places import towns

pytestmark = pytest.mark.django_db
ALWAYS = "1-7 00:00-24:00"
HERE = {"area": "990102000000"}


def key() -> str:
    return uuid.uuid4().hex


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def awake(city: City) -> City:
    """A hall that is open now, whenever that is, with people in its queue."""
    towns.place_city()
    towns.add(
        city, "hall", name="政务服务中心", kind="hall", lat=30.012, lon=115.0, hall="demo", hours=ALWAYS,
        keeps_holidays=False, features=frozenset({"step_free"}),
    )  # fmt: skip
    now = datetime.now(UTC)
    floor = build_floor(city, opened=now)
    for _ in range(3):
        floor.issue("A", at=now)
    return city


# Citizens ------------------------------------------------------------------------------------------------------


def test_the_question_stands_without_scripts(town: City, client: Client, django_assert_num_queries: Any) -> None:
    client.get("/points/")
    with django_assert_num_queries(1):
        page = text(client.get("/points/?item=social-card"))
    assert '<form method="post" action="/points/"' in page
    assert 'value="social-card"' in page
    assert "柳岸街道" in page


def test_the_nearest_comes_with_minutes_and_the_queue(awake: City, client: Client) -> None:
    page = text(client.post("/points/", HERE | {"item": "社会保障卡补领"}))
    assert "政务服务中心" in page
    assert "3至5分钟" in page
    assert re.search(r"排队</dt><dd><strong>\d+至\d+分钟</strong> <span class=\"soft\">3人在等", page)
    assert "全天24小时" in page
    assert '<svg viewBox="0 0 320 350" role="img"' in page
    assert "style=" not in page


@towns.over(
    ("sent", "words"),
    [
        ({}, "请告诉我们您在哪里"),
        ({"place": "蓬莱仙岛"}, "我们不认识这个地方"),
        (HERE | {"item": "飞船"}, "没有服务点以这个名称办理"),
        ({"lat": "30.0", "lon": "122.5"}, "不在本市"),
        ({"lat": "115.0", "lon": "30.0"}, "经纬度填反了"),
        (HERE | {"when": "then", "day": "2026-13-01"}, "请按 2026-01-31 的格式填写日期"),
        (HERE | {"when": "then", "day": "9999-01-01"}, ""),
        ({"area": "nowhere"}, ""),
        (HERE | {"needs": ["wings"]}, ""),
        ({"lat": "nan", "lon": "x"}, ""),
        (HERE | {"item": "长" * 500}, ""),
    ],
)
def test_what_cannot_be_answered_says_why_and_keeps_the_words(
    town: City, client: Client, sent: dict[str, Any], words: str
) -> None:
    page = client.post("/points/", sent)
    assert page.status_code == 422
    assert words in text(page)
    assert "12345" in text(page)


@towns.over(("place", "found"), [("柳岸", "柳岸街道"), ("我在柳岸街道办附近", "柳岸街道"), ("银行柜台", "银行柜台")])
def test_a_place_is_known_by_its_name(town: City, client: Client, place: str, found: str) -> None:
    assert f"从{found}出发" in text(client.post("/points/", {"place": place}))


def test_several_items_are_chosen_from(town: City, client: Client) -> None:
    towns.add(town, "more", offers=(towns.OfferIn("bus-card", "老年优待卡补领"),))
    page = text(client.post("/points/", HERE | {"item": "补领", "needs": ["step_free"], "slow": "on"}))
    assert "您要办的是哪一项" in page
    assert 'value="bus-card"' in page
    assert '<input type="hidden" name="needs" value="step_free">' in page


def test_nobody_near_is_offered_a_person(town: City, client: Client) -> None:
    page = text(client.post("/points/", {"lat": "29.76", "lon": "114.76", "item": "不动产登记"}))
    assert "20公里内没有服务点" in page
    far = text(client.post("/points/", {"lat": "29.9", "lon": "115.0", "item": "不动产登记"}))
    assert "步行半小时内没有服务点" in far
    for one in (page, far):
        assert "上门" in one
        assert 'href="tel:12345"' in one


def test_a_device_that_is_mistaken_is_not_believed_twice(town: City, client: Client) -> None:
    page = client.post("/points/", {"lat": "20.0", "lon": "130.0", "needs": ["step_free", "toilet"]})
    assert page.status_code == 422
    assert text(page).count(" checked") == 2  # what the place must have is not lost
    assert "手机报的位置不在本市" in text(page)
    assert 'value="130' not in text(page)


def test_nobody_waits_before_a_closed_door(awake: City, client: Client) -> None:
    hall = Point.objects.get(code="hall")
    operations.set_hours(hall, ALWAYS, by=None, at=towns.BEGAN)
    assert "当前排队" in text(client.get("/points/hall/"))
    other = (datetime.now(UTC) + timedelta(days=3)).isoweekday()
    operations.set_hours(hall, f"{other} 09:00-17:00", by=None, at=towns.BEGAN)
    shut = text(client.get("/points/hall/"))
    assert "现在不开放" in shut
    assert "当前排队" not in shut


def test_what_is_done_at_a_point_leads_to_its_guide(town: City, client: Client) -> None:
    added(town, "social-card")
    page = text(client.get("/points/hall/"))
    assert '<a href="/items/social-card/">' in page
    assert '<a href="/items/property/">' not in page


def test_nothing_open_says_when_and_where_next(town: City, client: Client) -> None:
    now = datetime.now(UTC)
    for code in ("station", "hall", "bank"):
        from qingyu.places import operations

        operations.close_for(
            Point.objects.get(code=code), starts=now - timedelta(hours=1), ends=now + timedelta(days=2), reason="停电",
            by=None, at=now,
        )  # fmt: skip
    page = text(client.post("/points/", HERE))
    assert "现在没有服务点开放" in page
    assert "最早：" in page


def test_where_somebody_is_stands_in_no_address_and_no_log(town: City, client: Client) -> None:
    page = text(client.post("/points/", {"lat": "30.0123456", "lon": "115.0098765"}))
    assert "30.0123456" not in page.replace('value="30.0123456"', "")
    assert masked('GET /api/v1/points?item=x&lat=30.01234&lon=115.0123 HTTP/1.1"').count("***") == 2


def test_one_point_tells_its_week(town: City, client: Client, django_assert_num_queries: Any) -> None:
    client.get("/points/station/")
    with django_assert_num_queries(1):
        page = text(client.get("/points/station/"))
    for words in ("东湖区柳荫路12号", "社会保障卡补领", "无台阶入口", "09:00–12:00，13:30–17:00"):
        assert words in page
    assert client.get("/points/nothing/").status_code == 404


def test_statements_stay_as_points_grow(awake: City, client: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        towns.add(awake, f"p{number}", lat=30.0 + number / 1000, hours=ALWAYS, hall="demo")
    client.post("/points/", HERE | {"item": "social-card"})
    with django_assert_max_num_queries(13):  # eight of them for the queues of the halls, once in ten seconds
        client.post("/points/", HERE | {"item": "social-card"})
    manager = staff_desk.signed_in(awake, "administrator")
    manager.get("/desk/points/")
    with django_assert_max_num_queries(6):
        assert "柳荫社区" in text(manager.get("/desk/points/"))


# The desk ------------------------------------------------------------------------------------------------------


def form(point: Point | None = None, **more: str) -> dict[str, Any]:
    values = {
        "name": "新的服务站", "kind": "station", "address": "东湖区新路1号", "lat": "30.005", "lon": "115.005",
        "datum": "wgs84", "hours": towns.HOURS, "offers": "social-card | 社会保障卡补领 | whole | 10", "key": key(),
        "features": ["step_free"], "keeps_holidays": "on",
    }  # fmt: skip
    return values | more


def test_who_may_come_in(town: City, client: Client) -> None:
    assert client.get("/desk/points/").status_code == 302
    assert staff_desk.signed_in(town, "clerk").get("/desk/points/").status_code == 403
    assert staff_desk.signed_in(town, "mayor").get("/desk/points/coverage/").status_code == 200
    assert staff_desk.signed_in(town, "mayor").get("/desk/points/station/").status_code == 403


def test_a_point_is_added_once_and_found(town: City, client: Client) -> None:
    manager = staff_desk.signed_in(town, "hall_manager")
    assert manager.get("/desk/points/new/").status_code == 200
    sent = form(code="fresh", unit=str(town.unit("east")))
    first, again = manager.post("/desk/points/new/", sent), manager.post("/desk/points/new/", sent)
    assert first.url == again.url == "/desk/points/fresh/"  # type: ignore[attr-defined]
    assert manager.get("/desk/points/fresh/").status_code == 200
    assert "新的服务站" in text(client.get("/points/fresh/"))
    taken = manager.post("/desk/points/new/", sent | {"key": key()})
    assert taken.status_code == 409
    assert "已有服务点使用这个代码" in text(taken)


@towns.over(
    ("more", "words"),
    [
        ({"lon": "122.5"}, "不在本市"),
        ({"lat": "30.18", "lon": "115.2"}, "在海上或荒野里"),
        ({"lat": "115.005", "lon": "30.005"}, "经纬度填反了：纬度应为 30.005"),
        ({"lat": ""}, ""),
        ({"hours": "每天"}, "请这样填写"),
        ({"offers": "a | b | c | d | e"}, "每行一个事项"),
        ({"name": ""}, ""),
        ({"unit": "999999"}, ""),
    ],
)
def test_a_point_in_the_sea_stays_in_the_form(town: City, more: dict[str, str], words: str) -> None:
    manager = staff_desk.signed_in(town, "hall_manager")
    page = manager.post("/desk/points/new/", form(code="sea", unit=str(town.unit("east"))) | more)
    assert page.status_code == 422
    assert words in text(page)
    assert "东湖区新路1号" in text(page)
    assert not Point.objects.filter(code="sea").exists()


def test_a_stale_form_shows_what_stands_now(town: City) -> None:
    manager = staff_desk.signed_in(town, "hall_manager")
    seen = re.search(r'name="seen" value="(\d+)"', text(manager.get("/desk/points/station/")))
    assert seen
    sent = form(unit=str(town.unit("east")), seen=seen[1], code="station")
    assert manager.post("/desk/points/station/", sent).status_code == 302
    late = manager.post("/desk/points/station/", sent | {"key": key(), "name": "晚来的"})
    assert late.status_code == 409
    assert "晚来的" in text(late)
    assert Point.objects.get(code="station").name == "新的服务站"


def test_closed_for_a_time_and_opened_again(town: City, client: Client) -> None:
    manager = staff_desk.signed_in(town, "hall_manager")
    sent = {"starts": "2026-06-01T08:00", "ends": "", "reason": "停电检修", "key": key()}
    assert manager.post("/desk/points/station/close/", sent | {"reason": "", "key": key()}).status_code == 422
    assert manager.post("/desk/points/station/close/", sent).status_code == 302
    assert "停电检修" in text(client.get("/points/station/"))
    closure = Closure.objects.get()
    assert manager.post(f"/desk/points/station/closings/{closure.pk}/lift/", {"key": key()}).status_code == 302
    assert "停电检修" not in text(client.get("/points/station/"))
    assert manager.post("/desk/points/bank/closings/999/lift/", {"key": key()}).status_code == 404
    assert manager.post("/desk/points/station/out/", {"reason": "搬走了", "key": key()}).status_code == 302
    assert client.get("/points/station/").status_code == 404
    assert manager.post("/desk/points/station/back/", {"key": key()}).status_code == 302
    assert client.get("/points/station/").status_code == 200


def test_who_is_within_the_circle_as_page_and_table(town: City, django_assert_max_num_queries: Any) -> None:
    from qingyu.people import queries as people

    manager = staff_desk.signed_in(town, "hall_manager")
    assert "还没有人口分布数据" in text(manager.get("/desk/points/coverage/"))
    area = people.areas()["990102001000"]
    towns.settle("near", 30.011, 115.01, 800, elderly=100, area=area)
    towns.settle("=far", 30.05, 115.05, 200, elderly=100, area=area)
    manager.get("/desk/points/coverage/")
    with django_assert_max_num_queries(8):
        page = text(manager.get("/desk/points/coverage/?circle=hr"))
    for words in ("80.0 %", "50.0 %", "东湖区", "人社服务圈", "=far"):
        assert words in page
    assert manager.get("/desk/points/coverage/?circle=x&item=y&kind=z").status_code == 200
    table = manager.get("/desk/points/coverage/table.csv?circle=hr").content.decode("utf-8-sig").splitlines()
    assert table[0].startswith("cell,lat,lon,area,people,elderly,nearest_m,covered")
    assert table[2].startswith("'=far,30.05,115.05,柳岸街道,200,100,")
    assert table[2].endswith(",0,0,hr")


# The API -------------------------------------------------------------------------------------------------------


def test_points_as_json(awake: City) -> None:
    caller = Caller()
    found = caller.get("/points?lat=30.01&lon=115.0&item=social-card&needs=step_free").json()
    first = found["points"][0]
    assert (first["code"], first["walk"], first["fits"], found["fits"]) == ("hall", {"low": 3, "high": 5}, "sure", True)
    assert first["queue"]["waiting"] == 3
    assert first["total"]["low"] >= first["walk"]["low"]
    one = caller.get("/points/hall").json()
    assert (one["unit"], len(one["week"]), one["queue"]["waiting"]) == ("east", 7, 3)
    assert caller.get("/points/nothing").status_code == 404
    later = caller.get("/points?lat=30.01&lon=115.0&pace=elder&at=2026-12-01T10:00:00%2B08:00").json()["points"][0]
    assert later["walk"] == {"low": 4, "high": 7}


@towns.over(
    ("query", "status", "code"),
    [
        ("lat=30", 422, "fields_not_valid"),
        ("lat=30&lon=122.5", 422, "point_outside_city"),
        ("lat=115&lon=30", 422, "coordinates_swapped"),
        ("lat=nan&lon=115", 422, None),
        ("lat=30&lon=115&needs=wings", 422, "feature_unknown"),
        ("lat=30&lon=115&item=飞船", 422, "item_not_offered"),
        ("lat=30&lon=115&pace=bird", 422, "pace_unknown"),
        ("lat=30&lon=115&at=2026-06-01T10:00:00", 422, "fields_not_valid"),
        ("lat=30&lon=115&at=2226-06-01T10:00:00Z", 422, "time_out_of_range"),
    ],
)
def test_what_the_api_refuses(town: City, query: str, status: int, code: str | None) -> None:
    answer = Caller().get(f"/points?{query}")
    assert answer.status_code == status
    assert code in (None, answer.json()["code"])


def test_the_circle_as_json(town: City) -> None:
    towns.settle("near", 30.011, 115.01, 800)
    found = Caller().get("/coverage?circle=housing&kind=station").json()
    assert found["all"] == {"people": 800, "covered": 800, "missed": 0, "share": 1.0}
    assert found["elderly"]["share"] is None
    assert Caller().get("/coverage?circle=round").json()["code"] == "circle_unknown"


def test_staff_close_by_the_api(town: City) -> None:
    manager = signed_in("hall_manager")
    closed = manager.post("/desk/points/station/close", {"reason": "停电"}, **{"Idempotency-Key": "k" * 32})
    again = manager.post("/desk/points/station/close", {"reason": "停电"}, **{"Idempotency-Key": "k" * 32})
    assert (closed.status_code, again.json()) == (201, closed.json())
    assert Caller().get("/points/station").json()["closed_because"] == "停电"
    assert manager.post("/desk/points/station/close", {"reason": "停电"}).json()["code"] == "point_closed_then"
    assert manager.post("/desk/points/station/open", {}).json()["closed_because"] == ""
    assert manager.post("/desk/points/station/open", {}).json()["code"] == "closure_over"
    assert signed_in("clerk").post("/desk/points/station/close", {"reason": "x"}).status_code == 403
    assert Caller().post("/desk/points/station/close", {"reason": "x"}).status_code == 401
    assert manager.post("/desk/points/nothing/close", {"reason": "x"}).status_code == 404
