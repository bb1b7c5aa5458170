"""``qingyu load items``: provincial and own records, bad lines, twice the same, what is wrong in the guides."""

from __future__ import annotations

import gzip
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from qingyu.catalog.models import Item, ItemVersion, Material
from qingyu.desk.loading.items import stem
from tests import left_out
from tests.people import City

pytestmark = pytest.mark.django_db

PROVINCIAL: dict[str, Any] = {
    "TASK_CODE": "12990100000000001A3990101001000", "TASK_NAME": "临时占用道路许可", "TASK_TYPE": "01",
    "TASK_TYPE_TEXT": "行政许可", "DEPT_NAME": "云川省住房和城乡建设厅", "CATANAME": "占用道路审批",
    "matter_short": "占道，占路",
    "matter_daily": "无", "matter_level": "市级", "visit_number": "0", "co_department": "无", "ONLINECHECK": "1",
    "handle_location": "办理地点：市民中心一楼", "handle_time": "20(工作日)", "handle_time_limit": "8(工作日)",
    "accept_standard": "无", "consult_phone": "0990-5551021", "courier_service": "是", "complain_phone": "无",
    "URL": "https://example.org/apply", "theme_category": ["规划建设"], "service_object_name": ["自然人", "企业法人"],
    "material_intro": ["申请书", "现场照片", "其他材料"],
}  # fmt: skip
OWN = {
    "code": "elder-card", "name": "敬老卡申领", "unit": "urban", "promised": "当场办结", "visits": "1", "charged": "否",
    "materials": [{"name": "身份证", "kind": "original", "originals": 1}], "where": "各街道窗口",
    "aliases": "老年卡、老人卡",
}  # fmt: skip


def run(folder: Path, *records: object, name: str = "items.jsonl", **options: Any) -> tuple[int, dict[str, Any]]:
    """Exit code and what ``--json`` printed."""
    file, out = folder / name, StringIO()
    file.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in records))
    try:
        call_command("load", "items", str(file), "--json", stdout=out, **options)
    except SystemExit as end:
        return int(str(end.code)), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_a_provincial_record_becomes_an_item_with_its_guide_and_papers(city: City, tmp_path: Path) -> None:
    assert run(tmp_path, PROVINCIAL)[1]["made"] == 1
    item = Item.objects.get()
    version = ItemVersion.objects.get()
    assert (item.unit.code, item.department, item.kind, item.level) == ("housing", "云川省住房和城乡建设厅", "01", "3")
    assert (item.subject, item.objects_served, item.aliases) == ("both", "12", ["占道", "占路", "占用道路审批"])
    assert (version.legal_days, version.promised_days, version.promised_day_kind) == (20, 8, "working")
    assert (version.where, version.conditions, version.complaint_phone, version.by_post) == (
        "市民中心一楼",
        "",
        "",
        True,
    )
    assert list(Material.objects.values_list("name", flat=True)) == ["申请书", "现场照片", "其他材料"]
    assert [theme.theme for theme in item.themes.all()] == ["规划建设"]


def test_our_own_record_too(city: City, tmp_path: Path) -> None:
    assert run(tmp_path, OWN)[0] == 0
    version = ItemVersion.objects.get()
    assert (version.promised_days, version.charged, version.visits, version.legal_days) == (0, False, 1, None)
    assert version.item.aliases == ["老年卡", "老人卡"]


def test_a_file_loaded_twice_changes_nothing_and_a_changed_guide_becomes_a_version(city: City, tmp_path: Path) -> None:
    run(tmp_path, PROVINCIAL, OWN)
    code, again = run(tmp_path, PROVINCIAL, OWN)
    assert (code, again["made"], again["same"], ItemVersion.objects.count()) == (0, 0, 2, 2)
    _, changed = run(tmp_path, PROVINCIAL | {"handle_time_limit": "6个工作日"}, OWN)
    assert (changed["changed"], changed["same"]) == (1, 1)
    assert [v.promised_days for v in ItemVersion.objects.filter(item__kind="01").order_by("number")] == [8, 6]


BAD: list[tuple[object, str]] = [
    ("{not json", "not_readable"),
    ("[1]", "not_readable"),
    ({}, "field_missing"),
    (PROVINCIAL | {"TASK_NAME": ""}, "field_missing"),
    (PROVINCIAL | {"TASK_CODE": "占道"}, "code_not_valid_for_item"),
    (PROVINCIAL | {"TASK_TYPE_TEXT": "行政未知"}, "kind_of_item_unknown"),
    (PROVINCIAL | {"handle_time_limit": "三个月"}, "limit_not_readable"),
    (PROVINCIAL | {"visit_number": "-1"}, "not_a_whole_number"),
    (PROVINCIAL | {"visit_number": "99"}, "visits_out_of_range"),
    (PROVINCIAL | {"ONLINECHECK": "maybe"}, "not_yes_or_no"),
    (PROVINCIAL | {"accept_standard": "x" * 10_001}, "text_too_long"),
    (PROVINCIAL | {"TASK_NAME": "\ud800"}, "text_not_unicode"),
    (OWN | {"materials": [{"nome": "身份证"}]}, "field_not_valid"),
    (OWN | {"materials": ["身份证"] * 101}, "too_many_materials"),
    (OWN | {"reviewed_on": "昨天"}, "not_a_date"),
]


def test_bad_lines_are_named_and_hold_up_no_other(city: City, tmp_path: Path) -> None:
    status, found = run(tmp_path, *(bad for bad, _ in BAD), OWN | {"code": "sound"})
    assert (status, found["made"]) == (3, 1)
    codes = {one["line"]: one["code"] for one in found["rejected"]}
    assert codes == {line: code for line, (_, code) in enumerate(BAD, 1)}


def test_an_item_of_another_unit_is_not_taken_over(city: City, tmp_path: Path) -> None:
    run(tmp_path, OWN)
    status, found = run(tmp_path, OWN | {"unit": "housing"})
    assert (status, found["rejected"][0]["code"]) == (3, "item_of_other_unit")


def test_what_no_unit_matches_goes_to_the_named_fallback(city: City, tmp_path: Path) -> None:
    _, found = run(tmp_path, PROVINCIAL | {"DEPT_NAME": "云川省司法厅"}, fallback="empty")
    assert (found["fallback"], Item.objects.get().unit.code) == (1, "empty")


def test_what_is_wrong_is_counted_and_written_item_by_item(city: City, tmp_path: Path) -> None:
    report = tmp_path / "faults.csv"
    worse = PROVINCIAL | {"TASK_CODE": "other", "handle_time_limit": "21(工作日)", "visit_number": "1"}
    _, found = run(tmp_path, PROVINCIAL, worse, report=report)
    assert found["faults"] == {
        "conditions_missing": 2, "deputy_missing": 2, "fee_unsaid": 2, "materials_open_ended": 2,
        "online_yet_visits": 1,
        "owner_missing": 2, "promised_over_legal": 1, "same_name": 2,
    }  # fmt: skip
    rows = report.read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == "code,name,unit,contradictions,gaps"
    assert any("promised_over_legal online_yet_visits same_name" in row for row in rows)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("云川省公安厅", "公安"),
        ("晴川市公安局", "公安"),
        ("晴川市城市管理局", "城市"),
        ("卫健委", "卫健"),
        ("公安局", "公安"),
    ],
)
def test_departments_are_known_without_place_and_rank(name: str, what: str) -> None:
    assert stem(name) == what


@pytest.mark.data
def test_a_whole_province_loads_without_a_rejected_line_and_twice_the_same(city: City) -> None:
    file = left_out.data_folder() / "items" / "guangdong.jsonl.gz"
    out = StringIO()
    for expected in ("2262 new, 0 changed, 0 as they were", "0 new, 0 changed, 2262 as they were"):
        call_command("load", "items", str(file), stdout=out)
        assert expected in out.getvalue()
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        papers = sum(len(found) for line in lines if isinstance(found := json.loads(line)["material_intro"], list))
    assert (Item.objects.count(), Material.objects.count()) == (2262, papers)
