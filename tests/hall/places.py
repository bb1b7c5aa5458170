"""A hall with what it keeps ready: a stool at window 1, a printer, seats, an AED, a listening window; hours, rounds."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, time

from PIL import Image

from qingyu.hall.models import Facility, Hall
from qingyu.hall.operations import facilities, rounds
from tests.hall.floors import Floor, build_floor
from tests.people import City

SINCE = date(2026, 1, 1)


@dataclass(frozen=True)
class Place:
    """The floor of the hall, and its facilities by code."""

    floor: Floor
    facilities: dict[str, Facility]

    @property
    def hall(self) -> Hall:
        return self.floor.hall

    def fresh(self, code: str) -> Facility:
        from qingyu.hall.facilities import queries

        return queries.facility(code)


def build_place(city: City) -> Place:
    """The test clerk (of the hall's unit) answers for all, the second handler is deputy."""
    floor = build_floor(city)
    rows = [
        ("stool-1", "stool", "1", "", 1), ("printer-a", "printer", "", "东门内", 1),
        ("seats", "seats", "", "等候区", 40),
        ("aed", "aed", "", "服务台", 1), ("listen", "listening", "3", "", 1),
    ]  # fmt: skip
    made = {
        code: facilities.place_facility(
            floor.hall, code=code, kind=kind, person=city.staff["clerk"], deputy=city.staff["second_handler"],
            window=floor.windows.get(window), place=place, wanted=wanted, order=number,
        )[0]
        for number, (code, kind, window, place, wanted) in enumerate(rows)
    }  # fmt: skip
    for weekday in range(5):
        rounds.place_hours(floor.hall, weekday=weekday, opens=time(9), closes=time(17), valid_from=SINCE)
    rounds.place_plan(floor.hall, time="opening", minutes=-10, valid_from=SINCE)
    rounds.place_plan(floor.hall, time="closing", minutes=30, valid_from=SINCE)
    return Place(floor, made)


def photo(size: tuple[int, int] = (80, 60), form: str = "JPEG", **more: object) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, (120, 80, 40)).save(target, form, **more)
    return target.getvalue()
