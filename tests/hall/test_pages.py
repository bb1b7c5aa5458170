"""The pages of a hall without a browser: who may come in, what they show, what a second press does."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from qingyu.hall import operations
from qingyu.hall.models import Ticket
from tests.hall.floors import Floor, build_floor
from tests.people import City


@pytest.fixture
def floor(city: City) -> Floor:
    return build_floor(city, opened=datetime.now(UTC))


def as_staff(city: City, name: str) -> Client:
    client = Client()
    client.force_login(city.staff[name], backend="django.contrib.auth.backends.ModelBackend")
    return client


def key_of(page: str) -> str:
    return re.search(r'name="key" value="(\w+)"', page)[1]  # type: ignore[index]


def test_the_kiosk_has_at_most_six_buttons_and_one_press_is_one_ticket(floor: Floor, client: Client) -> None:
    first = client.get("/hall/demo/kiosk/").content.decode()
    assert 1 <= first.count('class="kiosk-button') <= 6
    second = client.get("/hall/demo/kiosk/?service=A").content.decode()
    assert second.count('class="kiosk-button') == 6
    form = {"service": "A", "need": "elder", "key": key_of(second)}
    answers = [client.post("/hall/demo/kiosk/", form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Ticket.objects.count() == 1
    assert "A001" in answers[1].content.decode()


def test_more_services_than_buttons_lead_on(floor: Floor, client: Client) -> None:
    for place, letter in enumerate("DEFGH", 3):
        operations.place_service(floor.hall, code=letter, name=f"事项{letter}", order=place)
    pages = [client.get(f"/hall/demo/kiosk/?from={start}").content.decode() for start in (0, 5)]
    assert [page.count('class="kiosk-button') for page in pages] == [6, 4]
    assert "事项H" in pages[1]


def test_a_ticket_page_tells_what_happens(floor: Floor, city: City, client: Client) -> None:
    ticket = floor.issue("A", at=datetime.now(UTC))
    address = f"/t/{ticket.ticket}/"
    page = client.get(address)
    assert page["Referrer-Policy"] == "no-referrer"
    assert "A001" in page.content.decode()
    operations.call_next(floor.windows["2"], by=city.actor("clerk"), at=datetime.now(UTC))
    assert "2号" in client.get(address).content.decode()
    assert client.post(address).status_code == 409
    assert client.get("/t/AAAAAAAAAAAAAAAA/").status_code == 404


def test_giving_a_number_back(floor: Floor, client: Client) -> None:
    ticket = floor.issue("A", at=datetime.now(UTC))
    assert client.post(f"/t/{ticket.ticket}/").status_code == 302
    ticket.refresh_from_db()
    assert ticket.state == "left"


def test_a_guide_gives_out_a_ticket_with_needs_and_brings_back_who_is_late(floor: Floor, city: City) -> None:
    guide = as_staff(city, "clerk")  # a clerk holds the right of a guide; the test guide works in another unit
    page = guide.get("/hall/demo/guide/").content.decode()
    given = guide.post("/hall/demo/guide/", {"service": "B", "need": ["elder", "wheelchair"], "key": key_of(page)})
    assert given.status_code == 201
    ticket = Ticket.objects.get()
    assert (ticket.number, ticket.needs, ticket.source) == ("B001", "elder,wheelchair", "guide")
    operations.leave(ticket, at=datetime.now(UTC))
    assert guide.post("/hall/demo/guide/", {"number": "b001"}).status_code == 302
    assert guide.post("/hall/demo/guide/", {"number": "Z9"}).status_code == 422
    assert guide.post("/hall/demo/guide/", {"key": "x"}).status_code == 422
    assert as_staff(city, "guide").get("/hall/demo/guide/").status_code == 403


def test_a_clerk_calls_serves_and_finishes_by_the_page(floor: Floor, city: City) -> None:
    clerk, address = as_staff(city, "clerk"), "/hall/demo/window/1/"
    for _ in range(2):
        floor.issue("A", at=datetime.now(UTC))
    for do in ("next", "begin", "recall", "finish_and_next", "no_show"):
        page = clerk.get(address).content.decode()
        ticket = re.search(r'name="ticket" value="([\w-]+)"', page)
        form = {"do": do, "key": key_of(page), "ticket": ticket[1] if ticket else "", "answer": "办结"}
        assert clerk.post(address, form).status_code == 302, do
        assert clerk.post(address, form).status_code == 302, do  # the same form twice is one act
    states = sorted(Ticket.objects.values_list("number", "state"))
    assert states == [("A001", "finished"), ("A002", "waiting")]


def test_a_form_about_another_ticket_is_refused_in_words(floor: Floor, city: City) -> None:
    clerk, address = as_staff(city, "clerk"), "/hall/demo/window/1/"
    floor.issue("A", at=datetime.now(UTC))
    operations.call_next(floor.windows["1"], by=city.actor("clerk"), at=datetime.now(UTC))
    answer = clerk.post(address, {"do": "finish", "ticket": "another", "key": "k", "answer": "写了一半"})
    assert answer.status_code == 409
    assert "写了一半" in answer.content.decode()
    assert clerk.post(address, {"do": "dance", "key": "k2"}).status_code == 422


@pytest.mark.parametrize(
    ("page", "name", "status"),
    [
        ("window/1", "clerk", 200), ("window/1", "handler", 403), ("manager", "clerk", 403), ("guide", "mayor", 403),
        ("manager", "hall_manager", 403), ("window/9", "clerk", 404),
    ],
)  # fmt: skip
def test_who_may_come_in(floor: Floor, city: City, page: str, name: str, status: int) -> None:
    assert as_staff(city, name).get(f"/hall/demo/{page}/").status_code == status
    assert Client().get(f"/hall/demo/{page}/").status_code == 302


def test_a_clerk_goes_back_to_the_own_window_in_one_press_and_sees_who_sits_at_the_others(
    floor: Floor, city: City
) -> None:
    operations.close_window(floor.windows["2"], by=city.actor("clerk"), at=datetime.now(UTC))
    html = as_staff(city, "clerk").get("/desk/hall/").content.decode()
    own = re.findall(r'btn-main" href="(/hall/demo/window/\d/)"', html)
    assert own == ["/hall/demo/window/1/", "/hall/demo/window/3/"]
    assert "正在办理 · 测试clerk" in html


def test_whoever_calls_sits_at_the_window_whoever_opened_it(floor: Floor, city: City) -> None:
    operations.open_window(floor.windows["1"], by=_system(), at=datetime.now(UTC))
    floor.issue("A", at=datetime.now(UTC))
    operations.call_next(floor.windows["1"], by=city.actor("clerk"), at=datetime.now(UTC))
    floor.windows["1"].refresh_from_db()
    assert floor.windows["1"].clerk == city.staff["clerk"]
    html = as_staff(city, "clerk").get("/hall/demo/window/1/").content.decode()
    assert html.index('value="finish_and_next"') < html.index('id="answer"'), "finishing needs no way past the notes"
    assert html.count('form="at-window"') == 2


def test_the_manager_sees_who_waits_and_what_to_do(floor: Floor, city: City) -> None:
    floor.hall.unit = city.units["east"]
    floor.hall.save()
    operations.close_window(floor.windows["3"], by=city.actor("mayor") if False else _system(), at=datetime.now(UTC))
    floor.issue("C", at=datetime.now(UTC))
    page = as_staff(city, "hall_manager").get("/hall/demo/manager/")
    assert page.status_code == 200
    html = page.content.decode()
    assert "“不动产”有1人在等，却没有窗口在办：请开一个窗口。 可以开：3号。" in html
    assert html.index("现在要做什么") < html.index("窗口在办理"), "what to do stands before the figures"
    halls = as_staff(city, "hall_manager").get("/desk/hall/").content.decode()
    assert re.search(r'btn-main" href="/hall/demo/manager/"', halls)


def _system():  # type: ignore[no-untyped-def]
    from qingyu.cases.actors import SYSTEM

    return SYSTEM


def test_board_and_hall_cost_few_statements(floor: Floor, client: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for number in range(30):
        floor.issue("ABC"[number % 3], at=datetime.now(UTC))
    client.get("/hall/demo/board/")
    with django_assert_max_num_queries(7):
        assert "A" in client.get("/hall/demo/board/").content.decode()
    with django_assert_max_num_queries(9):  # what is not in order, and when it is open, too
        assert client.get("/hall/demo/").status_code == 200
