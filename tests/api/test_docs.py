"""The API describes itself, as a schema and as a page that asks no other host."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.api.doors import Caller

pytestmark = pytest.mark.django_db


def test_the_schema_names_every_door_and_its_refusals() -> None:
    schema = Caller().get("/openapi.json").json()
    assert "/api/v1/session" in schema["paths"]
    assert "/api/v1/cases/{number}" in schema["paths"]
    assert {"201", "409", "422", "429", "503"} <= set(schema["paths"]["/api/v1/cases"]["post"]["responses"])


def test_the_page_shows_every_door_without_scripts_or_other_hosts() -> None:
    page = Client().get("/api/v1/docs").content.decode()
    for path in Caller().get("/openapi.json").json()["paths"]:
        assert path in page
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page)
    assert "style=" not in page


def test_an_address_that_is_none_is_told_as_json() -> None:
    answer = Caller().get("/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_method_that_is_none_is_refused() -> None:
    assert Caller().delete("/cases").status_code == 405
