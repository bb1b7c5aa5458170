"""Time passing over an application: silence admits, silence calls the deputy, what is not corrected lapses."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from qingyu.applications.models import Application, Handover
from qingyu.cases import log
from qingyu.cases.actors import SYSTEM
from qingyu.cases.models import Case
from qingyu.people import queries as people
from qingyu.rules import applications as rules
from qingyu.rules.lifecycle import Kind, Stage


def silent_from(unit: int, at: datetime, allowed: timedelta | None = None) -> datetime:
    """When somebody else is called if the unit is silent from ``at`` on."""
    found = people.units().get(unit)
    calendar = people.calendar(found.calendar if found else "city")
    wait = rules.silence_on(people.city_day(at)).deputy if allowed is None else allowed
    return rules.silent_at(at, wait, calendar)


def spoken(application: Application) -> None:
    """The unit has acted: nobody else is called."""
    if application.silent_at is not None:
        application.silent_at = None
        application.save(update_fields=["silent_at"])


@transaction.atomic
def admit_silently(case: Case, *, at: datetime) -> None:
    """逾期不告知的，自收到申请材料之日起即为受理 (行政许可法 32)."""
    log.lock(case)
    application = Application.objects.select_for_update().get(case=case)
    log.record(
        case, Kind.AUTO_ADMITTED, by=SYSTEM, at=at, promised=application.promised, legal=application.legal
    )  # fmt: skip
    spoken(application)


@transaction.atomic
def lapse(case: Case, *, at: datetime) -> None:
    """What was to be corrected was not, in time; the person may apply anew at any moment."""
    log.record(case, Kind.LAPSED, by=SYSTEM, at=at)
    Handover.objects.filter(application_id=case.pk, ended_at=None).update(ended_at=at)


@transaction.atomic
def call_next(application: Application, *, at: datetime) -> bool:
    """The owner was silent: the deputy has it now; the deputy was silent too: a supervisor is told. Each is counted.

    False where somebody has acted meanwhile.
    """
    case = application.case
    log.lock(case)
    application = Application.objects.select_for_update(of=("self",)).select_related("deputy").get(pk=case.pk)
    if application.silent_at is None or application.silent_at > at or case.stage != Stage.PRECHECK:
        return False
    if application.silence == 0 and application.deputy is not None and application.deputy.is_active:
        _call_deputy(application, case, at)
    else:
        log.record(case, Kind.SUPERVISOR_CALLED, by=SYSTEM, at=at, **_silent(case))
        application.silence, application.silent_at = 2, None
    application.save(update_fields=["silence", "silent_at"])
    return True


def _call_deputy(application: Application, case: Case, at: datetime) -> None:
    facts = _silent(case) | {"handler": application.deputy_id, "unit": case.lead_id}
    log.record(case, Kind.DEPUTY_CALLED, by=SYSTEM, at=at, **facts)
    wait = rules.silence_on(people.city_day(at)).supervisor
    application.silence, application.silent_at = 1, silent_from(case.lead_id or 0, at, wait)


def _silent(case: Case) -> dict[str, object]:
    """Who was silent: the person, where one was named."""
    return {"before": case.handler_id} if case.handler_id else {}
