"""A load reads each table once, and still sees what its own lines have made, moved, renamed or taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qingyu.cases.models import Route, Topic
from qingyu.desk.loading import places, policy
from qingyu.desk.loading.reading import Line
from qingyu.desk.loading.report import Report, Source, each
from qingyu.people.models import Unit
from tests.people import City

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 24, 2, 0, tzinfo=UTC)


def load(act: Any, *rows: dict[str, str]) -> Report:
    source = Source(Path("any.csv"), AT)
    return each([Line(number, row) for number, row in enumerate(rows, 1)], lambda line: act(line, source))


def test_a_table_is_read_once_however_many_lines_name_its_rows(city: City) -> None:
    days = [f"2026-01-{day:02}" for day in range(1, 21)]
    rows = [{"topic": "labour", "lead": "urban", "assisting": "housing", "valid_from": day} for day in days]
    with CaptureQueriesContext(connection) as seen:
        assert load(policy.route, *rows).made == 20
    texts = [query["sql"] for query in seen.captured_queries]
    for table in ("people_unit", "cases_topic"):
        assert sum(f'FROM "{table}"' in text for text in texts) == 1
    with CaptureQueriesContext(connection) as seen:
        assert load(policy.route, *rows).same == 20
    assert sum("SELECT" in query["sql"] for query in seen.captured_queries) == 3
    assert Route.objects.filter(topic__code="labour", lead__code="urban").count() == 20


def test_a_unit_below_one_that_has_just_been_moved_is_placed_below_its_new_place(city: City) -> None:
    def unit(code: str, parent: str) -> dict[str, str]:
        return {"code": code, "name": code, "kind": "department", "parent": parent}

    load(places.unit, unit("first", "city"), unit("second", "city"), unit("moved", "first"), unit("below", "moved"))
    assert load(places.unit, unit("below", "moved"), unit("moved", "second"), unit("new", "below")).rejected == []
    path = Unit.objects.get(code="moved").path
    assert path.startswith(Unit.objects.get(code="second").path)
    assert Unit.objects.get(code="below").path.startswith(path)
    assert (
        Unit.objects.get(code="new").path == f"{Unit.objects.get(code='below').path}{Unit.objects.get(code='new').pk}/"
    )


def test_a_topic_made_by_a_line_that_was_refused_is_made_again_by_the_next(city: City) -> None:
    Topic.objects.create(code="路灯.不亮", name="别名", level=1, path="路灯.不亮")
    Topic.objects.create(code="child", name="下级", level=2, path="路灯.不亮/child", parent_id=_id("路灯.不亮"))
    refused, made = {"level1": "路灯", "level2": "不亮"}, {"level1": "路灯", "level2": "倾斜"}
    report = load(policy.topic, refused, made)
    assert [one.code for one in report.rejected] == ["topic_has_children"]
    assert report.made == 1
    assert Topic.objects.get(name="倾斜").parent == Topic.objects.get(code="路灯")


def test_a_topic_that_was_renamed_is_known_by_its_new_name_only(city: City) -> None:
    by_name = [{"level1": "旧名"}, {"code": "旧名", "name": "新名"}, {"level1": "新名"}]
    report = load(policy.topic, *by_name)
    assert (report.made, report.changed, report.same) == (1, 1, 1)


def _id(code: str) -> int:
    return Topic.objects.get(code=code).pk
