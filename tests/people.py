"""A small city for tests: the same units, staff, topics and limits for every app's tests, built in a few statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from qingyu.cases import actors
from qingyu.cases.models import Notice, Route, TimeLimit, Topic
from qingyu.people import calendars, keys, operations, policy, queries
from qingyu.people.models import Area, Staff, Unit, WorkingCalendar
from tests.rows import Kept

MONDAY = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)  # Monday 09:00 in the city; an ordinary week follows
NOTICES = [
    ("refuse", "beyond_duty"), ("divert", "emergency"), ("divert", "litigation"), ("return", "not_our_duty"),
    ("pause", "details_needed"), ("extension", "complex"), ("close", "no_basis"),
]  # fmt: skip
LIMITS = {
    "dispatch": (4, "hour"), "sign": (1, "working_day"), "contact": (1, "working_day"), "handle": (5, "working_day"),
    "review": (1, "working_day"), "followup": (3, "working_day"), "extend": (5, "working_day"),
    "return": (1, "working_day"), "ask_pause": (5, "working_day"),
}  # fmt: skip


@dataclass(frozen=True)
class City:
    """Units and staff by code; ``actor("dispatcher")`` is the member of staff of that role."""

    units: dict[str, Unit]
    staff: dict[str, Staff]

    def unit(self, code: str) -> int:
        return int(self.units[code].pk)

    def viewer(self, name: str) -> policy.Viewer:
        return policy.viewer(self.staff[name])

    def actor(self, name: str) -> actors.Actor:
        return actors.staff(self.viewer(name))


def build_city() -> City:
    """Rows of a centre, two departments (one without staff), a district with a street; one person per role."""
    queries.forget()
    keys.ensure_keys()
    at = datetime(2026, 1, 1, tzinfo=UTC)
    calendar = _calendar(at)
    areas = _areas()
    units = _units(areas, calendar, at)
    operations.set_up_roles(at=at)
    staff = _staff(units, at)
    _topics_and_routes(units, areas)
    _policy()
    queries.forget()
    return City(units, staff)


_kept = Kept(build_city)


def lay_city() -> City:
    """The rows of ``build_city``, built once in each process and copied into every further test."""
    queries.forget()
    keys.ensure_keys()
    city = _kept.lay()
    queries.forget()
    return city


def _calendar(at: datetime) -> WorkingCalendar:
    calendar = WorkingCalendar.objects.create(code="city", name="城市工作日历", closes_at=None)
    operations.publish_year(calendar, year=2026, days=calendars.official_days(2026), source="test", by=None, at=at)
    return calendar


def _areas() -> dict[str, Area]:
    city = Area.objects.create(code="990100000000", name="晴川市", path="990100000000", level="city")
    east = Area.objects.create(
        code="990102000000", name="东湖区", parent=city, path=f"{city.path}/990102000000", level="district"
    )
    street = Area.objects.create(
        code="990102001000", name="柳岸街道", parent=east, path=f"{east.path}/990102001000", level="street"
    )
    return {"city": city, "east": east, "street": street}


def _units(areas: dict[str, Area], calendar: WorkingCalendar, at: datetime) -> dict[str, Unit]:
    rows = [
        ("city", "晴川市人民政府", "city", None, "city", False),
        ("centre", "晴川市便民服务热线中心", "centre", "city", "city", False),
        ("urban", "城市管理局", "department", "city", "city", False),
        ("housing", "住房和城乡建设局", "department", "city", "city", True),
        ("empty", "空编办公室", "department", "city", "city", False),
        ("east", "东湖区人民政府", "district", "city", "east", True),
        ("willow", "柳岸街道办事处", "street", "east", "street", False),
    ]
    units: dict[str, Unit] = {}
    for code, name, kind, parent, area, fallback in rows:
        units[code] = operations.place_unit(
            code=code, name=name, short=name[:6], kind=kind, parent=units.get(parent or ""), by=None, at=at,
            area=areas[area], fallback=fallback, calendar=calendar,
        )  # fmt: skip
    return units


def _staff(units: dict[str, Unit], at: datetime) -> dict[str, Staff]:
    places = {
        "guide": "centre", "clerk": "urban", "agent": "centre", "dispatcher": "centre", "handler": "urban",
        "caller": "centre", "supervisor": "centre", "hall_manager": "east", "mayor": "city",
        "administrator": "centre", "operator": "centre",
    }  # fmt: skip
    people = {}
    for role, unit in places.items():
        people[role] = operations.hire(
            username=role, name=f"测试{role}", unit=units[unit], roles=[role], by=None, at=at, password="晴川-test-2026"
        )[0]
    for name, unit in {"housing_handler": "housing", "willow_handler": "willow", "second_handler": "urban"}.items():
        people[name] = operations.hire(
            username=name, name=f"测试{name}", unit=units[unit], roles=["handler"], by=None, at=at,
            password="晴川-test-2026",
        )[0]  # fmt: skip
    return people


def _topics_and_routes(units: dict[str, Unit], areas: dict[str, Area]) -> None:
    made: dict[str, Topic] = {}
    rows = [
        ("city", "城乡建设", "", True), ("city.noise", "噪声", "city", True),
        ("city.noise.night", "夜间施工", "city.noise", True),
        ("city.street", "占道经营", "city", True), ("house", "住房", "", True), ("house.lift", "电梯", "house", True),
        ("labour", "劳动保障", "", False), ("labour.wages", "欠薪", "labour", False),
    ]  # fmt: skip
    for code, name, parent, anonymous in rows:
        above = made.get(parent)
        made[code] = Topic.objects.create(
            code=code, name=name, parent=above, path=f"{above.path}/{code}" if above else code,
            level=(above.level if above else 0) + 1, anonymous=anonymous,
        )  # fmt: skip
    day = date(2026, 1, 1)
    Route.objects.create(topic=made["city"], lead=units["urban"], valid_from=day)
    Route.objects.create(topic=made["house"], lead=units["housing"], assisting=["urban"], valid_from=day)
    Route.objects.create(topic=made["city.street"], area=areas["street"], lead=units["willow"], valid_from=day)


def _policy() -> None:
    TimeLimit.objects.bulk_create(
        TimeLimit(
            preset="test",
            city="test",
            clock=clock,
            amount=amount,
            unit=unit,
            valid_from=date(2020, 1, 1),
            in_force=True,
        )
        for clock, (amount, unit) in LIMITS.items()
    )
    Notice.objects.bulk_create(
        Notice(group=group, code=code, name=code, message="说明", message_en="notice", law="北京市接诉即办工作条例 11")
        for group, code in NOTICES
    )


def nine_o_clock(day: date) -> datetime:
    """09:00 city time of a day, in UTC."""
    return datetime.combine(day, time(1, 0), tzinfo=UTC)
