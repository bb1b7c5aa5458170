"""The supervisor's overview: what will be late, what is, where it sticks; only what the viewer may see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from qingyu.cases import operations
from qingyu.cases.actors import CITIZEN
from qingyu.cases.models import Case
from qingyu.desk import queries
from qingyu.desk.views import bars
from tests.lives import live
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def filed(*, at: datetime = MONDAY, text: str = "占道经营", type: str = "complaint") -> Case:
    person = operations.Person(name="王晓", phone="19900001234")
    filing = operations.Filing(text=text, channel="web", type=type, person=person)
    return operations.open_case(filing, by=CITIZEN, at=at).case


def routed(city: City, unit: str, *, at: datetime = MONDAY) -> Case:
    case = filed(at=at)
    operations.route(case, unit=city.unit(unit), by=city.actor("dispatcher"), at=at + HOUR)
    return case


def test_due_soon_are_those_of_the_next_24_hours_first_due_first(city: City) -> None:
    second, first = filed(at=MONDAY + HOUR), filed(at=MONDAY)
    routed(city, "urban", at=MONDAY + 40 * HOUR)
    rows = queries.due_soon(city.viewer("supervisor"), at=MONDAY + 2 * HOUR)
    assert [row.number for row in rows] == [first.number, second.number]


def test_late_cases_are_counted_by_the_unit_that_has_them(city: City) -> None:
    for unit in ("urban", "urban", "willow"):
        routed(city, unit)
    late = queries.late_units(city.viewer("supervisor"), at=MONDAY + timedelta(days=3))
    assert [(unit.code, unit.count) for unit in late.units] == [("urban", 2), ("willow", 1)]
    assert not late.more


def test_a_hall_manager_sees_the_own_units_alone(city: City) -> None:
    routed(city, "urban")
    routed(city, "willow")
    at = MONDAY + timedelta(days=3)
    late = queries.late_units(city.viewer("hall_manager"), at=at)
    assert [unit.code for unit in late.units] == ["willow"]
    assert queries.counts(city.viewer("hall_manager"), at=at)["late"] == 1


def test_reports_of_wrongdoing_do_not_show_to_those_who_may_not_read_them(city: City) -> None:
    case = filed(type="report", text="举报施工方")
    at = MONDAY + HOUR
    assert [row.number for row in queries.due_soon(city.viewer("supervisor"), at=at)] == [case.number]
    assert queries.due_soon(city.viewer("mayor"), at=at) == []


def test_what_comes_and_goes_stands_on_top(city: City) -> None:
    calm, urged = routed(city, "urban"), routed(city, "urban")
    for day in (1, 2, 3):
        operations.urge(urged, by=CITIZEN, at=MONDAY + timedelta(days=day, hours=2))
    operations.urge(calm, by=CITIZEN, at=MONDAY + timedelta(days=1))
    routed(city, "urban")
    assert [one.row.number for one in queries.stuck(city.viewer("supervisor"))] == [urged.number, calm.number]


def test_the_day_is_counted_by_the_hour_of_the_city(city: City) -> None:
    filed(at=MONDAY - 10 * HOUR)  # the evening before
    filed(at=MONDAY - 9 * HOUR)  # midnight
    filed(at=MONDAY + 10 * timedelta(minutes=1))
    counts = queries.inflow(city.viewer("supervisor"), at=MONDAY + HOUR)
    assert counts == [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]


@pytest.mark.parametrize(("counts", "heights"), [([0, 0], [0, 0]), ([1, 2, 4], [30, 60, 120]), ([], [])])
def test_bars_share_one_scale(counts: list[int], heights: list[int]) -> None:
    assert [bar.height for bar in bars(counts).bars] == heights


def sign_in(client: Client, city: City, name: str) -> Client:
    client.force_login(city.staff[name], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_page_takes_few_statements_and_leads_into_the_lists(
    city: City, client: Client, django_assert_max_num_queries: Any
) -> None:
    now = datetime.now(UTC)
    for seed in range(20):
        live(city, 600 + seed, steps=5, start=now - timedelta(days=6))
    sign_in(client, city, "supervisor").get("/desk/overview/")
    with django_assert_max_num_queries(10):
        page = client.get("/desk/overview/").content.decode()
    assert "/desk/?basket=late" in page
    assert "卡在哪里" in page
    assert "今天各时段收到的诉求" in page


def test_an_empty_city_is_calm(city: City, client: Client) -> None:
    page = sign_in(client, city, "mayor").get("/desk/overview/").content.decode()
    for words in ("没有超期的工单", "24小时内没有到期的工单", "没有来回扯皮的工单"):
        assert words in page


@pytest.mark.parametrize("name", ["handler", "caller", "agent"])
def test_others_may_not_come_in(city: City, client: Client, name: str) -> None:
    assert sign_in(client, city, name).get("/desk/overview/").status_code == 403
