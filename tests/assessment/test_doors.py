"""The page, the API and the command say the same, and hide the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from tests.assessment.test_barometer import DAY, put
from tests.people import City

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(city: City, client: Client) -> Iterator[Client]:
    today = datetime.now(UTC).date()
    put(city, "urban", today - DAY, handling_due=50, responded_in_time=45, solved_yes=23)
    put(city, "housing", today - DAY, handling_due=3, responded_in_time=1)
    put(city, "willow", today - DAY, handling_due=20, responded_in_time=19)
    return client


def test_the_page_shows_weather_figures_and_definitions(shown: Client) -> None:
    page = shown.get("/barometer/").content.decode()
    for words in ("城市管理局", "90.0%", "45", "少于5件", "怎么算的", "按最后一次回访答复之日统计"):
        assert words in page
    for hidden, figure in (("住房和城乡建设局", "33"), ("柳", "95.0")):
        row = page.split("<tbody>")[-1].split(hidden)[1].split("</tr>")[0]
        assert figure not in row
        assert "不显示" in row


def test_the_page_takes_few_statements(shown: Client, django_assert_max_num_queries: Any) -> None:
    shown.get("/barometer/")
    with django_assert_max_num_queries(5):
        shown.get("/barometer/")


def test_the_page_is_empty_before_the_first_fact(city: City, client: Client) -> None:
    assert "这个时段还没有统计数据" in client.get("/barometer/").content.decode()
    assert client.get("/barometer/?unit=nowhere").status_code == 404


def test_the_api_says_the_same(shown: Client) -> None:
    answer = shown.get("/api/v1/barometer?unit=urban")
    assert answer.status_code == 200
    body = answer.json()
    assert body["units"][0]["weather"] == "sun"
    rate = {rate["code"]: rate for rate in body["units"][0]["rates"]}["response_rate"]
    assert (rate["numerator"], rate["denominator"], rate["percent"], rate["certainty"]) == (45, 50, 90.0, "sure")
    assert rate["counted_on"] == "handle_due_date"
    assert set(body) == {
        "from", "to", "whole", "sides", "beside", "stale_guides", "units", "no_data", "loaded_history", "published_at",
    }  # fmt: skip
    sides = {side["code"]: side for side in body["sides"]}
    assert list(sides) == ["convenience", "breadth", "timeliness", "warmth"]
    assert sides["timeliness"]["missing"] == ["signed_in_time", "short_wait"]


@pytest.mark.parametrize(
    ("query", "code"), [("unit=nowhere", "unit_unknown"), ("from=2026-06-02&to=2026-06-01", "from_after_to")]
)
def test_the_api_refuses_with_a_code(city: City, client: Client, query: str, code: str) -> None:
    answer = client.get(f"/api/v1/barometer?{query}")
    assert answer.status_code == 422
    assert answer.json()["code"] == code


def test_the_command_prints_a_table_or_json(city: City) -> None:
    put(city, "urban", handling_due=50, responded_in_time=45, solved_yes=2)
    table, document = StringIO(), StringIO()
    call_command("assess", month="2026-06", stdout=table)
    call_command("assess", month="2026-06", json=True, stdout=document)
    assert "城市管理局\town\t90.0% 45.0/50" in table.getvalue()
    assert "(hidden)" in table.getvalue()
    found = json.loads(document.getvalue())
    assert found["units"][0]["response_rate"]["percent"] == 90.0
    assert found["units"][0]["resolution_rate"] == {
        "certainty": "suppressed", "excluded": 0, "first_published": None, "percent": None,
        "numerator": None, "denominator": None, "low": None,
        "high": None, "before_exclusions": None,
    }  # fmt: skip
