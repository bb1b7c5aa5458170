"""Another process holds the write lock, or one follower fails: people are told, and the rest goes on."""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import closing

import pytest

from tests.faults.citizens import ask, file_case
from tests.faults.conftest import ROOT
from tests.faults.looking import assert_verified, count, started, wait_until_followed
from tests.faults.signing_in import sign_in
from tools.server import Installation

pytestmark = pytest.mark.fault


def test_a_locked_database_is_503_and_the_same_key_works_afterwards(sqlite_house: Installation) -> None:
    house, key = sqlite_house, uuid.uuid4().hex
    with started(house, "serve"):
        with closing(sqlite3.connect(house.data_dir / "qingyu.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            chinese = file_case(house, key, headers={"Accept-Language": "zh-CN"})
            assert (chinese.status, chinese.headers["Retry-After"]) == (503, "30")
            assert chinese.body["code"] == "out_of_order"
            assert "请" in chinese.body["message"]
            assert ask(house, "GET", "/health/ready").status == 200, "reading goes on"
            other.execute("ROLLBACK")
        assert count(house, "cases_case") == 0
        first, second = file_case(house, key), file_case(house, key)
        assert first.status == 201
        assert second.body == first.body
        assert count(house, "cases_case") == 1
    assert_verified(house)


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "请"), ("en", "Please try again")])
def test_people_read_in_their_language_that_nothing_was_saved(
    sqlite_house: Installation, language: str, words: str
) -> None:
    """The sign-in page writes the session, so it cannot answer; what it says is a page, not a trace."""
    with started(sqlite_house, "serve"):
        with closing(sqlite3.connect(sqlite_house.data_dir / "qingyu.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            answer = sign_in(sqlite_house, "handler", language=language)
            other.execute("ROLLBACK")
        assert answer.status == 503
        assert answer.headers["Retry-After"]
        assert words in answer.body
        assert "<main" in answer.body
        assert "Traceback" not in answer.body


def test_a_follower_that_fails_backs_off_shows_itself_and_holds_up_no_other(house: Installation) -> None:
    house.options["PYTHONPATH"] = str(ROOT)
    house.options["DJANGO_SETTINGS_MODULE"] = "tests.faults.settings_with_bad_follower"
    with started(house, "serve"), house.process("worker"):
        assert file_case(house, uuid.uuid4().hex).status == 201
        figures = wait_until_followed(house, spared=frozenset({"bad"}))
    assert figures["followers"]["bad"]["failures"] >= 1
    assert figures["followers"]["bad"]["error"] == "ZeroDivisionError"
    assert figures["ok"] is False
    others = {name: entry for name, entry in figures["followers"].items() if name != "bad"}
    assert others
    assert not any(entry["partitions_behind"] or entry["failures"] for entry in others.values())
