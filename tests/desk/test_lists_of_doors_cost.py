"""The list pages of every door cost the same however many rows there are: steps of SQLite's machine, not seconds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import models
from django.test import Client

from qingyu.assessment.models import CaseFact
from qingyu.cases.models import Case, CaseText
from qingyu.followup.models import FollowUpPlan, Mention, PendingAct, Rating
from qingyu.hall.models import Heard, Ticket
from qingyu.hotline.models import Call, CallBack, CallCase, Draft, Switch
from qingyu.notify.models import Delivery
from qingyu.people.models import AdminChange
from tests.cases.test_lists_cost import cost
from tests.hall.floors import Floor, build_floor
from tests.hotline import scenes
from tests.people import City, build_city

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("config.getoption('database') != 'sqlite'", reason="counts the steps of SQLite's machine"),
]
FEW, MANY = 4_000, 12_000
"""Few are more than any page counts to: counting stops at 999."""
MINUTE = timedelta(minutes=1)
LEVELS = ("very_satisfied", "satisfied", "dissatisfied")
BAROMETER = "/barometer/cases/?unit=urban&indicator="
PAGES = {
    "dispatcher": ("/desk/", "/desk/dispatch/", "/desk/voices/"),
    "handler": ("/desk/", "/desk/voices/?show=all", "/desk/voices/?show=poor", "/desk/voices/?show=me"),
    "caller": ("/desk/followup/",),
    "agent": ("/desk/", "/hotline/", "/hotline/call-backs/"),
    "supervisor": (
        "/desk/overview/", "/desk/voices/", "/hotline/call-backs/",
        "/hotline/figures/?since=2020-01-01&until=2020-01-02",
        BAROMETER + "done_once", BAROMETER + "good_ratings", BAROMETER + "satisfaction_rate&part=no",
        "/barometer/", "/barometer/halls/", "/barometer/items/",
    ),
    "hall_manager": (
        "/hall/demo/manager/", "/hall/demo/listening/", "/hall/demo/facilities/", "/desk/hall/", "/desk/voices/",
        "/hall/demo/appointments/",
    ),
    "guide": ("/hall/demo/guide/",),
    "clerk": ("/desk/", "/hall/demo/window/1/", "/desk/voices/"),
    "operator": ("/desk/messages/",),
    "administrator": ("/admin-desk/changes/",),
    "mayor": ("/barometer/", "/desk/voices/", "/desk/overview/"),
}  # fmt: skip


@dataclass(frozen=True)
class House:
    """The city with its hall and its switch."""

    city: City
    floor: Floor
    switch: Switch


def fill(house: House, upto: int) -> None:
    """Rows of every door, each the company of one case; most of what they stand for is long over, some waits."""
    have, now = Case.objects.count(), datetime.now(UTC)
    wanted = range(have, upto)
    first = Case.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    made = list(cases(house.city, wanted, now))
    Case.objects.bulk_create(made)
    assert made[0].pk > first
    for model in ROWS:
        rows = [row for n, case in zip(wanted, made, strict=True) for row in ROWS[model](house, n, case, now)]
        model._default_manager.bulk_create(rows)


def cases(city: City, wanted: range, now: datetime) -> Iterator[Case]:
    units, title = list(city.units.values()), CaseText.objects.first()
    for n in wanted:
        is_open = n % 30 == 0
        yield Case(
            number=f"{n:014d}", uuid=uuid4(), state="handling" if is_open else "closed", of_open=is_open, type="help",
            channel="phone", owner=units[n % len(units)], lead=units[n % len(units)], opened_at=now - n * MINUTE,
            next_due_at=now + (n % 5_000 - 100) * MINUTE, title=title,
        )  # fmt: skip


def plan(house: House, n: int, case: Case, now: datetime) -> Iterator[models.Model]:
    at = now - n * MINUTE
    later = now + n * MINUTE if n % 2 else at
    yield FollowUpPlan(case=case, round=1, due_at=at + 1_000 * MINUTE, next_try=later, planned_at=at)


def rating(house: House, n: int, case: Case, now: datetime) -> Iterator[models.Model]:
    yield Rating(case=case, round=1, unit=case.owner, level=LEVELS[n % 3], channel="web", at=now - n * MINUTE,
                 source_event=n)  # fmt: skip


def act(house: House, n: int, case: Case, now: datetime) -> Iterator[models.Model]:
    if n % 3 == 2:
        yield PendingAct(cause=n, case=case, round=1, what="redo", why="bad_rating", state="done", at=now)


def mention(house: House, n: int, case: Case, now: datetime) -> Iterator[models.Model]:
    staff = house.city.staff["handler" if n % 2 else "clerk"]
    yield Mention(case=case, staff=staff, type="praise", at=now - n * MINUTE, source_event=n)


def fact(house: House, n: int, case: Case, now: datetime) -> Iterator[models.Model]:
    day = (now - timedelta(minutes=n)).date()
    yield CaseFact(
        case=case, round=1, unit=case.owner, receiver=case.owner, channel="phone", closed_on=day, asked_on=day,
        rated_on=day, satisfied=LEVELS[n % 3], level=LEVELS[n % 3], solved="yes", hall="demo", window="1",
        opened_on=day, due_on=day, answered="in_time",
    )  # fmt: skip


def call(house: House, n: int, case: Case, now: datetime) -> Iterator[models.Model]:
    at = now - n * MINUTE
    yield Call(
        pk=case.pk, switch=house.switch, call_ref=f"c{n}", known=True, state="ended", requested=True, offered_at=at,
        joined_at=at, outcome="answered" if n % 2 else "abandoned", ended_at=at, agent=house.city.staff["agent"],
        connected_at=at if n % 2 else None, wrapped_at=at, phone_index=f"{n:064d}", waited=5,
    )  # fmt: skip


def call_back(house: House, n: int, case: Case, now: datetime) -> Iterator[models.Model]:
    at = now - n * MINUTE
    state = "waiting" if n % 6 == 0 else "reached"
    if n % 2 == 0:
        yield CallBack(call_id=case.pk, why="abandoned", owed_at=at, due_at=at, next_try=at, state=state)


def call_case(house: House, n: int, case: Case, now: datetime) -> Iterator[models.Model]:
    yield CallCase(call_id=case.pk, case=case, at=now)


def draft(house: House, n: int, case: Case, now: datetime) -> Iterator[models.Model]:
    if n % 40 == 0:
        yield Draft(call_id=case.pk, by=house.city.staff["handler"], saved_at=now - n * MINUTE)


def ticket(house: House, n: int, case: Case, now: datetime) -> Iterator[models.Model]:
    at = now - n * MINUTE - timedelta(days=1)
    yield Ticket(
        hall=house.floor.hall, service=house.floor.services["A"], day=at.date(), number=f"A{n}", ticket=f"{n:016d}",
        state="finished", place=n, issued_at=at, called_at=at, rung_at=at, finished_at=at, case=case,
        window=house.floor.windows["1"],
    )  # fmt: skip


def heard(house: House, n: int, case: Case, now: datetime) -> Iterator[models.Model]:
    if n % 10 == 0:
        yield Heard(case=case, hall="demo", window="1", cause="attitude", day=(now - n * 30 * MINUTE).date())


def delivery(house: House, n: int, case: Case, now: datetime) -> Iterator[models.Model]:
    dead = n % 20 == 0
    yield Delivery(
        source_event=n, follower="notices", audience="citizen", channel="sms", event_code="filed", address=b"",
        address_masked="199****", subject=b"", body=b"", language="zh-hans", state="dead" if dead else "sent",
        next_at=now, idempotency_key=f"{n:032d}", created_at=now, sent_at=None if dead else now,
    )  # fmt: skip


def change(house: House, n: int, case: Case, now: datetime) -> Iterator[models.Model]:
    yield AdminChange(at=now - n * MINUTE, what="staff_changed", subject=f"staff:{n}")


ROWS = {
    FollowUpPlan: plan, Rating: rating, PendingAct: act, Mention: mention, CaseFact: fact, Call: call,
    CallBack: call_back, CallCase: call_case, Draft: draft, Ticket: ticket, Heard: heard, Delivery: delivery,
    AdminChange: change,
}  # fmt: skip


@pytest.fixture
def costs() -> dict[str, tuple[int, int]]:
    """What each page costs with few rows and with many."""
    city = build_city()
    house = House(city, build_floor(city), scenes.switch())
    for name in ("hall_manager", "guide"):
        city.staff[name].unit = city.units["urban"]
        city.staff[name].save()
    found: dict[str, list[int]] = {}
    for upto in (FEW, MANY):
        fill(house, upto)
        for name, paths in PAGES.items():
            browser = Client()
            browser.force_login(city.staff[name], backend="django.contrib.auth.backends.ModelBackend")
            for path in paths:
                assert browser.get(path).status_code == 200, (name, path)
                found.setdefault(f"{name} {path}", []).append(cost(lambda: browser.get(path)))  # noqa: B023 -- at once
    return {page: (few, many) for page, (few, many) in found.items()}


def test_three_times_as_many_rows_cost_no_more_to_list(costs: dict[str, tuple[int, int]]) -> None:
    grown = {page: both for page, both in costs.items() if both[1] > 1.6 * both[0] + 60}
    assert not grown
