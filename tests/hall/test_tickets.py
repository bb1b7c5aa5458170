"""From the kiosk to the window and on: what becomes of a ticket."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from qingyu.cases.actors import CITIZEN
from qingyu.cases.models import CaseEvent
from qingyu.hall import operations, queries
from qingyu.hall.models import Hall, Ticket
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid
from tests.hall.floors import Floor, build_floor
from tests.people import MONDAY, City

MINUTE = timedelta(minutes=1)


@pytest.fixture
def floor(city: City) -> Floor:
    return build_floor(city, opened=MONDAY)


def test_numbers_count_for_each_service_and_the_address_is_not_to_be_guessed(floor: Floor) -> None:
    tickets = [floor.issue(letter, at=MONDAY) for letter in "AAB"]
    assert [one.number for one in tickets] == ["A001", "A002", "B001"]
    assert len({one.ticket for one in tickets}) == 3
    assert {len(one.ticket) for one in tickets} == {16}


def test_called_served_and_finished_a_ticket_becomes_a_closed_case(floor: Floor, city: City) -> None:
    clerk, window = city.actor("clerk"), floor.windows["1"]
    issued = floor.issue("A", at=MONDAY)
    called = operations.call_next(window, by=clerk, at=MONDAY + 5 * MINUTE)
    assert called is not None
    assert (called.pk, called.state) == (issued.pk, "called")
    operations.begin(window, by=clerk, at=MONDAY + 6 * MINUTE)
    done = operations.finish(window, by=clerk, at=MONDAY + 16 * MINUTE, answer="已当场办结")
    assert done.state == "finished"
    assert done.case is not None
    assert (done.case.state, done.case.channel) == ("closed", "window")
    facts = CaseEvent.objects.filter(case=done.case).order_by("seq").first().facts  # type: ignore[union-attr]
    told = {name: facts[name] for name in ("hall", "window", "ticket", "waited", "served")}
    assert told == {"hall": "demo", "window": "1", "ticket": issued.pk, "waited": 300, "served": 600}


def test_a_window_that_has_somebody_calls_nobody_else(floor: Floor, city: City) -> None:
    first = floor.issue("A", at=MONDAY)
    floor.issue("A", at=MONDAY)
    operations.call_next(floor.windows["1"], by=city.actor("clerk"), at=MONDAY)
    with pytest.raises(NotAllowed) as refused:
        operations.call_next(floor.windows["1"], by=city.actor("clerk"), at=MONDAY)
    assert (refused.value.code, refused.value.facts["ticket"]) == ("ticket_open", first.ticket)


@pytest.mark.parametrize("change", [operations.close_window, operations.pause_window])
def test_a_closed_or_paused_window_calls_nobody(floor: Floor, city: City, change) -> None:  # type: ignore[no-untyped-def]
    floor.issue("A", at=MONDAY)
    change(floor.windows["1"], by=city.actor("clerk"), at=MONDAY)
    with pytest.raises(NotAllowed, match="window_closed"):
        operations.call_next(floor.windows["1"], by=city.actor("clerk"), at=MONDAY)


def test_nobody_for_its_skills_is_nobody_called(floor: Floor, city: City) -> None:
    floor.issue("C", at=MONDAY)
    assert operations.call_next(floor.windows["1"], by=city.actor("clerk"), at=MONDAY) is None


def test_whoever_needs_the_low_window_is_called_to_it_and_to_no_other(floor: Floor, city: City) -> None:
    clerk = city.actor("clerk")
    first, wheelchair = floor.issue("A", at=MONDAY), floor.issue("A", at=MONDAY + MINUTE, needs=("wheelchair",))
    plain = operations.call_next(floor.windows["1"], by=clerk, at=MONDAY + 2 * MINUTE)
    low = operations.call_next(floor.windows["2"], by=clerk, at=MONDAY + 2 * MINUTE)
    assert plain is not None
    assert low is not None
    assert (plain.pk, low.pk) == (first.pk, wheelchair.pk)


def test_where_no_low_window_is_open_any_window_calls_them(floor: Floor, city: City) -> None:
    operations.close_window(floor.windows["2"], by=city.actor("clerk"), at=MONDAY)
    wheelchair = floor.issue("A", at=MONDAY, needs=("wheelchair",))
    called = operations.call_next(floor.windows["1"], by=city.actor("clerk"), at=MONDAY)
    assert called is not None
    assert called.pk == wheelchair.pk


def test_who_does_not_come_goes_three_places_back_and_is_void_the_third_time(floor: Floor, city: City) -> None:
    clerk, window, at = city.actor("clerk"), floor.windows["1"], MONDAY
    absent = floor.issue("A", at=at)
    for number in range(1, 6):
        floor.issue("A", at=at + number * MINUTE)
    calls = []
    for _ in range(5):
        called = operations.call_next(window, by=clerk, at=at + 10 * MINUTE)
        assert called is not None
        calls.append(called.number)
        end = operations.no_show if called.pk == absent.pk else operations.finish
        end(window, by=clerk, at=at + 11 * MINUTE)
    assert calls == ["A001", "A002", "A003", "A004", "A001"]
    operations.call_next(window, by=clerk, at=at + 12 * MINUTE)
    operations.finish(window, by=clerk, at=at + 12 * MINUTE)
    operations.call_next(window, by=clerk, at=at + 12 * MINUTE)
    operations.finish(window, by=clerk, at=at + 12 * MINUTE)
    third = operations.call_next(window, by=clerk, at=at + 13 * MINUTE)
    assert third is not None
    assert operations.no_show(window, by=clerk, at=at + 13 * MINUTE).state == "void"


def test_who_comes_late_is_put_behind_three(floor: Floor, city: City) -> None:
    late = floor.issue("A", at=MONDAY)
    operations.leave(late, at=MONDAY)
    for number in range(1, 6):
        floor.issue("A", at=MONDAY + number * MINUTE)
    operations.bring_back(late, by=CITIZEN, at=MONDAY + 9 * MINUTE)
    assert queries.outlook(queries.ticket(late.ticket)).ahead == 3


def test_who_is_sent_on_keeps_number_and_place(floor: Floor, city: City) -> None:
    clerk = city.actor("clerk")
    sent = floor.issue("A", at=MONDAY)
    floor.issue("C", at=MONDAY + MINUTE)
    operations.call_next(floor.windows["1"], by=clerk, at=MONDAY + 2 * MINUTE)
    operations.transfer(floor.windows["1"], to=floor.services["C"], by=clerk, at=MONDAY + 3 * MINUTE)
    called = operations.call_next(floor.windows["3"], by=clerk, at=MONDAY + 4 * MINUTE)
    assert called is not None
    assert (called.number, called.service.code) == (sent.number, "C")


def test_finish_and_next_is_one_thing(floor: Floor, city: City) -> None:
    clerk, window = city.actor("clerk"), floor.windows["1"]
    floor.issue("A", at=MONDAY)
    second = floor.issue("A", at=MONDAY)
    operations.call_next(window, by=clerk, at=MONDAY)
    done, following = operations.finish_and_next(window, by=clerk, at=MONDAY + MINUTE)
    assert following is not None
    assert (done.state, following.pk) == ("finished", second.pk)


def test_the_clerk_of_another_house_calls_nobody(floor: Floor, city: City) -> None:
    for name in ("guide", "handler", "hall_manager", "mayor"):
        with pytest.raises(NotPermitted):
            operations.call_next(floor.windows["1"], by=city.actor(name), at=MONDAY)


def test_what_is_not_known_is_refused(floor: Floor) -> None:
    with pytest.raises(NotValid, match="need_unknown"):
        operations.issue(floor.services["A"], by=CITIZEN, at=MONDAY, needs=("rich",))
    with pytest.raises(NotValid, match="phone_not_valid"):
        operations.issue(floor.services["A"], by=CITIZEN, at=MONDAY, phone="12")


def test_a_phone_is_sealed_and_reaches_the_case(floor: Floor, city: City) -> None:
    ticket = operations.issue(floor.services["A"], by=CITIZEN, at=MONDAY, phone="13800138000")
    assert b"138" not in bytes(ticket.phone)
    operations.call_next(floor.windows["1"], by=city.actor("clerk"), at=MONDAY)
    done = operations.finish(floor.windows["1"], by=city.actor("clerk"), at=MONDAY + MINUTE)
    assert done.case is not None
    assert not done.case.anonymous


def test_numbers_begin_anew_on_a_new_day_but_never_while_a_window_is_open(floor: Floor, city: City) -> None:
    waiting = floor.issue("A", at=MONDAY)
    tomorrow = MONDAY + timedelta(days=1)
    assert floor.issue("A", at=tomorrow).number == "A002"
    for window in floor.windows.values():
        operations.close_window(window, by=city.actor("clerk"), at=tomorrow)
    assert floor.issue("A", at=tomorrow).number == "A001"
    waiting.refresh_from_db()
    assert waiting.state == "left"


def test_a_window_forgotten_overnight_does_not_hold_the_day(floor: Floor) -> None:
    floor.issue("A", at=MONDAY)
    assert operations.end_forgotten(floor.hall, at=MONDAY + timedelta(days=1)) == 3
    assert floor.issue("A", at=MONDAY + timedelta(days=1)).number == "A001"


def test_the_day_ends_when_the_hall_says(floor: Floor) -> None:
    Hall.objects.filter(pk=floor.hall.pk).update(day_end=time(2, 0))
    floor.hall.refresh_from_db()
    before, after = MONDAY + timedelta(hours=16, minutes=30), MONDAY + timedelta(hours=17, minutes=30)
    assert operations.end_forgotten(floor.hall, at=before) == 0  # 00:30 in the city: still the same day
    assert operations.end_forgotten(floor.hall, at=after) == 3


def test_every_change_makes_the_board_new_and_shows_the_call(floor: Floor, city: City) -> None:
    before = queries.state(floor.hall, at=MONDAY)["version"]
    ticket = floor.issue("A", at=MONDAY)
    operations.call_next(floor.windows["2"], by=city.actor("clerk"), at=MONDAY)
    state = queries.state(floor.hall, at=MONDAY)
    assert state["version"] == before + 2
    assert [(call["number"], call["window"], call["low"]) for call in state["calls"]] == [(ticket.number, "2号", True)]


def test_hot_paths_cost_few_statements(floor: Floor, city: City, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    clerk = city.actor("clerk")
    for _ in range(30):
        floor.issue("A", at=MONDAY)
    operations.call_next(floor.windows["2"], by=clerk, at=MONDAY)  # what is remembered is read now
    with django_assert_num_queries(7):  # two of them the savepoint of the test
        floor.issue("A", at=MONDAY)
    with django_assert_num_queries(11):
        operations.call_next(floor.windows["1"], by=clerk, at=MONDAY)
    with django_assert_num_queries(6):
        queries.state(floor.hall, at=MONDAY)


def test_the_ticket_at_a_window_is_found_by_its_index_among_all_old_ones(floor: Floor) -> None:
    from django.db import connection

    if connection.vendor != "sqlite":
        return  # PostgreSQL chooses by its figures; the bench measures it
    with connection.cursor() as cursor:
        for where in ("window_id = 1 AND state IN ('called', 'serving')", "hall_id = 1 AND state = 'waiting'"):
            cursor.execute(f"EXPLAIN QUERY PLAN SELECT * FROM hall_ticket WHERE {where}")
            assert "USING INDEX" in cursor.fetchall()[0][3]


def test_two_tickets_never_stand_at_one_window(floor: Floor, city: City) -> None:
    floor.issue("A", at=MONDAY)
    other = floor.issue("A", at=MONDAY)
    operations.call_next(floor.windows["1"], by=city.actor("clerk"), at=MONDAY)
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=other.pk).update(state="called", window=floor.windows["1"])
