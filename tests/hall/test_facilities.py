"""A fault has a case, a person and a clock; many voices are one fault; in order again ends all of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from qingyu.cases import following
from qingyu.cases import operations as cases
from qingyu.cases.actors import CITIZEN, SYSTEM
from qingyu.cases.models import Case, CaseEvent, TimeLimit
from qingyu.hall.facilities import queries
from qingyu.hall.models import FacilityEvent, FacilityFault, FaultReport
from qingyu.hall.operations import facilities
from qingyu.hall.operations.facilities import Seen
from qingyu.notify.models import Delivery
from qingyu.people import operations as people
from qingyu.people import queries as remembered
from qingyu.rules.refusals import NotPermitted, NotValid
from tests.hall.places import Place, build_place
from tests.people import MONDAY, City

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def place(city: City) -> Place:
    return build_place(city)


def missing(place: Place, code: str = "stool-1", **more: object) -> facilities.Reported:
    return facilities.report(place.fresh(code), trouble="missing", by=CITIZEN, at=MONDAY, **more)  # type: ignore[arg-type]


def follow() -> None:
    following.catch_up(at=MONDAY)


def test_a_missing_stool_becomes_a_case_of_a_named_person_with_a_short_limit(place: Place, city: City) -> None:
    done = missing(place)
    case = Case.objects.get()
    assert done.fault.case == case
    assert not done.joined
    assert len(done.query_code) == 8
    assert (case.state, case.owner_id, case.handler_id) == ("dispatched", city.unit("urban"), city.staff["clerk"].pk)
    assert case.due_at == MONDAY + 4 * HOUR
    assert case.door == "facility"
    facts = CaseEvent.objects.get(kind="opened").facts
    assert (facts["facility"], facts["hall"], facts["window"]) == ("stool-1", "demo", "1")
    stool = place.fresh("stool-1")
    assert (stool.state, stool.fault) == ("missing", done.fault)


def test_the_case_says_in_words_what_and_where(place: Place) -> None:
    missing(place)
    text = Case.objects.get().texts.get(kind="text").body
    assert "1号" in text
    assert "政务服务大厅" in text


def test_what_somebody_cannot_do_without_is_urgent(place: Place) -> None:
    missing(place, "aed")
    assert Case.objects.get().urgency == "urgent"


def test_the_limit_is_the_citys_own_dated_row(place: Place) -> None:
    TimeLimit.objects.create(
        preset="test", city="", clock="handle", door="facility", amount=90, unit="minute", in_force=True,
        valid_from=date(2026, 1, 1),
    )  # fmt: skip
    remembered.forget()
    missing(place)
    assert Case.objects.get().due_at == MONDAY + 90 * MINUTE
    other = cases.open_case(cases.Filing(text="路灯不亮", channel="web"), by=CITIZEN, at=MONDAY).case
    cases.route(other, unit=Case.objects.order_by("id")[0].owner_id or 0, by=SYSTEM, at=MONDAY)
    assert other.due_at is not None
    assert other.due_at > MONDAY + 24 * HOUR  # rows of a door hold for no other


def test_the_same_fault_told_of_again_is_counted_and_makes_no_second_case(place: Place) -> None:
    missing(place)
    again = facilities.report(
        place.fresh("stool-1"), trouble="dirty", by=CITIZEN, at=MONDAY + MINUTE, phone="13800138000"
    )
    assert again.joined
    assert again.query_code == ""
    assert Case.objects.count() == 1
    assert FacilityFault.objects.get().reports == 2
    assert place.fresh("stool-1").state == "missing"  # dirt does not make it better
    assert [one.said for one in queries.history(place.fresh("stool-1"))] == ["dirty", "missing"]


def test_the_deputy_has_it_while_the_person_is_away(place: Place, city: City) -> None:
    people.name_deputy(
        city.staff["clerk"], deputy=city.staff["handler"], starts=MONDAY.date(), ends=MONDAY.date(), by=None,
        at=MONDAY, reason="休假",
    )  # fmt: skip
    remembered.forget()
    missing(place)
    assert Case.objects.get().handler == city.staff["second_handler"]


def test_who_has_left_is_in_charge_of_nothing(place: Place, city: City) -> None:
    for name in ("clerk", "second_handler"):
        city.staff[name].is_active = False
        city.staff[name].save()
    missing(place)
    case = Case.objects.get()
    assert (case.handler, case.owner_id) == (None, city.unit("urban"))


def test_the_named_person_is_told_with_the_due_time_in_the_transaction_of_the_follower(place: Place) -> None:
    missing(place)
    follow()
    told = Delivery.objects.get(event_code="facility_fault")
    assert (told.audience, told.channel) == ("staff:clerk", "inbox")
    assert "2026" in told.clear("body")
    follow()
    assert Delivery.objects.filter(event_code="facility_fault").count() == 1


def test_in_order_again_answers_and_closes_the_case_and_stops_its_clocks(place: Place, city: City) -> None:
    missing(place)
    facilities.put_in_order(place.fresh("stool-1"), by=city.actor("clerk"), at=MONDAY + HOUR)
    case = Case.objects.get()
    assert case.state == "closed"
    assert not case.clocks.filter(stop="").exists()
    assert case.clocks.get(kind="handle").in_time
    stool = place.fresh("stool-1")
    assert (stool.state, stool.fault) == ("in_order", None)
    assert FacilityFault.objects.get().ended_at == MONDAY + HOUR


def test_a_guide_of_the_hall_who_handles_no_cases_may_put_a_stool_back(place: Place, city: City) -> None:
    city.staff["guide"].unit = city.units["urban"]
    city.staff["guide"].save()
    people.set_roles(city.staff["guide"], roles=["guide"], by=None, at=MONDAY, reason="x")
    missing(place)
    facilities.put_in_order(place.fresh("stool-1"), by=city.actor("guide"), at=MONDAY + HOUR)
    answered = CaseEvent.objects.get(kind="answered")
    assert answered.by_staff == city.staff["guide"].pk
    with pytest.raises(NotPermitted):  # the trust ends with that case
        cases.accept(
            cases.open_case(cases.Filing(text="x", channel="web"), by=CITIZEN, at=MONDAY).case,
            by=city.actor("guide"), at=MONDAY,
        )  # fmt: skip


def test_strangers_put_nothing_in_order(place: Place, city: City) -> None:
    missing(place)
    for name in ("mayor", "willow_handler", "caller"):
        with pytest.raises(NotPermitted) as refusal:
            facilities.put_in_order(place.fresh("stool-1"), by=city.actor(name), at=MONDAY)
        assert refusal.value.code == "facility_denied"


@pytest.mark.parametrize("before", ["accepted", "answered"])
def test_in_order_again_from_whichever_state_the_case_stands_in(place: Place, city: City, before: str) -> None:
    case = missing(place).fault.case
    cases.accept(case, by=city.actor("clerk"), at=MONDAY)
    if before == "answered":
        cases.answer(case, answer="已放回", by=city.actor("clerk"), at=MONDAY)
    facilities.put_in_order(place.fresh("stool-1"), by=city.actor("clerk"), at=MONDAY + MINUTE)
    case.refresh_from_db()
    assert case.state == "closed"


def test_a_case_answered_on_its_own_page_puts_the_facility_in_order(place: Place, city: City) -> None:
    case = missing(place).fault.case
    cases.accept(case, by=city.actor("clerk"), at=MONDAY)
    cases.answer(case, answer="已放回", by=city.actor("clerk"), at=MONDAY)
    follow()
    assert place.fresh("stool-1").state == "missing"
    cases.review(case, passed=True, by=city.actor("dispatcher"), at=MONDAY)
    follow()
    assert place.fresh("stool-1").state == "in_order"
    cases.redo(case, why="unsolved", by=city.actor("dispatcher"), at=MONDAY + HOUR, comment="还是没有")
    follow()
    stool = place.fresh("stool-1")
    assert (stool.state, stool.fault is not None) == ("missing", True)


def test_who_joined_and_left_a_phone_is_told_once_and_the_phone_forgotten(place: Place, city: City) -> None:
    missing(place, phone="13800138000")
    facilities.report(place.fresh("stool-1"), trouble="missing", by=CITIZEN, at=MONDAY, phone="13900139000")
    row = FaultReport.objects.get()
    assert b"139" not in bytes(row.phone)
    facilities.put_in_order(place.fresh("stool-1"), by=city.actor("clerk"), at=MONDAY + HOUR)
    follow()
    assert Delivery.objects.filter(event_code="facility_mended", channel="sms").count() == 1
    assert Delivery.objects.filter(event_code="closed", channel="sms").count() == 1  # the first has a case to rate
    row.refresh_from_db()
    assert bytes(row.phone) == b""


def test_out_of_use_is_said_with_its_reason(place: Place, city: City) -> None:
    with pytest.raises(NotValid, match="reason_missing"):
        facilities.take_out_of_use(place.fresh("printer-a"), note=" ", by=city.actor("clerk"), at=MONDAY)
    facilities.take_out_of_use(place.fresh("printer-a"), note="送修，周五回来", by=city.actor("clerk"), at=MONDAY)
    assert place.fresh("printer-a").state == "out_of_use"
    assert not Case.objects.exists()


def test_the_history_cannot_be_altered(place: Place) -> None:
    missing(place)
    with pytest.raises(DatabaseError), transaction.atomic():
        FacilityEvent.objects.update(said="in_order")
    with pytest.raises(DatabaseError), transaction.atomic():
        FacilityEvent.objects.all().delete()


def test_a_wrong_phone_or_button_writes_nothing(place: Place) -> None:
    for trouble, phone in (("missing", "123"), ("gone", "")):
        with pytest.raises(NotValid):
            facilities.report(place.fresh("stool-1"), trouble=trouble, by=CITIZEN, at=MONDAY, phone=phone)
    assert not Case.objects.exists()
    assert place.fresh("stool-1").state == "in_order"


def test_what_the_register_lacks_is_told_with_its_source(place: Place) -> None:
    short = queries.short_of(place.hall, queries.facilities_of(place.hall), on=MONDAY.date())
    lacking = {str(one.kind): (number, one.source) for one, number in short}
    assert lacking["stool"][0] == 2  # three windows, one stool
    assert "GB" in lacking["low_counter"][1]
    assert "aed" not in lacking


def test_statements(place: Place, city: City, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    stool = place.fresh("stool-1")
    with django_assert_max_num_queries(44):
        facilities.report(stool, trouble="missing", by=CITIZEN, at=MONDAY)
    stool = place.fresh("stool-1")
    with django_assert_max_num_queries(12):
        facilities.report(stool, trouble="missing", by=CITIZEN, at=MONDAY, phone="13800138000")
    with django_assert_max_num_queries(45):
        facilities.put_in_order(stool, by=city.actor("clerk"), at=MONDAY, seen=Seen(note="已放回"))
    with django_assert_max_num_queries(1):
        assert len(queries.facilities_of(place.hall)) == 5
