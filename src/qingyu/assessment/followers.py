"""Facts for scores, made from events alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from pydantic_core import from_json

from qingyu.assessment import folding, storing
from qingyu.assessment.folding import Fact, Happening, Place, Visit
from qingyu.assessment.storing import Row
from qingyu.cases.following import Follower
from qingyu.cases.models import CaseEvent


class Told(Protocol):
    """What is needed of an event; ``body`` says the rest."""

    case_id: int
    kind: str
    imported: bool
    body: str


class Brief(NamedTuple):
    """An event without the columns that repeat its body: a third of the cost when the log is read from its start."""

    pk: int
    case_id: int
    kind: str
    imported: bool
    body: str


class Facts(Follower):
    """One row for each round of a case, and the counts of each day for units, windows and items."""

    name = "facts"
    rebuildable = True
    batch = 20_000  # bounded by memory: a round that is touched often is then read and written once

    def read(self, events: QuerySet[CaseEvent]) -> list[Brief]:
        return [Brief(*row) for row in events.values_list("pk", "case_id", "kind", "imported", "body")]

    def follow(self, events: Sequence[Told]) -> None:
        telling = [event for event in events if event.kind not in folding.IDLE]
        before = storing.rows_of({event.case_id for event in telling})
        tally: Counter[Place] = Counter()
        visits: Counter[Visit] = Counter()
        after = _folded(telling, before, tally)
        for case, facts in after.items():
            known = [Fact(*row) for row in before.get(case, ())]
            tally.update(folding.counted(facts))
            tally.subtract(folding.counted(known))
            if any(fact.hall or fact.item for fact in facts):
                visits.update(folding.visited(facts))
                visits.subtract(folding.visited(known))
        storing.write_facts(_changed(before, after))
        storing.add_counts(tally, visits)

    def clear(self) -> None:
        storing.clear()


def _folded(events: Iterable[Told], before: dict[int, list[Row]], tally: Counter[Place]) -> dict[int, list[Fact]]:
    """The facts of each case after these events: its rounds, then its rated services."""
    zone = ZoneInfo(settings.TIME_ZONE)
    after: dict[int, tuple[list[Fact], list[Fact]]] = {}
    for event in events:
        if event.case_id not in after:
            after[event.case_id] = folding.parted(Fact(*row) for row in before.get(event.case_id, ()))
        rounds, services = after[event.case_id]
        body = from_json(event.body)
        happening = Happening(event.case_id, event.kind, event.imported, body["at"], body["facts"])
        folding.fold(rounds, happening, zone=zone, tally=tally, services=services)
    return {case: rounds + services for case, (rounds, services) in after.items()}


def _changed(before: dict[int, list[Row]], after: dict[int, list[Fact]]) -> list[Row]:
    changed = []
    for case, facts in after.items():
        known = set(before.get(case, ()))
        changed += [row for row in map(folding.values, facts) if row not in known]
    return changed
