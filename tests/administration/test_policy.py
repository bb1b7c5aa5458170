"""Routes, time limits, topics and words: dated, never deleted, each with who, when and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from qingyu.cases import operations as cases
from qingyu.cases.dispatch import routing
from qingyu.cases.limits import CaseTerms
from qingyu.cases.models import CaseClock, Notice, Route, SavedAnswer, TimeLimit, Topic
from qingyu.cases.operations import Filing, Person, reference
from qingyu.desk.administration import queries
from qingyu.people import queries as people
from qingyu.people.models import AdminChange
from qingyu.rules.refusals import NotPermitted, Refusal
from tests.people import City

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
TODAY = date(2026, 6, 1)
DAY = timedelta(days=1)
WHY = "职责调整"


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    people.forget()
    return caught.value.code


def handle_limit(day: date, *, type: str = "help", urgency: str = "general") -> str:
    people.forget()
    return str(CaseTerms(type, urgency, day).limit("handle"))


def lead(topic: str, day: date, area: str = "") -> str:
    people.forget()
    return people.units()[routing.destination(topic=topic, area=area, on=day).unit].code


# ---------------------------------------------------------------- routes


def test_a_route_begins_and_ends_on_its_days(city: City) -> None:
    by, topic = city.staff["administrator"], Topic.objects.get(code="city.noise")
    route = reference.add_route(
        topic=topic, area=None, lead=city.units["housing"], valid_from=TODAY + DAY, by=by, at=NOON, reason=WHY
    )
    assert [lead("city.noise.night", TODAY + n * DAY) for n in (0, 1)] == ["urban", "housing"]
    reference.end_route(route, last_day=TODAY + 3 * DAY, by=by, at=NOON, reason=WHY)
    assert [lead("city.noise.night", TODAY + n * DAY) for n in (3, 4)] == ["housing", "urban"]
    assert Route.objects.filter(pk=route.pk).exists()


def test_a_route_that_has_not_begun_never_begins(city: City) -> None:
    route = reference.add_route(
        topic=None, area=None, lead=city.units["housing"], valid_from=TODAY + 9 * DAY, by=None, at=NOON, reason=WHY
    )
    reference.end_route(route, last_day=TODAY, by=None, at=NOON, reason=WHY)
    assert lead("labour.wages", TODAY + 10 * DAY) == lead("labour.wages", TODAY)
    assert route.valid_to == TODAY + 8 * DAY


def test_what_a_route_refuses(city: City) -> None:
    topic, unit = Topic.objects.get(code="city"), city.units["urban"]
    given: dict[str, Any] = {"topic": topic, "area": None, "lead": unit, "by": None, "at": NOON, "reason": WHY}
    table = {
        "starts_in_past": {"valid_from": TODAY - DAY},
        "ends_before_start": {"valid_from": TODAY + DAY, "valid_to": TODAY},
        "unit_twice": {"valid_from": TODAY, "assisting": ["urban"]},
        "reason_missing": {"valid_from": TODAY, "reason": " "},
    }
    for code, wrong in table.items():
        assert code_of(lambda wrong=wrong: reference.add_route(**{**given, **wrong})) == code  # type: ignore[misc]
    reference.add_route(**given, valid_from=TODAY)
    assert code_of(lambda: reference.add_route(**given, valid_from=TODAY)) == "route_exists"
    old = Route.objects.earliest("id")
    end = lambda day: reference.end_route(old, last_day=day, by=None, at=NOON, reason=WHY)  # noqa: E731
    assert code_of(lambda: end(TODAY - 2 * DAY)) == "ends_in_past"
    end(TODAY - DAY)
    assert code_of(lambda: end(TODAY)) == "route_has_ended"


def test_a_successor_takes_every_route_from_its_day(city: City) -> None:
    day = TODAY + 5 * DAY
    count = reference.hand_over_routes(
        city.units["urban"], to=city.units["housing"], starts=day, by=None, at=NOON, reason="撤并"
    )
    assert count == 2  # it leads one and assists in another
    assert [lead("city.noise", day - DAY), lead("city.noise", day)] == ["urban", "housing"]
    people.forget()
    assert routing.destination(topic="house.lift", area="", on=day).assisting == ()
    assert routing.destination(topic="house.lift", area="", on=day - DAY).assisting == (city.unit("urban"),)


def test_overlapping_routes_say_which_one_holds(city: City) -> None:
    topic = Topic.objects.get(code="city")
    old = Route.objects.get(topic=topic)
    new = reference.add_route(
        topic=topic, area=None, lead=city.units["housing"], valid_from=TODAY, by=None, at=NOON, reason=WHY
    )
    told = queries.overlaps([old, new])
    assert set(told) == {old.pk, new.pk}
    assert "住房和城乡建设局" in told[old.pk]
    assert lead("city", TODAY) == "housing"


def test_topics_without_a_route_are_named(city: City) -> None:
    people.forget()
    assert [topic.code for topic in queries.unrouted(TODAY)] == ["labour.wages"]
    reference.add_route(topic=None, area=None, lead=city.units["urban"], valid_from=TODAY, by=None, at=NOON, reason=WHY)
    assert queries.unrouted(TODAY) == []


# ---------------------------------------------------------------- time limits


def other_preset(amount: int = 7) -> None:
    key = {"preset": "other", "clock": "handle", "type": "", "urgency": "", "valid_from": date(2018, 7, 27)}
    reference.place_limit(key, amount=amount, unit="calendar_day", by=None, at=NOON, city="济南", source="条例 24")


def test_a_chosen_set_holds_from_its_day_and_running_clocks_keep_theirs(city: City) -> None:
    other_preset()
    filing = Filing(channel="phone", text="夜里施工很吵", topic="city.noise", person=Person(phone="13800000000"))
    case = cases.open_case(filing, by=city.actor("agent"), at=NOON).case
    cases.route(case, unit=city.unit("urban"), by=city.actor("dispatcher"), at=NOON)
    running = CaseClock.objects.get(case=case, kind="handle")
    reference.choose_preset("other", starts=TODAY + DAY, by=city.staff["administrator"], at=NOON, reason=WHY)
    assert [handle_limit(TODAY + n * DAY) for n in (-9, 0, 1)] == ["5 working_day", "5 working_day", "7 calendar_day"]
    running.refresh_from_db()
    assert running.limit == "5 working_day"


def test_there_and_back_again_keeps_every_day_as_it_was(city: City) -> None:
    other_preset()
    reference.choose_preset("other", starts=TODAY + 2 * DAY, by=None, at=NOON, reason=WHY)
    reference.choose_preset("test", starts=TODAY + 4 * DAY, by=None, at=NOON, reason=WHY)
    found = [handle_limit(TODAY + n * DAY) for n in (1, 2, 3, 4)]
    assert found == ["5 working_day", "7 calendar_day", "7 calendar_day", "5 working_day"]
    reference.choose_preset("other", starts=TODAY + 2 * DAY, by=None, at=NOON, reason="改正")
    assert handle_limit(TODAY + 4 * DAY) == "7 calendar_day"
    assert handle_limit(TODAY + DAY) == "5 working_day"


def test_the_citys_own_row_goes_before_from_its_day_and_ends(city: City) -> None:
    given = {"clock": "handle", "type": "", "urgency": "urgent", "amount": 24, "unit": "hour", "source": ""}
    row = reference.set_limit(**given, starts=TODAY, by=None, at=NOON, reason=WHY)  # type: ignore[arg-type]
    assert handle_limit(TODAY, urgency="urgent") == "24 hour"
    assert handle_limit(TODAY) == handle_limit(TODAY - DAY, urgency="urgent") == "5 working_day"
    assert not row.verified
    reference.end_limit(row, starts=TODAY + DAY, by=None, at=NOON, reason=WHY)
    assert handle_limit(TODAY + DAY, urgency="urgent") == "5 working_day"
    assert handle_limit(TODAY, urgency="urgent") == "24 hour"


def test_what_a_limit_refuses(city: City) -> None:
    row = TimeLimit.objects.filter(clock="handle").get()
    given: dict[str, Any] = {
        "clock": "handle", "type": "", "urgency": "", "amount": 1, "unit": "hour", "starts": TODAY, "source": "",
        "by": None, "at": NOON, "reason": WHY,
    }  # fmt: skip
    table = {
        "clock_unknown": {"clock": "x"}, "type_unknown": {"type": "x"}, "urgency_unknown": {"urgency": "x"},
        "unit_unknown": {"unit": "week"}, "limit_not_positive": {"amount": 0},
        "starts_in_past": {"starts": TODAY - DAY}, "reason_missing": {"reason": ""},
    }  # fmt: skip
    for code, wrong in table.items():
        assert code_of(lambda wrong=wrong: reference.set_limit(**{**given, **wrong})) == code  # type: ignore[misc]
    choose = lambda name, day: reference.choose_preset(name, starts=day, by=None, at=NOON, reason=WHY)  # noqa: E731
    assert code_of(lambda: choose("nowhere", TODAY)) == "preset_unknown"
    assert code_of(lambda: choose("test", TODAY - DAY)) == "starts_in_past"
    assert code_of(lambda: reference.verify_limit(row, source=" ", by=None, at=NOON, reason=WHY)) == "source_missing"
    reference.end_limit(row, starts=TODAY, by=None, at=NOON, reason=WHY)
    assert code_of(lambda: reference.end_limit(row, starts=TODAY, by=None, at=NOON, reason=WHY)) == "limit_has_ended"


# ---------------------------------------------------------------- words and rights


def test_words_change_with_before_and_after(city: City) -> None:
    by = city.staff["administrator"]
    reference.place_notice(group="refuse", code="beyond_duty", name="不属于职责范围", by=by, at=NOON, message="请拨打…")
    facts = AdminChange.objects.latest("id").facts
    assert (facts["before"]["name"], facts["after"]["name"]) == ("beyond_duty", "不属于职责范围")
    answer = reference.add_answer(title="停水", text="正在抢修。", topic=None, unit=None, by=by, at=NOON)
    again = lambda: reference.add_answer(title="停水", text="x", topic=None, unit=None, by=by, at=NOON)  # noqa: E731
    assert code_of(again) == "answer_exists"
    reference.change_answer(
        answer, title="停水", text="今晚恢复。", topic=None, unit=None, active=False, by=by, at=NOON, reason="更新"
    )
    assert not SavedAnswer.objects.get().active
    reference.place_topic(code="city", name="城市管理", parent=None, anonymous=False, by=by, at=NOON)
    assert AdminChange.objects.latest("id").facts["after"] == {"name": "城市管理", "anonymous": False}
    moved = lambda: reference.place_topic(  # noqa: E731
        code="city", name="x", parent=Topic.objects.get(code="house"), by=by, at=NOON
    )
    assert code_of(moved) == "topic_has_children"


@pytest.mark.parametrize("who", ["handler", "supervisor", "operator", "mayor"])
def test_every_act_asks_for_the_right_itself(city: City, who: str) -> None:
    given: dict[str, Any] = {"by": city.staff[who], "at": NOON, "reason": WHY}
    route, row, unit = Route.objects.earliest("id"), TimeLimit.objects.earliest("id"), city.units["urban"]
    acts: list[Callable[[], Any]] = [
        lambda: reference.add_route(topic=None, area=None, lead=unit, valid_from=TODAY, **given),
        lambda: reference.end_route(route, last_day=TODAY, **given),
        lambda: reference.hand_over_routes(unit, to=city.units["housing"], starts=TODAY, **given),
        lambda: reference.choose_preset("test", starts=TODAY, **given),
        lambda: reference.set_limit(
            clock="handle", type="", urgency="", amount=1, unit="hour", starts=TODAY, source="", **given
        ),
        lambda: reference.end_limit(row, starts=TODAY, **given),
        lambda: reference.verify_limit(row, source="x", **given),
        lambda: reference.place_notice(group="refuse", code="x", name="x", **given),
        lambda: reference.add_answer(title="x", text="x", topic=None, unit=None, **given),
        lambda: reference.place_topic(code="x", name="x", parent=None, **given),
    ]
    before = AdminChange.objects.count()
    for act in acts:
        with pytest.raises(NotPermitted):
            act()
    assert AdminChange.objects.count() == before
    assert not Notice.objects.filter(code="x").exists()
