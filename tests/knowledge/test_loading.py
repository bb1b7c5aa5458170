"""``qingyu load answers FILE``: taken line by line, and a second time changes nothing."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from qingyu.knowledge import queries
from qingyu.knowledge.models import Answer, AnswerVersion
from qingyu.people import queries as people
from tests.people import City

pytestmark = pytest.mark.django_db
HEAD = "code,title,text,unit,topic,effective_from,expires_on,review_on\n"
GOOD = (
    "noise,夜间施工噪声,二十二时后禁止施工。,urban,city.noise,2026-01-01,,2099-01-01\n"
    "lift,加装电梯,三分之二业主同意。,housing,,,2099-12-31,\n"
)


def loaded(path: Path) -> dict[str, Any]:
    out = StringIO()
    with suppress(SystemExit):
        call_command("load", "answers", str(path), "--json", stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_the_same_file_twice_changes_nothing(city: City, tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(HEAD + GOOD, encoding="utf-8")
    assert loaded(path) == {"made": 2, "changed": 0, "same": 0, "rejected": [], "passwords": {}}
    assert loaded(path) == {"made": 0, "changed": 0, "same": 2, "rejected": [], "passwords": {}}
    today = people.city_day(datetime.now(UTC))
    assert [one.code for one in queries.found_for("夜间施工", day=today)] == ["noise"]


def test_other_words_become_a_new_version(city: City, tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(HEAD + GOOD, encoding="utf-8")
    loaded(path)
    path.write_text(HEAD + GOOD.replace("二十二时", "二十三时"), encoding="utf-8")
    assert loaded(path)["changed"] == 1
    assert AnswerVersion.objects.filter(answer__code="noise").count() == 2


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("No Good,标题,正文,urban,,,,", "code_not_valid"),
        ("x,,正文,urban,,,,", "field_missing"),
        ("x,标题,,urban,,,,", "field_missing"),
        ("x,标题,正文,nobody,,,,", "unit_unknown"),
        ("x,标题,正文,urban,nothing,,,", "topic_unknown"),
        ("x,标题,正文,urban,,2026-02-30,,", "not_a_date"),
        ("x,标题,正文,urban,,2026-02-02,2026-02-01,", "expires_before_effective"),
        (f"x,{'长' * 121},正文,urban,,,,", "text_too_long"),
    ],
)
def test_a_line_that_is_not_right_is_told_and_holds_up_no_other(
    city: City, tmp_path: Path, line: str, code: str
) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(f"{HEAD}{line}\n{GOOD}", encoding="utf-8")
    report = loaded(path)
    assert [(one["line"], one["code"]) for one in report["rejected"]] == [(2, code)]
    assert report["made"] == Answer.objects.count() == 2


def test_a_file_without_codes_holds_saved_answers(city: City, tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("title,text\n停水怎么办,请先看公告\n", encoding="utf-8")
    assert loaded(path)["made"] == 1
    assert not Answer.objects.exists()
