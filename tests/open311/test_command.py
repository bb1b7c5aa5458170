"""``qingyu open311 key`` makes a key that works."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command

from qingyu.cases.open311 import keys

pytestmark = pytest.mark.django_db


def run(*words: str) -> list[dict[str, str]]:
    out = StringIO()
    call_command("open311", *words, "--json", stdout=out)
    found: list[dict[str, str]] = json.loads(out.getvalue())
    return found


def test_a_key_is_made_listed_and_ended() -> None:
    [made] = run("key", "街道论坛")
    assert keys.holder(made["api_key"])
    [row] = run("list")
    assert (row["name"], row["revoked_at"]) == ("街道论坛", "")
    run("revoke", "街道论坛")
    assert keys.holder(made["api_key"]) is None
