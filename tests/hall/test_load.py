"""Loading a hall: a repeated number gets the office before it, the same file again changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from qingyu.hall.models import Service, Window
from tests.left_out import data_folder
from tests.people import City

OFFICES = [
    {"office": "交通局", "windows": [{"name": "交通窗口", "business": "综合业务", "number": ["D1", "1"]}]},
    {"office": "税务分中心", "windows": [{"name": "综合窗口", "business": "发票代开", "number": ["1", "2"]}]},
]


def test_a_hall_is_loaded_once(city: City, tmp_path: Path) -> None:
    file = tmp_path / "windows.json"
    file.write_text(json.dumps(OFFICES, ensure_ascii=False), encoding="utf-8")
    for _ in range(2):
        call_command("load", "hall", str(file), "--hall", "north", "--name", "北大厅")
        windows = dict(Window.objects.order_by("order").values_list("code", "label"))
        assert windows == {"D1": "D1", "K1-1": "1", "K2-1": "1", "2": "2"}
        assert list(Service.objects.order_by("order").values_list("code", flat=True)) == ["A", "B"]


def test_an_office_without_windows_is_rejected_and_holds_up_no_other(city: City, tmp_path: Path) -> None:
    file = tmp_path / "windows.json"
    file.write_text(json.dumps([{"office": "空"}, *OFFICES]), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        call_command("load", "hall", str(file))
    assert ended.value.code == 3
    assert Window.objects.count() == 4


@pytest.mark.data
def test_the_windows_of_a_real_hall(city: City) -> None:
    call_command("load", "hall", str(data_folder() / "hall" / "windows.json"))
    codes = list(Window.objects.values_list("code", flat=True))
    assert len(codes) == len(set(codes)) > 60
