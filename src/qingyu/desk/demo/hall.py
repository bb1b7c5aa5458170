"""The hall of the demo city: what its hall offers, its windows, and a morning's queue."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random

from qingyu.cases import operations as cases
from qingyu.cases.actors import CITIZEN, SYSTEM
from qingyu.desk.demo import data
from qingyu.hall import appointments, operations
from qingyu.hall.models import Hall, Service, Window
from qingyu.people import queries
from qingyu.people.models import Unit
from qingyu.rules.rating import Channel

LOW = {"height_mm": 780, "knee_width_mm": 800, "knee_height_mm": 680, "knee_depth_mm": 480}
HIGH = {"height_mm": 1050}
NEEDS = [(), (), (), (), (), ("elder",), ("elder",), ("pregnant",), ("wheelchair",), ("hearing",)]
WAITING, BOOKED = 12, 9
PAST_DAYS, VISITS, RATED = 12, 6, 0.6
LEVELS = ("very_satisfied", "satisfied", "basically_satisfied", "dissatisfied")
HALVES = ((time(9), time(12)), (time(13, 30), time(17)))
NAMES = ["王秀英", "李建国", "张桂兰", "陈志强", "刘洋", "赵敏"]


def build(*, rng: Random, at: datetime) -> Hall:
    """The hall ``demo``: services and windows from the file beside this, some of them open, a dozen people waiting."""
    unit = Unit.objects.get(code="services")
    hall, _ = operations.place_hall(code="demo", name="晴川市政务服务中心", unit=unit, seats=60)
    record = data.records("hall")
    services = {one["code"]: _service(hall, place, one) for place, one in enumerate(record[0]["services"])}
    opened = []
    for place, one in enumerate(record[0]["windows"]):
        window, _ = operations.place_window(
            hall, code=one["code"], label=f"{one['code']}号窗口", services=[services[c] for c in one["services"]],
            order=place, direction=one["direction"], hearing_aid=one.get("hearing_aid", False),
            **(LOW if one.get("low") else HIGH),
        )  # fmt: skip
        if one.get("open"):
            opened.append(window)
    _past(opened, rng, at)
    for window in opened:
        operations.open_window(window, by=SYSTEM, at=at)
    _people(list(services.values()), rng, at)
    _appointments(hall, services, rng, at)
    return hall


def _past(windows: list[Window], rng: Random, at: datetime) -> None:
    """Visits of the last weeks: who came, waited, was served and, often, said how it was."""
    for back in range(PAST_DAYS, 0, -1):
        morning = at - timedelta(days=back)
        for window in windows:
            operations.open_window(window, by=SYSTEM, at=morning)
        for number in range(VISITS):
            _visit(windows[(back + number) % len(windows)], morning + timedelta(minutes=10 * number), rng)
        for window in windows:
            operations.close_window(window, by=SYSTEM, at=morning + timedelta(hours=1))


def _visit(window: Window, came: datetime, rng: Random) -> None:
    service = window.services.order_by("id")[0]
    operations.issue(service, by=CITIZEN, at=came, needs=rng.choice(NEEDS))
    called = came + timedelta(minutes=rng.choice((2, 4, 5, 7, 8, 9, 12)))
    if operations.call_next(window, by=SYSTEM, at=called) is None:
        return
    left = called + timedelta(minutes=rng.choice((4, 6, 9)))
    done = operations.finish(window, by=SYSTEM, at=left)
    if done.case is not None and rng.random() < RATED:
        level = rng.choices(LEVELS, weights=(50, 35, 10, 5))[0]
        cases.rate(done.case, level=level, channel=Channel.HALL_TABLET, occasion=1, by=CITIZEN, at=left)


def _appointments(hall: Hall, services: dict[str, Service], rng: Random, at: datetime) -> None:
    """Terms, a plan for two services, and some who have booked the coming days."""
    since = queries.city_day(at)
    operations.place_terms(hall, valid_from=since)
    for letter, windows in (("B", 2), ("C", 2)):
        for starts, ends in HALVES:
            operations.place_opening(services[letter], valid_from=since, starts=starts, ends=ends, windows=windows)
    free = [
        (service, slot.starts_at)
        for service in (services["B"], services["C"])
        for day in appointments.open_days(hall, at=at)[:2]
        for slot in appointments.slots(service, day)
    ]
    for number, (service, slot_at) in enumerate(rng.sample(free, BOOKED)):
        phone = f"1990000{3000 + number}"
        operations.book(service, starts=slot_at, name=rng.choice(NAMES), phone=phone, at=at)


def _service(hall: Hall, place: int, one: dict[str, str]) -> Service:
    return operations.place_service(
        hall,
        code=one["code"],
        name=one["name"],
        typical=int(one["minutes"]) * 60,
        topic=one["topic"],
        order=place,
        item=one.get("item", ""),
    )[0]


def _people(services: list[Service], rng: Random, at: datetime) -> None:
    for number in range(WAITING):
        came = at - timedelta(minutes=2 * (WAITING - number))
        operations.issue(rng.choice(services[:4]), by=CITIZEN, at=came, needs=rng.choice(NEEDS))
