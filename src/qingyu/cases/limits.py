"""The time limits in force for a case: dated rows of the chosen preset, the most specific first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qingyu.cases.models import TimeLimit
from qingyu.people import queries as people
from qingyu.rules.hours import Calendar, Limit, Unit

# Without any row in force a clock would never start; these keep a case timed (天津 2025, 上海静安 as far as known).
LAST_RESORT = {
    "dispatch": Limit(4, Unit.HOUR),
    "sign": Limit(1, Unit.WORKING_DAY),
    "contact": Limit(1, Unit.WORKING_DAY),
    "handle": Limit(5, Unit.WORKING_DAY),
    "review": Limit(1, Unit.WORKING_DAY),
    "followup": Limit(3, Unit.WORKING_DAY),
    "extend": Limit(5, Unit.WORKING_DAY),
    "return": Limit(1, Unit.WORKING_DAY),
    "ask_pause": Limit(5, Unit.WORKING_DAY),
    "question": Limit(3, Unit.WORKING_DAY),
    # Of applications: 行政许可法 32, 42, 44. How long a person has to correct is a default: no national rule is known.
    "accept": Limit(5, Unit.WORKING_DAY),
    "correct": Limit(15, Unit.WORKING_DAY),
    "prolong": Limit(10, Unit.WORKING_DAY),
    "issue": Limit(10, Unit.WORKING_DAY),
}


# The same for doors with limits of their own; None: no such clock runs there. Nobody is rung about a stool.
LAST_RESORT_OF_DOORS: dict[tuple[str, str], Limit | None] = {
    ("facility", "sign"): Limit(1, Unit.HOUR),
    ("facility", "handle"): Limit(4, Unit.HOUR),
    ("facility", "contact"): None,
    ("facility", "followup"): None,
    ("listening", "handle"): Limit(5, Unit.WORKING_DAY),
}


@people.remembered
def in_force() -> list[TimeLimit]:
    """All rows of the preset the city has chosen; one statement each ten seconds."""
    return list(TimeLimit.objects.filter(in_force=True))


@dataclass(frozen=True)
class CaseTerms:
    """``rules.clocks.Terms`` of one case on one day."""

    type: str
    urgency: str
    day: date
    door: str = ""

    def limit(self, name: str) -> Limit | None:
        """The most specific row: the door first, then type and urgency before urgency alone before type alone."""
        fitting = [row for row in in_force() if row.clock == name and self._fits(row)]
        of_door = [row for row in fitting if row.door]
        if not of_door and (self.door, name) in LAST_RESORT_OF_DOORS:
            return LAST_RESORT_OF_DOORS[self.door, name]
        fitting = of_door or fitting
        if not fitting:
            return LAST_RESORT.get(name)
        best = max(fitting, key=lambda row: (bool(row.urgency), bool(row.type), row.valid_from, row.pk or 0))
        return Limit(best.amount, Unit(best.unit))

    def _fits(self, row: TimeLimit) -> bool:
        dated = row.valid_from <= self.day and (row.valid_to is None or self.day <= row.valid_to)
        named = row.door in ("", self.door) and row.type in ("", self.type)
        return dated and named and row.urgency in ("", self.urgency)

    def calendar(self, unit: int) -> Calendar:
        """The working calendar of a unit."""
        found = people.units().get(unit)
        return people.calendar(found.calendar if found else "city")


@dataclass(frozen=True)
class HistoryTerms(CaseTerms):
    """Terms of loaded history: what the source does not tell (first contact, follow-up) has no clock."""

    def limit(self, name: str) -> Limit | None:
        return None if name in ("contact", "followup") else CaseTerms.limit(self, name)
