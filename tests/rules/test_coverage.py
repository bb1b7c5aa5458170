"""Where things are, how far it is, what is near, who lives in the circle."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingyu.rules.coverage import (
    Box,
    Cell,
    Datum,
    Grid,
    Minutes,
    Pace,
    Spot,
    bearing,
    box_of,
    checked,
    covered,
    metres,
    pace_on,
    to_wgs84,
)  # fmt: skip
from qingyu.rules.coverage.circle import CIRCLES
from qingyu.rules.coverage.earth import to_bd09, to_gcj02
from qingyu.rules.refusals import NotValid

CITY = Spot(30.0, 115.0)
BOX = Box(29.5, 114.5, 30.5, 115.5)
ADULT = Pace("adult", 80, 60, 1.3, date(2018, 12, 1), "source")
ELDER = Pace("elder", 60, 48, 1.3, date(2018, 12, 1), "source")
near_city = st.builds(Spot, st.floats(29.8, 30.2), st.floats(114.8, 115.2))


# Places ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (CITY, CITY, 0),
        (Spot(0, 0), Spot(1, 0), 111_195),
        (Spot(60, 0), Spot(60, 1), 55_597),
        (Spot(31.2304, 121.4737), Spot(39.9042, 116.4074), 1_067_310),  # Shanghai to Beijing
        (Spot(0, 179.5), Spot(0, -179.5), 111_195),  # over the date line
        (Spot(0, 0), Spot(0, 180), 20_015_115),
    ],
)
def test_a_straight_line_is_a_great_circle(a: Spot, b: Spot, expected: float) -> None:
    assert metres(a, b) == pytest.approx(expected, rel=1e-3, abs=1)


@given(near_city, near_city, near_city)
def test_distance_is_a_distance(a: Spot, b: Spot, c: Spot) -> None:
    assert metres(a, b) == pytest.approx(metres(b, a))
    assert metres(a, c) <= metres(a, b) + metres(b, c) + 1e-6


@pytest.mark.parametrize(
    ("wgs", "gcj"),  # published test values: Shanghai, Shenzhen, Beijing; Denver is not shifted
    [
        (Spot(31.1774276, 121.5272106), Spot(31.17530398364597, 121.531541859215)),
        (Spot(22.543847, 113.912316), Spot(22.540796131694766, 113.9171764808363)),
        (Spot(39.911954, 116.377817), Spot(39.91334545536069, 116.38404722455657)),
        (Spot(39.7392, -104.9903), Spot(39.7392, -104.9903)),
    ],
)
def test_chinese_maps_are_turned_back(wgs: Spot, gcj: Spot) -> None:
    assert metres(to_gcj02(wgs), gcj) < 0.001
    assert metres(to_wgs84(gcj, Datum.GCJ02), wgs) < 0.001
    assert to_wgs84(wgs, Datum.WGS84) == wgs


@given(st.builds(Spot, st.floats(18, 53), st.floats(75, 134)))
def test_every_place_in_china_is_found_again(spot: Spot) -> None:
    assert metres(to_wgs84(to_gcj02(spot), Datum.GCJ02), spot) < 0.01
    assert metres(to_wgs84(to_bd09(spot), Datum.BD09), spot) < 0.5
    assert metres(to_gcj02(spot), spot) < 1_500


@pytest.mark.parametrize(
    ("lat", "lon", "code"),
    [
        (30.0, 122.9, "point_outside_city"),  # in the East China Sea
        (0.0, 0.0, "point_outside_city"),
        (115.0, 30.0, "coordinates_swapped"),
        (114.9, 30.1, "coordinates_swapped"),
        (200.0, 30.0, "coordinates_not_valid"),
        (30.0, 200.0, "coordinates_not_valid"),
        (math.nan, 115.0, "coordinates_not_valid"),
        (30.0, math.inf, "coordinates_not_valid"),
    ],
)
def test_a_bad_place_is_named(lat: float, lon: float, code: str) -> None:
    with pytest.raises(NotValid) as refused:
        checked(lat, lon, box=BOX)
    assert refused.value.code == code


def test_swapped_coordinates_are_said_the_right_way_round() -> None:
    with pytest.raises(NotValid) as refused:
        checked(115.0, 30.0, box=BOX)
    assert refused.value.facts == {"lat": 30.0, "lon": 115.0}


def test_swapped_coordinates_are_known_inside_both_ranges_too() -> None:
    box = Box(29.5, 60.0, 30.5, 61.0)
    with pytest.raises(NotValid, match="coordinates_swapped"):
        checked(60.5, 30.0, box=box)


def test_a_point_where_nobody_lives_lies_in_the_sea() -> None:
    lived = Grid([(CITY, "")])
    away = lambda spot: (lived.nearest(spot) or (math.inf, ""))[0]  # noqa: E731
    assert checked(30.05, 115.0, box=BOX, away=away) == Spot(30.05, 115.0)
    with pytest.raises(NotValid, match="point_nowhere") as refused:
        checked(30.3, 115.0, box=BOX, away=away)
    assert refused.value.facts == {"km": 33}


def test_a_box_is_around_all_with_a_margin() -> None:
    assert box_of([], margin=1) is None
    assert box_of([CITY, Spot(31, 116)], margin=0.5) == Box(29.5, 114.5, 31.5, 116.5)


@pytest.mark.parametrize(
    ("lat", "lon", "eighth"),
    [(1, 0, 0), (1, 1.15, 1), (0, 1, 2), (-1, 1.15, 3), (-1, 0, 4), (-1, -1.15, 5), (0, -1, 6), (1, -1.15, 7)],
)
def test_directions(lat: float, lon: float, eighth: int) -> None:
    assert bearing(CITY, Spot(CITY.lat + lat / 100, CITY.lon + lon / 100)) == eighth


# Walking --------------------------------------------------------------------------------------------------------


def test_a_walk_is_a_range_at_the_pace_in_force() -> None:
    assert ADULT.walk(923).whole == (14, 20)
    assert ELDER.walk(923).whole == (19, 25)
    assert round(ADULT.reach(15)) == 923
    assert round(ELDER.reach(15)) == 692
    assert Minutes(0, 0).whole == (0, 1)


def test_a_pace_has_its_days() -> None:
    other = Pace("adult", 70, 50, 1.4, date(2027, 1, 1), "measured")
    old = Pace("adult", 80, 60, 1.3, date(2018, 1, 1), "source", date(2026, 12, 31))
    assert pace_on([old, other], "adult", on=date(2026, 12, 31)) == old
    assert pace_on([old, other], "adult", on=date(2027, 1, 1)) == other
    with pytest.raises(NotValid, match="pace_unknown"):
        pace_on([old], "adult", on=date(2027, 1, 1))


# The index ------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.lists(near_city, max_size=40), st.builds(Spot, st.floats(29, 31), st.floats(114, 116)))
def test_the_index_finds_what_looking_at_all_would(spots: list[Spot], asked: Spot) -> None:
    grid = Grid((spot, number) for number, spot in enumerate(spots))
    found = [away for away, _ in grid.outwards(asked)]
    assert found == sorted(metres(asked, spot) for spot in spots)
    assert len(grid) == len(spots)
    assert [away for away, _ in grid.outwards(asked, within=5_000)] == [away for away in found if away <= 5_000]


class Counted(dict[tuple[int, int], list[tuple[Spot, int, int]]]):
    """Counts how many squares are looked at."""

    asked = 0

    def get(self, key: tuple[int, int], default: object = None) -> object:  # type: ignore[override]
        self.asked += 1
        return super().get(key, default)


@pytest.mark.parametrize("many", [500, 5_000])
def test_the_nearest_of_many_looks_at_few_squares(many: int) -> None:
    side = math.isqrt(many)
    spots = [Spot(29.8 + 0.4 * (n // side) / side, 114.8 + 0.4 * (n % side) / side) for n in range(many)]
    grid = Grid((spot, number) for number, spot in enumerate(spots))
    grid.squares = Counted(grid.squares)
    assert grid.nearest(Spot(30.001, 115.001)) is not None
    assert grid.squares.asked < 60


def test_nobody_and_far_away_are_found_too() -> None:
    assert Grid([]).nearest(CITY) is None
    grid = Grid([(CITY, "here")])
    assert grid.nearest(Spot(-40, -70))[1] == "here"  # type: ignore[index]


# The circle -----------------------------------------------------------------------------------------------------


def north(away: float) -> Spot:
    return Spot(CITY.lat + away / 111_195, CITY.lon)


@pytest.mark.parametrize(
    ("circle", "away", "rural", "inside", "elder"),
    [
        ("commerce", 690, False, True, True),
        ("commerce", 920, False, True, False),
        ("commerce", 930, False, False, False),
        ("commerce", 930, True, False, False),
        ("hr", 4_900, True, True, True),
        ("hr", 4_900, False, False, False),
        ("housing", 990, False, True, True),
        ("housing", 1_010, False, False, False),
    ],
)
def test_the_three_circles(circle: str, away: float, rural: bool, inside: bool, elder: bool) -> None:
    cell = Cell("a", north(away), people=100, elderly=20, area="x", rural=rural)
    found = covered([cell], Grid([(CITY, "p")]), CIRCLES[circle], adult=ADULT, elder=ELDER)  # type: ignore[arg-type]
    assert (found.all.covered, found.elderly.covered) == (100 * inside, 20 * elder)
    assert [one.cell.code for one in found.missed()] == ([] if inside else ["a"])


def test_shares_by_area_and_age() -> None:
    cells = [
        Cell("a", CITY, 300, 60, "x"), Cell("b", north(5_000), 100, None, "x"), Cell("c", north(8_000), 600, 200, "y"),
        Cell("d", north(9_000), 0, 0, "y"),
    ]  # fmt: skip
    found = covered(cells, Grid([(CITY, "p")]), CIRCLES["commerce"], adult=ADULT, elder=ELDER)  # type: ignore[arg-type]
    assert (found.all.share, found.all.missed) == (0.3, 700)
    assert (found.elderly.people, found.elderly.covered) == (260, 60)
    assert found.areas["x"][0].share == 0.75
    assert [one.cell.code for one in found.missed()] == ["c", "b"]


def test_without_points_nobody_and_without_people_nothing() -> None:
    cell = Cell("a", CITY, 10)
    found = covered([cell], Grid([]), CIRCLES["housing"], adult=ADULT, elder=ELDER)
    assert (found.all.share, found.elderly.share) == (0.0, None)
    assert found.missed()[0].metres == math.inf


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(near_city, st.integers(0, 1000)), max_size=30), st.lists(near_city, max_size=10))
def test_covered_and_missed_are_everybody(settled: list[tuple[Spot, int]], points: list[Spot]) -> None:
    cells = [Cell(str(n), spot, people) for n, (spot, people) in enumerate(settled)]
    found = covered(cells, Grid((one, "p") for one in points), CIRCLES["hr"], adult=ADULT, elder=ELDER)  # type: ignore[arg-type]
    radius = ADULT.reach(15)
    by_hand = sum(c.people for c in cells if any(metres(c.spot, one) <= radius for one in points))
    assert found.all.covered == by_hand
    assert found.all.covered + sum(one.cell.people for one in found.missed()) == sum(c.people for c in cells)


def test_coverage_of_a_big_city_asks_for_few_distances(monkeypatch: pytest.MonkeyPatch) -> None:
    from qingyu.rules.coverage import grid as index

    asked = 0

    def counted(a: Spot, b: Spot) -> float:
        nonlocal asked
        asked += 1
        return metres(a, b)

    monkeypatch.setattr(index, "metres", counted)
    points = Grid((Spot(29.8 + 0.016 * (n // 25), 114.8 + 0.016 * (n % 25)), n) for n in range(500))
    cells = [Cell(str(n), Spot(29.8 + 0.01 * (n // 40), 114.8 + 0.01 * (n % 40)), 100) for n in range(1_200)]
    covered(cells, points, CIRCLES["commerce"], adult=ADULT, elder=ELDER)  # type: ignore[arg-type]
    assert asked < 1_200 * 12  # looking at all would be 600,000
