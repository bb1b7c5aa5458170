"""What the unit does that has the case: accept, return, contact, ask, extend, answer; and who in it does so."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from qingyu.cases import log, policy, standing
from qingyu.cases.actors import Actor
from qingyu.cases.models import Case, CaseText, Notice
from qingyu.cases.operations.words import needed, notice, optional, with_ending, written
from qingyu.people.models import Staff
from qingyu.rules import clocks, hours, rounds
from qingyu.rules.dispatch import may_return
from qingyu.rules.lifecycle import OPEN_STATES, Kind
from qingyu.rules.refusals import NotAllowed, NotValid


@transaction.atomic
def accept(case: Case, *, by: Actor, at: datetime) -> None:
    """签收: the unit takes the case; who accepts becomes its handler."""
    log.record(case, Kind.ACCEPTED, by=by, at=at, handler=by.staff_id)


@transaction.atomic
def assign(case: Case, *, handler: int, by: Actor, at: datetime) -> None:
    """Gives the case to another person of the unit that has it."""
    person = Staff.objects.filter(pk=handler, is_active=True).first()
    if person is None or person.unit_id not in (case.owner_id, case.lead_id):
        raise NotValid("handler_not_of_unit", field="handler")
    log.record(case, Kind.ASSIGNED, by=by, at=at, handler=handler)


@transaction.atomic
def return_(
    case: Case, *, reason: str, legal_basis: str, by: Actor, at: datetime, comment: str, propose: int | None = None
) -> None:
    """退单: says with reason and legal basis that the case is not the unit's. The citizen's clock goes on.

    NotAllowed: returned_too_often (after three the centre designates), return_too_late (silence has accepted),
    unit_designated (a decision on an earlier return has named this unit).
    """
    known = Notice.objects.filter(group=Notice.Group.RETURN, active=True).values_list("code", flat=True)
    may_return(
        returns_so_far=case.returns, at=at, deadline=_return_deadline(case, at), reason=reason,
        legal_basis=legal_basis, reasons=set(known),
    )  # fmt: skip
    text = f"{needed(comment, 'comment')}\n{legal_basis.strip()}"
    facts = written(case, CaseText.Kind.REASON, text, at=at, shown=False)
    proposed = {"proposed": propose} if propose else {}
    log.record(case, Kind.RETURNED, by=by, at=at, reason=reason, **proposed, **facts)


def _return_deadline(case: Case, at: datetime) -> datetime:
    terms = standing.terms(case, {}, at)
    limit = terms.limit("return")
    if limit is None or case.routed_at is None or case.lead_id is None:
        return at
    return hours.deadline(case.routed_at, limit, terms.calendar(case.lead_id)).at


@transaction.atomic
def contact(case: Case, *, how: str, by: Actor, at: datetime, comment: str = "") -> None:
    """首次联系: the unit has spoken with the person. ``how``: phone, visit, message or failed (not reached)."""
    if how not in ("phone", "visit", "message", "failed"):
        raise NotValid("contact_unknown", field="how")
    facts = optional(case, CaseText.Kind.NOTE, comment, at=at, shown=False)
    if how == "failed":
        log.record(case, Kind.NOTED, by=by, at=at, contact="failed", **facts)
        return
    log.record(case, Kind.CONTACTED, by=by, at=at, how=how, **facts)


@transaction.atomic
def note(case: Case, *, text: str, by: Actor, at: datetime, shown: bool = False) -> None:
    """A note for the file, or a word of progress that the citizen reads."""
    facts = written(case, CaseText.Kind.NOTE, needed(text, "text"), at=at, shown=shown)
    log.record(case, Kind.NOTED, by=by, at=at, shown=shown, **facts)


@transaction.atomic
def ask(case: Case, *, question: str, reason: str, by: Actor, at: datetime) -> None:
    """Asks the citizen for something without which the unit cannot go on; the handle clock rests meanwhile."""
    found = notice(Notice.Group.PAUSE, reason)
    if case.anonymous:
        raise NotAllowed("citizen_not_reachable")
    facts = written(case, CaseText.Kind.QUESTION, needed(question, "question"), at=at, shown=True)
    log.record(case, Kind.ASKED, by=by, at=at, reason=found.code, **facts)


@transaction.atomic
def extend(case: Case, *, reason: str, comment: str, by: Actor, at: datetime) -> None:
    """Asks for more time before the limit has run out."""
    found = notice(Notice.Group.EXTENSION, reason)
    facts = written(case, CaseText.Kind.REASON, needed(comment, "comment"), at=at, shown=False)
    log.record(case, Kind.EXTENSION_ASKED, by=by, at=at, reason=found.code, **facts)


@transaction.atomic
def decide_extension(case: Case, *, approved: bool, by: Actor, at: datetime, comment: str = "") -> None:
    """Grants or denies it: four eyes, and a supervisor for more than one in a round.

    NotAllowed("own_request") to who asked, NotPermitted("own_unit_request") to their unit, and
    NotPermitted("extension_needs_supervisor") as ``rules.rounds`` has it.
    """
    log.lock(case)
    _require_other_eyes(case, by)
    if approved and rounds.needs_supervisor(_granted(case), on=standing.terms(case, {}, at).day):
        policy.require_supervisor(by, case)
    facts = optional(case, CaseText.Kind.COMMENT, comment, at=at, shown=approved)
    log.record(case, Kind.EXTENSION_DECIDED, by=by, at=at, approved=approved, **facts)


def _require_other_eyes(case: Case, by: Actor) -> None:
    asked = case.events.filter(kind=Kind.EXTENSION_ASKED).order_by("-seq").first()
    if asked is None or by.viewer is None:
        return
    if asked.by_staff in by.viewer.staff_ids:
        raise NotAllowed("own_request")
    policy.require_other_unit(by.viewer, case, asker=asked.content["by"]["unit"])


def _granted(case: Case) -> int:
    """Extensions granted so far in the present round."""
    clock = clocks.promise(standing.state_of(case), standing.clocks_of(case))
    return clock.extensions if clock else 0


@transaction.atomic
def answer(case: Case, *, answer: str, by: Actor, at: datetime, ending: str = "", legal_basis: str = "") -> None:
    """答复: the unit's answer with what was done. The citizen sees it once the centre has reviewed it.

    What came by the listening desk says how it ended: NotValid("ending_missing" | "legal_basis_missing").
    """
    text, ended = with_ending(case, answer, ending=ending, legal_basis=legal_basis)
    facts = written(case, CaseText.Kind.ANSWER, text, at=at, shown=False)
    log.record(case, Kind.ANSWERED, by=by, at=at, **facts, **ended)


@transaction.atomic
def hand_over(staff: Staff, *, to: Staff | None, by: Actor, at: datetime, reason: str) -> int:
    """Gives all open cases of one person to another of the same unit, or (``None``) back to the unit's own basket.

    How many. Each case keeps who and why.
    """
    if to is not None and (to.unit_id != staff.unit_id or not to.is_active or to.pk == staff.pk):
        raise NotValid("handler_not_of_unit", field="to")
    why = needed(reason, "reason")
    held = Case.objects.filter(handler=staff, state__in=IN_HAND).order_by("pk")
    cases = sorted(held, key=lambda case: (case.partition, case.pk))
    for case in cases:
        facts = written(case, CaseText.Kind.REASON, why, at=at, shown=False)
        log.record(case, Kind.ASSIGNED, by=by, at=at, handler=to.pk if to else None, before=staff.pk, **facts)
    return len(cases)


IN_HAND = tuple(state for state in OPEN_STATES if state != Case.State.RECEIVED)  # that has no handler any more
