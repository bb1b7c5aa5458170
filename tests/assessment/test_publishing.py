"""What a month first said is kept; a figure that changes later is shown with the first one, never in silence."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from qingyu.assessment import periods, publishing, queries
from qingyu.assessment.models import PublishedCount, PublishedMonth, UnitDay
from qingyu.cases import following
from qingyu.cases.models import Position
from tests.assessment.test_barometer import closed
from tests.people import City

pytestmark = pytest.mark.django_db
JUNE = (date(2026, 6, 1), date(2026, 6, 30))
NOON = timedelta(hours=4)  # in the city
SECOND_OF_JULY = datetime(2026, 7, 2, tzinfo=UTC) + NOON


@pytest.fixture(autouse=True)
def facts_alone(settings: Any) -> None:
    settings.FOLLOWERS = ["qingyu.assessment.followers.Facts"]


def catch_up() -> None:
    while following.catch_up(at=SECOND_OF_JULY):
        pass


def put(city: City, day: date = JUNE[0], unit: str = "urban", **counts: int) -> None:
    for measure, number in counts.items():
        UnitDay.objects.update_or_create(unit_id=city.unit(unit), day=day, measure=measure, defaults={"count": number})


def june(unit: str = "") -> queries.Barometer:
    return queries.barometer(start=JUNE[0], end=JUNE[1], today=date(2026, 7, 20), unit=unit)


@pytest.mark.parametrize(
    ("at", "kept"),
    [(datetime(2026, 6, 30, tzinfo=UTC), 0), (datetime(2026, 7, 1, 15, 59, tzinfo=UTC), 0),
     (datetime(2026, 7, 1, 16, tzinfo=UTC), 1), (datetime(2027, 6, 30, tzinfo=UTC), 1),
     (datetime(2027, 7, 2, tzinfo=UTC), 0)],
    ids=["still June", "the first of July", "the second of July in the city", "within a year", "a year later"],
)  # fmt: skip
def test_a_month_is_kept_a_whole_day_after_its_end(city: City, at: datetime, kept: int) -> None:
    closed(city)
    catch_up()
    assert publishing.publish(at=at) == kept
    assert list(PublishedMonth.objects.values_list("month", flat=True)) == [JUNE[0]] * kept


def test_a_month_is_kept_once_and_only_where_something_counted(city: City) -> None:
    closed(city)
    catch_up()
    assert publishing.publish(at=SECOND_OF_JULY) == 1
    before = list(PublishedCount.objects.order_by("pk").values_list("unit__code", "measure", "count"))
    put(city, handling_due=7)
    assert publishing.publish(at=SECOND_OF_JULY + timedelta(days=1)) == 0
    assert list(PublishedCount.objects.order_by("pk").values_list("unit__code", "measure", "count")) == before


def test_nothing_is_kept_while_facts_are_being_made_anew(city: City) -> None:
    closed(city)
    catch_up()
    Position.objects.filter(follower="facts").update(event=0)
    assert publishing.publish(at=SECOND_OF_JULY + timedelta(days=400)) == 0
    Position.objects.all().delete()
    assert publishing.publish(at=SECOND_OF_JULY) == 0


def published(city: City, **counts: int) -> None:
    following.ensure_positions(following.followers())
    put(city, **counts)
    assert publishing.publish(at=SECOND_OF_JULY) == 1


def test_a_figure_that_changed_stands_beside_the_first(city: City) -> None:
    published(city, handling_due=50, responded_in_time=45, solved_yes=30)
    assert not june().corrected
    put(city, responded_in_time=44)
    found = june()
    rate = found.units[0].readings["response_rate"]
    assert found.published_at == SECOND_OF_JULY
    assert (rate.percent, rate.first and rate.first.percent) == (Decimal("88.0"), Decimal("90.0"))
    assert found.units[0].readings["resolution_rate"].first is None
    assert found.corrected


@pytest.mark.parametrize(("first", "later"), [(3, 40), (40, 3)])
def test_what_is_hidden_now_or_was_then_is_compared_with_nothing(city: City, first: int, later: int) -> None:
    published(city, handling_due=first)
    put(city, handling_due=later)
    assert not june().corrected


def test_only_a_whole_month_is_compared(city: City) -> None:
    published(city, handling_due=50)
    put(city, handling_due=60)
    part = queries.barometer(start=JUNE[0], end=date(2026, 6, 29), today=date(2026, 7, 20))
    assert (part.published_at, part.corrected) == (None, False)


@pytest.mark.parametrize(
    ("start", "end", "whole"),
    [((2026, 6, 1), (2026, 6, 30), True), ((2026, 6, 1), (2026, 6, 29), False), ((2024, 2, 1), (2024, 2, 29), True),
     ((2026, 6, 2), (2026, 6, 30), False), ((2026, 6, 1), (2026, 7, 31), False), ((9999, 12, 1), (9999, 12, 31), True),
     ((1, 1, 1), (1, 1, 31), True)],
)  # fmt: skip
def test_what_is_a_month(start: tuple[int, int, int], end: tuple[int, int, int], whole: bool) -> None:
    assert periods.is_month(date(*start), date(*end)) == whole


def test_the_page_and_the_api_say_when_it_was_published_and_what_changed(city: City, client: Client) -> None:
    published(city, handling_due=50, responded_in_time=45)
    page = client.get("/barometer/?period=2026-06").content.decode()
    assert "首次公布于2026年7月2日" in page
    assert "此后数据没有变化" in page
    put(city, responded_in_time=44)
    page = client.get("/barometer/?period=2026-06").content.decode()
    assert "已更正，首次公布<br>90.0% 45 / 50" in page
    body = client.get("/api/v1/barometer?from=2026-06-01&to=2026-06-30").json()
    assert body["published_at"] == "2026-07-02T12:00:00+08:00"
    first = body["units"][0]["rates"][0]["first"]
    assert first == {"numerator": 45.0, "denominator": 50, "percent": 90.0}


def test_a_month_not_published_yet_says_so(city: City, client: Client) -> None:
    today = datetime.now(UTC) + timedelta(hours=8)
    put(city, today.date().replace(day=1), solved_yes=40)
    page = client.get(f"/barometer/?period={today:%Y-%m}").content.decode()
    assert "还没有正式公布" in page
