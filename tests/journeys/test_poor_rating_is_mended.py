"""A visit is rated poorly on the tablet of the window: its unit must put it right, and the person rates once more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.test_citizen_files_and_is_answered import Office, troubles
from tests.journeys.test_citizen_unsatisfied_redone import _wait_and_answer, sign_in, until
from tools.server import Installation

pytestmark = pytest.mark.browser
FACES = "form.faces button"


def served(citizen: Any, city: Installation) -> tuple[str, str]:
    """Somebody takes a ticket on the own phone and is served at window 1; address of the ticket, number of the case."""
    citizen.goto(f"{city.url}/hall/demo/kiosk/?service=A&phone=1")
    citizen.click("button[name=need][value='']")
    citizen.wait_for_selector("#live-ticket")
    wanted = citizen.inner_text("h1 .big-number").strip()
    ticket = "/t/" + citizen.url.split("/t/")[1]
    return ticket, served_by(Office(city), wanted)


def served_by(office: Office, wanted: str) -> str:
    """Window 1 serves whoever is there before, and then them."""
    window = "/api/v1/halls/demo/windows/1"
    for _ in range(30):
        called = office.post("clerk", f"{window}/next", {})
        done = office.post("clerk", f"{window}/finish", {"ticket": called["ticket"]})
        if called["number"] == wanted:
            return str(done["case"])
    raise AssertionError(f"{wanted} was never called")


def test_from_the_tablet_to_the_second_rating(served_city: Installation, new_page: Callable[..., Any]) -> None:
    clerk, citizen, tablet = new_page(), new_page(), new_page(width=1024, height=768)
    office = Office(served_city)
    sign_in(tablet, served_city, "hall_manager")
    tablet.goto(f"{served_city.url}/hall/demo/window/1/device/")
    tablet.click("main button.btn-main")
    tablet.wait_for_url("**/rate/")
    ticket, number = served(citizen, served_city)
    sign_in(clerk, served_city, "clerk")

    until_faces(tablet)
    assert tablet.locator(FACES).count() == 5
    assert number not in tablet.content()
    assert not troubles(tablet)
    tablet.locator(FACES).nth(3).click()
    assert "谢谢您的评价" in tablet.inner_text("main")

    _wait_and_answer(office, number, "已当面道歉并重新办理。", by="clerk")
    clerk.goto(f"{served_city.url}/desk/voices/?show=poor")
    until(clerk, "已重新办理")
    assert not troubles(clerk)
    rate_again(citizen, served_city, ticket)
    clerk.goto(f"{served_city.url}/desk/voices/")
    until(clerk, "第二次来很满意")


def until_faces(page: Any) -> None:
    for _ in range(40):
        page.reload()
        if page.locator(FACES).count():
            return
        page.wait_for_timeout(250)
    raise AssertionError(page.inner_text("main"))


def rate_again(page: Any, city: Installation, ticket: str) -> None:
    """By the link on the page of the own ticket."""
    page.goto(city.url + ticket)
    page.get_by_role("link", name="评价本次服务").click()
    page.get_by_label("满意", exact=True).check()
    page.locator("textarea").fill("第二次来很满意")
    page.locator("main button.btn-main").click()
    page.wait_for_selector("text=谢谢您的评价")
