"""``qingyu demo city``: a whole city from nothing, with work in every basket."""

from __future__ import annotations

import json
import stat
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.hashers import get_hasher, identify_hasher
from django.core.management import call_command

from qingyu.cases import queries, verifying
from qingyu.cases.models import Case, CaseEvent, Topic
from qingyu.cases.staff import baskets
from qingyu.desk import queries as overview
from qingyu.desk.demo import city, logins
from qingyu.desk.nearest import told_differently
from qingyu.followup import queries as calls
from qingyu.hall.models import Ticket
from qingyu.notify.models import Delivery
from qingyu.people import permissions, policy
from qingyu.people.models import Area, Staff, Unit
from qingyu.rules.refusals import NotAllowed
from tests.desk.demo import AT, nothing_yet

pytestmark = pytest.mark.django_db
FEWEST = {"received": 5, "disputed": 2, "review": 3, "extension": 2, "new": 1, "working": 1, "mine": 1, "late": 1}
BASKETS = [
    ("dispatcher", ["received", "disputed", "review", "late"]),
    ("supervisor", ["disputed", "review", "extension", "late"]),
    ("handler", ["new", "working", "mine", "late"]),
    ("clerk", ["new", "working", "mine", "late"]),
    ("agent", ["received", "late"]),
    ("mayor", ["late"]),
]


@pytest.fixture(scope="module", autouse=True)
def _built(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with nothing_yet(django_db_blocker, tmp_path_factory.mktemp("demo-city")):
        city.build(at=AT)
        yield


def test_the_city_has_districts_streets_units_and_topics_in_three_levels() -> None:
    levels = Counter(Area.objects.values_list("level", flat=True))
    assert levels == {"city": 1, "district": 4, "street": 16, "community": 32}
    kinds = Counter(Unit.objects.values_list("kind", flat=True))
    assert kinds["district"] == 4
    assert kinds["street"] == 16
    assert kinds["department"] >= 15
    topics = Counter(Topic.objects.values_list("level", flat=True))
    assert sum(topics.values()) >= 150
    assert set(topics) == {1, 2, 3}


def test_every_role_has_one_login_that_works_and_nobody_else_can_sign_in() -> None:
    found = logins.read()
    assert list(found) == [*permissions.ROLES, *city.ALSO]
    for role, login in found.items():
        person = Staff.objects.get(username=login["username"])
        assert person.check_password(login["password"])
        assert role in (*person.rights["roles"], *city.ALSO)
    others = Staff.objects.exclude(username__in=[login["username"] for login in found.values()])
    assert others
    assert not any(person.has_usable_password() for person in others)
    assert all(Staff.objects.values_list("demo", flat=True))
    assert stat.S_IMODE(logins.path().stat().st_mode) == 0o600


def test_a_demo_password_is_hashed_as_slowly_as_any_from_the_first_sign_in_on(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    login = logins.read()["mayor"]
    person = Staff.objects.get(username=login["username"])
    person.password = logins.hashed(login["password"])
    assert identify_hasher(person.password).decode(person.password)["iterations"] == logins.ROUNDS
    assert not person.check_password(f"{login['password']}x")
    assert person.check_password(login["password"])
    person.refresh_from_db()
    assert identify_hasher(person.password).decode(person.password)["iterations"] == get_hasher().iterations


def test_three_hundred_requests_of_sixty_days_stand_in_every_state_but_two() -> None:
    visits = Ticket.objects.filter(case__isnull=False).values("case")
    assert Case.objects.filter(door="", stage="").exclude(pk__in=visits).count() == 300
    assert Case.objects.exclude(stage="").count() == 10
    states = set(Case.objects.values_list("state", flat=True))
    assert states == set(Case.State.values) - {"draft", "merged"}
    assert not Case.objects.filter(opened_at__lt=AT - timedelta(days=60)).exists()
    assert not CaseEvent.objects.filter(at__gt=AT).exists()
    assert Case.objects.filter(opened_at__gte=AT - timedelta(days=30)).count() > 150


@pytest.mark.parametrize(("role", "names"), BASKETS)
def test_every_basket_of_a_role_has_work_in_it(role: str, names: list[str]) -> None:
    viewer = policy.viewer(Staff.objects.get(username=role))
    assert set(names) <= {basket.name for basket in baskets.of(viewer)}
    found = queries.basket_counts(viewer, tuple(names), at=AT)
    assert not {name: count for name, count in found.items() if count < FEWEST[name]}


def test_the_caller_has_calls_to_make_and_some_that_nobody_answered() -> None:
    viewer = policy.viewer(Staff.objects.get(username="caller"))
    lines = calls.waiting(viewer, at=AT)
    assert len(lines) >= 10
    assert any(line.attempts for line in lines)


def test_the_supervisor_finds_something_on_every_part_of_the_overview() -> None:
    viewer = policy.viewer(Staff.objects.get(username="supervisor"))
    assert all(overview.counts(viewer, at=AT).values())
    assert overview.due_soon(viewer, at=AT)
    assert overview.late_units(viewer, at=AT).units
    assert overview.stuck(viewer)


def test_halls_say_the_same_hours_as_their_points() -> None:
    assert told_differently(on=AT.date()) == []


def test_messages_are_planned_for_the_last_day_alone() -> None:
    events = CaseEvent.objects.in_bulk(Delivery.objects.values_list("source_event", flat=True))
    assert events
    assert min(event.at for event in events.values()) >= AT - timedelta(days=1)
    assert Delivery.objects.filter(channel="sms").count() < 150


def test_nothing_moves_of_itself_when_the_doors_open() -> None:
    before = CaseEvent.objects.count()
    city.settle(at=AT)
    assert CaseEvent.objects.count() == before


def test_the_log_verifies() -> None:
    found = verifying.verify(since=None)
    assert not found.troubles
    assert found.cases == Case.objects.count()


def test_a_second_run_keeps_what_is_there_and_tells_the_same_logins() -> None:
    before, said, wrong = CaseEvent.objects.count(), StringIO(), StringIO()
    call_command("demo", "city", "--json", stdout=said, stderr=wrong)
    assert json.loads(said.getvalue()) == logins.read()
    assert "there already" in wrong.getvalue()
    assert CaseEvent.objects.count() == before


def test_a_database_with_cases_of_others_is_refused() -> None:
    logins.path().rename(logins.path().with_suffix(".kept"))
    try:
        with pytest.raises(NotAllowed, match="database_not_empty"):
            city.build(at=AT)
    finally:
        logins.path().with_suffix(".kept").rename(logins.path())
