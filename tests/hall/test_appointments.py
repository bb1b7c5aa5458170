"""A time is booked, moved, cancelled, kept or missed; who walks in is never limited by it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client, override_settings

from qingyu.cases.actors import CITIZEN
from qingyu.config import ratelimit
from qingyu.hall import appointments, operations, tasks
from qingyu.hall.models import Appointment, Ticket
from qingyu.people import queries as people
from qingyu.rules.refusals import NotAllowed, NotValid
from tests.api.doors import Caller, signed_in
from tests.hall.floors import Floor, build_floor
from tests.people import MONDAY, City

TUESDAY = MONDAY + timedelta(days=1)  # 09:00 in the city
MINUTE = timedelta(minutes=1)
PHONE = "13800138000"


def plan(floor: Floor, *, since: datetime, **terms: int) -> None:
    day = people.city_day(since)
    operations.place_terms(floor.hall, valid_from=day, **terms)
    operations.place_opening(
        floor.services["A"], valid_from=day, starts=time(9), ends=time(12), windows=2
    )  # 30 min slots, 600 s each, 40 %: 2.4 people


@pytest.fixture
def floor(city: City) -> Floor:
    found = build_floor(city, opened=MONDAY)
    plan(found, since=MONDAY)
    return found


def book(floor: Floor, starts: datetime = TUESDAY, *, phone: str = PHONE, at: datetime = MONDAY) -> Appointment:
    return operations.book(floor.services["A"], starts=starts, name="王秀英", phone=phone, at=at)


def code_of(act) -> str:  # type: ignore[no-untyped-def]
    with pytest.raises((NotAllowed, NotValid)) as refused:
        act()
    return refused.value.code


def test_slots_are_the_share_of_the_plan_that_walk_ins_leave(floor: Floor) -> None:
    found = appointments.slots(floor.services["A"], people.city_day(TUESDAY))
    assert (found[0].starts_at, [slot.left for slot in found]) == (TUESDAY, [2, 2, 3, 2, 3, 2])
    assert [day.left for day in appointments.days(floor.services["A"], at=MONDAY)] == [14] * 5


def test_a_slot_is_full_when_its_places_are_taken_and_free_again_when_cancelled(floor: Floor) -> None:
    first = book(floor)
    book(floor, phone="13800138001")
    assert code_of(lambda: book(floor, phone="13800138002")) == "slot_full"
    operations.cancel(first, at=MONDAY)
    assert book(floor, phone="13800138002").state == "booked"


@pytest.mark.parametrize(
    ("starts", "code"),
    [
        (MONDAY + timedelta(hours=1), "slot_unknown"),  # today: a day ahead
        (TUESDAY + timedelta(minutes=7), "slot_unknown"),
        (MONDAY + timedelta(days=5), "slot_unknown"),  # Saturday
        (MONDAY + timedelta(days=8), "slot_unknown"),  # more than five working days ahead
    ],
)
def test_what_may_not_be_booked_is_refused(floor: Floor, starts: datetime, code: str) -> None:
    assert code_of(lambda: book(floor, starts)) == code


def test_one_a_day_for_each_phone_however_it_is_spelled(floor: Floor) -> None:
    book(floor)
    assert code_of(lambda: book(floor, TUESDAY + 30 * MINUTE, phone="+86 138 0013 8000")) == "appointment_same_day"
    assert book(floor, TUESDAY + timedelta(days=1)).state == "booked"


def test_a_hall_without_terms_takes_none(city: City) -> None:
    bare = build_floor(city, opened=MONDAY)
    people.forget()
    assert code_of(lambda: book(bare)) == "no_appointments"


def test_moving_keeps_the_code_and_two_hours_before_is_too_late(floor: Floor) -> None:
    mine = book(floor)
    operations.move(mine, to=TUESDAY + 30 * MINUTE, at=MONDAY)
    assert (mine.starts_at, mine.moved) == (TUESDAY + 30 * MINUTE, 1)
    late = TUESDAY - timedelta(hours=1)
    assert code_of(lambda: operations.move(mine, to=TUESDAY + 60 * MINUTE, at=late)) == "appointment_too_late"
    assert code_of(lambda: operations.cancel(mine, at=late)) == "appointment_too_late"


def test_who_comes_in_time_goes_before_from_the_booked_time_on(floor: Floor, city: City) -> None:
    booked = book(floor, TUESDAY + 30 * MINUTE)
    numbers = [floor.issue("A", at=TUESDAY + number * MINUTE).number for number in range(4)]
    ticket = operations.check_in(booked, by=CITIZEN, at=TUESDAY + 5 * MINUTE)
    window, clerk = floor.windows["1"], city.actor("clerk")
    called = []
    for minute in (10, 40, 41):
        found = operations.call_next(window, by=clerk, at=TUESDAY + minute * MINUTE)
        assert found is not None
        called.append(found.number)
        operations.finish(window, by=clerk, at=TUESDAY + (minute + 1) * MINUTE)
    assert called == [numbers[0], ticket.number, numbers[1]]
    booked.refresh_from_db()
    assert (booked.state, booked.late, booked.ticket_id) == ("arrived", False, ticket.pk)


def test_who_comes_late_is_a_walk_in_and_coming_twice_is_one_ticket(floor: Floor) -> None:
    booked = book(floor)
    tickets = [operations.check_in(booked, by=CITIZEN, at=TUESDAY + minute * MINUTE) for minute in (16, 17)]
    assert tickets[0].pk == tickets[1].pk
    assert tickets[0].due is None
    booked.refresh_from_db()
    assert booked.late


def test_a_wrong_day_is_told_and_the_walk_in_is_open(floor: Floor) -> None:
    booked = book(floor)
    assert code_of(lambda: operations.check_in(booked, by=CITIZEN, at=MONDAY)) == "appointment_other_day"
    assert [floor.issue("A", at=MONDAY).number for _ in range(60)][-1] == "A060"  # no quota for those who walk in


def test_three_missed_bar_for_a_month_but_not_from_walking_in(floor: Floor) -> None:
    for day in range(3):
        book(floor, TUESDAY + timedelta(days=day))
    tasks.end_days(at=TUESDAY + timedelta(days=3))
    assert set(Appointment.objects.values_list("state", flat=True)) == {"missed"}
    later = TUESDAY + timedelta(days=3)
    assert code_of(lambda: book(floor, later + timedelta(days=3), at=later)) == "appointment_barred"
    assert floor.issue("A", at=later).state == "waiting"


def test_name_and_phone_are_sealed(floor: Floor) -> None:
    mine = book(floor)
    assert b"138" not in bytes(mine.phone) + bytes(mine.name) + mine.phone_index.encode()
    assert appointments.clear(mine) == {"name": "王**", "phone": "138****8000"}
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{8}", mine.code)


# Pages and API -----------------------------------------------------------------------------------------------------


@pytest.fixture
def today(city: City) -> Floor:
    at = datetime.now(UTC)
    found = build_floor(city, opened=at)
    plan(found, since=at)
    return found


def test_a_citizen_books_moves_and_cancels_without_scripts(today: Floor, client: Client) -> None:
    page = client.get("/hall/demo/appointments/").content.decode()
    address = "/hall/demo/appointments/"
    for _ in range(3):  # service, day, time
        link = re.findall(r'class="(?:tile|btn slot)" href="(\?[^"]+)"', page)[-1].replace("&amp;", "&")
        address, page = (
            f"/hall/demo/appointments/{link}",
            client.get(f"/hall/demo/appointments/{link}").content.decode(),
        )
    form = dict(re.findall(r'name="(key|service|starts)" value="([^"]+)"', page))
    wrong = client.post(address, form | {"name": "李建国", "phone": "12"})
    assert wrong.status_code == 422
    assert "李建国" in wrong.content.decode()
    assert 'aria-describedby="phone-hint phone-error" aria-invalid="true"' in wrong.content.decode()
    answers = [client.post(address, form | {"name": "李建国", "phone": PHONE}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    mine = Appointment.objects.get()
    receipt = client.get(answers[0]["Location"])
    assert receipt["Referrer-Policy"] == "no-referrer"
    assert mine.code in receipt.content.decode()
    assert PHONE not in receipt.content.decode()
    days = client.get(f"/hall/demo/appointments/?code={mine.code}").content.decode()
    day = re.findall(r"day=([\d-]+)", days)[0]
    moving = f"/hall/demo/appointments/?code={mine.code}&day={day}"
    starts = re.findall(r'name="starts" value="([^"]+)"', client.get(moving).content.decode())[0]
    assert client.post(moving, {"starts": starts}).status_code == 302
    assert client.post("/hall/demo/appointments/mine/", {"code": mine.code}).status_code == 200
    mine.refresh_from_db()
    assert (mine.state, mine.moved) == ("cancelled", 1)
    assert client.get("/hall/demo/appointments/mine/?code=AAAA2222").status_code == 404


@pytest.mark.parametrize("query", ["day=2026-99-99", "at=nonsense", "day=x&at=", "code=ZZZZZZZZ"])
def test_addresses_made_by_hand_lead_to_a_step_or_nowhere(today: Floor, client: Client, query: str) -> None:
    assert client.get(f"/hall/demo/appointments/?service=A&{query}").status_code in (200, 404)
    assert client.post(f"/hall/demo/appointments/?service=A&{query}", {"starts": "x"}).status_code in (404, 422)


def test_kiosk_and_guide_take_the_code_or_the_phone(today: Floor, city: City, client: Client) -> None:
    days = appointments.open_days(today.hall, at=datetime.now(UTC))
    slots = appointments.slots(today.services["A"], days[0])
    booked = [
        operations.book(
            today.services["A"], starts=slots[n].starts_at, name="王", phone=f"1380013800{n}", at=datetime.now(UTC)
        )
        for n in range(2)
    ]
    Appointment.objects.update(day=people.city_day(datetime.now(UTC)), starts_at=datetime.now(UTC))
    assert client.post("/hall/demo/kiosk/arrival/", {"appointment": "nobody"}).status_code == 422
    slip = client.post("/hall/demo/kiosk/arrival/", {"appointment": booked[0].code.lower()})
    assert (slip.status_code, Ticket.objects.get().number) == (201, "A001")
    guide = Client()
    guide.force_login(city.staff["clerk"], backend="django.contrib.auth.backends.ModelBackend")
    assert guide.post("/hall/demo/guide/", {"appointment": "13800138001"}).status_code == 201
    assert guide.post("/hall/demo/guide/", {"appointment": "13800138009"}).status_code == 422
    assert Ticket.objects.filter(due__isnull=False).count() == 2


def test_the_same_over_the_api(today: Floor) -> None:
    found = Caller().get("/halls/demo/slots?service=A").json()
    starts = [slot["starts_at"] for slot in found["days"][0]["slots"]]
    body = {"service": "A", "starts_at": starts[0], "name": "王秀英", "phone": PHONE}
    answers = [Caller().post("/halls/demo/appointments", body, Idempotency_Key="k" * 20) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    code = answers[0].json()["code"]
    assert answers[1].json()["code"] == code
    mine = Caller(headers={"X-Query-Code": code})
    assert mine.get("/halls/demo/appointments/mine").json()["state"] == "booked"
    assert mine.post("/halls/demo/appointments/move", {"starts_at": starts[1]}).json()["starts_at"] == starts[1]
    assert mine.post("/halls/demo/appointments/cancel", {}).json()["state"] == "cancelled"
    assert Caller().get("/halls/demo/appointments/mine?code=AAAA2222").status_code == 404
    assert Caller().post("/halls/demo/arrivals", {"appointment": code}).status_code == 409
    assert signed_in("clerk").post("/halls/demo/arrivals", {"appointment": "13900000000"}).status_code == 422
    assert Caller().get("/halls/demo/slots?service=B").json()["days"][0]["slots"] == []


def test_a_phone_number_tells_a_stranger_nothing(floor: Floor) -> None:
    booked, body = book(floor), {"appointment": PHONE}
    Appointment.objects.update(day=people.city_day(datetime.now(UTC)), starts_at=datetime.now(UTC))
    assert Caller().post("/halls/demo/arrivals", body).json()["code"] == "appointment_unknown"
    assert Caller().post("/halls/demo/arrivals", {"appointment": booked.code}).status_code == 201
    assert signed_in("clerk").post("/halls/demo/arrivals", body).status_code == 201


@pytest.mark.parametrize("way", ["/hall/demo/appointments/", "/hall/demo/appointments/mine/"])
def test_guessing_codes_is_limited_on_every_page_that_takes_one(floor: Floor, way: str) -> None:
    ratelimit.counter.tries.clear()
    with override_settings(RATE_LIMITS=True):
        answers = [Client().get(way, {"code": f"AAAA222{n % 8 + 2}"}).status_code for n in range(31)]
    ratelimit.counter.tries.clear()
    assert answers == [404] * 30 + [429]
