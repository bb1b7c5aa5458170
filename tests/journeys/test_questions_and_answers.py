"""One citizen finds an answer; another asks what nobody can answer, and the unit's reply becomes one that is found."""

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


def signed_in(new_page: Callable[..., Any], city: Installation, role: str) -> Any:
    page, login = new_page(width=1440), city.logins()[role]
    page.goto(f"{city.url}/login/")
    page.fill("[name=username]", login["username"])
    page.fill("[name=password]", login["password"])
    page.locator("main .btn-main").click()
    page.wait_for_url(lambda url: "/login/" not in url)
    return page


def test_an_answer_is_found_and_a_question_gets_one(served_city: Installation, new_page: Callable[..., Any]) -> None:
    phone = new_page(width=390, height=844, scripts=False)
    phone.goto(f"{served_city.url}/answers/")
    phone.get_by_label("您想问什么？").fill("请问高龄津贴怎么申请")
    phone.get_by_role("button", name="查找答案").click()
    phone.get_by_role("link", name="高龄津贴怎么申请").click()
    assert "年满八十周岁" in phone.locator("main").inner_text()
    phone.get_by_role("button", name="有帮助", exact=True).click()
    assert "谢谢，能帮到您就好" in phone.locator("main").inner_text()

    other = new_page(width=320)
    other.goto(f"{served_city.url}/answers/?q=蒲公英小广场能放孔明灯吗")
    well_made(other)
    other.get_by_label("关于什么").select_option(label="城乡建设") if other.get_by_label("关于什么").count() else None
    other.get_by_role("button", name="提交这个问题").click()
    other.wait_for_url("**/answers/questions/**")
    well_made(other)
    assert other.get_by_role("link", name="说说您的事").first.is_visible()

    centre = signed_in(new_page, served_city, "dispatcher")
    centre.goto(f"{served_city.url}/answers-desk/?list=questions")
    well_made(centre)
    centre.get_by_role("link", name="孔明灯").click()
    well_made(centre)
    if centre.locator("[name=unit]").count():
        centre.locator("details summary").last.click()
        centre.locator("[name=unit]").select_option(label="晴川市城市管理局")
        if "城市管理局" not in centre.locator("header.stack-s").first.inner_text():
            centre.get_by_role("button", name="转交").click()

    handler = signed_in(new_page, served_city, "handler")
    handler.goto(f"{served_city.url}/answers-desk/?list=questions")
    handler.get_by_role("link", name="孔明灯").click()
    handler.locator("[name=title]").fill("广场上能放孔明灯吗")
    handler.locator("[name=text]").fill("不能。孔明灯容易引发火灾，全市禁止燃放。")
    handler.get_by_role("button", name="送审").click()
    well_made(handler)
    address = handler.url

    supervisor = signed_in(new_page, served_city, "supervisor")
    supervisor.goto(address)
    well_made(supervisor)
    supervisor.get_by_role("button", name="审核").or_(supervisor.locator(".case-do .btn-main")).first.click()

    other.reload()
    other.get_by_role("link", name="广场上能放孔明灯吗").click()
    assert "全市禁止燃放" in other.locator("main").inner_text()
    phone.goto(f"{served_city.url}/answers/?q=孔明灯")
    assert phone.get_by_role("link", name="广场上能放孔明灯吗").is_visible()
