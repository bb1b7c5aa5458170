"""The demo city: everything a city must have before the first request, then three hundred requests with their stories.

All of it stands or nothing does: it is one transaction. The same seed and time give the same city, but for passwords,
uuids, case numbers and salts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Max

from qingyu.cases import following
from qingyu.cases.dispatch import training
from qingyu.cases.models import Case, CaseEvent, Position
from qingyu.cases.operations import reference
from qingyu.desk.demo import applications, data, facilities, hall, hotline, items, knowledge, logins, stories
from qingyu.desk.demo import points as service_points
from qingyu.desk.demo.cast import Cast
from qingyu.desk.demo.tale import Tale
from qingyu.desk.loading import calendars, places, policy
from qingyu.desk.loading import staff as people_file
from qingyu.desk.loading.reading import Line
from qingyu.desk.loading.report import Did, Source, each
from qingyu.followup.notices import FOLLOWER as NOTICES
from qingyu.followup.tasks import apply_answers
from qingyu.hall.followers import FOLLOWER as FACILITIES
from qingyu.people import keys, permissions, queries
from qingyu.people import operations as people
from qingyu.people.models import Staff
from qingyu.rules.refusals import NotAllowed

PRESET = "demo"
TOLD_OF = timedelta(hours=24)  # messages are planned for what happened since


def is_there() -> bool:
    """Whether the demo city has been built in this database."""
    return Staff.objects.filter(demo=True).exists() and bool(logins.read())


def build(
    *, at: datetime, seed: int = 1, requests: int | None = None, tell: Callable[[str], None] = lambda text: None
) -> dict[str, logins.Login]:
    """Builds it and answers the logins. ``requests``: so many of the three hundred, evenly chosen; None for all.

    NotAllowed("database_not_empty") where there are cases of others.
    """
    if Case.objects.exists():
        raise NotAllowed("database_not_empty", cases=Case.objects.count())
    keys.ensure_keys()
    with transaction.atomic():
        tell("units, staff, topics, routes and limits")
        set_up(at=at)
        found = _hire(Source(data.FOLDER / "city", at))
        tell("requests")
        play(at=at, seed=seed, requests=requests)
        tell("the hall")
        house = hall.build(rng=Random(seed), at=at)
        facilities.build(house, Cast.of_all(), rng=Random(f"{seed}:facilities"), at=at)
        tell("calls")
        hotline.build(Cast.of_all(), rng=Random(f"{seed}:hotline"), at=at)
        knowledge.build(rng=Random(seed), at=at)
        items.build(at=at)
        service_points.build(rng=Random(f"{seed}:points"), at=at)
        applications.build(rng=Random(f"{seed}:applications"), at=at)
        tell_nobody_of_the_past(at=at)
        logins.write(found)
    tell("suggestions")
    training.train_from_cases(at=at)
    settle(at=at)
    return found


def settle(*, at: datetime) -> None:
    """What the worker would do in its first minutes, so that nothing moves of itself when the doors open."""
    while following.catch_up(at=at) or apply_answers(at=at):
        pass


def tell_nobody_of_the_past(*, at: datetime) -> None:
    """Messages begin with the last hours: nobody is written to today about what was over last week."""
    following.ensure_positions(following.followers())
    past = CaseEvent.objects.filter(at__lt=at - TOLD_OF).values("partition").annotate(last=Max("id"))
    for partition, last in past.values_list("partition", "last"):
        Position.objects.filter(follower__in=(NOTICES, FACILITIES), partition=partition).update(event=last)


def set_up(*, at: datetime) -> None:
    """The reference tables from the files beside this module."""
    source = Source(data.FOLDER / "city", at)
    calendars.publish_official(at=at)
    people.set_up_roles(at=at)
    _load("areas", data.lines("areas"), places.area, source)
    _load("units", data.lines("units"), places.unit, source)
    _load("topics", data.lines("topics"), policy.topic, source)
    _load("routes", data.lines("routes"), policy.route, source)
    _load("time_limits", data.lines("time_limits"), policy.limit, source)
    reference.choose_preset(PRESET, by=None, at=at, reason=source.reason)
    _load("notices", data.notices(), policy.notice, source)
    _load("answers", data.lines("answers"), policy.answer, source)
    queries.forget()


def _load(name: str, lines: Iterable[Line], act: Callable[[Line, Source], Did], source: Source) -> None:
    report = each(lines, lambda line: act(line, source))
    if report.rejected:
        raise NotAllowed("demo_data_damaged", file=name, first=str(report.rejected[0]))


ALSO = ("health_handler",)
"""Who else can sign in: the owner of the item that can be applied for online."""


def _hire(source: Source) -> dict[str, logins.Login]:
    """Everybody works here; only the one person per role gets a password."""
    found: dict[str, logins.Login] = {
        role: {"username": role, "password": logins.new_password()} for role in (*permissions.ROLES, *ALSO)
    }
    hashes = {name: logins.hashed(login["password"]) for name, login in found.items()}
    for line in data.lines("staff"):
        _place(line, hashes.get(line.text("username")) or make_password(None), source)
    return found


def _place(line: Line, password: str, source: Source) -> None:
    username = line.text("username")
    person = Staff.objects.filter(username=username).first() or Staff(username=username)
    person.name, person.unit, person.demo = line.text("name"), people_file.unit_of(line), True
    person.must_change_password, person.password = False, password
    person.save()
    people.set_roles(person, roles=people_file.roles_of(line), by=None, at=source.at, reason=source.reason)


def play(*, at: datetime, seed: int, requests: int | None = None) -> int:
    """The requests up to ``at``; how many acts there were."""
    cast, records = Cast.of_all(), _chosen(data.records("requests"), requests)
    tales = [
        Tale(record, Random(f"{seed}:{number}"), cast, now=at, at=at - timedelta(minutes=record["minutes_ago"]))
        for number, record in enumerate(records)
    ]
    return stories.play(tales, since=min(tale.at for tale in tales), now=at)


def _chosen(records: list[dict[str, Any]], wanted: int | None) -> list[dict[str, Any]]:
    """So many of them, evenly from the oldest to the newest."""
    if wanted is None or wanted >= len(records):
        return records
    return [records[number * len(records) // wanted] for number in range(wanted)]
