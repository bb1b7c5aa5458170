"""The pictures of the guides for each role, and the first one of the README."""

from __future__ import annotations

from collections import Counter
from typing import Any

from qingyu.desk.demo.data import records
from tools.server import Installation
from tools.shots.shot import LONG_PHONE, PHONE, Shot, asked
from tools.shots.taking import sign_in

WORDS = "河边步道第二座桥旁边，三盏路灯从上周起就不亮了。晚上什么也看不见，我母亲差点摔倒。请安排人来修。"
ANSWER = "工作人员今天上午到现场查看，已处理完毕并拍照留存；今后每周巡查一次，再出现请直接打我单位电话。"


# What is done before the picture is taken -------------------------------------------------------------------------


def open_row(page: Any, city: Installation) -> None:
    """The first case of the list opens beside it."""
    page.locator("[data-row]").first.click()
    page.wait_for_selector("#case .case-words")


def open_surest(page: Any, city: Installation) -> None:
    """Of the complaints to dispatch the one whose suggestion is surest."""
    number = asked(city, SUREST)
    page.click(f"[data-row][href*='{number}']")
    page.wait_for_selector("#case .case-words")


SUREST = """
from qingyu.cases.models import Suggestion
found = Suggestion.objects.filter(case__state="received", case__type="complaint", probability__lt=0.99)
print(found.order_by("-probability").first().case.number)
"""


def open_in_time(page: Any, city: Installation) -> None:
    """The first case that is being handled and not late."""
    page.locator("[data-row]", has_text="办理：剩").first.click()
    page.wait_for_selector("#case .case-words")


def write_answer(page: Any, city: Installation) -> None:
    open_in_time(page, city)
    page.keyboard.press("d")
    page.fill("details[open] [name=answer]", ANSWER)
    page.locator("details[open]").first.scroll_into_view_if_needed()


def press_unit(page: Any, city: Installation) -> None:
    open_row(page, city)
    page.keyboard.press("m")
    page.fill("details[open] [name=comment]", "已超期，请今天内联系群众并答复。")
    page.locator("details[open]").first.scroll_into_view_if_needed()


def say_it(page: Any, city: Installation) -> None:
    page.fill("[name=text]", WORDS)


def follow(page: Any, city: Installation) -> None:
    """The request with the most steps among those that a unit works on."""
    number, code = asked(city, LIVELY).split()
    page.fill("[name=number]", number)
    page.fill("[name=code]", code)
    page.click("main button.btn-main")
    page.wait_for_load_state()


LIVELY = """
from datetime import UTC, datetime
from qingyu.cases.models import Case
from qingyu.cases.operations.opening import query_code
found = Case.objects.filter(state="handling", confidential=False).exclude(type="report").exclude(lead=None)
case = found.filter(next_due_at__gt=datetime.now(UTC)).order_by("-length", "pk").first()
print(case.number, query_code(case))
"""


def known_phone() -> str:
    """The number that has filed most often, reports of wrongdoing apart."""
    phones = Counter(row["person"]["phone"] for row in records("requests") if row["person"] and row["type"] != "report")
    return str(phones.most_common(1)[0][0])


def caller_known(page: Any, city: Installation) -> None:
    """Somebody rings who has filed before."""
    page.fill("[name=phone]", known_phone())
    page.fill("[name=text]", WORDS)
    page.click("button[value=look]")
    page.wait_for_load_state()


def filed(page: Any, city: Installation) -> None:
    page.fill("[name=phone]", "19900009876")
    page.fill("[name=name]", "穆青山")
    page.fill("[name=text]", WORDS)
    page.click("button[value=file]")
    page.wait_for_load_state()


def take_call(page: Any, city: Installation) -> None:
    page.click("main form button.btn-main")
    page.wait_for_selector("[name=outcome]")
    page.check("[name=outcome] >> nth=0")


def return_one(page: Any, city: Installation) -> None:
    """A unit says that its newest case is not its own; the dispatcher sees both sides."""
    context = page.context.browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    unit = context.new_page()
    sign_in(unit, city, city.logins()["handler"])
    unit.goto(f"{city.url}/desk/?basket=new")
    open_row(unit, city)
    unit.keyboard.press("t")
    unit.check("details[open] [name=reason] >> nth=1")
    unit.fill("details[open] [name=comment]", "该处在小区围墙以内，应由住建部门主办，我单位可以协办。")
    unit.fill("details[open] [name=legal_basis]", "物业管理条例第四十五条")
    unit.click("details[open] button.btn-main")
    unit.wait_for_selector("#case .notice-good")
    context.close()
    page.reload()


def try_route(page: Any, city: Installation) -> None:
    page.select_option("[name=try-topic]", "construction.roads.streetlight")
    page.select_option("[name=try-area]", "990101001000")
    page.click("section.card button")
    page.wait_for_load_state()


PAGES = (
    Shot("desk", "/desk/?basket=received", role="dispatcher", steps=open_surest),
    Shot("citizen-home", "/", size=PHONE),
    Shot("citizen-file", "/file/", size=PHONE, steps=say_it),
    Shot("citizen-track", "/track/", size=LONG_PHONE, steps=follow),
    Shot("agent-new", "/desk/new/", role="agent", steps=caller_known),
    Shot("agent-filed", "/desk/new/", role="agent", steps=filed),
    Shot("dispatcher-next", "/desk/dispatch/", role="dispatcher"),
    Shot("dispatcher-return", "/desk/dispatch/?what=disputed", role="dispatcher", steps=return_one),
    Shot("handler-desk", "/desk/?basket=mine", role="handler", steps=open_in_time),
    Shot("handler-answer", "/desk/?basket=mine", role="handler", steps=write_answer),
    Shot("caller-list", "/desk/followup/", role="caller"),
    Shot("caller-call", "/desk/followup/", role="caller", steps=take_call),
    Shot("supervisor-overview", "/desk/overview/", role="supervisor"),
    Shot("supervisor-press", "/desk/?basket=late", role="supervisor", steps=press_unit),
    Shot("mayor-barometer", "/barometer/", role="mayor"),
    Shot("administrator-home", "/admin-desk/", role="administrator"),
    Shot("administrator-routes", "/admin-desk/routes/", role="administrator", steps=try_route),
    Shot("administrator-calendar", "/admin-desk/calendars/", role="administrator"),
    Shot("operator-dispatch", "/desk/dispatch/settings/", role="operator"),
    Shot("developer-docs", "/api/v1/docs"),
)
