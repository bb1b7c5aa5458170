"""Where things are, how far, when open, who is served first, who lives in the circle."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingyu.rules.coverage import (
    Box,
    Cell,
    Closing,
    Datum,
    Fits,
    Grid,
    Minutes,
    Pace,
    Period,
    Spot,
    Timetable,
    Visit,
    bearing,
    box_of,
    checked,
    covered,
    metres,
    nearest,
    pace_on,
    read_week,
    to_wgs84,
    visit,
    write_week,
)  # fmt: skip
from qingyu.rules.coverage.circle import CIRCLES
from qingyu.rules.coverage.earth import to_bd09, to_gcj02
from qingyu.rules.hours import Calendar
from qingyu.rules.refusals import NotValid

ZONE = ZoneInfo("Asia/Shanghai")
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


# Opening hours --------------------------------------------------------------------------------------------------

WEEK = read_week("1-5 09:00-12:00,13:30-17:00; 6 09:00-12:00")
HOLIDAYS = {date(2026, 5, 1): False, date(2026, 5, 4): False, date(2026, 5, 5): False, date(2026, 5, 9): True}
CALENDAR = Calendar("city", ZONE, HOLIDAYS, frozenset({2026}))


def table(**more: object) -> Timetable:
    return Timetable((Period(date(2026, 1, 1), None, WEEK),), CALENDAR, **more)  # type: ignore[arg-type]


def local(day: int, hour: int, minute: int = 0, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "until", "opens"),
    [
        (local(1, 9), local(1, 12), local(1, 13, 30)),  # Monday
        (local(1, 8, 59), None, local(1, 9)),
        (local(1, 12), None, local(1, 13, 30)),  # the break
        (local(1, 16, 59), local(1, 17), local(2, 9)),
        (local(6, 10), local(6, 12), local(8, 9)),  # Saturday, then Monday
        (local(6, 12), None, local(8, 9)),
        (local(30, 20, month=4), None, local(6, 9, month=5)),  # before the first of May: the weekend belongs to it
        (local(2, 10, month=5), None, local(6, 9, month=5)),
        (local(9, 14, month=5), None, local(11, 9, month=5)),  # a make-up Saturday has its own hours
    ],
)
def test_whether_it_is_open_and_when_next(at: datetime, until: datetime | None, opens: datetime) -> None:
    assert table().open_until(at) == until
    assert table().opens(at) == opens


def test_a_make_up_day_without_hours_has_those_of_a_weekday() -> None:
    plain = Timetable((Period(date(2026, 1, 1), None, read_week("2-5 10:00-16:00")),), CALENDAR)
    assert plain.hours(date(2026, 5, 9)) == ((time(10), time(16)),)
    assert plain.hours(date(2026, 5, 16)) == ()


def test_who_does_not_keep_holidays_is_open_on_them() -> None:
    assert table(keeps_holidays=False).hours(date(2026, 5, 1)) == WEEK[4]
    assert table(keeps_holidays=False).hours(date(2026, 5, 9)) == WEEK[5]


def test_round_the_clock_is_one_time_of_opening() -> None:
    always = Timetable((Period(date(2026, 1, 1), None, read_week("1-7 00:00-24:00")),), CALENDAR, False)
    assert always.open_until(local(1, 3)) == local(11, 0, month=7)
    assert always.opens(local(1, 3)) is None


def test_a_closing_takes_out_what_it_covers() -> None:
    closed = table(closings=(Closing(local(1, 11), local(2, 10)),))
    assert closed.open_until(local(1, 10)) == local(1, 11)
    assert closed.opens(local(1, 11)) == local(2, 10)
    assert table(closings=(Closing(local(1, 11), None),)).opens(local(1, 11)) is None


def test_weeks_follow_one_another() -> None:
    two = Timetable(
        (
            Period(date(2026, 1, 1), date(2026, 6, 2), WEEK),
            Period(date(2026, 6, 3), None, read_week("1-7 08:00-20:00")),
        ),
        CALENDAR,
    )
    assert two.open_until(local(2, 16)) == local(2, 17)
    assert two.open_until(local(3, 19)) == local(3, 20)
    assert Timetable((), CALENDAR).opens(local(1, 9)) is None


@pytest.mark.parametrize(
    "text", ["1-5 09:00-12:00,13:30-17:00; 6 09:00-12:00", "1-7 00:00-24:00", "1 08:00-09:00; 3,5 08:00-09:00"]
)
def test_a_week_is_read_and_written(text: str) -> None:
    assert read_week(write_week(read_week(text))) == read_week(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "hours_missing"),
        ("all day", "hours_not_readable"),
        ("8 09:00-12:00", "hours_not_readable"),
        ("1-5", "hours_not_readable"),
        ("1-5 25:00-26:00", "hours_not_readable"),
        ("1-5 9-12", "hours_not_readable"),
        ("1-5 12:00-09:00", "opening_not_valid"),
        ("1-5 09:00-13:00,12:00-17:00", "opening_not_valid"),
        ("1-5 09:00-12:00; 5 08:00-09:30", "opening_not_valid"),
    ],
)
def test_hours_that_are_none(text: str, code: str) -> None:
    with pytest.raises(NotValid) as refused:
        read_week(text)
    assert refused.value.code == code


# A visit --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "walk", "wait", "serving", "fits", "open_now", "total"),
    [
        (local(1, 9), Minutes(10, 15), None, 15, Fits.SURE, True, Minutes(10, 15)),
        (local(1, 9), Minutes(10, 15), Minutes(20, 40), 15, Fits.SURE, True, Minutes(30, 55)),
        (local(1, 11, 30), Minutes(10, 20), None, 15, Fits.TIGHT, True, Minutes(10, 20)),
        (local(1, 11, 50), Minutes(10, 20), None, 15, Fits.LATER, False, Minutes(100, 100)),  # after the break
        (local(1, 8, 55), Minutes(10, 20), Minutes(30, 40), 15, Fits.SURE, False, Minutes(10, 20)),  # opens on the way
        (local(1, 11), Minutes(5, 10), Minutes(60, 90), 15, Fits.LATER, False, Minutes(150, 150)),
        (local(1, 9), Minutes(0, 0), None, 500, None, None, None),  # takes longer than it is ever open
    ],
)
def test_how_a_visit_goes(
    at: datetime, walk: Minutes, wait: Minutes | None, serving: float, fits: Fits, open_now: bool, total: Minutes
) -> None:
    found = visit(table(), at=at, walk=walk, wait=wait, serving=serving)
    if fits is None:
        assert found is None
        return
    assert found is not None
    assert (found.fits, found.open_now, found.total) == (fits, open_now, total)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 7 * 24 * 60), st.floats(0, 200), st.floats(0, 100), st.integers(1, 120))
def test_who_surely_fits_is_done_before_it_closes(start: int, low: float, more: float, serving: int) -> None:
    at = local(1, 0) + timedelta(minutes=start)
    found = visit(table(), at=at, walk=Minutes(low, low + more), wait=None, serving=serving)
    assert found is not None
    done = at + timedelta(minutes=found.total.low + serving)
    assert found.opens <= done <= found.closes
    if found.fits == Fits.SURE:
        assert at + timedelta(minutes=found.total.high + serving) <= found.closes


def plan(waits: dict[str, float]) -> object:
    def planned(away: float, name: str) -> Visit | None:
        wait = Minutes(waits[name], waits[name]) if name in waits else None
        return None if name == "closed" else visit(table(), at=local(1, 9), walk=ADULT.walk(away), wait=wait, serving=5)

    return planned


def test_first_is_where_walking_and_waiting_take_least() -> None:
    line = [(100.0, "full"), (400.0, "closed"), (500.0, "empty"), (900.0, "far")]
    found = nearest(line, plan({"full": 60}), count=2)  # type: ignore[arg-type]
    assert [one.thing for one in found] == ["empty", "far"]


def test_it_looks_no_further_than_it_has_to() -> None:
    asked = []

    def endless() -> Iterator[tuple[float, str]]:
        for number in range(5_000):
            asked.append(number)
            yield 10.0 * number, f"p{number}"

    found = nearest(endless(), plan({}), count=5)  # type: ignore[arg-type]
    assert [one.thing for one in found] == ["p0", "p1", "p2", "p3", "p4"]
    assert len(asked) < 10


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 3_000), st.floats(0, 90)), min_size=1, max_size=30))
def test_the_order_is_that_of_looking_at_all(line: list[tuple[float, float]]) -> None:
    points = sorted((away, f"p{n}") for n, (away, _) in enumerate(line))
    waits = {f"p{n}": wait for n, (_, wait) in enumerate(line)}
    planned = plan(waits)
    everything = sorted(planned(away, name).total.middle for away, name in points)  # type: ignore[operator]
    found = nearest(points, planned, count=4)  # type: ignore[arg-type]
    assert [one.visit.total.middle for one in found] == pytest.approx(everything[:4])


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
