"""Who does something to a case: a citizen who holds the query code, a member of staff, or the house itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qingyu.people.policy import Viewer


class ActorKind(StrEnum):
    CITIZEN = "citizen"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """``viewer`` stands for staff only; citizens have proved at the door that the case is theirs.

    ``opened`` is the case that a member of staff has just opened in this transaction, or that a person at their
    window has named: they may settle it at once, also where it lies outside their reach. ``entrusted`` is a case of a
    hall's place (a facility, the listening desk) that this person may send on, accept and answer: the operation above
    has asked whether.
    """

    kind: ActorKind
    viewer: Viewer | None = None
    opened: int | None = None
    entrusted: int | None = None

    @property
    def staff_id(self) -> int | None:
        return self.viewer.staff_id if self.viewer else None

    @property
    def unit_id(self) -> int | None:
        return self.viewer.unit_id if self.viewer else None


CITIZEN = Actor(ActorKind.CITIZEN)
SYSTEM = Actor(ActorKind.SYSTEM)


def staff(viewer: Viewer) -> Actor:
    """A signed-in member of staff with these rights."""
    return Actor(ActorKind.STAFF, viewer)
