"""Halls, windows, service items, and the cases behind a figure: the same through page and API, with nothing told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from qingyu.assessment.followers import Facts
from qingyu.assessment.models import SubjectDay
from qingyu.cases import operations
from qingyu.cases.actors import CITIZEN
from qingyu.cases.models import CaseEvent
from qingyu.hall import operations as hall
from qingyu.people import tokens
from qingyu.people.queries import city_day
from tests.people import City

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC) - timedelta(hours=1)


def follow_all() -> None:
    follower = Facts()
    follower.clear()
    for partition in range(16):
        follower.follow(list(CaseEvent.objects.filter(partition=partition).order_by("id")))


def visit(city: City, window: str, *, waited: int, level: str = "", type_: str = "help") -> operations.Opened:
    filing = operations.Filing(text="办理居住证", channel="window", type=type_)
    opened = operations.handle_at_once(
        filing, answer="已办好", by=city.actor("agent"), at=NOW, hall="main", window=window, item="residence",
        waited=waited, served=300,
    )  # fmt: skip
    if level:
        operations.rate(opened.case, level=level, channel="hall_tablet", occasion=1, by=CITIZEN, at=NOW)
    return opened


@pytest.fixture
def visited(city: City, client: Client) -> Client:
    place, _ = hall.place_hall(code="main", name="晴川市政务服务中心", unit=city.units["east"])
    for code in ("1", "2", "3", "4"):
        hall.place_window(place, code=code, label=f"{code}号窗口", services=[])
    for number in range(12):
        visit(city, "1", waited=60 if number % 4 else 900, level="satisfied" if number % 2 else "")
    for _number in range(3):
        visit(city, "2", waited=2000, level="dissatisfied")
    for number in range(8):
        visit(city, "3", waited=60 * number)
    follow_all()
    return client


def test_the_page_of_halls_shows_windows_and_hides_the_small(visited: Client) -> None:
    page = visited.get("/barometer/halls/").content.decode()
    assert "晴川市政务服务中心" in page
    table = page.split("<tbody>")[-1]
    assert "9 / 12" in table.split("1号窗口")[1].split("</tr>")[0]
    for small in ("2号窗口", "3号窗口"):
        row = table.split(small)[1].split("</tr>")[0]
        assert "不显示" in row
        assert "2000" not in row
        assert "/ 3" not in row
    assert "4号窗口" in page.split("暂无数据")[-1]
    assert "/barometer/cases/" not in page


def test_a_hall_less_its_windows_tells_no_hidden_window(visited: Client) -> None:
    found = visited.get("/api/v1/barometer/halls").json()["halls"][0]
    whole = {one["code"]: one for one in found["whole"]["score"]["rates"]}["short_wait"]
    shown = [
        {one["code"]: one for one in window["score"]["rates"]}["short_wait"]["denominator"]
        for window in found["windows"]
    ]
    assert (whole["denominator"], shown) == (23, [12, None, None])
    assert [window["visits"] for window in found["windows"]] == [12, None, None]
    assert found["no_data"] == ["4号窗口"]


@pytest.mark.parametrize("path", ["/barometer/halls/", "/barometer/items/"])
def test_the_public_pages_take_few_statements_and_bytes(
    visited: Client, django_assert_max_num_queries: Any, path: str
) -> None:
    visited.get(path)
    with django_assert_max_num_queries(5):
        answer = visited.get(path)
    assert len(answer.content) < 60_000
    for language in ("en", "zh-hant"):
        assert visited.get(path, headers={"accept-language": language}).status_code == 200


def test_an_item_stands_online_beside_the_window(visited: Client, city: City) -> None:
    day = city_day(NOW)
    steps = {"took_1d": 4, "took_5d": 6}
    SubjectDay.objects.bulk_create(
        SubjectDay(subject="item:residence/online", day=day, measure=step, count=count) for step, count in steps.items()
    )
    SubjectDay.objects.create(subject="item:pension/online", day=day, measure="took_1h", count=4)
    page = visited.get("/barometer/items/").content.decode()
    rows = page.split("residence")[1].split("</tbody>")[0]
    assert "约5 天" in rows
    assert "10 分钟" in rows
    assert "23" in rows
    assert "pension" not in page
    body = visited.get("/api/v1/barometer/items").json()
    assert [one["item"] for one in body["items"]] == ["residence"]
    ways = {way["way"]: way for way in body["items"][0]["ways"]}
    assert (ways["online"]["half_within"], ways["online"]["few"], ways["window"]["count"]) == (5 * 86_400, True, 23)
    assert body["hidden"] == 1


def test_pages_without_anything_say_so(city: City, client: Client) -> None:
    assert "还没有大厅" in client.get("/barometer/halls/").content.decode()
    assert "还没有统计数据" in client.get("/barometer/items/").content.decode()


@pytest.mark.parametrize("path", ["/api/v1/barometer/halls", "/api/v1/barometer/items"])
def test_the_api_refuses_senseless_spans(city: City, client: Client, path: str) -> None:
    answer = client.get(f"{path}?from=2026-06-02&to=2026-06-01")
    assert (answer.status_code, answer.json()["code"]) == (422, "from_after_to")
    assert client.get(f"{path}?from=yesterday").status_code == 422


# ---------------------------------------------------------------- the cases behind a figure


def as_(city: City, client: Client, name: str) -> Client:
    client.force_login(city.staff[name])
    return client


def test_staff_follow_a_figure_to_its_cases(visited: Client, city: City) -> None:
    staff = as_(city, visited, "supervisor")
    assert "/barometer/cases/?indicator=" in staff.get("/barometer/halls/").content.decode()
    page = staff.get("/barometer/cases/?indicator=short_wait&hall=main&window=1&part=no").content.decode()
    assert page.count("data-row") == 3
    assert "晴川市便民服务热线中心" in staff.get("/barometer/cases/?indicator=settled_at_once").content.decode()


def test_a_long_list_goes_on_and_costs_the_same(
    visited: Client, city: City, django_assert_max_num_queries: Any
) -> None:
    for _number in range(28):
        visit(city, "1", waited=60)
    follow_all()
    staff = as_(city, visited, "supervisor")
    own = staff.get("/barometer/cases/?indicator=settled_at_once&unit=centre").content.decode()
    assert "51 / 51" in own
    onward = own.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert staff.get(f"/barometer/cases/{onward}").content.decode().count("data-row") == 1
    with django_assert_max_num_queries(6):
        assert staff.get("/barometer/cases/?indicator=short_wait&hall=main").content.decode().count("data-row") == 50
    the_api_lists_the_same(city, visited)


def the_api_lists_the_same(city: City, client: Client) -> None:
    headers = {"authorization": f"Bearer {tokens.issue(city.staff['supervisor'], at=datetime.now(UTC)).token}"}
    path = "/api/v1/desk/barometer/cases?indicator=short_wait&hall=main"
    first = client.get(path, headers=headers).json()
    second = client.get(f"{path}&after={first['after']}", headers=headers).json()
    assert (len(first["cases"]), len(second["cases"]), second["after"]) == (50, 1, "")
    assert len({one["number"] for one in [*first["cases"], *second["cases"]]}) == 51
    refused = client.get(path.replace("short_wait", "nothing"), headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "indicator_unknown")


def test_the_policy_that_filters_lists_guards_the_cases(visited: Client, city: City) -> None:
    visit(city, "1", waited=60, type_="report")
    follow_all()
    supervisor = as_(city, visited, "supervisor").get("/barometer/cases/?indicator=short_wait&hall=main&window=1")
    mayor = as_(city, visited, "mayor").get("/barometer/cases/?indicator=short_wait&hall=main&window=1")
    assert supervisor.content.decode().count("data-row") == 13
    assert mayor.content.decode().count("data-row") == 12


DOORS = [
    ("handler", "indicator=heard&unit=urban", 403), ("hall_manager", "indicator=heard&unit=urban", 403),
    ("hall_manager", "indicator=short_wait&hall=main", 200), ("administrator", "indicator=heard&unit=centre", 200),
    ("mayor", "indicator=nothing&unit=urban", 404), ("mayor", "indicator=heard&unit=nowhere", 404),
    ("mayor", "indicator=heard&hall=nowhere", 404), ("mayor", "indicator=unpushed&hall=main", 404),
    ("mayor", "indicator=heard&unit=urban&part=most", 404), ("mayor", "indicator=heard&unit=urban&after=x", 404),
    ("mayor", "indicator=heard&unit=urban&after=2026-13-01.5", 404),
]  # fmt: skip


def test_who_may_see_what(visited: Client, city: City) -> None:
    for who, query, status in DOORS:
        answer = as_(city, visited, who).get(f"/barometer/cases/?{query}")
        assert (who, query, answer.status_code) == (who, query, status)
        assert who != "administrator" or "data-row" not in answer.content.decode()


def test_nobody_follows_a_figure_without_signing_in(visited: Client) -> None:
    assert visited.get("/barometer/cases/?indicator=heard&unit=urban").status_code == 302
    assert visited.get("/api/v1/desk/barometer/cases?indicator=heard&unit=urban").status_code == 401
