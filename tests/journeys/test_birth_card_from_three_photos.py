"""Three photos from a phone, something missing, corrected, granted, the result checked; and begun online, finished at a
window under the same number."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tools.server import Installation

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


def photo(folder: Path, name: str) -> str:
    target = io.BytesIO()
    Image.new("RGB", (1200, 900), "white").save(target, "JPEG")
    path = folder / f"{name}.jpg"
    path.write_bytes(target.getvalue())
    return str(path)


def sign_in(page: Any, served: Installation, role: str) -> None:
    login = served.logins()[role]
    page.goto(f"{served.url}/login/")
    page.fill("[name=username]", login["username"])
    page.fill("[name=password]", login["password"])
    page.click("main button.btn-main")
    page.wait_for_url(lambda url: "/login/" not in url)


def applied(page: Any, served: Installation, folder: Path, child: str) -> tuple[str, str]:
    """Walks from the item to the receipt without a script; number and query code."""
    page.goto(f"{served.url}/items/birth-card/")
    page.click("a[href='/apply/birth-card/']")
    page.fill("[name=f-child_name]", child)
    page.fill("[name=f-birth_date]", (date.today() - timedelta(days=9)).isoformat())
    page.fill("[name=f-mother_name]", "周晴")
    page.fill("[name=f-phone]", "13912345678")
    page.click("main button.btn-main")
    for name in ("m_birth_certificate", "m_mother_id", "m_household_register"):
        page.set_input_files(f"[name=f-{name}]", photo(folder, name))
    page.click("main button.btn-main")
    page.fill("[name=r-name]", "周晴")
    page.fill("[name=r-phone]", "13912345678")
    page.click("main button.btn-main")
    page.click("button[value=send]")
    return page.inner_text("#number").replace(" ", ""), page.inner_text("#code")


def act(page: Any, served: Installation, number: str, name: str, **fields: str) -> None:
    page.goto(f"{served.url}/desk/cases/{number}/{name}/")
    form = f"form[action$='/{name}/']"
    for field, value in fields.items():
        page.fill(f"{form} [name={field}]", value)
    if name == "issue":
        page.check(f"{form} [name=how][value=online]")
    page.click(f"{form} button")
    page.wait_for_selector(".notice-good")


def test_birth_card_from_three_photos_to_the_result(
    served_city: Installation, new_page: Callable[..., Any], tmp_path: Path
) -> None:
    phone, desk = new_page(scripts=False, **PHONE), new_page()
    number, code = applied(phone, served_city, tmp_path, "周小雨")
    assert re.fullmatch(r"\d{14}", number)
    assert "卫生健康" in phone.inner_text(".slip")

    sign_in(desk, served_city, "health_handler")
    desk.goto(f"{served_city.url}/desk/cases/{number}/")
    assert "周小雨" in desk.inner_text(".application")
    act(desk, served_city, number, "ask_correction", missing="户口簿照片反光，请重新拍一张。")
    phone.goto(f"{served_city.url}/track/")
    assert "户口簿照片反光" in phone.inner_text("main")
    phone.click("a[href='/track/application/correct/']")
    phone.set_input_files("[name=f-m_household_register]", photo(tmp_path, "重拍"))
    phone.click("main button.btn-main")
    phone.wait_for_selector(".notice-good")

    for name in ("admit", "decide", "issue"):
        act(desk, served_city, number, name)
    phone.goto(f"{served_city.url}/track/?number={number}&code={code}")
    result = phone.inner_text("#result-code").replace(" ", "")
    assert phone.query_selector(".slip svg") is not None
    stranger = new_page(scripts=False, width=320)
    stranger.goto(f"{served_city.url}/verify/?code={result}")
    assert "周*" in stranger.inner_text("main")
    assert "周晴" not in stranger.inner_text("main")


def test_begun_online_finished_at_the_window(
    served_city: Installation, new_page: Callable[..., Any], tmp_path: Path
) -> None:
    phone, clerk = new_page(scripts=False, **PHONE), new_page()
    number, code = applied(phone, served_city, tmp_path, "周小晴")
    phone.goto(f"{served_city.url}/track/application/window/")
    phone.click("main button.btn-main")
    phone.wait_for_selector(".notice-good")
    sign_in(clerk, served_city, "clerk")
    clerk.goto(f"{served_city.url}/hall/demo/window/1/")
    clerk.keyboard.press("n")
    clerk.wait_for_selector("button[value=finish]")
    clerk.click("a[href$='/application/']")
    clerk.fill("[name=number]", number)
    clerk.fill("[name=proof]", code)
    clerk.click("main button.btn-main")
    clerk.wait_for_url(re.compile(rf"/desk/cases/{number}/"))
    assert "周小晴" in clerk.inner_text(".application")
    act(clerk, served_city, number, "correct", text="三样原件已核对")
    phone.goto(f"{served_city.url}/track/?number={number}&code={code}")
    assert "窗口" in phone.inner_text("main")
    clerk.goto(f"{served_city.url}/hall/demo/window/1/")
    clerk.click("button[value=finish]")
    clerk.wait_for_selector(".notice-good")
    assert number in clerk.inner_text(".notice-good")
