"""The stool at window 3 is gone before the doors open: seen on the round, told to a named person, put back."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.journeys.test_elder_is_called_to_the_low_window import sign_in
from tools.server import Installation

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parents[1] / "vendor" / "axe" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
HALL = "/hall/demo/"


def fine(page: Any) -> None:
    """Nothing that axe knows stands against the page, and it does not scroll sideways."""
    found = page.evaluate(f"async () => {{ {AXE}; return (await axe.run({{runOnly: {TAGS}}})).violations }}")
    assert not [(one["id"], one["nodes"][0]["html"]) for one in found]
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def photo() -> dict[str, Any]:
    target = io.BytesIO()
    Image.new("RGB", (400, 300), (90, 80, 70)).save(target, "JPEG")
    return {"name": "stool.jpg", "mimeType": "image/jpeg", "buffer": target.getvalue()}


def line(page: Any, code: str) -> Any:
    return page.locator(f"#at-{code}")


def test_a_missing_stool_and_a_broken_printer(served_city: Installation, new_page: Callable[..., Any]) -> None:
    guide, person = new_page(width=390, height=844), new_page()
    citizen = new_page(width=320, height=640, scripts=False)
    sign_in(guide, served_city, "guide")
    guide.goto(f"{served_city.url}{HALL}rounds/opening/")
    fine(guide)
    stool = line(guide, "demo-stool-3")
    stool.locator("summary").click()
    stool.locator("[name=photo]").set_input_files({"name": "p.jpg", "mimeType": "image/jpeg", "buffer": b"no photo"})
    stool.locator("button[value=missing]").click()
    guide.wait_for_selector(".round-line.has-error")
    assert "这不是照片" in line(guide, "demo-stool-3").inner_text()
    line(guide, "demo-stool-3").locator("[name=photo]").set_input_files(photo())
    line(guide, "demo-stool-3").locator("button[value=missing]").click()
    guide.wait_for_selector("#at-demo-stool-3 .tag-late")

    citizen.goto(f"{served_city.url}/f/demo-printer/")
    citizen.click("button[value=broken]")
    assert "谢谢" in citizen.inner_text("main")
    assert re.search(r"\d{2}:\d{2}", citizen.inner_text("dl.summary"))
    citizen.goto(f"{served_city.url}{HALL}")
    wrong = citizen.inner_text("section[aria-labelledby=wrong]")
    assert "3号窗口" in wrong
    assert "自助打印复印机" in wrong

    sign_in(person, served_city, "clerk")
    person.goto(f"{served_city.url}/desk/?basket=mine")
    assert "3号窗口" in person.inner_text(".caselist")
    person.goto(f"{served_city.url}{HALL}facilities/")
    fine(person)
    for code in ("demo-stool-3", "demo-printer"):
        person.goto(f"{served_city.url}{HALL}facilities/{code}/")
        number = person.inner_text("dl.summary a.code")
        person.fill("[name=note]", "已放回原处")
        person.click("button[value=in_order]")
        person.wait_for_selector(".tag-good")
        person.goto(f"{served_city.url}/desk/cases/{number}/")
        assert "已办结" in person.inner_text("main") or "已放回原处" in person.inner_text("main")
    citizen.reload()
    page = citizen.inner_text("main")
    assert "3号窗口" not in page.split("便民设施")[0]
    assert "自助区" in page.split("便民设施")[1]
    guide.reload()
    guide.wait_for_selector("#at-demo-stool-3 .tag-good")
