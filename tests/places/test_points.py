"""Points are added, changed, moved, closed and taken out; what is wrong is named; each act is written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from qingyu.people import queries as people
from qingyu.people.models import AdminChange
from qingyu.places import operations, queries
from qingyu.places.models import Opening, Point, PopulationCell
from qingyu.places.operations import OfferIn, Settled
from qingyu.places.queries import Ask
from qingyu.rules.coverage import Fits, Spot, metres
from qingyu.rules.coverage.earth import to_gcj02
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid, Refusal
from tests.people import City
from tests.places import towns
from tests.places.towns import BEGAN, CARD, NOON

pytestmark = pytest.mark.django_db
HOME = Spot(30.012, 115.01)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def near(at: datetime = NOON, *, spot: Spot = HOME, now: datetime | None = None, **more: Any) -> queries.Nearby:
    return queries.nearby(Ask(spot, at, now or at, **more))


def codes(found: queries.Nearby) -> list[str]:
    return [one.place.code for one in found.near]


def test_the_nearest_open_now_comes_first(town: City) -> None:
    assert codes(near(item="social-card")) == ["station", "hall", "bank"]
    assert codes(near(item="property")) == ["hall"]
    first = near(item="social-card").near[0]
    assert (first.visit.walk.whole, first.visit.fits, first.visit.open_now) == ((3, 5), Fits.SURE, True)


def test_on_sunday_the_one_that_is_open_comes_first(town: City) -> None:
    sunday = near(datetime(2026, 6, 7, 2, 0, tzinfo=NOON.tzinfo))
    assert codes(sunday) == ["bank", "station", "hall"]
    assert sunday.open_now
    night = near(datetime(2026, 6, 7, 14, 0, tzinfo=NOON.tzinfo))
    assert not night.open_now
    assert night.near[0].visit.opens == datetime(2026, 6, 8, 1, 0, tzinfo=NOON.tzinfo)


def test_who_needs_a_low_window_is_sent_where_one_is(town: City) -> None:
    assert codes(near(needs=frozenset({"low_window", "step_free"}))) == ["hall"]
    without = near(item="social-card", needs=frozenset({"parking", "step_free"}))
    assert not without.fits
    assert [(one.place.code, sorted(one.missing)) for one in without.near][:1] == [("station", ["parking"])]
    assert without.near[-1].missing == {"parking", "step_free"}


def test_nobody_near_is_said(town: City) -> None:
    assert near(spot=Spot(30.1, 115.1)).is_far
    assert near(spot=Spot(30.24, 115.24)).near == []


def test_five_minutes_before_it_closes_another_is_nearer(town: City) -> None:
    assert codes(near(datetime(2026, 6, 1, 3, 50, tzinfo=NOON.tzinfo), item="social-card"))[0] == "bank"


def test_words_find_items(town: City) -> None:
    assert queries.matching("社会保障卡补领") == [("social-card", "社会保障卡补领")]
    assert queries.matching("社保卡") == [("social-card", "社会保障卡补领")]  # as the page itself suggests
    assert queries.matching("我要补领卡")[0][0] == "social-card"
    assert queries.matching("property") == [("property", "不动产登记")]
    with pytest.raises(NotValid, match="item_not_offered"):
        queries.matching("飞船")


# Bad places -----------------------------------------------------------------------------------------------------


@towns.over(
    ("lat", "lon", "code"),
    [
        (30.0, 122.5, "point_outside_city"),
        (30.18, 115.2, "point_nowhere"),  # inside the box, yet in the sea: nobody lives within ten kilometres
        (115.01, 30.01, "coordinates_swapped"),
        (95.0, 200.0, "coordinates_not_valid"),
        (float("nan"), 115.0, "coordinates_not_valid"),
        (0.0, 0.0, "point_outside_city"),
    ],
)
def test_a_point_in_the_sea_is_refused(town: City, lat: float, lon: float, code: str) -> None:
    with pytest.raises(NotValid) as refused:
        towns.add(town, "sea", lat=lat, lon=lon)
    assert refused.value.code == code
    assert not Point.objects.filter(code="sea").exists()


def test_where_people_live_there_may_be_a_point(town: City) -> None:
    towns.settle("island", 30.18, 115.2, 40)
    towns.add(town, "island", lat=30.18, lon=115.2)


def test_coordinates_of_a_chinese_map_are_turned_back(town: City) -> None:
    seen = to_gcj02(Spot(30.01, 115.01))
    made = towns.add(town, "map", lat=seen.lat, lon=seen.lon, datum="gcj02")
    assert metres(made.spot, Spot(30.01, 115.01)) < 1


@towns.over(
    ("more", "code"),
    [
        ({"name": " "}, "field_missing"),
        ({"name": "长" * 81}, "field_too_long"),
        ({"name": "a\x00b"}, "text_not_unicode"),
        ({"address": ""}, "field_missing"),
        ({"kind": "castle"}, "kind_of_point_unknown"),
        ({"features": frozenset({"wings"})}, "feature_unknown"),
        ({"unit": 0}, "unit_unknown"),
        ({"datum": "mars"}, "datum_unknown"),
        ({"phone": "call me"}, "phone_not_valid"),
    ],
)
def test_what_is_wrong_is_named(town: City, more: dict[str, Any], code: str) -> None:
    with pytest.raises(NotValid) as refused:
        towns.add(town, "wrong", **more)
    assert refused.value.code == code


@towns.over("code", ["new", "coverage", "", "A B", "-x", "x" * 41])
def test_a_code_is_a_word_of_an_address(town: City, code: str) -> None:
    with pytest.raises(NotValid, match="code_not_valid"):
        towns.add(town, code)


@towns.over(
    ("offer", "code"),
    [
        (OfferIn("a b", "事项"), "item_not_valid"),
        (OfferIn("unheard-of"), "item_without_name"),
        (OfferIn("x", "事项", "half"), "how_unknown"),
        (OfferIn("x", "事项", "whole", 0), "minutes_not_valid"),
        (OfferIn("social-card", "又一次"), "item_twice"),
    ],
)
def test_an_offer_is_checked(town: City, offer: OfferIn, code: str) -> None:
    point = Point.objects.get(code="station")
    with pytest.raises(NotValid) as refused:
        operations.set_offers(point, [CARD, offer], by=None, at=NOON)
    assert refused.value.code == code


# What is done ---------------------------------------------------------------------------------------------------


def test_hours_change_from_a_day_on_and_the_past_stays(town: City) -> None:
    point = Point.objects.get(code="station")
    assert not operations.set_hours(point, towns.HOURS, by=None, at=NOON)
    assert operations.set_hours(point, "1-7 08:00-20:00", by=None, at=NOON, first=date(2026, 6, 10))
    place = queries.point("station")
    assert place.timetable().open_until(NOON) == NOON + 2 * HOUR
    assert place.timetable().open_until(NOON + 13 * DAY) == NOON + 13 * DAY + 10 * HOUR
    assert operations.set_hours(point, "1-7 10:00-11:00", by=None, at=NOON)
    assert Opening.objects.filter(point=point, valid_to=None).count() == 7
    with pytest.raises(NotValid, match="starts_in_past"):
        operations.set_hours(point, "1 09:00-10:00", by=None, at=NOON, first=date(2026, 5, 1))


def test_a_closed_point_sends_people_elsewhere(town: City) -> None:
    point, staff = Point.objects.get(code="station"), town.staff["hall_manager"]
    closed = operations.close_for(point, starts=NOON, ends=NOON + DAY, reason="粉刷", by=staff, at=NOON)
    assert codes(near(item="social-card"))[0] == "hall"
    standing = queries.standing(queries.point("station"), at=NOON)
    assert (standing.reason, standing.closed_until, standing.open_until) == ("粉刷", NOON + DAY, None)
    with pytest.raises(NotAllowed, match="point_closed_then"):
        operations.close_for(point, starts=NOON + HOUR, ends=None, reason="再来", by=None, at=NOON)
    operations.lift(closed, by=staff, at=NOON)
    assert codes(near(item="social-card"))[0] == "station"
    with pytest.raises(NotAllowed, match="closure_over"):
        operations.lift(closed, by=staff, at=NOON)


@towns.over(
    ("starts", "ends", "reason", "code"),
    [
        (NOON, NOON + HOUR, " ", "reason_missing"),
        (NOON, NOON, "粉刷", "ends_before_start"),
        (NOON - DAY, NOON - HOUR, "粉刷", "ends_in_past"),
    ],
)
def test_a_closing_needs_a_reason_and_an_end_after_its_start(
    town: City, starts: datetime, ends: datetime, reason: str, code: str
) -> None:
    with pytest.raises(NotValid) as refused:
        operations.close_for(
            Point.objects.get(code="station"), starts=starts, ends=ends, reason=reason, by=None, at=NOON
        )
    assert refused.value.code == code


def test_taken_out_and_put_back(town: City) -> None:
    point = Point.objects.get(code="station")
    operations.take_out(point, reason="搬走了", by=town.staff["administrator"], at=NOON)
    assert "station" not in codes(near())
    with pytest.raises(queries.NoSuchPoint):
        queries.point("station")
    with pytest.raises(NotAllowed, match="point_out_already"):
        operations.take_out(point, reason="搬走了", by=None, at=NOON)
    operations.put_back(point, by=None, at=NOON)
    assert "station" in codes(near())


def test_a_move_is_written_down(town: City) -> None:
    point = Point.objects.get(code="station")
    draft = replace(towns.draft(town), lat=30.02)
    assert operations.change(point, draft, by=town.staff["hall_manager"], at=NOON)
    assert not operations.change(point, draft, by=None, at=NOON)
    row = AdminChange.objects.get(what="move_point")
    assert (row.subject, row.facts["before"]["lat"], row.facts["after"]["lat"]) == ("point:station", 30.01, 30.02)


def test_nobody_changes_the_points_of_others(town: City) -> None:
    point = Point.objects.get(code="station")
    towns.add(town, "urban", unit=town.unit("urban"))
    other = Point.objects.get(code="urban")
    acts: list[Any] = [
        lambda: operations.change(other, towns.draft(town), by=town.staff["hall_manager"], at=NOON),
        lambda: operations.change(
            point, towns.draft(town, unit=town.unit("urban")), by=town.staff["hall_manager"], at=NOON
        ),
        lambda: operations.take_out(point, reason="x", by=town.staff["clerk"], at=NOON),
        lambda: operations.add(towns.draft(town), code="mine", by=town.staff["mayor"], at=NOON),
    ]
    for act in acts:
        with pytest.raises(NotPermitted, match="permission_missing"):
            act()


def test_two_at_one_point_do_not_write_over_one_another(town: City) -> None:
    from qingyu.people.operations import last_change

    point = Point.objects.get(code="station")
    seen = last_change("point:station")
    operations.change(point, towns.draft(town, phone="1"), by=None, at=NOON, seen=seen)
    with pytest.raises(NotAllowed, match="row_changed_meanwhile"):
        operations.change(point, towns.draft(town, phone="2"), by=None, at=NOON, seen=seen)


def test_what_is_remembered_is_never_older_than_the_tables(town: City, django_assert_num_queries: Any) -> None:
    near()
    with django_assert_num_queries(1):
        near(now=NOON - DAY)
    towns.add(town, "later")
    assert "later" in codes(near())


# Where people live ----------------------------------------------------------------------------------------------


@towns.over(
    ("more", "code"),
    [
        ({"people": -1}, "people_not_valid"),
        ({"elderly": 11}, "elderly_not_valid"),
        ({"code": ""}, "field_missing"),
        ({"source": ""}, "field_missing"),
        ({"lat": 10.0}, "point_outside_city"),
    ],
)
def test_a_cell_is_checked(town: City, more: dict[str, Any], code: str) -> None:
    from qingyu.places import city

    cell = Settled("a", 30.0, 115.0, 10, "test", 5)
    with pytest.raises(Refusal) as refused:
        operations.settle(replace(cell, **more), box=city.box())
    assert refused.value.code == code
    assert not PopulationCell.objects.exists()


def test_who_lives_in_the_circle(town: City) -> None:
    street = people.areas()["990102001000"]
    towns.settle("near", 30.011, 115.01, 800, elderly=100, area=street)
    towns.settle("far", 30.05, 115.05, 200, elderly=100, area=street)
    found = queries.coverage(circle="commerce", day=NOON.date()).covered
    assert (found.all.share, found.elderly.share) == (0.8, 0.5)
    assert [one.cell.code for one in found.missed()] == ["far"]
    only = queries.coverage(circle="housing", day=NOON.date(), item="property").covered
    assert only.all.covered == 0
    for wrong in ({"circle": "x"}, {"circle": "hr", "item": "x"}, {"circle": "hr", "kind": "x"}):
        with pytest.raises(NotValid):
            queries.coverage(day=NOON.date(), **wrong)


def test_the_begin_is_plain(city: City) -> None:
    """Without points, people and places nothing fails."""
    assert BEGAN < NOON
    assert near().near == []
    assert queries.coverage(circle="hr", day=NOON.date()).covered.all.share is None
