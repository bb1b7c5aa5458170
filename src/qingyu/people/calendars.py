"""The State Council's official lists as a start, from the maintained library; then the table is the city's."""

from __future__ import annotations

from datetime import date, timedelta


def official_years() -> list[int]:
    """The years the library knows."""
    from chinese_calendar.constants import holidays

    return sorted({day.year for day in holidays if day.year >= 2019})


def official_days(year: int) -> dict[date, tuple[bool, str]]:
    """Exceptions from Monday to Friday of one year: {day: (works, name of the holiday)}."""
    from chinese_calendar import Holiday, get_holiday_detail, is_workday

    names = {holiday.value: holiday.chinese for holiday in Holiday}
    found = {}
    day = date(year, 1, 1)
    while day.year == year:
        works = is_workday(day)
        if works != (day.weekday() < 5):
            found[day] = (works, names.get(get_holiday_detail(day)[1] or "", ""))
        day += timedelta(days=1)
    return found
