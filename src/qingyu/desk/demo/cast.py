"""Who plays in the demo city: members of staff by role and unit, as actors of the case line."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from random import Random

from qingyu.cases.actors import Actor
from qingyu.cases.actors import staff as actor_of
from qingyu.people import policy
from qingyu.people.models import Staff


@dataclass(frozen=True)
class Cast:
    """Actors by role, and those who handle by the unit they work in."""

    by_role: dict[str, list[Actor]]
    handlers: dict[int, list[Actor]]

    @classmethod
    def of_all(cls) -> Cast:
        """Everybody who works here now."""
        by_role, handlers = defaultdict(list), defaultdict(list)
        for person in Staff.objects.filter(is_active=True).order_by("pk"):
            actor = actor_of(policy.viewer(person))
            for role in person.rights.get("roles", ()):
                by_role[role].append(actor)
            if "case.handle" in person.rights.get("permissions", ()):
                handlers[person.unit_id].append(actor)
        return cls(dict(by_role), dict(handlers))

    def one(self, role: str, chance: Random) -> Actor:
        """Somebody with that role."""
        return chance.choice(self.by_role[role])

    def handler(self, unit: int | None, chance: Random) -> Actor | None:
        """Somebody who handles in that unit; None where it has no staff."""
        found = self.handlers.get(unit or 0)
        return chance.choice(found) if found else None
