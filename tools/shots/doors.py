"""The pictures of the doors: hall, hotline, online, near, answers, letters and ratings, barometer."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image

from tools.server import Installation
from tools.shots.desks import known_phone
from tools.shots.shot import BOARD, DOOR, KIOSK, LONG_DOOR, LONG_PHONE, PHONE, Shot, asked

LETTER = "二号窗口的同志一步一步教我填表，还扶我到门口。八十八岁的人谢谢她。"
CALL = "我母亲八十一岁了，高龄津贴怎么申请，要带什么材料"
HEARD = "补办房产证要原房东签字，可原房东已去世，跑了三趟都让回去等通知。"


def to_top(page: Any) -> None:
    """The beginning of the page, no field in use."""
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")


# The hall ----------------------------------------------------------------------------------------------------------


def call_people(page: Any, city: Installation) -> None:
    """Four windows have called; the board shows whom."""
    asked(city, CALLED)
    page.reload()
    page.wait_for_selector("text=号窗口")


CALLED = """
from datetime import UTC, datetime
from qingyu.cases.actors import SYSTEM
from qingyu.hall import operations
from qingyu.hall.models import Window
for window in Window.objects.filter(hall__code="demo", code__in=["3", "4", "2"]).order_by("-code"):
    operations.call_next(window, by=SYSTEM, at=datetime.now(UTC))
"""


def call_one(page: Any, city: Installation) -> None:
    """The clerk has called; the person is at the window."""
    page.keyboard.press("n")
    page.wait_for_selector("button[value=finish], button[value=begin]")
    if page.locator("button[value=begin]").count():
        page.keyboard.press("b")
        page.wait_for_selector("button[value=finish]")


def take_number(page: Any, city: Installation) -> None:
    """From the page of the hall to a ticket of one's own, over 60."""
    page.click("main a.btn-main")
    page.click(".kiosk-button >> nth=1")
    page.click("button[value=elder]")
    page.wait_for_url("**/t/**")


def opened_round(page: Any, city: Installation) -> None:
    """At the third window the stool is missing."""
    stool = page.locator("#at-demo-stool-3")
    stool.locator("button[value=missing]").click()
    stool.evaluate("one => one.scrollIntoView({block: 'center'})")


def say_what_failed(page: Any, city: Installation) -> None:
    page.locator("[name=cause]").first.check()
    page.fill("[name=text]", HEARD)
    to_top(page)


# The hotline -------------------------------------------------------------------------------------------------------


def take_a_call(page: Any, city: Installation) -> None:
    """Somebody rings who has filed before; the agent writes while they speak."""
    page.fill("[name=extension]", "8001")
    page.click("button[value=ready]")
    asked(city, RINGS.format(phone=known_phone()))
    page.wait_for_selector("#call-form")
    page.locator("#call-form [name=text]").press_sequentially(CALL, delay=20)
    page.wait_for_timeout(2500)  # saved, and answers that fit are looked for


RINGS = """
from datetime import UTC, datetime
from qingyu.hotline import operations
from qingyu.hotline.models import Switch
from qingyu.hotline.ports import Told
at = datetime.now(UTC)
told = [
    ("call.offered", {{"caller": "{phone}", "line": "12345"}}), ("queue.joined", {{"position": 1, "count": 1}}),
    ("agent.offered", {{"agent": "8001"}}), ("agent.connected", {{"agent": "8001", "hold": 4, "ring": 3}}),
]
switch = Switch.objects.get(code="demo")
operations.take_events(switch, [Told(name, "shown", n, at, data=data) for n, (name, data) in enumerate(told)], at=at)
"""

# Getting things done -----------------------------------------------------------------------------------------------


def fill_form(page: Any, city: Installation) -> None:
    page.fill("[name=f-child_name]", "周小雨")
    page.fill("[name=f-birth_date]", (datetime.now(UTC) - timedelta(days=9)).date().isoformat())
    page.fill("[name=f-mother_name]", "周晴")
    page.fill("[name=f-phone]", "19900001234")
    to_top(page)


def apply_whole(page: Any, city: Installation) -> None:
    """Form, three photos, who it is for, sent: the receipt."""
    fill_form(page, city)
    page.click("main button.btn-main")
    for name in ("m_birth_certificate", "m_mother_id", "m_household_register"):
        page.set_input_files(f"[name=f-{name}]", photo())
    page.click("main button.btn-main")
    page.fill("[name=r-name]", "周晴")
    page.fill("[name=r-phone]", "19900001234")
    page.click("main button.btn-main")
    page.click("button[value=send]")
    page.wait_for_selector("#number")


def open_application(page: Any, city: Installation) -> None:
    """An application in its pre-check, as its owner sees it."""
    page.goto(f"{city.url}/desk/cases/{asked(city, TO_CHECK)}/")


TO_CHECK = """
from qingyu.cases.models import Case
print(Case.objects.filter(stage="precheck", item="birth-card").order_by("-pk").first().number)
"""


def ask_nearest(page: Any, city: Installation) -> None:
    page.get_by_label("您要办什么事？").fill("社保卡")
    page.get_by_label("选择您所在的社区").select_option(label="柳荫社区")
    page.get_by_role("button", name="查找最近的").click()
    page.wait_for_selector(".near-list")


# Letters and ratings -----------------------------------------------------------------------------------------------


def enter_letter(page: Any, city: Installation) -> None:
    page.get_by_label("来信内容").fill(LETTER)
    page.get_by_label("表扬", exact=True).check()
    page.get_by_label("来信照片").set_input_files(photo())
    page.locator("select[name=window]").select_option("demo/2")
    page.locator("select[name=level]").select_option("very_satisfied")
    to_top(page)


def photo() -> dict[str, Any]:
    """A sheet of paper, as a phone hands it over."""
    target = io.BytesIO()
    Image.new("RGB", (900, 1200), "#fdf6e3").save(target, "JPEG")
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": target.getvalue()}


PAGES = (
    Shot("hall-kiosk", "/hall/demo/kiosk/", size=KIOSK),
    Shot("hall-ticket", "/hall/demo/", size=PHONE, steps=take_number),
    Shot("hall-board", "/hall/demo/board/", size=BOARD, steps=call_people),
    Shot("hall-window", "/hall/demo/window/1/", role="clerk", size=LONG_DOOR, steps=call_one),
    Shot("hall-guide", "/hall/demo/guide/", role="guide", size=DOOR),
    Shot("hall-manager", "/hall/demo/manager/", role="hall_manager", size=DOOR),
    Shot("facilities-report", "/f/demo-printer/", size=PHONE),
    Shot("facilities-round", "/hall/demo/rounds/opening/", role="guide", size=DOOR, steps=opened_round),
    Shot("facilities-listening", "/hall/demo/window/7/listening/", role="clerk", size=LONG_DOOR, steps=say_what_failed),
    Shot("hotline-call", "/hotline/", role="agent", size=(1440, 1000), steps=take_a_call),
    Shot("hotline-callbacks", "/hotline/call-backs/", role="agent", size=DOOR),
    Shot("hotline-figures", "/hotline/figures/", role="supervisor", size=DOOR),
    Shot("items-guide", "/items/birth-card/", size=LONG_PHONE),
    Shot("items-desk", "/desk/items/?list=stale", role="supervisor", size=DOOR),
    Shot("applications-form", "/apply/birth-card/", size=PHONE, steps=fill_form),
    Shot("applications-receipt", "/apply/birth-card/", size=LONG_PHONE, steps=apply_whole),
    Shot("applications-desk", "/desk/", role="health_handler", steps=open_application),
    Shot("places-near", "/points/", size=LONG_DOOR, steps=ask_nearest),
    Shot("places-coverage", "/desk/points/coverage/", role="hall_manager", size=LONG_DOOR),
    Shot("answers-found", "/answers/?q=老人津贴怎么领", size=PHONE),
    Shot("answers-desk", "/answers-desk/", role="supervisor", size=DOOR),
    Shot("letters-enter", "/desk/letter/", role="agent", size=DOOR, steps=enter_letter),
    Shot("letters-voices", "/desk/voices/", role="supervisor", size=DOOR),
    Shot("barometer-sides", "/barometer/", size=LONG_DOOR),
    Shot("barometer-halls", "/barometer/halls/", size=LONG_DOOR),
    Shot("barometer-items", "/barometer/items/", size=DOOR),
)
