"""A small hall for tests: three services, a plain window, a low one with a hearing aid, one for the third service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qingyu.cases.actors import CITIZEN
from qingyu.hall import operations
from qingyu.hall.models import Hall, Service, Ticket, Window
from tests.people import City

LOW = {"height_mm": 780, "knee_width_mm": 800, "knee_height_mm": 680, "knee_depth_mm": 480, "hearing_aid": True}


@dataclass(frozen=True)
class Floor:
    """The hall with its services by letter and windows by code."""

    hall: Hall
    services: dict[str, Service]
    windows: dict[str, Window]

    def issue(self, service: str, *, at: datetime, needs: tuple[str, ...] = ()) -> Ticket:
        return operations.issue(self.services[service], by=CITIZEN, at=at, needs=needs)


def build_floor(city: City, *, opened: datetime | None = None) -> Floor:
    """The hall ``demo`` of the unit of the test clerk; with ``opened`` all its windows stand open."""
    hall, _ = operations.place_hall(code="demo", name="晴川市政务服务大厅", unit=city.units["urban"], seats=40)
    names = {"A": "社保", "B": "户籍", "C": "不动产"}
    services = {
        code: operations.place_service(hall, code=code, name=name, topic="city.street", order=place)[0]
        for place, (code, name) in enumerate(names.items())
    }
    plain, low, third = "AB", "AB", "C"
    windows = {
        code: operations.place_window(
            hall, code=code, label=f"{code}号", services=[services[letter] for letter in letters], **measures
        )[0]
        for code, letters, measures in (("1", plain, {"height_mm": 1050}), ("2", low, LOW), ("3", third, {}))
    }
    floor = Floor(hall, services, windows)
    if opened:
        for window in windows.values():
            operations.open_window(window, by=city.actor("clerk"), at=opened)
    return floor
