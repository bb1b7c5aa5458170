"""A caller hangs up mid-sentence: what was typed is there, also in another browser, and they are rung back."""

from __future__ import annotations

import http.client
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from qingyu.hotline.adapters import webhook
from tests.journeys.test_agent_files_for_a_caller import sign_in
from tools.server import Installation

HALF = "我家楼上漏水已经三天了，物业说"
WHOLE = "我家楼上漏水已经三天了，物业说没人，柳岸路 5 号 302"


@dataclass
class Exchange:
    """A vendor's telephone centre as it would talk to the house."""

    served: Installation
    secret: str
    code: str = "vendor"
    seq: int = field(default=0)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        raw = json.dumps(body).encode()
        headers = webhook.sign(self.secret, switch=self.code, body=raw, timestamp=int(time.time()))
        connection = http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=20)
        connection.request("POST", f"/api/v1/switches/{self.code}/{path}", raw, headers)
        response = connection.getresponse()
        answer: dict[str, Any] = json.loads(response.read())
        assert response.status in (200, 202), answer
        return answer

    def tell(self, type_: str, ref: str, **data: Any) -> None:
        self.seq += 1
        now = datetime.now(UTC).isoformat()
        self.post("events", {"v": 1, "type": type_, "call_ref": ref, "seq": self.seq, "at": now, "data": data})

    def dials(self) -> list[dict[str, Any]]:
        return [one for one in self.post("commands", {})["commands"] if one["name"] == "dial"]


def test_a_caller_hangs_up_mid_sentence_and_is_rung_back(
    served_city: Installation, new_page: Callable[..., Any]
) -> None:
    made = json.loads(served_city.command("telephone", "switch", "vendor", "--name", "市热线平台", "--json"))
    exchange = Exchange(served_city, made["secret"])
    page = new_page()
    sign_in(page, served_city, "agent")
    page.goto(f"{served_city.url}/hotline/")
    page.select_option("[name=switch]", "vendor")
    page.fill("[name=extension]", "8801")
    page.click("button[value=ready]")

    exchange.tell("call.offered", "v1", caller="19900005555")
    exchange.tell("queue.joined", "v1", position=1)
    exchange.tell("agent.offered", "v1", agent="8801")
    page.wait_for_selector("#call-form")  # it opens by itself
    assert "+8619900005555" in page.inner_text("h1")
    words = page.locator("#call-form [name=text]")
    before = words.bounding_box()
    page.keyboard.type(HALF, delay=2)  # the cursor stands there already
    exchange.tell("agent.connected", "v1", agent="8801", hold=3, ring=2)
    page.wait_for_selector("#call-live:has-text('通话中')")
    assert page.locator("#call-form [name=text]").input_value() == HALF
    exchange.tell("call.ended", "v1", reason="caller", talk=9)
    page.wait_for_selector("text=内容都在，没有丢失")
    assert words.bounding_box() == before, "nothing moves under the hands"
    page.context.close()

    other = new_page()
    sign_in(other, served_city, "agent")
    other.goto(f"{served_city.url}/hotline/")
    assert other.locator("#call-form [name=text]").input_value() == HALF
    other.click("button:has-text('回拨来电人')")
    (dial,) = exchange.dials()
    assert dial["args"]["number"] == "+8619900005555"
    exchange.post("commands", {"done": [dial["id"]]})
    exchange.tell("outbound.result", dial["args"]["call_ref"], result="answered")
    other.wait_for_selector("text=您已与来电人重新通话")
    assert other.locator("#call-form [name=text]").input_value() == HALF
    other.fill("#call-form [name=text]", WHOLE)
    other.click("button[value=file]")
    number = other.locator(".slip-number").first.inner_text()
    assert re.fullmatch(r"\d{14}", number)
    exchange.tell("call.ended", dial["args"]["call_ref"], reason="agent", talk=60)
    other.wait_for_selector("button:has-text('整理完毕')")
    other.click("button:has-text('整理完毕')")
    other.goto(f"{served_city.url}/hotline/call-backs/")
    assert "5555" not in other.inner_text("main")
