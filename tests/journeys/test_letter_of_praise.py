"""A letter praises a clerk at a window: entered with its photo, it reaches the clerk, and it is counted in public."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.journeys.test_citizen_files_and_is_answered import troubles
from tests.journeys.test_citizen_unsatisfied_redone import sign_in, until
from tools.server import Installation

pytestmark = pytest.mark.browser
ONE_OF_FEW = re.compile(r"不显示\s*表扬")
WORDS = "二号窗口的同志一步一步教我，还扶我到门口。八十八岁的人谢谢她。"


def photo_of(folder: Path) -> Path:
    path = folder / "letter.jpg"
    Image.new("RGB", (900, 1200), "#fdf6e3").save(path)
    return path


def test_praise_reaches_the_clerk_and_the_barometer(
    served_city: Installation, new_page: Callable[..., Any], tmp_path: Path
) -> None:
    agent, clerk, anybody = new_page(width=1440, height=900), new_page(), new_page(width=390, height=844)
    sign_in(clerk, served_city, "clerk")
    clerk.goto(f"{served_city.url}/me/")
    name = clerk.inner_text("main h1").strip()
    clerk.goto(f"{served_city.url}/desk/voices/?show=me")
    assert "还没有来信提到您" in clerk.inner_text("main")

    sign_in(agent, served_city, "agent")
    agent.goto(f"{served_city.url}/desk/letter/")
    agent.get_by_label("来信内容").fill(WORDS)
    agent.get_by_label("表扬", exact=True).check()
    agent.locator("main .btn-main").click()
    assert "请拍下来信照片" in agent.inner_text("main")
    assert agent.get_by_label("来信内容").input_value() == WORDS
    agent.get_by_label("来信照片").set_input_files(photo_of(tmp_path))
    agent.locator("select[name=window]").select_option("demo/2")
    agent.get_by_label("涉及工作人员").fill(name)
    agent.locator("select[name=level]").select_option("very_satisfied")
    assert not troubles(agent)
    agent.locator("main .btn-main").click()
    assert "来信已登记" in agent.inner_text("main")
    assert not troubles(agent)

    until(clerk, "八十八岁的人谢谢她")
    assert not troubles(clerk)
    number = agent.locator("main dd.code").first.inner_text()
    anybody.goto(f"{served_city.url}/barometer/halls/")
    for _ in range(60):  # one alone is not shown as a figure: fewer than five could point at somebody
        if ONE_OF_FEW.search(anybody.inner_text("main")):
            break
        anybody.wait_for_timeout(500)
        anybody.reload()
    assert ONE_OF_FEW.search(anybody.inner_text("main"))
    assert "八十八岁" not in anybody.content()
    sign_in(anybody, served_city, "supervisor")
    anybody.goto(f"{served_city.url}/barometer/cases/?indicator=praise&hall=demo&window=2")
    assert anybody.locator(f"main a[href*='{number}']").count() == 1
