"""What may happen only so often in one round, and who decides it: at every door the same, for operations say so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qingyu.cases import actors, operations, policy, standing
from qingyu.cases.actors import CITIZEN
from qingyu.cases.models import Case
from qingyu.people import operations as people
from qingyu.people.policy import viewer
from qingyu.rules.lifecycle import Kind
from qingyu.rules.refusals import NotAllowed, NotPermitted
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def handled(city: City, *, unit: str = "urban", by: str = "handler", phone: str = "199 0000 1234") -> Case:
    person = operations.Person(name="王晓", phone=phone) if phone else None
    filing = operations.Filing(text="楼下夜间施工到两点", channel="web", topic="city.noise.night", person=person)
    case = operations.open_case(filing, by=CITIZEN, at=MONDAY).case
    operations.route(case, unit=city.unit(unit), by=city.actor("dispatcher"), at=MONDAY)
    operations.accept(case, by=city.actor(by), at=MONDAY)
    return case


def closed(city: City, **more: str) -> Case:
    case = handled(city, **more)
    operations.answer(case, answer="已处理", by=city.actor("handler"), at=MONDAY + HOUR)
    operations.review(case, passed=True, by=city.actor("dispatcher"), at=MONDAY + HOUR)
    return case


# --- questions


def test_the_third_question_of_a_round_is_asked_while_the_time_runs(city: City) -> None:
    case, at, rests = handled(city), MONDAY, []
    for _ in range(3):
        operations.ask(case, question="哪一栋？", reason="details_needed", by=city.actor("handler"), at=at)
        rests.append(case.clocks.get(kind="handle").paused_at is not None)
        operations.reply(case, text="三栋", by=CITIZEN, at=at + HOUR)
        at += 2 * HOUR
    assert rests == [True, True, False]
    assert case.state == "handling"
    assert standing.replay(case) == (standing.state_of(case), standing.clocks_of(case))


def test_what_was_asked_without_a_rest_ends_with_the_answer(city: City) -> None:
    case = handled(city)
    case.clocks.filter(kind="handle").update(pauses=2)
    operations.ask(case, question="哪一栋？", reason="details_needed", by=city.actor("handler"), at=MONDAY)
    assert (case.state, case.next_clock) == ("waiting", "contact")
    operations.answer(case, answer="已处理", by=city.actor("handler"), at=MONDAY + HOUR)
    assert case.state == "answered"


# --- extensions


def extend(case: Case, *, by: actors.Actor) -> None:
    operations.extend(case, reason="complex", comment="情况复杂", by=by, at=MONDAY + HOUR)


def grant(case: Case, *, by: actors.Actor) -> None:
    operations.decide_extension(case, approved=True, by=by, at=MONDAY + 2 * HOUR)


def test_the_second_extension_of_a_round_takes_a_supervisor(city: City) -> None:
    case = handled(city, unit="willow", by="willow_handler")
    extend(case, by=city.actor("willow_handler"))
    grant(case, by=city.actor("hall_manager"))
    extend(case, by=city.actor("willow_handler"))
    with pytest.raises(NotPermitted, match="extension_needs_supervisor"):
        grant(case, by=city.actor("hall_manager"))
    operations.decide_extension(case, approved=False, by=city.actor("hall_manager"), at=MONDAY + 3 * HOUR)
    extend(case, by=city.actor("willow_handler"))
    grant(case, by=city.actor("supervisor"))
    assert case.clocks.get(kind="handle").extensions == 2


def second_manager(city: City) -> actors.Actor:
    found, _password = people.hire(
        username="second_manager", name="测试", unit=city.units["east"], roles=["hall_manager"], by=None, at=MONDAY,
        password="晴川-test-2026",
    )  # fmt: skip
    return actors.staff(viewer(found))


def test_nobody_of_the_unit_that_has_the_case_decides_its_extension(city: City) -> None:
    case, colleague = handled(city, unit="east", by="hall_manager"), second_manager(city)
    extend(case, by=colleague)
    assert colleague.viewer
    assert Kind.EXTENSION_DECIDED not in policy.actions(colleague.viewer, case, standing.state_of(case))
    for who, error, code in [
        (colleague, NotAllowed, "own_request"), (city.actor("hall_manager"), NotPermitted, "own_unit_request")
    ]:  # fmt: skip
        with pytest.raises(error, match=code):
            grant(case, by=who)
    grant(case, by=city.actor("supervisor"))


def test_nobody_of_the_unit_that_asked_for_another_decides_the_extension(city: City) -> None:
    case = handled(city, unit="willow", by="willow_handler")
    extend(case, by=second_manager(city))
    with pytest.raises(NotPermitted, match="own_unit_request"):
        grant(case, by=city.actor("hall_manager"))
    grant(case, by=city.actor("supervisor"))


# --- ratings


def rate(case: Case, occasion: int, channel: str = "web") -> None:
    operations.rate(case, level="satisfied", channel=channel, occasion=occasion, by=CITIZEN, at=MONDAY + 2 * HOUR)


def test_an_occasion_is_rated_once_whatever_the_door_says(city: City) -> None:
    case = closed(city)
    rate(case, 1)
    for occasion in (1, 2, 3):
        with pytest.raises(NotAllowed, match="rated_twice"):
            rate(case, occasion)
    assert case.events.filter(kind="rated").count() == 1


def test_after_a_redo_the_second_occasion_is_open_and_no_third(city: City) -> None:
    case = closed(city)
    rate(case, 1)
    for _ in range(2):
        operations.redo(case, why="unsolved", by=city.actor("caller"), at=MONDAY + 3 * HOUR)
        operations.answer(case, answer="已处理", by=city.actor("handler"), at=MONDAY + 3 * HOUR)
        operations.review(case, passed=True, by=city.actor("dispatcher"), at=MONDAY + 3 * HOUR)
        if operations.state_of(case).redos == 1:
            rate(case, 2)
    with pytest.raises(NotAllowed, match="rated_twice"):
        operations.rating_occasion(case)


def test_a_rating_that_a_system_filled_in_uses_up_no_occasion(city: City) -> None:
    case = closed(city)
    rate(case, 1, channel="system_default")
    rate(case, 1)
    assert case.events.filter(kind="rated").count() == 2


# --- the archive


def test_a_case_is_archived_only_after_the_person_was_asked(city: City) -> None:
    case = closed(city)
    with pytest.raises(NotAllowed, match="follow_up_waiting"):
        operations.archive(case, by=city.actor("dispatcher"), at=MONDAY + 2 * HOUR)
    for attempt in (1, 2, 3):
        assert operations.follow_up(case, outcome="no_answer", by=city.actor("caller"), at=MONDAY + DAY) == attempt
    with pytest.raises(NotAllowed, match="no_call_to_make"):
        operations.follow_up(case, outcome="no_answer", by=city.actor("caller"), at=MONDAY + DAY)
    operations.archive(case, by=city.actor("dispatcher"), at=MONDAY + DAY)
    assert case.state == "archived"


def test_when_the_time_to_ask_is_over_or_nobody_can_be_asked_the_case_is_archived(city: City) -> None:
    late, anonymous = closed(city), closed(city, phone="")
    operations.archive(late, by=city.actor("dispatcher"), at=MONDAY + 7 * DAY)
    operations.archive(anonymous, by=city.actor("dispatcher"), at=MONDAY + 2 * HOUR)
    assert (late.state, anonymous.state) == ("archived", "archived")
