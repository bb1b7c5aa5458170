"""The first page: every door of the house stands on it, said in a few words, in the language of the reader."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.people import City

pytestmark = pytest.mark.django_db
DOORS = {
    "/file/", "/track/", "tel:12345", "/answers/", "/items/", "/halls/", "/points/", "/verify/", "/help/#rate",
    "/barometer/", "/help/",
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_every_door_stands_on_the_first_page(city: City, client: Client, language: str) -> None:
    page = client.get("/", headers={"Accept-Language": language}).content.decode()
    main = page.split("<main")[1].split("</main>")[0]
    assert set(re.findall(r'href="([^"#]+(?:#rate)?)"', main)) == DOORS
    assert main.count("tile-main") == 1


def test_letters_guides_and_proxies_are_named_for_those_without_a_screen(city: City, client: Client) -> None:
    page = client.get("/").content.decode()
    for word in ("写信", "引导员", "代办"):
        assert word in page
    assert 'id="rate"' in client.get("/help/").content.decode()


@pytest.mark.parametrize(("address", "label"), [("/verify/", "验证码"), ("/apply/continue/", "续填码")])
def test_a_code_is_called_by_its_name(city: City, client: Client, address: str, label: str) -> None:
    page = client.get(address).content.decode()
    assert re.search(rf'<label for="id_code">{label}</label>\s*<(?:p|div) class="hint"', page)


def test_a_question_that_lacks_its_answer_is_not_followed_by_two_marks(city: City, client: Client) -> None:
    page = client.post("/file/", {"step": "words", "text": "", "do": "next"}).content.decode()
    assert "请先改正" in page
    assert "？：" not in page
    assert "?:" not in page


def test_the_barometer_travels_packed(city: City, client: Client) -> None:
    plain = client.get("/barometer/")
    packed = client.get("/barometer/", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 2


@pytest.mark.parametrize("address", ["/barometer/", "/barometer/halls/", "/barometer/items/", "/items/", "/answers/"])
def test_a_door_leads_back_to_the_first_page(city: City, client: Client, address: str) -> None:
    assert '<a class="back" href="/">' in client.get(address).content.decode()
