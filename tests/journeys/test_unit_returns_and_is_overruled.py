"""A unit says a case is not its own; the dispatcher reads both sides and decides; the unit must take it and answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.journeys.test_agent_files_for_a_caller import filed, sign_in
from tools.server import Installation


def unit_of_handler(page: Any, served: Installation) -> str:
    page.goto(f"{served.url}/me/")
    return str(page.locator("dl.summary dd").nth(1).inner_text())


def test_a_return_is_overruled_and_the_unit_answers(served_city: Installation, new_page: Callable[..., Any]) -> None:
    handler, dispatcher = new_page(width=1440), new_page()
    sign_in(handler, served_city, "handler")
    unit = unit_of_handler(handler, served_city)
    sign_in(dispatcher, served_city, "dispatcher")
    number = filed(dispatcher, served_city, "人行道上的烧烤摊占道经营，油烟很大")

    dispatcher.goto(f"{served_city.url}/desk/cases/{number}/")
    dispatcher.keyboard.press("p")
    label = dispatcher.locator("select[name=unit] option", has_text=unit).first.inner_text()
    dispatcher.select_option("details[open] select[name=unit]", label=label)
    dispatcher.click("details[open] button.btn-main")
    dispatcher.wait_for_selector(".notice-good")

    handler.goto(f"{served_city.url}/desk/?basket=new")
    handler.locator("[data-row]", has_text="烧烤摊占道").first.click()
    handler.wait_for_selector("#case .case-words")
    handler.click("#case summary:has-text('申请退单')")
    handler.check("details[open] [name=reason] >> nth=0")
    handler.fill("details[open] [name=comment]", "该处在道路红线以内")
    handler.fill("details[open] [name=legal_basis]", "城市道路管理条例第二十一条")
    handler.click("details[open] button.btn-main")
    handler.wait_for_selector("#case .notice-good")
    assert handler.locator(".shell-list [data-row]").count() > 0, "the list stays where it is"

    dispatcher.goto(f"{served_city.url}/desk/cases/{number}/")
    assert "该处在道路红线以内" in dispatcher.inner_text("#case")
    dispatcher.keyboard.press("c")
    dispatcher.check("[name=decision][value=keep]")
    dispatcher.fill("details[open] [name=reason]", "职责清单第三项写明由你单位负责")
    dispatcher.click("details[open] button.btn-main")
    dispatcher.wait_for_selector(".notice-good")

    handler.goto(f"{served_city.url}/desk/cases/{number}/answer/")
    assert "不同意退单" in handler.inner_text("#case")
    handler.fill("[name=answer]", "已劝离摊主并清理路面，今后每晚巡查。")
    handler.click("details[open] button.btn-main")
    handler.wait_for_selector(".notice-good")

    dispatcher.goto(f"{served_city.url}/desk/cases/{number}/review/")
    dispatcher.check("[name=decision][value=pass]")
    dispatcher.click("details[open] button.btn-main")
    dispatcher.wait_for_selector(".notice-good")
    assert re.search("已办结", dispatcher.inner_text("#case header"))
