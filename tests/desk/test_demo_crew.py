"""The same seed gives the same city and the same work; a crew works through whatever is loaded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from qingyu.cases import verifying
from qingyu.cases.models import Case
from qingyu.cases.operations import importing as bulk
from qingyu.desk.demo import city, crew
from qingyu.desk.loading import messages
from tests.desk.demo import AT, nothing_yet, rolled_back, told

pytestmark = pytest.mark.django_db
REQUESTS = 40
LATER = AT + timedelta(days=12)


@pytest.fixture(scope="module", autouse=True)
def twice(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Any]]:
    """A small city built, forgotten, and built again, which stays; what was told of both."""
    with nothing_yet(django_db_blocker, tmp_path_factory.mktemp("small-city")):
        with rolled_back():
            city.build(at=AT, requests=REQUESTS, seed=3)
            first = told()
        city.build(at=AT, requests=REQUESTS, seed=3)
        yield [first, told()]


def worked(**more: Any) -> tuple[dict[str, int], list[Any]]:
    done = crew.work(at=LATER, days=12, **{"seed": 1, **more})
    return done, told()


def test_the_same_seed_gives_the_same_city(twice: list[Any]) -> None:
    first, second = twice
    assert len(first) > REQUESTS  # and visits, faults, applications
    assert first == second


def test_the_same_seed_gives_the_same_work_and_another_seed_other_work() -> None:
    with rolled_back():
        first = worked()
    with rolled_back():
        other = worked(seed=2)
    assert worked() == first
    assert other != first


def test_the_crew_brings_cases_to_their_end_by_the_rules() -> None:
    open_before = Case.objects.filter(state__in=crew.OPEN_STATES).count()
    done, _ = worked()
    assert done["routed"] >= 1
    assert done["answered"] >= 3
    assert done["archived"] >= 1
    assert Case.objects.filter(state__in=crew.OPEN_STATES).count() < open_before
    assert not verifying.verify(since=None).troubles


@pytest.mark.parametrize("how", [bulk.load_answered, bulk.load_live])
def test_the_crew_works_on_messages_that_were_loaded(how: Any, tmp_path: Any) -> None:
    file = tmp_path / "letters.csv"
    lines = [f"m{number},2026-06-2{number}T09:00:00+08:00,路灯不亮,桥头第{number}盏路灯不亮" for number in range(1, 4)]
    file.write_text("\n".join(["id,opened_at,title,text", *lines]), encoding="utf-8")
    known = set(Case.objects.values_list("pk", flat=True))
    outcome = messages.load(file, source="letters", at=AT, how=how, tell=lambda so_far: None)
    assert outcome.made == 3
    worked()
    states = set(Case.objects.exclude(pk__in=known).values_list("state", flat=True))
    assert states <= {"accepted", "handling", "waiting", "answered", "closed", "archived"}
    assert not verifying.verify(since=None).troubles


def test_the_command_says_what_was_done() -> None:
    said = StringIO()
    call_command("demo", "crew", "--days", "1", "--json", stdout=said)
    assert all(count > 0 for count in json.loads(said.getvalue()).values())


def test_a_city_of_no_requests_is_wrong_use() -> None:
    from qingyu.desk.demo import logins

    logins.path().unlink(missing_ok=True)
    with pytest.raises(CommandError, match="at least 1"):
        call_command("demo", "city", "--requests", "0")
