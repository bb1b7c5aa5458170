"""The closest route owns the case; a return has a limit, a reason and a legal basis."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyu.rules import dispatch
from qingyu.rules.dispatch import ANY, Route, RouteTable, choose
from qingyu.rules.refusals import NotAllowed, NotValid

TODAY = date(2026, 6, 15)
TOPIC = ("urban", "urban.roads", "urban.roads.lamps")
AREA = ("city", "city.east", "city.east.river")


def chosen(*routes: Route, topic: tuple[str, ...] = TOPIC, area: tuple[str, ...] = AREA) -> tuple[str, str]:
    choice = choose(routes, topic_path=topic, area_path=area, on=TODAY, fallback="centre")
    return choice.lead, choice.why.value


@pytest.mark.parametrize(
    ("routes", "lead", "why"),
    [
        ([], "centre", "fallback"),
        ([Route("water", "city.east", "x")], "centre", "fallback"),
        ([Route("urban.roads.lamps", "city.east.river", "x")], "x", "exact"),
        ([Route("urban.roads.lamps", "city.east", "x")], "x", "area_above"),
        ([Route("urban.roads.lamps", ANY, "x")], "x", "area_above"),
        ([Route("urban", "city.east.river", "x")], "x", "topic_above"),
        ([Route(ANY, "city.east.river", "x")], "x", "topic_above"),
        ([Route("urban", "city", "x")], "x", "topic_and_area_above"),
        ([Route(ANY, ANY, "x")], "x", "topic_and_area_above"),
        ([Route("urban", ANY, "far"), Route("urban.roads", ANY, "near")], "near", "topic_and_area_above"),
        ([Route("urban", "city", "far"), Route("urban", "city.east", "near")], "near",
         "topic_and_area_above"),
        ([Route("urban.roads", ANY, "topic"), Route("urban", "city.east.river", "area")], "topic",
         "topic_and_area_above"),
    ],
)  # fmt: skip
def test_the_closest_route_wins_topic_before_area(routes: list[Route], lead: str, why: str) -> None:
    assert chosen(*routes) == (lead, why)
    assert chosen(*reversed(routes)) == (lead, why)


def test_a_case_without_topic_or_area_goes_by_what_is_known() -> None:
    routes = [Route(ANY, "city", "street"), Route("urban", ANY, "bureau")]
    assert chosen(*routes, topic=()) == ("street", "topic_and_area_above")
    assert chosen(*routes, area=(), topic=("urban",)) == ("bureau", "area_above")
    assert chosen(*routes, topic=(), area=()) == ("centre", "fallback")


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (TODAY + timedelta(1), None, False),
        (None, TODAY - timedelta(1), False),
        (None, TODAY, True),
    ],
)
def test_a_route_holds_from_its_first_to_its_last_day(first: date | None, last: date | None, holds: bool) -> None:
    assert Route("a", "b", "c", (), first, last).holds(TODAY) == holds


def dated(lead: str, first: date | None, last: date | None = None) -> Route:
    return Route("urban", "city", lead, (), first, last)


@pytest.mark.parametrize(
    ("one", "other", "lead"),
    [
        (dated("old", date(2020, 1, 1)), dated("new", date(2026, 1, 1)), "new"),
        (dated("always", None), dated("new", date(2026, 1, 1)), "new"),
        (
            dated("rule", date(2026, 1, 1)),
            dated("exception", date(2026, 1, 1), date(2026, 12, 31)),
            "exception",
        ),
        (dated("b", None), dated("a", None), "a"),
        (dated("over", date(2026, 1, 1), date(2026, 2, 1)), dated("old", None), "old"),
    ],
)
def test_overlapping_routes_are_decided_the_same_in_any_order(one: Route, other: Route, lead: str) -> None:
    assert chosen(one, other)[0] == chosen(other, one)[0] == lead


def test_the_lead_does_not_assist_itself_and_nobody_assists_twice() -> None:
    route = Route(ANY, ANY, "a", ("b", "a", "c", "b"))
    choice = choose([route], topic_path=(), area_path=(), on=TODAY, fallback="centre")
    assert choice.assisting == ("b", "c")
    assert choice.route is route


WIDE = Route(ANY, ANY, "wide", ("helper",))
NARROW = Route("urban", ANY, "narrow", ("gone", "helper"))


@pytest.mark.parametrize(
    ("closed", "lead", "assisting", "why"),
    [
        (set(), "narrow", ("gone", "helper"), "area_above"),
        ({"gone"}, "narrow", ("helper",), "area_above"),
        ({"gone", "helper"}, "narrow", (), "area_above"),
        ({"narrow"}, "centre", (), "unit_closed"),
        ({"wide"}, "narrow", ("gone", "helper"), "area_above"),
    ],
)
def test_a_closed_unit_neither_leads_nor_assists(
    closed: set[str], lead: str, assisting: tuple[str, ...], why: str
) -> None:
    choice = choose(
        [WIDE, NARROW], topic_path=("urban",), area_path=AREA, on=TODAY, fallback="centre", closed=closed
    )  # fmt: skip
    assert (choice.lead, choice.assisting, choice.why) == (lead, assisting, why)
    assert choice.why.by_fallback == (lead == "centre")


def test_where_two_routes_overlap_the_one_whose_unit_is_open_holds() -> None:
    routes = [dated("new", date(2026, 1, 1)), dated("old", None)]
    choice = choose(
        routes, topic_path=TOPIC, area_path=AREA, on=TODAY, fallback="centre", closed={"new"}
    )  # fmt: skip
    assert choice.lead == "old"


routes_of_all_kinds = st.builds(
    Route,
    st.sampled_from([ANY, *TOPIC, "water"]),
    st.sampled_from([ANY, *AREA, "west"]),
    st.sampled_from("xyz"),
    st.just(()),
    st.none() | st.sampled_from([date(2025, 1, 1), TODAY, date(2027, 1, 1)]),
    st.none() | st.sampled_from([date(2026, 1, 1), TODAY]),
)


@given(st.lists(routes_of_all_kinds), st.randoms())
def test_the_order_of_the_routes_decides_nothing(routes: list[Route], random: Any) -> None:
    shuffled = random.sample(routes, len(routes))
    asked: dict[str, Any] = {"topic_path": TOPIC, "area_path": AREA, "on": TODAY, "fallback": "centre"}
    choice = choose(routes, **asked)
    assert choose(shuffled, **asked) == choice == RouteTable.of(routes).choose(**asked)
    fitting = [one for one in routes if one.holds(TODAY) and one.topic != "water" and one.area != "west"]
    assert (choice.why == "fallback") == (not fitting)
    assert choice.route is None or choice.route in fitting


# Returns

ROUTED = datetime(2026, 6, 15, 1, tzinfo=UTC)
DEADLINE = ROUTED + timedelta(hours=24)
IN_ORDER: dict[str, Any] = {
    "returns_so_far": 0,
    "at": ROUTED,
    "deadline": DEADLINE,
    "reason": "not_our_duty",
    "legal_basis": "某条例第二条",
    "reasons": {"not_our_duty"},
}


@pytest.mark.parametrize("change", [{}, {"at": DEADLINE}, {"returns_so_far": 2}, {"returns_so_far": 3, "limit": 4}])
def test_a_return_in_order_is_allowed(change: dict[str, Any]) -> None:
    dispatch.may_return(**IN_ORDER | change)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"returns_so_far": 3}, "returned_too_often"),
        ({"returns_so_far": 1, "limit": 1}, "returned_too_often"),
        ({"at": DEADLINE + timedelta(microseconds=1)}, "return_too_late"),
        ({"reason": ""}, "reason_missing"),
        ({"legal_basis": " "}, "legal_basis_missing"),
        ({"returns_so_far": 3, "reason": ""}, "returned_too_often"),
    ],
)
def test_a_return_is_refused_by_code(change: dict[str, Any], code: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        dispatch.may_return(**IN_ORDER | change)
    assert refused.value.code == code


def test_a_reason_must_be_one_of_the_list() -> None:
    with pytest.raises(NotValid, match="reason_unknown"):
        dispatch.may_return(**IN_ORDER | {"reason": "too_much_work"})
    dispatch.may_return(**IN_ORDER | {"reason": "moved", "reasons": {"moved"}})


def test_after_three_returns_the_centre_designates() -> None:
    assert [dispatch.centre_designates(made) for made in range(5)] == [False, False, False, True, True]


# Thresholds


@pytest.mark.parametrize(
    ("probability", "threshold", "sends"),
    [(0.9, 0.9, True), (0.89, 0.9, False), (1.0, None, False), (0.0, 0.0, True)],
)
def test_a_suggestion_is_sent_at_its_threshold(probability: float, threshold: float | None, sends: bool) -> None:
    assert dispatch.sends_by_itself(probability, threshold) == sends


@pytest.mark.parametrize("probability", [-0.1, 1.1, float("nan")])
def test_a_probability_lies_between_0_and_1(probability: float) -> None:
    with pytest.raises(NotValid, match="probability_out_of_range"):
        dispatch.sends_by_itself(probability, 0.5)
    with pytest.raises(NotValid, match="probability_out_of_range"):
        dispatch.threshold_table([probability], [True])


def test_the_threshold_table() -> None:
    rows = dispatch.threshold_table([0.9, 0.8, 0.8, 0.5], [True, True, False, True])
    assert [(row.threshold, row.sent, row.share) for row in rows] == [
        (0.9, 1, 0.25),
        (0.8, 3, 0.75),
        (0.5, 4, 1.0),
    ]
    assert [row.accuracy for row in rows] == pytest.approx([1, 2 / 3, 3 / 4])
    assert dispatch.threshold_table([], []) == ()


@pytest.mark.parametrize(
    ("accuracy", "least", "threshold"),
    [(1.0, 1, 0.9), (0.7, 1, 0.5), (1.0, 2, None), (0.6, 1, 0.5), (0.9, 30, None)],
)
def test_the_threshold_for_an_accuracy_sends_most(accuracy: float, least: int, threshold: float | None) -> None:
    rows = dispatch.threshold_table([0.9, 0.8, 0.8, 0.5], [True, True, False, True])
    assert dispatch.threshold_for(rows, accuracy=accuracy, least=least) == threshold


def test_one_truth_for_each_probability() -> None:
    with pytest.raises(NotValid, match="lengths_differ"):
        dispatch.threshold_table([0.5], [])


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_each_row_is_what_counting_would_find(pairs: list[tuple[float, bool]]) -> None:
    for row in dispatch.threshold_table([one for one, _ in pairs], [right for _, right in pairs]):
        sent = [right for probability, right in pairs if dispatch.sends_by_itself(probability, row.threshold)]
        assert row.sent == len(sent)
        assert row.accuracy == sum(sent) / len(sent)
