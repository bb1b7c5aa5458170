"""Whether the hall is open: said where a number is taken, so that nobody waits before a closed door."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client

from qingyu.hall import operations
from qingyu.hall.facilities import queries
from qingyu.hall.operations.rounds import place_hours
from qingyu.people import queries as people
from tests.hall.floors import Floor, build_floor
from tests.people import City

MONDAY = date(2026, 6, 22)


def city_time(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=UTC) - timedelta(hours=8)


def standing(floor: Floor, at: datetime) -> queries.Standing | None:
    return queries.standing(floor.hall, queries.week_of(floor.hall, people.city_day(at)), at=at)


@pytest.fixture
def weekdays(city: City) -> Floor:
    """Nine to five from Monday to Friday; no window is open."""
    floor = build_floor(city)
    for weekday in range(5):
        place_hours(floor.hall, weekday=weekday, opens=time(9), closes=time(17), valid_from=date(2020, 1, 1))
    return floor


@pytest.mark.parametrize(
    ("day", "clock", "is_open", "turns"),
    [
        (0, time(8, 59), False, (0, time(9))),
        (0, time(9), True, (0, time(17))),
        (0, time(17), False, (1, time(9))),
        (4, time(18), False, (7, time(9))),
        (6, time(12), False, (7, time(9))),
    ],
)
def test_open_or_from_when(weekdays: Floor, day: int, clock: time, is_open: bool, turns: tuple[int, time]) -> None:
    found = standing(weekdays, city_time(MONDAY + timedelta(days=day), clock))
    assert found is not None
    assert (found.is_open, found.turns) == (is_open, city_time(MONDAY + timedelta(days=turns[0]), turns[1]))


def test_hours_that_nobody_said_are_not_made_up(city: City) -> None:
    assert standing(build_floor(city), city_time(MONDAY, time(12))) is None


@pytest.fixture
def never(weekdays: Floor) -> Floor:
    """Whenever the test runs, the hall is closed: it is open on one weekday, and that is three days away."""
    today = people.city_day(datetime.now(UTC))
    weekdays.hall.hours.all().delete()
    other = (today + timedelta(days=3)).weekday()
    place_hours(weekdays.hall, weekday=other, opens=time(9), closes=time(17), valid_from=date(2020, 1, 1))
    return weekdays


def test_a_closed_hall_says_so_and_offers_no_number(never: Floor, client: Client) -> None:
    page = client.get("/hall/demo/").content.decode()
    assert "大厅现在不开放" in page
    assert "?phone=1" not in page
    assert "大厅现在不开放" in client.get("/hall/demo/kiosk/?phone=1").content.decode()


def test_windows_still_open_after_hours_serve_on(never: Floor, city: City, client: Client) -> None:
    operations.open_window(never.windows["1"], by=city.actor("clerk"), at=datetime.now(UTC))
    page = client.get("/hall/demo/").content.decode()
    assert "取号前请先问" in page
    assert "?phone=1" in page


def test_on_the_own_phone_the_frame_is_that_of_every_page_and_the_number_follows(city: City, client: Client) -> None:
    build_floor(city, opened=datetime.now(UTC))
    page = client.get("/hall/demo/kiosk/?service=A&phone=1").content.decode()
    assert 'name="mode"' in page
    assert 'href="?phone=1"' in page
    form = {"service": "A", "need": "elder", "source": "phone", "key": "one-press"}
    answers = [client.post("/hall/demo/kiosk/", form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert "A001" in client.get(answers[0]["Location"]).content.decode()


def test_the_kiosk_offers_language_and_large_type_and_forgets_them_with_the_slip(city: City, client: Client) -> None:
    build_floor(city, opened=datetime.now(UTC))
    client.post("/language/", {"language": "en", "next": "/hall/demo/kiosk/"})
    page = client.get("/hall/demo/kiosk/").content.decode()
    assert "What have you come for?" in page
    assert 'value="zh-hans"' in page
    slip = client.post("/hall/demo/kiosk/", {"service": "A", "need": "", "source": "kiosk", "key": "another"})
    assert "Your number" in slip.content.decode()
    assert "您要办什么" in client.get("/hall/demo/kiosk/").content.decode()
