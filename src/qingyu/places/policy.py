"""Who manages which points: those of the units in reach."""

from __future__ import annotations

from django.db.models import Q

from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotPermitted

MANAGES = "point.manage"


def may_manage(viewer: Viewer, unit: int) -> bool:
    """Whether the person may change points of the unit."""
    return any(side.may(MANAGES) and side.reaches(unit) for side in viewer.each)


def require_manage(viewer: Viewer, unit: int) -> None:
    """NotPermitted("permission_missing")."""
    if not may_manage(viewer, unit):
        raise NotPermitted("permission_missing", permission=MANAGES)


def managed(viewer: Viewer) -> Q:
    """The points a person may change, as a condition."""
    reaches = [side.reach for side in viewer.each if side.may(MANAGES)]
    if None in reaches:
        return Q()
    return Q(unit_id__in=frozenset[int]().union(*(reach for reach in reaches if reach is not None)))
