"""Who runs a hall sets the opening plan and the terms of the days to come; what was in force and booked stays."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from qingyu.cases.actors import Actor
from qingyu.hall import appointments, operations
from qingyu.hall.models import Appointment, AppointmentTerms, PlannedOpening
from qingyu.people import queries as people
from qingyu.people.models import AdminChange
from qingyu.rules.appointing import Opening
from qingyu.rules.refusals import NotPermitted, NotValid
from tests.cases.staff_desk import signed_in
from tests.hall.floors import Floor, build_floor
from tests.people import MONDAY, City

TODAY = date(2026, 6, 1)
WEDNESDAY = date(2026, 6, 3)
MORNING = Opening(time(9), time(12), 2)
PAGE = "/hall/demo/plan/"


@pytest.fixture
def floor(city: City) -> Floor:
    found = build_floor(city, opened=MONDAY)
    found.hall.unit = city.units["east"]  # where the manager of the tests works
    found.hall.save()
    people.forget()
    return found


@pytest.fixture
def manager(city: City) -> Actor:
    return city.actor("hall_manager")


def set_plan(floor: Floor, by: Actor, *openings: Opening, since: date = TODAY) -> None:
    operations.set_plan(floor.services["A"], since=since, openings=openings, by=by, at=MONDAY)


def test_a_plan_counts_from_its_day_on_and_what_was_in_force_stays_readable(floor: Floor, manager: Actor) -> None:
    set_plan(floor, manager, MORNING)
    set_plan(floor, manager, Opening(time(9), time(11), 1), Opening(time(14), time(16), 1), since=WEDNESDAY)
    service = floor.services["A"]
    assert [one.opening for one in appointments.openings(service, on=date(2026, 6, 2))] == [MORNING]
    assert [one.windows for one in appointments.openings(service, on=WEDNESDAY)] == [1, 1]
    assert PlannedOpening.objects.get(valid_from=TODAY).valid_to == date(2026, 6, 2)
    change = AdminChange.objects.filter(what="set_plan").latest("id")
    assert (change.subject, change.facts["openings"]) == ("hall:demo", ["09:00-11:00 x 1", "14:00-16:00 x 1"])


def test_a_plan_set_anew_for_a_day_takes_the_place_of_all_that_was_to_come(floor: Floor, manager: Actor) -> None:
    set_plan(floor, manager, MORNING, since=WEDNESDAY)
    set_plan(floor, manager, Opening(time(10), time(12), 1), since=TODAY)
    set_plan(floor, manager, since=WEDNESDAY)
    assert appointments.openings(floor.services["A"], on=WEDNESDAY) == []
    assert len(appointments.openings(floor.services["A"], on=TODAY)) == 1


@pytest.mark.parametrize(
    ("openings", "since", "code"),
    [
        ([MORNING], date(2026, 5, 31), "plan_day_past"),
        ([Opening(time(12), time(9), 1)], TODAY, "opening_order"),
        ([MORNING, Opening(time(11), time(13), 1)], TODAY, "opening_overlaps"),
        ([Opening(time(9), time(12), 3)], TODAY, "opening_windows"),
        ([Opening(time(9), time(12), 0)], TODAY, "opening_windows"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    floor: Floor, manager: Actor, openings: list[Opening], since: date, code: str
) -> None:
    set_plan(floor, manager, MORNING)
    with pytest.raises(NotValid, match=code):
        set_plan(floor, manager, *openings, since=since)
    assert [one.opening for one in appointments.openings(floor.services["A"], on=TODAY)] == [MORNING]


def test_only_who_runs_the_hall_sets_its_plan_and_terms(city: City, floor: Floor) -> None:
    with pytest.raises(NotPermitted, match="hall_manage_denied"):
        set_plan(floor, city.actor("clerk"), MORNING)
    with pytest.raises(NotPermitted, match="hall_manage_denied"):
        operations.set_terms(floor.hall, since=TODAY, share=40, slot_minutes=30, by=city.actor("clerk"), at=MONDAY)
    assert signed_in(city, "clerk").get(PAGE).status_code == 403


def test_terms_change_from_their_day_on_and_keep_what_is_not_asked(floor: Floor, manager: Actor) -> None:
    operations.place_terms(floor.hall, valid_from=TODAY, per_day=3)
    operations.set_terms(floor.hall, since=WEDNESDAY, share=50, slot_minutes=20, by=manager, at=MONDAY)
    people.forget()
    before, after = (appointments.terms(floor.hall, on=day) for day in (TODAY, WEDNESDAY))
    assert before is not None
    assert after is not None
    assert (before.share, after.share, after.slot_minutes, after.per_day) == (40, 50, 20, 3)
    for share, slot, code in ((101, 30, "share_not_valid"), (-1, 30, "share_not_valid"), (40, 4, "slot_not_valid")):
        with pytest.raises(NotValid, match=code):
            operations.set_terms(floor.hall, since=TODAY, share=share, slot_minutes=slot, by=manager, at=MONDAY)
    assert AppointmentTerms.objects.count() == 2


def test_the_coming_days_tell_what_is_offered_and_booked_also_where_the_plan_shrank(
    floor: Floor, manager: Actor
) -> None:
    operations.place_terms(floor.hall, valid_from=TODAY)
    set_plan(floor, manager, MORNING)
    tuesday = MONDAY + timedelta(days=1)
    operations.book(floor.services["A"], starts=tuesday, name="王秀英", phone="13800138000", at=MONDAY)
    assert [(room, n) for _day, room, n in appointments.coming(floor.hall, at=MONDAY)[0].days][:2] == [(14, 1), (14, 0)]
    set_plan(floor, manager, since=people.city_day(tuesday))
    assert [(room, n) for _day, room, n in appointments.coming(floor.hall, at=MONDAY)[0].days][:2] == [(0, 1), (0, 0)]
    assert Appointment.objects.get().state == "booked"


def posted(since: date, **rows: str) -> dict[str, str]:
    return {"do": "plan", "since": since.isoformat()} | rows


def test_the_manager_sets_the_plan_on_the_page_and_is_told_what_is_wrong(city: City, floor: Floor) -> None:
    client, since = signed_in(city, "hall_manager"), people.city_day(datetime.now(UTC)) + timedelta(days=1)
    assert "还不接受预约" in client.get(PAGE).content.decode()
    half = client.post(f"{PAGE}?service=B", posted(since, starts0="09:00", windows0="1"))
    assert half.status_code == 422
    assert "几点开始、几点结束和几个窗口" in half.content.decode()
    assert 'value="09:00"' in half.content.decode(), "what was typed stays"
    many = client.post(f"{PAGE}?service=B", posted(since, starts0="09:00", ends0="12:00", windows0="9"))
    assert "能办这一事项的窗口有2个" in many.content.decode()
    good = client.post(f"{PAGE}?service=B", posted(since, starts0="09:00", ends0="12:00", windows0="2"))
    assert (good.status_code, good["Location"]) == (303, f"{PAGE}?service=B")
    assert appointments.openings(floor.services["B"], on=since)[0].windows == 2
    terms = {"do": "terms", "since": since.isoformat(), "share": "50", "slot_minutes": "30"}
    assert client.post(PAGE, terms).status_code == 303
    assert client.post(PAGE, terms | {"share": "140"}).status_code == 422
    assert "B 户籍" in client.get(PAGE).content.decode()
