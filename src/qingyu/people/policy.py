"""Who may do what, and how far it reaches: read once from the staff row, asked everywhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qingyu.people import queries
from qingyu.rules.refusals import NotPermitted

if TYPE_CHECKING:
    from qingyu.people.models import Staff


@dataclass(frozen=True)
class Viewer:
    """The person who asks. ``reach`` is None for the whole city, else the ids of the units in scope."""

    staff_id: int
    unit_id: int
    permissions: frozenset[str]
    reach: frozenset[int] | None = field(default=frozenset())

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


def viewer(staff: Staff) -> Viewer:
    """The rights of a signed-in member of staff; no statement beyond the remembered unit tree."""
    rights = staff.rights or {}
    return Viewer(
        staff_id=staff.pk,
        unit_id=staff.unit_id,
        permissions=frozenset(rights.get("permissions", ())),
        reach=_reach(str(rights.get("scope", "own")), staff.unit_id, rights.get("also", ())),
    )


def _reach(scope: str, unit_id: int, also: tuple[int, ...] | list[int]) -> frozenset[int] | None:
    if scope == "all":
        return None
    own = queries.subtree(unit_id) if scope == "subtree" else frozenset({unit_id})
    return own | frozenset(also)
