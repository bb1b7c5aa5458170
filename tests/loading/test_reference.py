"""Loading what a city has: twice is once, and a wrong line is named."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from qingyu.cases.models import Route, SavedAnswer, Topic
from qingyu.people.models import AdminChange, CalendarDay, CalendarYear, Staff, Unit
from tests.people import City

pytestmark = pytest.mark.django_db


def run(kind: str, path: Path, text: str) -> tuple[int, dict[str, object]]:
    path.write_text(text, encoding="utf-8")
    out = io.StringIO()
    try:
        call_command("load", kind, str(path), "--json", stdout=out)
    except SystemExit as exit_:
        return int(exit_.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


CASES = {
    "units": "code,name,short,kind,parent,area,fallback,phone,duties\n"
    "water,水务局,水务,department,city,990100000000,no,,供水;排水\n",
    "topics": "code,name,parent\nwater,供水,\nwater.out,停水,water\n",
    "routes": "topic,area,lead,assisting,valid_from,valid_to\nlabour,990100000000,urban,housing;willow,2026-01-01,\n",
    "staff": "username,name,unit,roles\nnew,新人,urban,handler;clerk\n",
    "answers": "title,text,topic\n停水怎么办,请先看公告。,city\n",
    "areas": "code,name,parent,level\n990103000000,西山区,990100000000,district\n",
}


@pytest.mark.parametrize("kind", CASES)
def test_loading_twice_is_loading_once(city: City, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"{kind}.csv"
    rows = CASES[kind].count("\n") - 1
    assert run(kind, path, CASES[kind])[1]["made"] == rows
    changes = AdminChange.objects.count()
    again = run(kind, path, CASES[kind])[1]
    assert (again["made"], again["changed"], again["same"]) == (0, 0, rows)
    assert AdminChange.objects.count() == changes


def test_a_changed_line_changes_its_row_and_leaves_a_record(city: City, tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    run("units", path, CASES["units"])
    assert run("units", path, CASES["units"].replace("水务局", "水务集团"))[1]["changed"] == 1
    assert Unit.objects.get(code="water").duties == ["供水", "排水"]
    assert AdminChange.objects.filter(subject="unit:water", reason="load units.csv").count() == 2


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("units", "code,name,kind,parent\nx,某局,department,nowhere\n", "parent_unknown"),
        ("units", "code,name,kind\nx,某局,castle\n", "kind_unknown"),
        ("topics", "code,name,parent\na,甲,nowhere\n", "parent_unknown"),
        ("routes", "topic,lead,valid_from\ncity,nobody,2026-01-01\n", "unit_unknown"),
        ("routes", "topic,lead,valid_from\ncity,urban,yesterday\n", "not_a_date"),
        ("staff", "username,name,unit,roles\nx,某人,urban,king\n", "role_unknown"),
        ("answers", "title,text,topic\na,,\n", "field_missing"),
    ],
)
def test_a_wrong_line_is_named_and_the_code_is_three(
    city: City, tmp_path: Path, kind: str, text: str, code: str
) -> None:
    exit_code, told = run(kind, tmp_path / "file.csv", text)
    assert exit_code == 3
    assert [(one["line"], one["code"]) for one in told["rejected"]] == [(2, code)]  # type: ignore[attr-defined]


def test_topics_by_three_names_alone(city: City, tmp_path: Path) -> None:
    text = "level1,level2,level3\n城乡建设,道路,坑洼\n城乡建设,道路,井盖\n"
    run("topics", tmp_path / "topics.csv", text)
    assert Topic.objects.get(name="井盖").path == "city/city.道路/city.道路.井盖"


def test_json_as_the_demo_city_has_it(city: City, tmp_path: Path) -> None:
    text = json.dumps(
        [
            {
                "topic": "labour",
                "area": None,
                "lead": "urban",
                "assisting": [],
                "valid_from": "2026-01-01",
                "valid_to": None,
            }
        ]
    )
    assert run("routes", tmp_path / "routes.json", text)[1]["made"] == 1
    assert Route.objects.filter(topic__code="labour", area=None).exists()


def test_new_staff_have_a_one_time_password(city: City, tmp_path: Path) -> None:
    told = run("staff", tmp_path / "staff.csv", CASES["staff"])[1]
    staff = Staff.objects.get(username="new")
    assert staff.must_change_password
    assert staff.check_password(told["passwords"]["new"])  # type: ignore[index]


def test_a_calendar_year_is_published_whole_or_not(city: City, tmp_path: Path) -> None:
    text = "day,works,name\n2027/1/1,no,元旦\n2028-02-30,no,\n2028-01-01,no,元旦\n"
    code, told = run("calendar", tmp_path / "days.csv", text)
    assert (code, told["made"]) == (3, 1)
    assert CalendarYear.objects.filter(year=2027).exists()
    assert not CalendarDay.objects.filter(day__year=2028).exists()


def test_answers_are_saved_with_their_topic(city: City, tmp_path: Path) -> None:
    run("answers", tmp_path / "answers.csv", CASES["answers"])
    assert SavedAnswer.objects.get(title="停水怎么办").topic == Topic.objects.get(code="city")
