"""The first day of a city: keys, roles, calendar, limits, notices, two units and an administrator."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from qingyu.cases.models import TimeLimit
from qingyu.cases.operations import reference
from qingyu.desk.demo import data
from qingyu.desk.loading import calendars, policy
from qingyu.desk.loading.report import Source, each
from qingyu.people import keys, queries
from qingyu.people import operations as people
from qingyu.people.models import Staff, Unit, WorkingCalendar
from qingyu.rules.refusals import NotAllowed

PRESET = "demo"


def begin(*, username: str, name: str, city: str, at: datetime) -> str:
    """Sets all this up and answers the one-time password. NotAllowed("administrator_exists") at a second time.

    What is there already stays: units of the city, a preset in force, notices the city has changed.
    """
    if Staff.objects.filter(roles__code="administrator", is_active=True).exists():
        raise NotAllowed("administrator_exists")
    keys.ensure_keys()
    with transaction.atomic():
        people.set_up_roles(at=at)
        calendars.publish_official(at=at)
        _policy(at)
        centre = _centre(city, at)
        _, password = people.hire(
            username=username, name=name, unit=centre, roles=["administrator"], by=None, at=at, reason="init"
        )
    queries.forget()
    return password


def _policy(at: datetime) -> None:
    source = Source(data.FOLDER / "init", at)
    each(data.lines("time_limits"), lambda line: policy.limit(line, source))
    if not TimeLimit.objects.filter(in_force=True).exists():
        reference.choose_preset(PRESET, by=None, at=at, reason="init")
    each(data.notices(), lambda line: policy.notice(line, source))


def _centre(city: str, at: datetime) -> Unit:
    """The centre that receives; where there is none yet, the city's own unit and the centre below it."""
    found = Unit.objects.filter(kind=Unit.Kind.CENTRE).first()
    if found:
        return found
    calendar = WorkingCalendar.objects.get(code=calendars.CITY)
    root = people.place_unit(
        code="city", name=f"{city}人民政府办公室", short="市府办", kind=Unit.Kind.CITY, parent=None, by=None, at=at,
        reason="init", fallback=True, calendar=calendar,
    )  # fmt: skip
    return people.place_unit(
        code="centre", name=f"{city}便民服务热线中心", short="热线中心", kind=Unit.Kind.CENTRE, parent=root, by=None,
        at=at, reason="init", calendar=calendar,
    )  # fmt: skip
