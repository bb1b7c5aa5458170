"""The form for the official list of a year: one line a day, as the notice of the State Council has it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyu.desk.administration.forms import AdminForm, line, words
from qingyu.desk.loading.reading import Line
from qingyu.rules.refusals import NotValid

Days = dict[date, tuple[bool, str]]
COLUMNS = ("day", "works", "name")
MOST_DAYS = 366


class YearForm(AdminForm):
    """The list of one year."""

    days = words(
        _("Days that differ from Monday to Friday"),
        _("Write at least one day."),
        _("One line a day: day, works (yes or no), name. For example 2027-01-01,no,元旦."),
        rows=16,
        most=40000,
    )
    source = line(_("Source"), _("Name the source."), _("The official notice with its number."), max_length=200)

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        self.year = year
        super().__init__(*args, **kwargs)

    def clean_days(self) -> Days:
        found, wrong = Days(), list[str]()
        for number, cells in _rows(str(self.cleaned_data["days"])):
            try:
                day, value = self._read(Line(number, dict(zip(COLUMNS, cells, strict=False))))
            except NotValid as refusal:
                wrong.append(_LINE_WRONG[refusal.code] % {"line": number})
                continue
            if day in found:
                wrong.append(_("Line %(line)s: this day stands there twice.") % {"line": number})
            found[day] = value
        if wrong:
            raise forms.ValidationError(wrong[:5])
        return found

    def _read(self, given: Line) -> tuple[date, tuple[bool, str]]:
        day = given.day("day")
        if day is None:
            raise NotValid("not_a_date", field="day")
        if day.year != self.year:
            raise NotValid("day_of_another_year", field="day")
        return day, (given.flag("works", "?"), given.text("name", "")[:80])


_LINE_WRONG = {
    "not_a_date": _("Line %(line)s: write the day as 2027-01-31."),
    "field_missing": _("Line %(line)s: write the day as 2027-01-31."),
    "day_of_another_year": _("Line %(line)s: this day is of another year."),
    "not_yes_or_no": _("Line %(line)s: say yes (works) or no (holiday) after the day."),
}


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines with something on them, but for a heading; commas, tabs and Chinese commas part the cells."""
    plain = text.replace("\t", ",").replace("，", ",")
    for number, cells in enumerate(csv.reader(plain.splitlines()), 1):
        values = [cell.strip() for cell in cells]
        if any(values) and values[0].lower() not in ("day", "日期"):
            yield number, values


def as_text(days: Mapping[date, tuple[bool, str]]) -> str:
    """The same list as text, to be mended in the form."""
    return "\n".join(
        f"{day.isoformat()},{'yes' if works else 'no'},{name}" for day, (works, name) in sorted(days.items())
    )
