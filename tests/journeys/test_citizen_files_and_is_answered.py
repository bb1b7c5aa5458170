"""A citizen files on a phone, replies to a question, reads the answer and rates it; all of it without an account."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tools.server import Installation

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parents[1] / "vendor" / "axe" / "axe.min.js").read_text(encoding="utf-8")
PHONE = {"width": 390, "height": 844}


class Office:
    """Staff at work through the API, signed in by role."""

    def __init__(self, city: Installation) -> None:
        self.city = city
        self.tokens: dict[str, str] = {}

    def act(self, role: str, number: str, operation: str, **arguments: Any) -> None:
        self.post(role, f"/api/v1/desk/cases/{number}/{operation}", arguments)

    def post(self, role: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What any door answers to this role."""
        token = self.tokens.get(role) or self.tokens.setdefault(role, self._signed_in(role))
        return self._post(path, body, {"Authorization": f"Bearer {token}"})

    def _signed_in(self, role: str) -> str:
        login = self.city.logins()[role]
        found = self._post("/api/v1/session", {"username": login["username"], "password": login["password"]}, {})
        return str(found["token"])

    def _post(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
        data, kind = json.dumps(body).encode(), {"Content-Type": "application/json"}
        request = urllib.request.Request(self.city.url + path, data, {**headers, **kind})
        with urllib.request.urlopen(request, timeout=20) as answer:
            found: dict[str, Any] = json.loads(answer.read())
        return found


def go_on(page: Any) -> None:
    """Presses the page's one main button."""
    page.locator("main .btn-main").click()


def filed(page: Any, url: str, **answers: str) -> tuple[str, str]:
    """Goes through all five pages; number and code as they stand on the last."""
    page.goto(url)
    page.get_by_role("link", name="说说您的事").click()
    page.get_by_label("您想说什么事").fill(answers["text"])
    if "photo" in answers:
        page.get_by_label("照片或文件").set_input_files(answers["photo"])
    go_on(page)
    page.get_by_label("具体位置").fill("柳岸路与东湖大道交叉口")
    go_on(page)
    page.get_by_label("我要投诉").check()
    go_on(page)
    page.get_by_label("电话号码").fill(answers.get("phone", ""))
    go_on(page)
    assert answers["text"] in page.locator("main").inner_text()
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url("**/file/done/")
    return page.locator("#number").inner_text().replace(" ", ""), page.locator("#code").inner_text()


@pytest.fixture
def photo(tmp_path: Path) -> str:
    path = tmp_path / "工地.jpg"
    Image.new("RGB", (400, 300), (90, 120, 100)).save(path)
    return str(path)


def test_from_the_first_word_to_the_rating(served_city: Installation, new_page: Callable[..., Any], photo: str) -> None:
    page, office = new_page(**PHONE), Office(served_city)
    number, code = filed(page, served_city.url, text="工地夜里施工到两点", phone="199 0000 1234", photo=photo)

    page.get_by_role("link", name="查看进度").click()
    assert page.url == f"{served_city.url}/track/"
    assert "正在确定由哪个单位负责" in page.locator("main").inner_text()
    assert page.get_by_role("link", name="工地.jpg").is_visible()

    office.act("dispatcher", number, "route", unit="urban")
    office.act("handler", number, "accept")
    office.act("handler", number, "contact", how="phone")
    office.act("handler", number, "ask", question="是哪家施工单位？", reason=a_pause(served_city))
    page.reload()
    assert "是哪家施工单位？" in page.locator("main").inner_text()
    assert "星期" in page.locator("main").inner_text()
    page.get_by_role("link", name="回复", exact=True).click()
    page.get_by_label("您的回复").fill("晴川建工")
    go_on(page)
    page.wait_for_url("**/track/")

    office.act("handler", number, "answer", answer="已责令停止夜间施工。")
    assert "已责令停止夜间施工" not in reloaded(page)
    office.act("dispatcher", number, "review", passed=True)
    assert "已责令停止夜间施工" in reloaded(page)
    page.get_by_role("link", name="评价一下").click()
    page.get_by_label("满意", exact=True).check()
    go_on(page)
    page.wait_for_url("**/track/")
    assert "谢谢您的评价" in page.locator("#messages").inner_text()

    page.get_by_role("button", name="退出查看").click()
    page.goto(f"{served_city.url}/track/")
    page.get_by_label("诉求编号").fill(number)
    page.get_by_label("查询码").fill(code.lower())
    go_on(page)
    assert "您已评价" in page.locator("main").inner_text()
    assert code not in page.url


def a_pause(city: Installation) -> str:
    """Code of a reason for which a unit may ask."""
    notices = Path(__file__).parents[2] / "src" / "qingyu" / "desk" / "demo" / "notices.json"
    return str(json.loads(notices.read_text(encoding="utf-8"))["pauses"][0]["code"])


def reloaded(page: Any) -> str:
    page.reload()
    return str(page.locator("main").inner_text())


def test_without_scripts_in_elder_mode_and_without_a_name(
    served_city: Installation, new_page: Callable[..., Any]
) -> None:
    page = new_page(width=320, height=640, scripts=False)
    page.goto(f"{served_city.url}/file/")
    page.get_by_label("您想说什么事").fill("路灯不亮")
    page.get_by_role("button", name="长辈版").click()
    assert page.locator("html").get_attribute("data-mode") == "elder"
    assert page.get_by_label("您想说什么事").input_value() == "路灯不亮"
    for _ in range(2):
        go_on(page)
    page.get_by_label("其他，或者说不准").check()
    for _ in range(3):
        go_on(page)
    page.wait_for_url("**/file/done/")
    page.get_by_role("link", name="查看进度").click()
    page.get_by_role("link", name="催一催").click()
    go_on(page)
    assert "一天后可以再催" in page.locator("main").inner_text()


def test_the_position_of_the_device_goes_along_if_the_person_wants_it(
    served_city: Installation, new_page: Callable[..., Any]
) -> None:
    page = new_page(**PHONE)
    page.context.grant_permissions(["geolocation"], origin=served_city.url)
    page.context.set_geolocation({"latitude": 30.01234, "longitude": 115.0, "accuracy": 20})
    page.goto(f"{served_city.url}/file/")
    page.get_by_label("您想说什么事").fill("路灯不亮")
    go_on(page)
    page.get_by_role("button", name="附上我现在的位置").click()
    page.get_by_text("误差约 20 米").wait_for()
    assert page.locator("#id_lat").input_value() == "30.0123"
    page.get_by_role("button", name="不附位置").click()
    assert page.locator("#id_lat").input_value() == ""


def test_no_page_shuts_anybody_out(served_city: Installation, new_page: Callable[..., Any]) -> None:
    found = [trouble for mode in ("normal", "elder") for trouble in of_all_pages(new_page, served_city.url, mode)]
    assert not found


def of_all_pages(new_page: Callable[..., Any], url: str, mode: str) -> list[str]:
    """Troubles of the citizen's pages, read at 320 px in this mode."""
    page = new_page(width=320, height=640)
    page.context.add_cookies([{"name": "qingyu_mode", "value": mode, "url": url}])
    found: list[str] = []
    for path in ("/", "/help/", "/privacy/", "/file/", "/track/", "/track/lost/", "/track/lost/sent/", "/rate/x/"):
        page.goto(url + path)
        found += troubles(page)
    page.goto(f"{url}/file/")
    go_on(page)
    found += troubles(page)
    filed(page, url, text="路灯不亮")
    for path in ("/file/done/", "/file/slip/", "/track/", "/track/add/", "/track/urge/", "/track/withdraw/"):
        page.goto(url + path)
        found += troubles(page)
    return found


def troubles(page: Any) -> list[str]:
    """What axe-core finds on the page as it stands, and whether it must be scrolled sideways."""
    page.evaluate(f"() => {{ {AXE}; }}")
    violations = page.evaluate("() => axe.run().then((found) => found.violations.map((one) => one.id))")
    wide = page.evaluate("() => document.documentElement.scrollWidth > innerWidth")
    return [f"{page.url}: {one}" for one in (*violations, *(["too wide"] if wide else []))]
