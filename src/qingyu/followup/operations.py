"""What a follow-up caller does: takes the next call, and writes down how it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from qingyu.cases import actors
from qingyu.cases import operations as cases
from qingyu.cases.models import Case
from qingyu.cases.sight import whose_case
from qingyu.followup import planning, timing
from qingyu.followup.models import FollowUpPlan
from qingyu.people.policy import Viewer
from qingyu.rules.rating import Answer, Outcome
from qingyu.rules.refusals import NotAllowed


@dataclass(frozen=True)
class Call:
    """How a call ended. ``contacted``, ``solved``, ``satisfied`` only where ``outcome`` is completed."""

    outcome: str
    contacted: bool | None = None
    solved: str = ""
    satisfied: str = ""
    comment: str = ""


@transaction.atomic
def take_next(*, viewer: Viewer, at: datetime) -> FollowUpPlan | None:
    """The call that is due first becomes the viewer's for ten minutes; None when there is none to make now.

    Who still holds a call gets that one again. Two people never get the same.
    """
    viewer.require("case.followup")
    held = _held(viewer, at).first()
    if held is not None:
        return held
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=at)
    mine = whose_case(viewer)
    waiting = FollowUpPlan.objects.filter(free, mine, state=FollowUpPlan.State.WAITING, next_try__lte=at)
    plan = waiting.select_for_update(skip_locked=True, of=("self",)).order_by("due_at", "id").first()
    if plan is not None:
        _claim(plan, viewer, at)
    return plan


@transaction.atomic
def take(case: Case, *, viewer: Viewer, at: datetime) -> FollowUpPlan:
    """The same for one case. NotAllowed: no_call_to_make, call_taken, call_too_early."""
    viewer.require("case.followup")
    plan = _waiting(case)
    _check_ready(plan, viewer, at)
    _claim(plan, viewer, at)
    return plan


def _waiting(case: Case) -> FollowUpPlan:
    found = FollowUpPlan.objects.select_for_update().filter(case=case, state=FollowUpPlan.State.WAITING)
    plan = found.order_by("-round").first()
    if plan is None:
        raise NotAllowed("no_call_to_make")
    return plan


def _check_ready(plan: FollowUpPlan, viewer: Viewer, at: datetime) -> None:
    """Nobody else makes the call, and the time for another try has come."""
    taken = plan.claimed_until is not None and plan.claimed_until >= at
    if taken and plan.claimed_by_id != viewer.staff_id:
        raise NotAllowed("call_taken", until=plan.claimed_until)
    if at < plan.next_try:
        raise NotAllowed("call_too_early", next_try=plan.next_try)


def _claim(plan: FollowUpPlan, viewer: Viewer, at: datetime) -> None:
    plan.claimed_by_id, plan.claimed_until = viewer.staff_id, at + timing.CLAIM
    plan.save(update_fields=["claimed_by", "claimed_until"])


def _held(viewer: Viewer, at: datetime) -> QuerySet[FollowUpPlan]:
    return FollowUpPlan.objects.filter(
        claimed_by=viewer.staff_id, claimed_until__gte=at, state=FollowUpPlan.State.WAITING
    ).order_by("id")  # fmt: skip


@transaction.atomic
def put_back(*, viewer: Viewer, at: datetime) -> None:
    """The viewer does not make the call they hold; somebody else may."""
    FollowUpPlan.objects.filter(claimed_by=viewer.staff_id, state=FollowUpPlan.State.WAITING).update(
        claimed_by=None, claimed_until=None
    )  # fmt: skip


@transaction.atomic
def make_call(case: Case, call: Call, *, viewer: Viewer, at: datetime) -> str:
    """Writes the call down, and does what it demands: redo, archive, or nothing yet. Returns which ("" for nothing);
    ``mend`` for an application, which is not done again: the worker opens a case that puts it right.

    NotAllowed: no_call_to_make, call_taken, call_too_early. NotValid: what ``cases.operations.follow_up`` refuses.
    """
    by, plan = actors.staff(viewer), _waiting(case)
    _check_ready(plan, viewer, at)
    attempt = cases.follow_up(
        case, outcome=call.outcome, contacted=call.contacted, solved=call.solved, satisfied=call.satisfied,
        comment=call.comment, by=by, at=at,
    )  # fmt: skip
    again = planning.again(Outcome(call.outcome), attempts=attempt)
    _release(plan, at=at, next_try=planning.next_try(at, attempts=attempt) if again else plan.next_try)
    return "" if again else _conclude(case, call, by=by, at=at)


def _release(plan: FollowUpPlan, *, at: datetime, next_try: datetime) -> None:
    """The follower counts the attempt a moment later; until then nobody gets this call again."""
    plan.claimed_by_id, plan.claimed_until, plan.next_try = None, at + timing.CLAIM, next_try
    plan.save(update_fields=["claimed_by", "claimed_until", "next_try"])


def _conclude(case: Case, call: Call, *, by: actors.Actor, at: datetime) -> str:
    what, why = planning.consequence(_answer(call))
    if what == "redo" and case.stage:
        return "mend"
    if what == "redo":
        cause = case.events.order_by("-seq").values_list("pk", flat=True).first()
        cases.redo(case, why=why, by=by, at=at, cause=cause)
    else:
        cases.archive(case, by=by, at=at, why=why)
    return what


def _answer(call: Call) -> Answer:
    given = {"outcome": call.outcome, "contacted": call.contacted, "solved": call.solved, "satisfied": call.satisfied}
    return planning.answer_of(given)
