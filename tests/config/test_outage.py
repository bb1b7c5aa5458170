"""Out of order is 503 with Retry-After and plain words wherever it is noticed; a mistake of ours is 500."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client, override_settings

from tests.config.doors_out_of_order import TROUBLES

OUTAGES = sorted(set(TROUBLES) - {"mistake", "no_file"})
pytestmark = pytest.mark.urls("tests.config.doors_out_of_order")


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("what", OUTAGES)
def test_a_page_says_so_in_the_persons_language(client: Client, what: str) -> None:
    chinese = client.get(f"/broken/{what}/", headers={"accept-language": "zh-CN"})
    english = client.get(f"/broken/{what}/", headers={"accept-language": "en"})
    assert {chinese.status_code, english.status_code} == {503}
    assert chinese["Retry-After"] == "30"
    assert "请" in chinese.content.decode()
    assert "Nothing was lost or filed twice" in english.content.decode()
    assert 'lang="en"' in english.content.decode()


@pytest.mark.parametrize("what", OUTAGES)
def test_a_program_is_told_in_json(client: Client, what: str) -> None:
    answer = client.post(f"/api/broken/{what}", headers={"accept-language": "en"})
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert answer.json()["code"] == "out_of_order"
    assert set(answer.json()) == {"code", "message"}


def test_open311_keeps_its_own_shape(client: Client) -> None:
    answer = client.get("/open311/broken/locked/")
    assert answer.status_code == 503
    assert answer.json()[0]["code"] == "503"


@pytest.mark.parametrize("place", ["first", "last"])
@pytest.mark.parametrize("path", ["/privacy/", "/api/v1/openapi.json"])
def test_a_middleware_may_notice_it_too(client: Client, place: str, path: str) -> None:
    broken, ours = "tests.config.doors_out_of_order.Broken", settings.MIDDLEWARE
    with override_settings(MIDDLEWARE=[broken, *ours] if place == "first" else [*ours, broken]):
        answer = client.get(f"{path}?middleware=locked")
    assert answer.status_code == 503
    assert answer["Retry-After"]


def test_the_page_asks_no_database(client: Client) -> None:
    """Without a database fixture any statement would fail the test; a signed-in cookie must not lead there."""
    client.cookies[settings.SESSION_COOKIE_NAME] = "0123456789abcdef0123456789abcdef"
    assert client.get("/broken/gone/").status_code == 503


@pytest.mark.parametrize("what", ["mistake", "no_file"])
def test_a_mistake_of_ours_is_500_without_a_trace(client: Client, what: str) -> None:
    page, program = client.get(f"/broken/{what}/"), client.post(f"/api/broken/{what}")
    assert {page.status_code, program.status_code} == {500}
    assert "Traceback" not in page.content.decode()
    assert program.json()["code"] == "failed"
