"""Who may do what to an item: its unit keeps the guide, a reviewer withdraws; each side of a deputy by itself.

List and record ask the same object: ``on_desk`` is the filter of which ``may_see`` is the answer for one row.
"""

from __future__ import annotations

from django.db.models import Q

from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotPermitted

READ, EDIT, REVIEW = "item.read", "item.edit", "item.review"


def may_edit(viewer: Viewer, unit_id: int) -> bool:
    """Whoever keeps guides does so for the own unit alone, however far their other rights reach."""
    return any(side.may(EDIT) and side.unit_id == unit_id for side in viewer.each)


def may_review(viewer: Viewer, unit_id: int) -> bool:
    """A reviewer whose reach holds the unit."""
    return any(side.may(REVIEW) and side.reaches(unit_id) for side in viewer.each)


def may_see(viewer: Viewer, unit_id: int) -> bool:
    """Whether the item stands on the person's desk: of the own unit, or of one they review."""
    return any(side.may(READ) and side.unit_id == unit_id for side in viewer.each) or may_review(viewer, unit_id)


def on_desk(viewer: Viewer) -> Q:
    """The items on the person's desk, by ``unit``."""
    sides = [side for side in viewer.each if side.may(REVIEW)]
    if any(side.reach is None for side in sides):
        return Q()
    units = {side.unit_id for side in viewer.each if side.may(READ)}
    return Q(unit_id__in=sorted(units.union(*(side.reach or frozenset() for side in sides))))


def require_edit(viewer: Viewer | None, unit_id: int) -> None:
    """NotPermitted("permission_missing"). Nobody (None) stands for a command that loads items."""
    if viewer is not None and not may_edit(viewer, unit_id):
        raise NotPermitted("permission_missing", permission=EDIT)


def require_review(viewer: Viewer | None, unit_id: int) -> None:
    """NotPermitted("permission_missing")."""
    if viewer is not None and not may_review(viewer, unit_id):
        raise NotPermitted("permission_missing", permission=REVIEW)


def require_either(viewer: Viewer | None, unit_id: int) -> None:
    """The unit itself or a reviewer; NotPermitted("permission_missing")."""
    if viewer is not None and not (may_edit(viewer, unit_id) or may_review(viewer, unit_id)):
        raise NotPermitted("permission_missing", permission=EDIT)


def units_edited(viewer: Viewer) -> list[int]:
    """The units for which the person keeps guides."""
    return [side.unit_id for side in viewer.each if side.may(EDIT)]
