"""A woman of 88 in a wheelchair: the guide takes a ticket for her, she is called to the low window, a case stands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tools.server import Installation

pytestmark = pytest.mark.browser


def sign_in(page: Any, served: Installation, role: str) -> None:
    login = served.logins()[role]
    page.goto(f"{served.url}/login/")
    page.fill("[name=username]", login["username"])
    page.fill("[name=password]", login["password"])
    page.click("main button.btn-main")
    page.wait_for_url(lambda url: "/login/" not in url)


def test_from_the_door_to_the_low_window(served_city: Installation, new_page: Callable[..., Any]) -> None:
    guide, clerk, board, own = new_page(), new_page(), new_page(width=1920, height=1080), new_page(width=390)
    board.goto(f"{served_city.url}/hall/demo/board/")
    sign_in(guide, served_city, "guide")
    guide.goto(f"{served_city.url}/hall/demo/guide/")
    guide.check("[name=need][value=elder]")
    guide.check("[name=need][value=wheelchair]")
    guide.click("button[value=B]")
    number = guide.inner_text(".given .code")
    own.goto(served_city.url + guide.get_attribute(".given a", "href"))
    assert number in own.inner_text("h1")

    sign_in(clerk, served_city, "clerk")
    called = ""
    for _ in range(14):  # some wait already; every second call of the low window is hers at the latest
        clerk.goto(f"{served_city.url}/hall/demo/window/2/")
        clerk.keyboard.press("n")
        clerk.wait_for_selector("button[value=finish]")
        called = clerk.inner_text("main .card .big-number")
        if called == number:
            break
        clerk.keyboard.press("f")
        clerk.wait_for_selector("button[value=next]")
    assert called == number
    own.wait_for_selector(".called")
    assert "2号窗口" in own.inner_text(".called")
    board.wait_for_function(f"document.querySelector('#calls li .board-number')?.textContent === '{number}'")
    clerk.keyboard.press("b")
    clerk.wait_for_selector("button[value=recall]")
    clerk.fill("[name=answer]", "身份证已换领")
    clerk.click("button[value=finish]")
    clerk.wait_for_selector(".notice-good")
    assert re.search(r"\d{14}", clerk.inner_text(".notice-good"))
    own.wait_for_selector(".notice-good")


def test_a_number_without_scripts(served_city: Installation, new_page: Callable[..., Any]) -> None:
    phone = new_page(scripts=False, width=320)
    phone.goto(f"{served_city.url}/hall/demo/")
    phone.click("main a.btn-main")
    phone.click(".kiosk-button >> nth=0")
    phone.click("button[name=need][value=elder]")
    assert "/t/" in phone.url
    assert re.fullmatch(r"A\d{3}", phone.inner_text("h1 .big-number"))
    assert "优先" in phone.inner_text("#live-ticket")


def test_the_board_follows_and_catches_up_after_the_line_was_lost(
    served_city: Installation, new_page: Callable[..., Any]
) -> None:
    board, clerk = new_page(width=1920, height=1080), new_page()
    board.goto(f"{served_city.url}/hall/demo/board/")
    board.wait_for_timeout(1500)
    sign_in(clerk, served_city, "clerk")
    clerk.goto(f"{served_city.url}/hall/demo/window/1/")
    clerk.keyboard.press("n")
    board.wait_for_selector(".board-new")
    assert "1号窗口" in board.inner_text("#spoken")
    board.context.set_offline(True)
    clerk.goto(f"{served_city.url}/hall/demo/window/4/")
    clerk.keyboard.press("n")
    clerk.wait_for_selector("button[value=finish]")
    board.context.set_offline(False)
    board.wait_for_function("document.querySelector('#calls li .board-window').textContent.includes('4号窗口')")


def test_what_was_called_an_hour_ago_is_shown_and_not_called_out(
    served_city: Installation, new_page: Callable[..., Any]
) -> None:
    board = new_page(width=1920, height=1080)
    calls = [
        {"number": f"A{n:03d}", "window": f"{n}号", "code": str(n), "direction": "left", "low": False, "calls": 1,
         "hearing_aid": False, "at": at, "state": "called"}
        for n, at in ((8, "2026-06-01T02:00:00.000+00:00"), (7, "2026-06-01T01:01:00.000+00:00"))
    ]  # fmt: skip
    state = {"version": 999, "at": "2026-06-01T02:00:05.000+00:00", "calls": calls, "services": [], "waiting": 0}
    news = f"event: board\ndata: {json.dumps(state)}\n\n"
    board.route("**/events", lambda route: route.fulfill(content_type="text/event-stream", body=news))
    board.goto(f"{served_city.url}/hall/demo/board/")
    board.wait_for_selector("#calls li >> nth=1")
    assert [one.inner_text() for one in board.query_selector_all(".board-new .board-number")] == ["A008"]
    assert "8号" in board.inner_text("#spoken")
