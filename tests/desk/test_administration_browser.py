"""The administrator's pages in a browser: nothing for axe to find, nothing to scroll sideways, in both modes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tools.server import Installation

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
AXE = (Path(__file__).parents[1] / "vendor" / "axe" / "axe.min.js").read_text(encoding="utf-8")
PAGES = (
    "", "staff/", "staff/new/", "staff/1/", "staff/1/roles/", "staff/1/deputy/", "staff/1/leave/", "units/",
    "units/new/", "roles/", "roles/handler/", "routes/", "routes/?try-topic=&try-area=&try-on=2026-06-01",
    "routes/new/", "limits/", "limits/own/", "limits/sets/jinan/", "calendars/city/2026/",
    "calendars/city/2031/publish/", "topics/", "topics/1/", "notices/", "notices/1/", "answers/", "answers/new/",
    "changes/",
)  # fmt: skip


def sign_in(page: Any, city: Installation) -> None:
    login = city.logins()["administrator"]
    page.goto(f"{city.url}/login/")
    page.fill("[name=username]", login["username"])
    page.fill("[name=password]", login["password"])
    page.click("form[method=post] button.btn-main")
    page.wait_for_url(lambda url: "/login/" not in url)


def troubles(page: Any) -> list[str]:
    """What axe-core finds on the page as it stands, and whether it must be scrolled sideways."""
    page.evaluate(f"() => {{ {AXE}; }}")
    violations = page.evaluate("() => axe.run().then((found) => found.violations.map((one) => one.id))")
    wide = page.evaluate("() => document.documentElement.scrollWidth > innerWidth")
    return [f"{page.url}: {one}" for one in (*violations, *(["too wide"] if wide else []))]


def test_nothing_stands_in_the_way_of_anybody(served_city: Installation, new_page: Any) -> None:
    page = new_page(width=390, height=844)
    page.set_default_timeout(60_000)
    sign_in(page, served_city)
    found = []
    for mode in ("normal", "elder"):
        page.context.add_cookies([{"name": "qingyu_mode", "value": mode, "url": served_city.url}])
        for path in PAGES:
            assert page.goto(f"{served_city.url}/admin-desk/{path}").status == 200, path
            found += troubles(page)
    assert not found


def test_a_new_person_signs_in_with_the_password_shown(served_city: Installation, new_page: Any) -> None:
    page = new_page()
    page.set_default_timeout(60_000)
    sign_in(page, served_city)
    page.goto(f"{served_city.url}/admin-desk/staff/new/")
    page.fill("[name=name]", "新同事")
    page.fill("[name=username]", "xintongshi")
    page.select_option("[name=unit]", index=2)
    page.check("[name=roles][value=handler]")
    page.click("main form[method=post] button.btn-main")
    password = page.inner_text("#one-time")
    other = new_page()
    other.set_default_timeout(60_000)
    other.goto(f"{served_city.url}/login/")
    other.fill("[name=username]", "xintongshi")
    other.fill("[name=password]", password)
    other.click("form[method=post] button.btn-main")
    other.wait_for_url("**/password/")
