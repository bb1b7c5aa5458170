"""The phone rings: an agent looks up the caller, files, reads out number and code, and dispatch sends it by one key."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tools.server import Installation


def sign_in(page: Any, served: Installation, role: str) -> None:
    login = served.logins()[role]
    page.goto(f"{served.url}/login/")
    page.fill("[name=username]", login["username"])
    page.fill("[name=password]", login["password"])
    page.click("main button.btn-main")
    page.wait_for_url(lambda url: "/login/" not in url)


def filed(page: Any, served: Installation, text: str) -> str:
    """Files for a caller and answers the number that is read out."""
    page.goto(f"{served.url}/desk/new/")
    page.fill("[name=phone]", "199 0000 8765")
    page.fill("[name=text]", text)
    page.click("button[value=file]")
    number, code = page.locator(".slip-number").all_inner_texts()
    assert re.fullmatch(r"\d{14}", number)
    assert re.fullmatch(r"[A-Z2-9]{8}", code)
    return str(number)


def test_an_agent_files_for_a_caller_and_it_is_dispatched(
    served_city: Installation, new_page: Callable[..., Any]
) -> None:
    agent = new_page()
    sign_in(agent, served_city, "agent")
    first = filed(agent, served_city, "单元门口的路灯坏了一个星期，晚上看不见路")
    agent.goto(f"{served_city.url}/desk/new/")
    agent.fill("[name=phone]", "19900008765")
    agent.fill("[name=text]", "写了一半的话")
    agent.click("button[value=look]")
    assert agent.locator(f"a[href$='/desk/cases/{first}/']").count() == 1
    assert agent.input_value("[name=text]") == "写了一半的话"
    assert "19900008765" not in agent.url

    dispatcher = new_page()
    sign_in(dispatcher, served_city, "dispatcher")
    dispatcher.goto(f"{served_city.url}/desk/cases/{first}/")
    assert "199****8765" in dispatcher.inner_text("#case")
    dispatcher.keyboard.press("1")
    dispatcher.wait_for_selector(".notice-good")
    assert "待签收" in dispatcher.inner_text("#case")


def test_the_same_works_without_scripts(served_city: Installation, new_page: Callable[..., Any]) -> None:
    agent = new_page(scripts=False, width=390)
    sign_in(agent, served_city, "agent")
    number = filed(agent, served_city, "楼道里堆满杂物，消防通道走不过去")
    agent.fill("#find", number)
    agent.press("#find", "Enter")
    agent.wait_for_url(re.compile(number))
    agent.click("summary:has-text('备注')")
    agent.fill("[name=text] >> visible=true", "来电人晚上八点后方便接电话")
    agent.click("details[open] button.btn-main")
    assert "来电人晚上八点后方便接电话" in agent.inner_text("#case")
