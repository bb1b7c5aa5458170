"""A woman in a wheelchair finds the nearest point open now for her item, without scripts; a manager closes it, and she
is sent elsewhere; another one lets her telephone say where she is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools.server import Installation

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parents[1] / "vendor" / "axe" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AROUND_THE_CLOCK = "柳堤24小时自助服务区"
ITEM = "养老待遇"


def well_made(page: Any) -> None:
    """Nothing that axe knows stands against the page, and it does not scroll sideways."""
    found = page.evaluate(f"async () => {{ {AXE}; return (await axe.run({{runOnly: {TAGS}}})).violations }}")
    assert not found, [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def ask(page: Any, city: Installation, *, item: str = ITEM) -> str:
    """Asks from 柳荫社区 on foot of wheels; what the page says."""
    page.goto(f"{city.url}/points/")
    page.get_by_label("您要办什么事？").fill(item)
    page.get_by_label("选择您所在的社区").select_option(label="柳荫社区")
    page.get_by_text("另选时间、轮椅、走得慢").click()
    page.get_by_label("无台阶入口").check()
    page.get_by_label("我走得慢").check()
    page.get_by_role("button", name="查找最近的").click()
    words: str = page.locator("main").inner_text()
    return words


def test_the_nearest_point_open_now_for_this_item(served_city: Installation, new_page: Callable[..., Any]) -> None:
    phone = new_page(width=390, height=844, scripts=False)
    words = ask(phone, served_city)
    assert "养老待遇资格认证，从柳荫社区出发" in words
    assert AROUND_THE_CLOCK in words
    assert "全天24小时" in words
    assert phone.url == f"{served_city.url}/points/"
    open_now = phone.locator(".near-list > li", has_text="正在开放")
    assert open_now.filter(has_text=AROUND_THE_CLOCK).count() == 1
    open_now.get_by_role("link", name=AROUND_THE_CLOCK).click()
    assert "按红色按钮接通人工" in phone.locator("main").inner_text()

    desk, login = new_page(width=1440), served_city.logins()["hall_manager"]
    desk.goto(f"{served_city.url}/login/")
    desk.fill("[name=username]", login["username"])
    desk.fill("[name=password]", login["password"])
    desk.locator("main .btn-main").click()
    desk.wait_for_url(lambda url: "/login/" not in url)
    desk.goto(f"{served_city.url}/desk/points/")
    well_made(desk)
    desk.get_by_role("link", name=AROUND_THE_CLOCK).click()
    well_made(desk)
    desk.get_by_label("原因（市民会看到）").fill("终端升级")
    desk.get_by_role("button", name="暂停这段时间的服务").click()
    assert "已设置暂停服务" in desk.locator("main").inner_text()
    desk.goto(f"{served_city.url}/desk/points/coverage/")
    well_made(desk)
    assert "望湖区" in desk.locator("main").inner_text()

    assert AROUND_THE_CLOCK not in ask(phone, served_city)
    phone.goto(f"{served_city.url}/points/kiosk-liudi/")
    assert "终端升级" in phone.locator("main").inner_text()


def test_the_telephone_says_where_she_is(served_city: Installation, new_page: Callable[..., Any]) -> None:
    page = new_page(width=320)
    page.context.grant_permissions(["geolocation"], origin=served_city.url)
    page.context.set_geolocation({"latitude": 30.0082, "longitude": 114.9843, "accuracy": 20})
    page.goto(f"{served_city.url}/points/")
    well_made(page)
    page.get_by_role("button", name="使用我的位置").click()
    page.get_by_text("已使用您的位置，误差约20米。").wait_for()
    page.get_by_role("button", name="查找最近的").click()
    page.get_by_text("从您的位置出发").wait_for()
    well_made(page)
    page.get_by_role("button", name="长辈版").click()
    page.goto(f"{served_city.url}/points/city-hall/")
    well_made(page)
