"""Working calendars: a year as twelve small months, and the official list of a year."""

from __future__ import annotations

from calendar import Calendar as Weeks
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingyu.desk.administration import queries
from qingyu.desk.administration.forms import calendars as forms
from qingyu.desk.administration.views.acting import Page, answer
from qingyu.desk.administration.views.staff import posts
from qingyu.people import calendars
from qingyu.people import operations as people
from qingyu.people.doors import staff_door
from qingyu.people.models import CalendarDay, CalendarYear, Staff, WorkingCalendar
from qingyu.people.queries import city_day

MANAGES = "calendar.manage"
YEARS = range(2000, 2100)
OFFICIAL = "国务院办公厅节假日安排通知"


@dataclass(frozen=True)
class Day:
    """One square: ``kind`` is work, rest, holiday or makeup; ``None`` for the neighbours' days."""

    day: date | None
    kind: str = ""
    name: str = ""


@dataclass(frozen=True)
class Month:
    """A month of a year view."""

    first: date
    weeks: list[list[Day]]


@require_safe
@staff_door(MANAGES)
def first(request: HttpRequest) -> HttpResponse:
    """The present year of the city's calendar."""
    today = city_day(datetime.now(UTC))
    found = WorkingCalendar.objects.filter(code="city").first() or WorkingCalendar.objects.order_by("pk").first()
    if found is None:
        return render(request, "desk/administration/calendar.html", {"here": "calendars"})
    return HttpResponseRedirect(reverse("admin_calendar", args=[found.code, today.year]))


@require_safe
@staff_door(MANAGES)
def year(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Twelve months, the days that differ, and what waits for a list."""
    calendar = _calendar(code, year)
    days = _days(calendar, year)
    waiting, shown = queries.provisional(code), months(year, days)
    context = {
        "calendar": calendar,
        "year": year,
        "months": shown,
        "days": sorted(days.items()),
        "here": "calendars",
        "known": CalendarYear.objects.filter(calendar=calendar, year=year).first(),
        "waiting": waiting.get(year, 0),
        "others": sorted(waiting.items()),
        "calendars": WorkingCalendar.objects.order_by("pk"),
        "weekdays": _weekdays(),
        "changes": queries.about(f"calendar:{code}", 5),
        "previous": year - 1,
        "next": year + 1,
        "works": _working_days(shown) if days else 0,
    }
    return render(request, "desk/administration/calendar.html", context)


def _calendar(code: str, year: int) -> WorkingCalendar:
    if year not in YEARS:
        raise Http404
    return get_object_or_404(WorkingCalendar, code=code)


def _days(calendar: WorkingCalendar, year: int) -> forms.Days:
    rows = CalendarDay.objects.filter(calendar=calendar, day__year=year).values_list("day", "works", "name")
    return {day: (works, name) for day, works, name in rows}


def _weekdays() -> list[str]:
    return [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]


def months(year: int, days: forms.Days) -> list[Month]:
    """The year as weeks of days, Monday first."""
    return [_month(date(year, month, 1), days) for month in range(1, 13)]


def _month(first: date, days: forms.Days) -> Month:
    weeks = Weeks(firstweekday=0).monthdatescalendar(first.year, first.month)
    return Month(first, [[_square(day, first.month, days) for day in week] for week in weeks])


def _working_days(shown: list[Month]) -> int:
    squares = [square for month in shown for week in month.weeks for square in week]
    return sum(square.kind in ("work", "makeup") for square in squares)


def _square(day: date, month: int, days: forms.Days) -> Day:
    if day.month != month:
        return Day(None)
    works, name = days.get(day, (day.weekday() < 5, ""))
    if day in days:
        return Day(day, "makeup" if works else "holiday", name)
    return Day(day, "work" if works else "rest")


@posts
@staff_door(MANAGES)
def publish(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """The official list of a year, typed, pasted, or taken from the list the house knows."""
    calendar = _calendar(code, year)
    official = calendars.official_days(year) if year in calendars.official_years() else {}
    known = CalendarYear.objects.filter(calendar=calendar, year=year).first()

    def act(form: Any, by: Staff, at: datetime) -> str:
        data = form.cleaned_data
        people.publish_year(
            calendar, year=year, days=data["days"], source=data["source"], by=by, at=at, reason=data["reason"]
        )
        return reverse("admin_calendar", args=[code, year])

    take = official if official and ("official" in request.GET or not known) else _days(calendar, year)
    source = OFFICIAL if take is official and official else known.source if known else ""
    return answer(
        request,
        Page(
            title=_("Publish the year %(year)s") % {"year": year},
            form=partial(forms.YearForm, year=year),
            act=act,
            back=reverse("admin_calendar", args=[code, year]),
            here="calendars",
            button=_("Publish"),
            done=_("The year is published. Due dates that waited for it are counted anew within ten minutes."),
            row=calendar,
            subject=f"calendar:{code}",
            initial={"days": forms.as_text(take), "source": source},
            template="desk/administration/publish.html",
            context={
                "calendar": calendar,
                "year": year,
                "waiting": queries.provisional(code).get(year, 0),
                "known": known,
                "official": bool(official),
                "taken": bool(official) and take is official,
            },
        ),
    )
