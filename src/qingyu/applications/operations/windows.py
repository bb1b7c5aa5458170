"""From the screen to a window and on, under one number."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from qingyu.applications.models import Application, Handover
from qingyu.applications.operations.waiting import spoken
from qingyu.cases import log
from qingyu.cases.actors import Actor, ActorKind
from qingyu.cases.models import Case, CaseText
from qingyu.cases.operations.words import written
from qingyu.rules.lifecycle import Kind
from qingyu.rules.refusals import NotAllowed, NotValid


@transaction.atomic
def choose_window(case: Case, *, by: Actor, at: datetime, missing: str = "") -> Handover:
    """It is finished at a window. Staff say what to bring; a citizen may say why, or nothing.

    Time rests for the unit until the person has been there, as with a correction.
    """
    log.lock(case)
    citizen = by.kind is ActorKind.CITIZEN
    if not citizen and not missing.strip():
        raise NotValid("missing_missing", field="missing")
    application = Application.objects.select_for_update().get(case=case)
    kind = CaseText.Kind.REPLY if citizen else CaseText.Kind.QUESTION
    facts = written(case, kind, missing, at=at, shown=True) if missing.strip() else {}
    log.record(case, Kind.WINDOW_CHOSEN, by=by, at=at, **facts)
    spoken(application)
    return Handover.objects.create(
        application=application, missing_id=facts.get("text"), by_citizen=citizen, opened_at=at
    )  # fmt: skip


@transaction.atomic
def take_at_window(
    case: Case, *, unit: int, by: Actor, at: datetime, ticket: int = 0, hall: str = "", window: str = "",
    waited: int | None = None,
) -> Handover:  # fmt: skip
    """A person stands at a window with the number of the application: whoever serves there goes on with it.

    ``unit`` is that of the window; it then helps with the case. ``waited``: whole seconds with the ticket.

    NotAllowed("no_handover"). The same again is the same.
    """
    log.lock(case)
    open_one = Handover.objects.select_for_update().filter(application_id=case.pk, ended_at=None).first()
    if open_one is None:
        raise NotAllowed("no_handover")
    if open_one.taken_at is not None and open_one.ticket == (ticket or None):
        return open_one
    where = {name: value for name, value in {"ticket": ticket, "hall": hall, "window": window}.items() if value}
    told = {} if waited is None else {"waited": waited}
    log.record(case, Kind.WINDOW_TAKEN, by=replace(by, opened=case.pk), at=at, unit=unit, **where, **told)
    open_one.taken_at, open_one.ticket = at, ticket or None
    open_one.save(update_fields=["taken_at", "ticket"])
    return open_one
