"""What must become an event because somebody answered: each in a transaction of its own, once for each cause."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from qingyu.cases import operations
from qingyu.cases.actors import SYSTEM
from qingyu.cases.models import Case
from qingyu.followup import mending
from qingyu.followup.models import FollowUpPlan, PendingAct
from qingyu.rules.refusals import NotAllowed

BATCH = 200


def apply_answers(*, at: datetime) -> int:
    """Redoes and archives what follow-up answers and bad ratings demand, and archives whom nobody can reach."""
    acts = PendingAct.objects.filter(state=PendingAct.State.WAITING).order_by("id").values_list("pk", flat=True)
    done = sum(_apply(pk, at=at) for pk in acts[:BATCH])
    silent = FollowUpPlan.objects.filter(
        state=FollowUpPlan.State.NOT_REACHABLE, ended_at=None, due_at__lt=at
    ).values_list("pk", flat=True)  # fmt: skip
    return done + sum(_archive_silent(pk, at=at) for pk in silent.order_by("due_at")[:BATCH])


@transaction.atomic
def _apply(pk: int, *, at: datetime) -> int:
    act = PendingAct.objects.select_for_update(skip_locked=True).filter(pk=pk, state="waiting").first()
    if act is None:
        return 0
    case = Case.objects.get(pk=act.case_id)
    act.state, act.code = _outcome(act, case, at)
    act.save(update_fields=["state", "code"])
    return 1


def _outcome(act: PendingAct, case: Case, at: datetime) -> tuple[str, str]:
    """Done, also where somebody has done it before; left to a person where the rules forbid it."""
    over = case.round != act.round and act.what != PendingAct.What.MEND
    if over or (case.state == "archived" and act.what == "archive"):
        return PendingAct.State.DONE, ""
    try:
        with transaction.atomic():
            ACTS[act.what](act, case, at)
    except NotAllowed as refusal:
        return PendingAct.State.REFUSED, refusal.code
    return PendingAct.State.DONE, ""


def _redo(act: PendingAct, case: Case, at: datetime) -> None:
    """The same unit does a request again. What has been decided of an application stands; what was wrong about it is
    put right by a case of its own, once, and after the call about it the application is kept.
    """
    if not case.stage:
        operations.redo(case, why=act.why, by=SYSTEM, at=at, cause=act.cause)
        return
    before = PendingAct.objects.filter(case=case, round=act.round, what=act.what, state=PendingAct.State.DONE)
    if not before.exclude(pk=act.pk).exists():
        mending.open_for(case, rated=act.cause, at=at)
    if act.why != "bad_rating" and case.state == Case.State.CLOSED:
        operations.archive(case, by=SYSTEM, at=at)


def _archive(act: PendingAct, case: Case, at: datetime) -> None:
    operations.archive(case, by=SYSTEM, at=at, why=act.why)


def _mend(act: PendingAct, case: Case, at: datetime) -> None:
    mending.open_for(case, rated=act.cause, at=at)


ACTS: dict[str, Callable[[PendingAct, Case, datetime], None]] = {
    "redo": _redo, "archive": _archive, "mend": _mend,
}  # fmt: skip


@transaction.atomic
def _archive_silent(pk: int, *, at: datetime) -> int:
    plan = FollowUpPlan.objects.select_for_update(skip_locked=True).filter(pk=pk, ended_at=None).first()
    if plan is None:
        return 0
    plan.ended_at = at
    plan.save(update_fields=["ended_at"])
    try:
        with transaction.atomic():
            operations.archive(Case.objects.get(pk=plan.case_id), by=SYSTEM, at=at, why="not_reachable")
    except NotAllowed:
        return 0  # taken up again meanwhile
    return 1
