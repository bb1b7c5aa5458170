"""Deciding when the house sends by itself, and sending."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from qingyu.cases import operations
from qingyu.cases.actors import SYSTEM
from qingyu.cases.models import Case, DispatchSetting, Suggestion
from qingyu.people.models import Staff
from qingyu.people.operations import note_change
from qingyu.people.policy import viewer
from qingyu.rules.dispatch import Why, sends_by_itself
from qingyu.rules.refusals import NotAllowed, NotValid


@transaction.atomic
def set_threshold(
    *, threshold: float | None, share: float | None, accuracy: float | None, by: Staff, at: datetime
) -> DispatchSetting:
    """From now on suggestions at least this sure are sent without a person; None switches it off.

    Share and expected accuracy are those that were shown before it was decided; they are kept with it.
    """
    viewer(by).require("dispatch.manage")
    if threshold is not None and not 0.5 <= threshold <= 1:
        raise NotValid("threshold_out_of_range", field="threshold")
    note_change("set_threshold", "dispatch", by=by, at=at, facts={"threshold": threshold, "share": share})
    return DispatchSetting.objects.create(threshold=threshold, share=share, accuracy=accuracy, by=by.pk, at=at)


def threshold_in_force() -> float | None:
    """The newest decision; None: the house never sends by itself."""
    newest = DispatchSetting.objects.order_by("-id").first()
    return newest.threshold if newest else None


@transaction.atomic
def send_if_sure(suggestion: Suggestion, *, threshold: float | None, at: datetime) -> bool:
    """Sends one case by itself if its suggestion is sure enough and the routing table knows the way."""
    rows = Suggestion.objects.select_for_update().filter(pk=suggestion.pk, decided=False)
    if not rows.update(decided=True):
        return False
    best = suggestion.rows[0]
    sure = best["topic"] and not Why(best["why"]).by_fallback and sends_by_itself(suggestion.probability, threshold)
    if not sure:
        return False
    case = Case.objects.get(pk=suggestion.case_id)
    if case.type == Case.Type.REPORT or case.state != Case.State.RECEIVED:
        return False
    return _send(case, best, at=at)


def _send(case: Case, best: dict[str, object], *, at: datetime) -> bool:
    try:
        with transaction.atomic():
            operations.classify(case, topic=str(best["topic"]), by=SYSTEM, at=at)
            operations.route(
                case,
                unit=int(str(best["unit"])),
                assisting=tuple(best["assisting"]),  # type: ignore[arg-type]
                why="suggestion",
                by=SYSTEM,
                at=at,
            )
    except (NotAllowed, NotValid):
        return False
    return True
