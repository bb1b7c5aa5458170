"""A citizen without scripts finds what to bring; the unit changes its guide; the citizen sees the new one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools.server import Installation

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parents[1] / "vendor" / "axe" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def well_made(page: Any) -> None:
    """Nothing that axe knows stands against the page, and it does not scroll sideways."""
    found = page.evaluate(f"async () => {{ {AXE}; return (await axe.run({{runOnly: {TAGS}}})).violations }}")
    assert not found, [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_guide_is_found_changed_and_found_again(served_city: Installation, new_page: Callable[..., Any]) -> None:
    phone = new_page(width=390, height=844, scripts=False)
    phone.goto(f"{served_city.url}/items/")
    phone.get_by_label("您想办什么事？").fill("给宝宝上户口")
    phone.get_by_role("button", name="查找").click()
    phone.get_by_role("link", name="出生一件事联办").first.click()
    assert "5 个工作日" in phone.locator("main").inner_text()
    phone.get_by_label("母亲身份证").check()
    phone.get_by_role("link", name="打印清单").click()
    assert "出生医学证明" in phone.locator("main").inner_text()

    narrow = new_page(width=320)
    for path in ("/items/", "/items/?q=xyz", "/items/food-permit/", "/items/fund-withdraw/"):
        narrow.goto(served_city.url + path)
        well_made(narrow)
    narrow.locator("button[name=mode][value=elder]").click()
    well_made(narrow)

    desk, login = new_page(width=1440), served_city.logins()["hall_manager"]
    desk.goto(f"{served_city.url}/login/")
    desk.fill("[name=username]", login["username"])
    desk.fill("[name=password]", login["password"])
    desk.locator("main .btn-main").click()
    desk.wait_for_url(lambda url: "/login/" not in url)
    desk.goto(f"{served_city.url}/desk/items/new/")
    well_made(desk)
    for name, value in {
        "code": "queue-help", "name": "陪同办事预约", "conditions": "行动不便的人", "promised_days": "0",
        "where": "一楼", "papers-0-name": "身份证",
    }.items():  # fmt: skip
        desk.fill(f"[name={name}]", value)
    desk.select_option("[name=promised_day_kind]", "working")
    desk.locator("main form .btn-main").last.click()
    desk.wait_for_url("**/desk/items/queue-help/")
    well_made(desk)
    desk.get_by_role("link", name="修改指南").click()
    desk.fill("[name=where]", "二楼服务台")
    desk.locator("main form .btn-main").last.click()
    desk.wait_for_url("**/desk/items/queue-help/")

    phone.goto(f"{served_city.url}/items/?q=陪同办事")
    phone.get_by_role("link", name="陪同办事预约").click()
    assert "二楼服务台" in phone.locator("main").inner_text()
    assert "当场办结" in phone.locator("main").inner_text()
