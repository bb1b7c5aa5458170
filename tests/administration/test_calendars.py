"""The official list of a year: what a form reads, what is refused, and what becomes final by it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from qingyu.cases import operations as cases
from qingyu.cases import tasks
from qingyu.cases.models import CaseClock
from qingyu.cases.operations import Filing, Person
from qingyu.desk.administration import queries
from qingyu.desk.administration.forms.calendars import YearForm, as_text
from qingyu.desk.administration.views.calendars import months
from qingyu.people import calendars, operations
from qingyu.people import queries as people
from qingyu.people.models import AdminChange, CalendarDay, WorkingCalendar
from qingyu.rules.refusals import NotValid
from tests.people import City

LATE = datetime(2026, 12, 30, 2, 0, tzinfo=UTC)  # Wednesday 10:00; five working days reach into 2027
NEW_YEAR = {date(2027, 1, 1): (False, "元旦"), date(2027, 1, 4): (False, "元旦"), date(2027, 1, 9): (True, "元旦")}

LINES = [
    ("2027-01-01,no,元旦", {date(2027, 1, 1): (False, "元旦")}),
    ("日期,是否上班,名称\n2027/1/1，否，元旦\n\n2027-01-02\t是\t补班",
     {date(2027, 1, 1): (False, "元旦"), date(2027, 1, 2): (True, "补班")}),
    ("2027-02-30,no,x", None),
    ("2026-12-31,no,x", None),
    ("2027-01-01,perhaps,x", None),
    ("2027-01-01", None),
    ("2027-01-01,no,x\n2027-01-01,yes,y", None),
    (",,x", None),
    ("", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_pasted_lines_are_read_or_refused_with_their_number(text: str, expected: Any) -> None:
    data = {"days": text, "source": "国办发明电〔2026〕1号", "reason": "年度安排", "key": "k"}
    form = YearForm(data, today=LATE.date(), year=2027)
    assert form.is_valid() is (expected is not None)
    if expected is not None:
        assert form.cleaned_data["days"] == expected
    else:
        assert form.errors["days"]


@pytest.mark.parametrize("year", calendars.official_years()[-3:])
def test_the_official_list_as_text_reads_back_as_itself(year: int) -> None:
    days = calendars.official_days(year)
    data = {"days": as_text(days), "source": "通知", "reason": "年度安排", "key": "k"}
    form = YearForm(data, today=LATE.date(), year=year)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["days"] == days


def test_twelve_months_show_every_day_once_with_what_it_is() -> None:
    shown = months(2027, NEW_YEAR)
    days = {square.day: square.kind for month in shown for week in month.weeks for square in week if square.day}
    assert (len(shown), len(days)) == (12, 365)
    kinds = [days[date(2027, 1, day)] for day in (1, 2, 4, 5, 9)]
    assert kinds == ["holiday", "rest", "holiday", "work", "makeup"]


def test_a_day_of_another_year_is_refused_and_the_old_list_stays(city: City) -> None:
    calendar = WorkingCalendar.objects.get(code="city")
    before = CalendarDay.objects.count()
    with pytest.raises(NotValid) as caught:
        operations.publish_year(
            calendar, year=2027, days={date(2026, 1, 1): (False, "x")}, source="x", by=None, at=LATE
        )
    assert caught.value.code == "day_of_another_year"
    assert CalendarDay.objects.count() == before


def test_publishing_makes_provisional_promises_final(city: City) -> None:
    filing = Filing(channel="phone", text="夜里施工很吵", topic="city.noise", person=Person(phone="13800000000"))
    case = cases.open_case(filing, by=city.actor("agent"), at=LATE).case
    cases.route(case, unit=city.unit("urban"), by=city.actor("dispatcher"), at=LATE)
    case.refresh_from_db()
    assert (case.provisional, people.city_day(case.due_at)) == (True, date(2027, 1, 6))
    waiting = queries.provisional("city")
    assert waiting[2027] == CaseClock.objects.filter(provisional=True).count() > 0

    calendar = WorkingCalendar.objects.get(code="city")
    administrator = city.staff["administrator"]
    operations.publish_year(
        calendar, year=2027, days=NEW_YEAR, source="通知", by=administrator, at=LATE, reason="年度安排"
    )
    people.forget()
    assert tasks.reschedule_provisional(at=LATE) == waiting[2027]
    case.refresh_from_db()
    due = case.due_at.astimezone(people.calendar("city").zone)
    assert (case.provisional, due.date(), due.time()) == (False, date(2027, 1, 8), time(23, 59, 59))
    assert not queries.provisional("city")
    assert AdminChange.objects.filter(what="publish_year", by=administrator, reason="年度安排").exists()


def test_a_list_published_again_replaces_the_one_before(city: City) -> None:
    calendar = WorkingCalendar.objects.get(code="city")
    for days in (NEW_YEAR, {date(2027, 1, 1): (False, "元旦")}):
        operations.publish_year(calendar, year=2027, days=days, source="通知", by=None, at=LATE)
    assert CalendarDay.objects.filter(calendar=calendar, day__year=2027).count() == 1
