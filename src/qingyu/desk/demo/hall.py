"""The hall of the demo city: what its hall offers, its windows, and a morning's queue."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from qingyu.cases.actors import CITIZEN, SYSTEM
from qingyu.desk.demo import data
from qingyu.hall import operations
from qingyu.hall.models import Hall, Service
from qingyu.people.models import Unit

LOW = {"height_mm": 780, "knee_width_mm": 800, "knee_height_mm": 680, "knee_depth_mm": 480}
HIGH = {"height_mm": 1050}
NEEDS = [(), (), (), (), (), ("elder",), ("elder",), ("pregnant",), ("wheelchair",), ("hearing",)]
WAITING = 12


def build(*, rng: Random, at: datetime) -> Hall:
    """The hall ``demo``: services and windows from the file beside this, some of them open, a dozen people waiting."""
    unit = Unit.objects.get(code="services")
    hall, _ = operations.place_hall(code="demo", name="晴川市政务服务中心", unit=unit, seats=60)
    record = data.records("hall")
    services = {one["code"]: _service(hall, place, one) for place, one in enumerate(record[0]["services"])}
    for place, one in enumerate(record[0]["windows"]):
        window, _ = operations.place_window(
            hall, code=one["code"], label=f"{one['code']}号窗口", services=[services[c] for c in one["services"]],
            order=place, direction=one["direction"], hearing_aid=one.get("hearing_aid", False),
            **(LOW if one.get("low") else HIGH),
        )  # fmt: skip
        if one.get("open"):
            operations.open_window(window, by=SYSTEM, at=at)
    _people(list(services.values()), rng, at)
    return hall


def _service(hall: Hall, place: int, one: dict[str, str]) -> Service:
    return operations.place_service(
        hall, code=one["code"], name=one["name"], typical=int(one["minutes"]) * 60, topic=one["topic"], order=place
    )[0]


def _people(services: list[Service], rng: Random, at: datetime) -> None:
    for number in range(WAITING):
        came = at - timedelta(minutes=2 * (WAITING - number))
        operations.issue(rng.choice(services[:4]), by=CITIZEN, at=came, needs=rng.choice(NEEDS))
