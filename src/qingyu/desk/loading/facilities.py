"""Facilities of a hall from a file, with its opening hours and rounds as rows of the same list.

A facility is ``code, kind, name, place, window, wanted, person, deputy[, active]``. A row whose ``kind`` is ``hours``
holds ``weekdays`` (1 to 7, Monday is 1), ``opens``, ``closes``, ``valid_from``; one whose kind is ``round`` holds
``time`` (opening, midday, closing), ``minutes`` and ``valid_from``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from qingyu.desk.loading.reading import Line
from qingyu.desk.loading.report import Did
from qingyu.hall.models import Facility, Hall, Window
from qingyu.hall.operations import facilities, rounds
from qingyu.people.models import Staff
from qingyu.rules.refusals import NotValid

HOURS, ROUND = "hours", "round"


@dataclass
class Keeping:
    """Takes the rows of one hall in order: their place in the file is their place on the round."""

    hall: Hall

    def row(self, line: Line) -> Did:
        """NotValid names the field: field_missing, window_unknown, person_unknown, kind_of_facility_unknown ..."""
        kind = line.text("kind")
        if kind == HOURS:
            return self._hours(line)
        return self._round(line) if kind == ROUND else self._facility(line, kind)

    def _facility(self, line: Line, kind: str) -> Did:
        values = {
            "name": line.text("name", "")[:80], "place": line.text("place", "")[:80], "window": self._window(line),
            "wanted": line.whole("wanted") if line.text("wanted", "") else 1, "deputy": _person(line, "deputy"),
            "order": line.number, "active": line.flag("active", "yes"),
        }  # fmt: skip
        person = _person(line, "person")
        if person is None:
            raise NotValid("field_missing", field="person")
        before = Facility.objects.filter(code=line.text("code")).values(*values, "kind", "person").first()
        made = facilities.place_facility(self.hall, code=_code(line), kind=kind, person=person, **values)[1]
        if made:
            return Did.MADE
        after = Facility.objects.filter(code=line.text("code")).values(*values, "kind", "person").first()
        return Did.SAME if before == after else Did.CHANGED

    def _window(self, line: Line) -> Window | None:
        code = line.text("window", "")
        found = Window.objects.filter(hall=self.hall, code=code).first() if code else None
        if code and found is None:
            raise NotValid("window_unknown", field="window", found=code)
        return found

    def _hours(self, line: Line) -> Did:
        starts = _from(line)
        days = line.parts("weekdays")
        if not days or not all(day in "1234567" and len(day) == 1 for day in days):
            raise NotValid("field_not_valid", field="weekdays")
        made = [
            rounds.place_hours(
                self.hall, weekday=int(day) - 1, opens=_time(line, "opens"), closes=_time(line, "closes"),
                valid_from=starts, valid_to=line.day("valid_to"), source=line.text("source", "")[:200],
            )
            for day in days
        ]  # fmt: skip
        return Did.MADE if any(made) else Did.SAME

    def _round(self, line: Line) -> Did:
        made = rounds.place_plan(
            self.hall, time=line.text("time"), minutes=_minutes(line), valid_from=_from(line),
            valid_to=line.day("valid_to"), source=line.text("source", "")[:200],
        )  # fmt: skip
        return Did.MADE if made else Did.SAME


def _code(line: Line) -> str:
    """What stands in the address of a QR code: letters, figures, hyphens."""
    code = line.text("code")
    if len(code) > 40 or not code.replace("-", "").replace("_", "").isalnum() or not code.isascii():
        raise NotValid("field_not_valid", field="code", found=code)
    return code


def _person(line: Line, name: str) -> Staff | None:
    username = line.text(name, "")
    found = Staff.objects.filter(username=username, is_active=True).first() if username else None
    if username and found is None:
        raise NotValid("handler_unknown", field=name, found=username)
    return found


def _from(line: Line) -> date:
    starts = line.day("valid_from")
    if starts is None:
        raise NotValid("field_missing", field="valid_from")
    return starts


def _time(line: Line, name: str) -> time:
    try:
        return time.fromisoformat(line.text(name).zfill(5))
    except ValueError:
        raise NotValid("time_not_readable", field=name, found=line.text(name)) from None


def _minutes(line: Line) -> int:
    try:
        return int(line.text("minutes"))
    except ValueError:
        raise NotValid("not_a_whole_number", field="minutes", found=line.text("minutes")) from None


def keeping(code: str) -> Keeping:
    """What takes the rows for the hall with that code; NotValid("hall_unknown")."""
    found = Hall.objects.filter(code=code).first()
    if found is None:
        raise NotValid("hall_unknown", field="hall", found=code)
    return Keeping(found)
