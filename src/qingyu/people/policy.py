"""Who may do what, and how far it reaches: read once from the staff row, asked everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from qingyu.people import deputies, queries
from qingyu.rules.refusals import NotPermitted

if TYPE_CHECKING:
    from qingyu.people.models import Staff


@dataclass(frozen=True)
class Viewer:
    """The person who asks. ``reach`` is None for the whole city, else the ids of the units in scope.

    Who stands in for others has ``sides``: the own rights, then those of each absent person. ``permissions`` and
    ``reach`` are then all of them taken together, good for doors and menus. Whoever decides about one record asks
    each side by itself (``each``): a right of one person never holds in the reach of another. ``roles`` are the own,
    for the order of menus alone; they decide nothing.
    """

    staff_id: int
    unit_id: int
    permissions: frozenset[str]
    reach: frozenset[int] | None = field(default=frozenset())
    sides: tuple[Viewer, ...] = ()
    roles: tuple[str, ...] = ()

    @property
    def each(self) -> tuple[Viewer, ...]:
        """Those whose rights this person has, each apart: mostly only the own."""
        return self.sides or (self,)

    @property
    def staff_ids(self) -> tuple[int, ...]:
        """This person and those they stand in for: whose baskets are theirs today."""
        return tuple(side.staff_id for side in self.each)

    def may(self, permission: str) -> bool:
        """Whether any role grants the code."""
        return permission in self.permissions

    def require(self, permission: str) -> None:
        """NotPermitted("permission_missing") unless a role grants the code."""
        if permission not in self.permissions:
            raise NotPermitted("permission_missing", permission=permission)

    def reaches(self, unit_id: int | None) -> bool:
        """Whether the unit lies in scope."""
        return self.reach is None or unit_id in self.reach


def viewer(staff: Staff, *, on: date | None = None) -> Viewer:
    """The rights of a signed-in member of staff on a day of the city, with those of the absent they stand in for.

    No statement beyond the remembered unit tree and table of deputies; without a day, the own rights alone.
    """
    own = _side(staff.pk, staff.unit_id, staff.rights or {})
    absent = deputies.absent_for(staff.pk, on=on) if on else ()
    if not absent:
        return own
    return _together((own, *(_side(one.staff_id, one.unit_id, one.rights) for one in absent)))


def _side(staff_id: int, unit_id: int, rights: Mapping[str, Any]) -> Viewer:
    return Viewer(
        staff_id=staff_id,
        unit_id=unit_id,
        permissions=frozenset(rights.get("permissions", ())),
        reach=_reach(str(rights.get("scope", "own")), unit_id, rights.get("also", ())),
        roles=tuple(rights.get("roles", ())),
    )


def _together(sides: tuple[Viewer, ...]) -> Viewer:
    own = sides[0]
    reaches = [side.reach for side in sides]
    known = [reach for reach in reaches if reach is not None]
    return Viewer(
        staff_id=own.staff_id,
        unit_id=own.unit_id,
        permissions=frozenset[str]().union(*(side.permissions for side in sides)),
        reach=None if None in reaches else frozenset[int]().union(*known),
        sides=sides,
        roles=own.roles,
    )


def _reach(scope: str, unit_id: int, also: Iterable[int]) -> frozenset[int] | None:
    if scope == "all":
        return None
    own = queries.subtree(unit_id) if scope == "subtree" else frozenset({unit_id})
    return own | frozenset(also)
