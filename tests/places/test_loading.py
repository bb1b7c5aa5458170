"""``qingyu load points FILE`` and ``qingyu load population FILE``: line by line, and a second time changes nothing."""

from __future__ import annotations

import io
import json
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from django.core.management import call_command

from qingyu.people.models import AdminChange
from qingyu.places import queries
from qingyu.places.models import Point, PointOffer, PopulationCell
from tests.left_out import data_folder
from tests.people import City
from tests.places import towns

pytestmark = pytest.mark.django_db
HEAD = "code,name,kind,address,lat,lon,unit,datum,hall,phone,way,features,holidays,hours,offers\n"
GOOD = (
    "one,柳荫站,station,柳荫路1号,30.01,115.01,east,,,0990-555-0001,菜场对面,step_free;toilet,,"
    '"1-5 09:00-12:00,13:30-17:00; 6 09:00-12:00",social-card=社保卡=whole=10;property=不动产=hand_in\n'
    'two,自助机,kiosk,街口,30.0,115.0,east,,,,,,as_usual,1-7 00:00-24:00,\n'
)  # fmt: skip
CELLS = (
    "code,lat,lon,people,elderly,area,rural,source\n"
    "a,30.01,115.01,800,100,990102001000,no,2020年人口普查\nb,30.02,115.0,50,,,yes,\n"
)


def loaded(kind: str, path: Path, text: str) -> tuple[int, dict[str, Any]]:
    path.write_text(text, encoding="utf-8")
    out = io.StringIO()
    try:
        call_command("load", kind, str(path), "--json", stdout=out)
    except SystemExit as left:
        return int(left.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_twice_is_once(city: City, tmp_path: Path) -> None:
    towns.place_city()
    for kind, text in (("points", HEAD + GOOD), ("population", CELLS)):
        path = tmp_path / f"{kind}.csv"
        assert loaded(kind, path, text) == (0, {"made": 2, "changed": 0, "same": 0, "rejected": [], "passwords": {}})
        changes = AdminChange.objects.count()
        assert loaded(kind, path, text)[1]["same"] == 2
        assert AdminChange.objects.count() == changes
    assert [(one.item, one.how) for one in PointOffer.objects.all()] == [
        ("social-card", "whole"),
        ("property", "hand_in"),
    ]
    cell = PopulationCell.objects.get(code="b")
    assert (cell.elderly, cell.rural, cell.source) == (None, True, "population.csv")
    assert queries.point("one").features == {"step_free", "toilet"}


def test_another_line_changes_its_point(city: City, tmp_path: Path) -> None:
    towns.place_city()
    path = tmp_path / "points.csv"
    loaded("points", path, HEAD + GOOD)
    assert loaded("points", path, HEAD + GOOD.replace("菜场对面", "车站旁"))[1]["changed"] == 1
    assert loaded("points", path, HEAD + GOOD.replace("社保卡=whole", "社保卡=hand_in"))[1]["changed"] == 1
    assert Point.objects.get(code="one").way == "菜场对面"


BAD = [
    ("points", "x,名,station,路,30.0,122.5,east,,,,,,,1 09:00-10:00,", "point_outside_city"),
    ("points", "x,名,station,路,30.18,115.2,east,,,,,,,1 09:00-10:00,", "point_nowhere"),
    ("points", "x,名,station,路,115.0,30.0,east,,,,,,,1 09:00-10:00,", "coordinates_swapped"),
    ("points", "x,名,station,路,north,115.0,east,,,,,,,1 09:00-10:00,", "not_a_number"),
    ("points", "x,名,station,路,,115.0,east,,,,,,,1 09:00-10:00,", "field_missing"),
    ("points", "x,名,station,路,30.0,115.0,nobody,,,,,,,1 09:00-10:00,", "unit_unknown"),
    ("points", "x,名,castle,路,30.0,115.0,east,,,,,,,1 09:00-10:00,", "kind_of_point_unknown"),
    ("points", "x,名,station,路,30.0,115.0,east,mars,,,,,,1 09:00-10:00,", "datum_unknown"),
    ("points", "x,名,station,路,30.0,115.0,east,,,,,,sometimes,1 09:00-10:00,", "holidays_unknown"),
    ("points", "x,名,station,路,30.0,115.0,east,,,,,,,daily,", "hours_not_readable"),
    ("points", "x,名,station,路,30.0,115.0,east,,,,,,,1 09:00-10:00,unheard", "item_without_name"),
    ("points", "x,名,station,路,30.0,115.0,east,,,,,,,1 09:00-10:00,a=b=whole=x", "offers_not_readable"),
    ("population", "x,30.0,122.5,5,,,,", "point_outside_city"),
    ("population", "x,30.0,115.0,-5,,,,", "not_a_whole_number"),
    ("population", "x,30.0,115.0,5,6,,,", "elderly_not_valid"),
    ("population", "x,30.0,115.0,5,,nowhere,,", "area_unknown"),
    ("population", ",30.0,115.0,5,,,,", "field_missing"),
]


@towns.over(("kind", "line", "code"), BAD)
def test_a_bad_line_is_told_and_holds_up_no_other(city: City, tmp_path: Path, kind: str, line: str, code: str) -> None:
    towns.place_city()
    head, good = (HEAD, GOOD) if kind == "points" else CELLS.split("\n", 1)
    left, report = loaded(kind, tmp_path / f"{kind}.csv", f"{head.strip()}\n{line}\n{good}")
    assert left == 3
    assert [(one["line"], one["code"]) for one in report["rejected"]] == [(2, code)]
    assert report["made"] + report["same"] == 2


def test_json_with_offers_as_objects(city: City, tmp_path: Path) -> None:
    towns.place_city()
    offer = {"item": "card", "title": "社保卡", "how": "hand_in", "minutes": 5}
    row = {
        "code": "j", "name": "站", "kind": "post", "address": "路", "lat": 30.0, "lon": 115.0, "unit": "east",
        "features": ["step_free"], "hours": "1-5 09:00-17:00", "offers": [offer],
    }  # fmt: skip
    path = tmp_path / "points.json"
    assert loaded("points", path, json.dumps([row]))[1]["made"] == 1
    assert loaded("points", path, json.dumps([row]))[1]["same"] == 1


@pytest.mark.data
def test_a_real_grid_and_its_health_points(city: City, tmp_path: Path) -> None:
    """1,227 hexagons with their people, and those of them with places of health care as points."""
    grid = (data_folder() / "geo" / "poa_hexgrid.csv").read_text(encoding="utf-8")
    rows = [line.split(",") for line in grid.splitlines()[1:]]
    began = perf_counter()
    assert loaded("population", tmp_path / "grid.csv", grid)[1]["made"] == len(rows) == 1_227
    settled = perf_counter() - began
    points = [
        f"h{n},健康点{n},station,-,{row[2]},{row[1]},east,,,,,,as_usual,1-7 00:00-24:00,"
        for n, row in enumerate(row for row in rows if int(row[6] or 0))
    ]
    began = perf_counter()
    assert loaded("points", tmp_path / "health.csv", HEAD + "\n".join(points) + "\n")[1]["made"] == len(points)
    placed = perf_counter() - began
    everybody = sum(int(row[3]) for row in rows)
    shares = {}
    for circle in ("hr", "commerce", "housing"):
        began = perf_counter()
        found = queries.coverage(circle=circle, day=towns.NOON.date()).covered
        assert found.all.people == everybody
        assert found.all.covered + sum(one.cell.people for one in found.missed()) == everybody
        shares[circle] = (round(found.all.share or 0, 4), len(found.missed()), round(perf_counter() - began, 3))
    print(f"cells {settled:.1f} s, {len(points)} points {placed:.1f} s, of {everybody} people: {shares}")  # noqa: T201
    assert shares["commerce"][0] == shares["hr"][0] < shares["housing"][0] <= 1
