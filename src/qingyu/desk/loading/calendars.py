"""The city's working calendar: the official lists as a start, and a year from a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from qingyu.desk.loading.reading import Line
from qingyu.desk.loading.report import Report, Source, refused
from qingyu.people import calendars
from qingyu.people import operations as people
from qingyu.people.models import CalendarDay, CalendarYear, WorkingCalendar
from qingyu.rules.refusals import NotValid, Refusal

CITY = "city"


def city() -> WorkingCalendar:
    """The calendar all units have that have none of their own."""
    return WorkingCalendar.objects.get_or_create(code=CITY, defaults={"name": "城市工作日历"})[0]


@transaction.atomic
def publish_official(*, at: datetime) -> int:
    """Enters every official list that is known and not yet there; how many years."""
    calendar = city()
    have = set(CalendarYear.objects.filter(calendar=calendar).values_list("year", flat=True))
    missing = [year for year in calendars.official_years() if year not in have]
    for year in missing:
        days = calendars.official_days(year)
        people.publish_year(calendar, year=year, days=days, source="国务院办公厅节假日安排通知", by=None, at=at)
    return len(missing)


@transaction.atomic
def load(lines: Iterable[Line], source: Source) -> Report:
    """day, works, name: each year in the file is published whole. A rejected line keeps its year from being taken."""
    report, years, spoilt = Report(), defaultdict[int, dict[date, tuple[bool, str]]](dict), set[int]()
    for line in lines:
        try:
            day = _day(line)
            years[day.year][day] = (line.flag("works"), line.text("name", ""))
        except Refusal as refusal:
            report.rejected.append(refused(line, refusal))
            spoilt.add(int(line.text("day", "0")[:4]) if line.text("day", "0")[:4].isdecimal() else 0)
    for year, days in sorted(years.items()):
        if year not in spoilt and 0 not in spoilt:
            _publish(year, days, report, source)
    return report


def _day(line: Line) -> date:
    day = line.day("day")
    if day is None:
        raise NotValid("field_missing", field="day")
    line.flag("works")
    return day


def _publish(year: int, days: dict[date, tuple[bool, str]], report: Report, source: Source) -> None:
    calendar = city()
    rows = CalendarDay.objects.filter(calendar=calendar, day__year=year).values_list("day", "works", "name")
    known = CalendarYear.objects.filter(calendar=calendar, year=year).exists()
    if known and {day: (works, name) for day, works, name in rows} == days:
        report.same += len(days)
        return
    people.publish_year(calendar, year=year, days=days, source=source.path.name, by=None, at=source.at)
    report.made += len(days)
