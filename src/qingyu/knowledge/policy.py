"""Who may do what to an answer: its unit writes, a reviewer puts in force; each side of a deputy asked by itself."""

from __future__ import annotations

from django.db.models import Q

from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotPermitted

READ, WRITE, REVIEW = "answer.read", "answer.write", "answer.review"


def may_write(viewer: Viewer, unit_id: int) -> bool:
    """Whoever writes answers does so for the own unit alone, however far their other rights reach."""
    return any(side.may(WRITE) and side.unit_id == unit_id for side in viewer.each)


def may_review(viewer: Viewer, unit_id: int) -> bool:
    """A reviewer whose reach holds the unit."""
    return any(side.may(REVIEW) and side.reaches(unit_id) for side in viewer.each)


def require_write(viewer: Viewer | None, unit_id: int) -> None:
    """NotPermitted("permission_missing"). Nobody (None) stands for a command that loads answers."""
    if viewer is not None and not may_write(viewer, unit_id):
        raise NotPermitted("permission_missing", permission=WRITE)


def require_review(viewer: Viewer | None, unit_id: int) -> None:
    """NotPermitted("permission_missing")."""
    if viewer is not None and not may_review(viewer, unit_id):
        raise NotPermitted("permission_missing", permission=REVIEW)


def require_either(viewer: Viewer | None, unit_id: int) -> None:
    """The unit itself or a reviewer; NotPermitted("permission_missing")."""
    if viewer is not None and not (may_write(viewer, unit_id) or may_review(viewer, unit_id)):
        raise NotPermitted("permission_missing", permission=WRITE)


def units_written(viewer: Viewer) -> list[int]:
    """The units for which the person writes answers."""
    return [side.unit_id for side in viewer.each if side.may(WRITE)]


def on_desk(viewer: Viewer) -> Q:
    """The answers and questions on the person's desk, by ``unit``: of the own unit, and of all they review."""
    mine = Q(unit_id__in=[side.unit_id for side in viewer.each])
    for side in viewer.each:
        if side.may(REVIEW):
            mine |= Q() if side.reach is not None else Q(unit_id__gt=0)
            mine |= Q(unit_id__in=list(side.reach or ()))
    return mine
