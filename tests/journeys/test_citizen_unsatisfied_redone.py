"""A citizen is not content with the answer: it is done again, after the call and after a bad rating, and told so."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError

import pytest

from tests.journeys.test_citizen_files_and_is_answered import PHONE, Office, filed, go_on, reloaded, troubles
from tools.server import Installation

pytestmark = pytest.mark.browser
TAKE = "我来打这个电话"


def answered(office: Office, number: str, words: str, *, by: str = "handler") -> None:
    """The unit answers and the centre passes it on."""
    office.act(by, number, "answer", answer=words)
    office.act("dispatcher", number, "review", passed=True)


def sign_in(page: Any, city: Installation, role: str) -> None:
    login = city.logins()[role]
    page.goto(f"{city.url}/login/")
    page.fill("input[name=username]", login["username"])
    page.fill("input[name=password]", login["password"])
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def until(page: Any, words: str) -> None:
    """Loads the page anew until the worker has caught up."""
    for _ in range(60):
        if words in reloaded(page):
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{words} never came up:\n{page.locator('main').inner_text()}")


def called(page: Any, city: Installation, number: str, keys: str, words: str = "") -> None:
    """Takes the call about this case, and writes down the answers with one key each."""
    page.goto(f"{city.url}/desk/followup/{number}/")
    until(page, TAKE)
    page.get_by_role("button", name=TAKE).click()
    page.wait_for_load_state()
    page.get_by_role("button", name="查看完整信息").click()
    page.get_by_text("+8619900001234").wait_for()
    assert not troubles(page)
    for key in keys:
        page.keyboard.press(key)
    page.get_by_label("群众的原话").fill(words)
    page.get_by_role("button", name="保存后停下").click()
    page.wait_for_url("**/desk/followup/")


def test_unsatisfied_twice_and_content_in_the_end(served_city: Installation, new_page: Callable[..., Any]) -> None:
    citizen, office = new_page(**PHONE), Office(served_city)
    number, _code = filed(citizen, served_city.url, text="工地夜里施工到两点", phone="199 0000 1234")
    office.act("dispatcher", number, "route", unit="urban")
    office.act("handler", number, "accept")
    office.act("handler", number, "contact", how="phone")
    answered(office, number, "已到现场查看。")

    desk = new_page(width=1440, height=900)
    sign_in(desk, served_city, "caller")
    called(desk, served_city, number, "1qt9", "昨晚还在施工")
    assert "重新办理" in desk.locator("#messages").inner_text()
    citizen.goto(f"{served_city.url}/track/")
    assert "重新办理" in citizen.locator("main").inner_text() or "重办" in citizen.locator("main").inner_text()
    assert "昨晚还在施工" not in citizen.locator("main").inner_text()

    answered(office, number, "已责令停止夜间施工。")
    assert "已责令停止夜间施工" in reloaded(citizen)
    citizen.get_by_role("link", name="评价一下").click()
    citizen.get_by_label("非常不满意", exact=True).check()
    go_on(citizen)
    citizen.wait_for_url("**/track/")
    answer_again = "已罚款并连续三晚巡查。"
    _wait_and_answer(office, number, answer_again)
    assert answer_again in reloaded(citizen)

    called(desk, served_city, number, "1qe7")
    assert "归档" in desk.locator("#messages").inner_text()

    for path in ("/desk/followup/", "/barometer/"):
        desk.goto(served_city.url + path)
        assert not troubles(desk)
    sign_out(desk)
    sign_in(desk, served_city, "supervisor")
    desk.goto(f"{served_city.url}/desk/overview/")
    assert "卡在哪里" in desk.locator("main").inner_text()
    assert not troubles(desk)


def sign_out(page: Any) -> None:
    page.context.clear_cookies()


def _wait_and_answer(office: Office, number: str, words: str, *, by: str = "handler") -> None:
    """The bad rating has to reach the unit first; until then the case is closed and refuses an answer."""
    until_time = time.monotonic() + 60
    while not _answers(office, number, words, by):
        assert time.monotonic() < until_time, "the bad rating never came back to the unit"
        time.sleep(0.5)


def _answers(office: Office, number: str, words: str, by: str) -> bool:
    """Whether the case took the answer; False while it is closed."""
    try:
        answered(office, number, words, by=by)
    except HTTPError as refusal:
        if refusal.code != 409:
            raise
        return False
    return True
