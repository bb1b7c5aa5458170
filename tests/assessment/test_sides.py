"""The four sides: what counts for each indicator, and what of it is shown."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from qingyu.assessment import indicators, queries
from qingyu.assessment.folding import ACTS, IDLE, Fact, Happening, Place, counted, fold, visited
from qingyu.assessment.models import UnitDay
from tests.people import City

CITY, CENTRE, UNIT = ZoneInfo("Asia/Shanghai"), 2, 7
DAY = date(2026, 6, 8)
Event = tuple[str, str, dict[str, Any]]


def life(*events: Event, imported: bool = False, **door: Any) -> list[Fact]:
    """The facts of a case opened on the first of June at nine, with what its door told; rounds, then services."""
    rounds: list[Fact] = []
    services: list[Fact] = []
    days: Counter[Place] = Counter()
    opened = {"type": "help", "channel": "window", "owner": CENTRE, **door}
    for kind, at, facts in [("opened", "06-01T01:00:00", opened), *events]:
        fold(rounds, Happening(1, kind, imported, f"2026-{at}Z", facts), zone=CITY, tally=days, services=services)
    return rounds + services


def places(rounds: list[Fact]) -> set[tuple[int, str]]:
    return {(unit, measure) for unit, _day, measure in counted(rounds)}


AT_ONCE: Event = ("answered_at_once", "06-01T01:00:00", {"unit": UNIT})
CLOSED: Event = ("reviewed", "06-03T01:00:00", {"passed": True})


def said(satisfied: str, at: str = "06-05T01:00:00", *, contacted: bool = True) -> Event:
    return "followed_up", at, {"outcome": "completed", "contacted": contacted, "solved": "yes", "satisfied": satisfied}


def rated(level: str, at: str = "06-04T01:00:00", channel: str = "web") -> Event:
    return "rated", at, {"level": level, "channel": channel, "occasion": 1}


REDONE: Event = ("redone", "06-04T02:00:00", {"why": "unsatisfied"})
REOPENED: Event = ("reopened", "06-04T02:00:00", {})
ROUTED: Event = ("routed", "06-01T02:00:00", {"unit": UNIT})


def served(service: str, level: str = "satisfied", at: str = "06-04T01:00:00", channel: str = "web") -> Event:
    return "service_rated", at, {"service": service, "level": level, "channel": channel}


@pytest.mark.parametrize(
    ("door", "events", "unit", "there", "absent"),
    [
        ({}, [AT_ONCE], CENTRE, {"received", "settled_at_once"}, set()),
        ({"hall": "demo", "window": "1"}, [AT_ONCE], UNIT, {"received", "settled_at_once", "closed"}, set()),
        ({}, [("routed", "06-01T02:00:00", {"unit": UNIT}), CLOSED], CENTRE, {"received"}, {"settled_at_once"}),
        ({"hall": "demo"}, [("routed", "06-01T02:00:00", {"unit": UNIT}), CLOSED], UNIT, {"received"},
         {"settled_at_once"}),
        ({"item": "ID-1"}, [("submitted", "06-01T02:00:00", {"unit": UNIT}), ("issued", "06-03T01:00:00", {})], UNIT,
         {"closed"}, {"received"}),
        ({"waited": 600}, [AT_ONCE], UNIT, {"waited", "waited_short", "waited_bearable"}, set()),
        ({"waited": 601}, [AT_ONCE], UNIT, {"waited", "waited_bearable"}, {"waited_short"}),
        ({"waited": 1801}, [AT_ONCE], UNIT, {"waited"}, {"waited_bearable"}),
        ({"filed": "proxy", "channel": "web"}, [AT_ONCE, said("satisfied")], UNIT, {"proxy", "person_content"}, set()),
        ({"filed": "assisted", "channel": "web"}, [AT_ONCE], UNIT, {"assisted"}, {"proxy"}),
        ({"channel": "web"}, [AT_ONCE, said("satisfied")], UNIT, {"said_satisfied"}, {"person_asked"}),
        ({"type": "praise", "staff": 5}, [AT_ONCE], UNIT, {"praise"}, set()),
        ({}, [AT_ONCE, REDONE, CLOSED], CENTRE, {"received"}, {"settled_at_once"}),
        ({"hall": "demo"}, [AT_ONCE, REOPENED], UNIT, {"received"}, {"settled_at_once"}),
        ({}, [AT_ONCE, ("deputy_called", "06-02T01:00:00", {})], UNIT, {"owner_silent"}, set()),
        ({}, [ROUTED, served("stage:dispatched")], UNIT, {"rated_satisfied"}, {"bad_rating"}),
        ({}, [ROUTED, served("call:5", "dissatisfied")], CENTRE, {"rated_dissatisfied"}, {"bad_rating"}),
        ({}, [served("stage:letter"), ROUTED], UNIT, {"rated_satisfied"}, set()),
        ({}, [served("stage:letter"), ROUTED], CENTRE, set(), {"rated_satisfied"}),
        ({}, [served("stage:received"), ROUTED], UNIT, set(), {"rated_satisfied"}),
        ({}, [served("call:5", channel="system_default")], CENTRE, set(), {"rated_satisfied"}),
        ({}, [served("call:5"), AT_ONCE, rated("dissatisfied")], CENTRE, {"rated_satisfied"}, {"rated_dissatisfied"}),
        ({}, [AT_ONCE, rated("dissatisfied", channel="system_default")], UNIT, {"closed"},
         {"rated_dissatisfied", "bad_rating", "heard"}),
        ({}, [AT_ONCE, rated("dissatisfied")], UNIT, {"bad_rating", "heard"}, {"bad_rating_mended"}),
        ({}, [AT_ONCE, rated("dissatisfied"), REDONE, CLOSED, said("satisfied")], UNIT,
         {"bad_rating", "bad_rating_mended", "sent_back"}, {"rated_satisfied"}),
        ({}, [AT_ONCE, rated("dissatisfied"), REDONE, CLOSED, rated("satisfied", "06-06T01:00:00")], UNIT,
         {"bad_rating_mended", "rated_satisfied"}, {"rated_dissatisfied"}),
        ({}, [AT_ONCE, rated("dissatisfied"), said("dissatisfied")], UNIT, {"bad_rating"}, {"bad_rating_mended"}),
        ({}, [AT_ONCE, said("satisfied", contacted=False)], UNIT, {"asked_about_contact", "contact_denied"}, set()),
        ({}, [("urged", "06-01T03:00:00", {}), AT_ONCE], UNIT, {"pushed"}, set()),
        ({}, [("routed", "06-01T02:00:00", {"unit": UNIT}), ("returned", "06-01T03:00:00", {}),
              ("arbitrated", "06-01T04:00:00", {"upheld": False}), CLOSED], UNIT, {"bounced"}, set()),
        ({}, [("routed", "06-01T02:00:00", {"unit": 5}), ("returned", "06-01T03:00:00", {}),
              ("arbitrated", "06-01T04:00:00", {"upheld": True, "unit": UNIT}), CLOSED], UNIT, {"closed"}, {"bounced"}),
    ],
)  # fmt: skip
def test_what_counts_for_whom(
    door: dict[str, Any], events: list[Event], unit: int, there: set[str], absent: set[str]
) -> None:
    found = {measure for whose, measure in places(life(*events, **door)) if whose == unit}
    assert there <= found
    assert not absent & found


def test_a_silence_counts_once_on_the_day_it_was_noticed() -> None:
    called = [(kind, f"06-0{day}T01:00:00", {}) for kind, day in (("deputy_called", 2), ("supervisor_called", 4))]
    rounds = life(*called, channel="web")
    assert [(day, what) for _unit, day, what in counted(rounds) if what == "owner_silent"] == [
        (date(2026, 6, 2), "owner_silent")
    ]


def test_what_the_follower_passes_over_does_nothing() -> None:
    assert not ACTS.keys() & IDLE


def test_each_service_and_the_outcome_count_once_for_the_window() -> None:
    events = [AT_ONCE, rated("satisfied"), served("stage:letter"), served("stage:closed", "dissatisfied")]
    found = Counter(what for where, _day, what in visited(life(*events, hall="demo", window="1")) if "rated_" in what)
    assert found == {"rated_satisfied": 2, "rated_dissatisfied": 1}


def test_who_comes_to_a_window_with_an_application_has_waited_too() -> None:
    came = {"unit": 9, "ticket": 4, "hall": "demo", "window": "1", "waited": 700}
    events = [("submitted", "06-01T02:00:00", {"unit": UNIT}), ("window_taken", "06-02T01:00:00", came)]
    facts = life(*events, channel="web", item="ID-1")
    assert {one for one in places(facts) if one[0] == 9} == {(9, "waited"), (9, "waited_bearable")}
    assert {(where, what) for where, _day, what in visited(facts)} == {
        ("window:demo/1", "waited"), ("window:demo/1", "waited_bearable"),
    }  # fmt: skip


def test_history_is_counted_for_no_window_and_no_item() -> None:
    rounds = life(AT_ONCE, imported=True, hall="demo", window="1", item="ID-1", waited=60, filed="proxy", type="praise")
    assert places(rounds) == set()
    assert not list(visited(rounds))


@pytest.mark.parametrize(
    ("door", "events", "subject", "step"),
    [
        ({"waited": 500, "served": 400, "hall": "demo", "window": "1"}, [AT_ONCE], "item:ID-1/window", "took_15m"),
        ({"channel": "web"}, [AT_ONCE], "item:ID-1/online", "took_5m"),
        ({"channel": "web"}, [("submitted", "06-01T02:00:00", {"unit": UNIT}), ("issued", "06-04T01:00:00", {})],
         "item:ID-1/online", "took_3d"),
        ({"channel": "web"}, [AT_ONCE, REDONE, ("reviewed", "06-30T01:00:00", {"passed": True})],
         "item:ID-1/online", "took_30d"),
    ],
    ids=["the wait counts", "at once", "an application", "from the first filing to the end that stands"],
)  # fmt: skip
def test_how_long_an_item_took(door: dict[str, Any], events: list[Event], subject: str, step: str) -> None:
    took = [(whose, what) for whose, _day, what in visited(life(*events, item="ID-1", **door)) if "took" in what]
    assert took == [(subject, step)]


@pytest.mark.parametrize("channel", ["phone", "letter", "unit"])
def test_other_ways_stand_in_no_comparison(channel: str) -> None:
    assert not list(visited(life(AT_ONCE, item="ID-1", channel=channel)))


# ---------------------------------------------------------------- what is shown


def put(city: City, unit: str, **counts: int) -> None:
    rows = [UnitDay(unit_id=city.unit(unit), day=DAY, measure=name, count=number) for name, number in counts.items()]
    UnitDay.objects.bulk_create(rows)


def read(unit: str = "") -> queries.Barometer:
    return queries.barometer(start=date(2026, 6, 1), end=date(2026, 6, 30), today=date(2026, 7, 5), unit=unit)


@pytest.mark.django_db
def test_a_side_is_the_mean_of_what_is_shown_and_names_what_is_not(city: City) -> None:
    put(city, "urban", closed=100, bounced=10, sent_back=30, received=4, settled_at_once=1)
    side = read("urban").sides[0]
    assert side.missing == ("settled_at_once",)
    assert (side.points, side.weather) == (Decimal("80.0"), "partly")
    assert side.readings["settled_at_once"].certainty == "suppressed"


@pytest.mark.django_db
def test_points_do_not_depend_on_what_is_hidden(city: City) -> None:
    put(city, "urban", closed=100, bounced=10, sent_back=30, received=4, settled_at_once=4)
    put(city, "housing", closed=100, bounced=10, sent_back=30, received=4)
    assert read("urban").sides[0].points == read("housing").sides[0].points


@pytest.mark.django_db
def test_a_side_of_which_most_is_missing_has_no_points(city: City) -> None:
    put(city, "urban", received=50, settled_at_once=50)
    side = read("urban").sides[0]
    assert (side.points, side.weather) == (None, "none")
    assert side.few is False


@pytest.mark.django_db
def test_what_is_singled_out_hides_where_the_rest_is_small(city: City) -> None:
    put(city, "urban", handling_due=50, person_due=48, person_in_time=40)
    put(city, "housing", handling_due=50, person_due=30, person_in_time=20)
    put(city, "east", handling_due=50, person_due=40, person_in_time=20)
    certainty = {
        unit: read(unit).sides[1].readings["person_in_time"].certainty for unit in ("urban", "housing", "east")
    }
    assert certainty == {"urban": "suppressed", "housing": "suppressed", "east": "sure"}


@pytest.mark.django_db
def test_counts_beside_are_guarded_too(city: City) -> None:
    put(city, "urban", assisted=3, proxy=12, owner_silent=0)
    put(city, "housing", assisted=9)
    put(city, "east", assisted=30)
    assert {unit: read(unit).beside["assisted"] for unit in ("urban", "housing", "east", "")} == {
        "urban": None, "housing": None, "east": 30, "": 42,
    }  # fmt: skip
    assert (read("urban").beside["proxy"], read("urban").beside["silent"]) == (12, 0)


def test_every_indicator_has_a_definition_and_a_formula() -> None:
    from qingyu.rules.scoring import CASES, HALL, INDICATORS

    assert INDICATORS.keys() == indicators.FORMULAS.keys()
    weighed = {code for weights in (*CASES.sides.values(), HALL) for code in weights.shares}
    assert INDICATORS.keys() - weighed == {"resolution_rate"}  # it stands in the three rates
    assert all(len(weights.shares) >= 3 for weights in CASES.sides.values())
