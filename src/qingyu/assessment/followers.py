"""Facts for scores, made from events alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from django.conf import settings

from qingyu.assessment import folding, storing
from qingyu.assessment.folding import Fact, Happening, Place
from qingyu.cases.following import Follower
from qingyu.cases.models import CaseEvent


class Facts(Follower):
    """One row for each round of a case, and the counts of each unit and day."""

    name = "facts"
    rebuildable = True
    batch = 20_000  # bounded by memory: a round that is touched often is then read and written once

    def follow(self, events: Sequence[CaseEvent]) -> None:
        telling = [event for event in events if event.kind not in folding.IDLE]
        before = storing.rounds_of({event.case_id for event in telling})
        tally: Counter[Place] = Counter()
        after = _folded(telling, before, tally)
        for case, rounds in after.items():
            tally.update(folding.counted(rounds))
            tally.subtract(folding.counted(before.get(case, [])))
        storing.write_facts(_changed(before, after))
        storing.add_counts(tally)

    def clear(self) -> None:
        storing.clear()


def _folded(
    events: Iterable[CaseEvent], before: dict[int, list[Fact]], tally: Counter[Place]
) -> dict[int, list[Fact]]:
    zone = ZoneInfo(settings.TIME_ZONE)
    after: dict[int, list[Fact]] = {}
    for event in events:
        rounds = after.get(event.case_id)
        if rounds is None:
            rounds = after[event.case_id] = [replace(fact) for fact in before.get(event.case_id, ())]
        happening = Happening(event.case_id, event.kind, event.at, event.imported, event.facts)
        folding.fold(rounds, happening, zone=zone, tally=tally)
    return after


def _changed(before: dict[int, list[Fact]], after: dict[int, list[Fact]]) -> list[Fact]:
    changed = []
    for case, rounds in after.items():
        known = before.get(case, [])
        changed += [fact for place, fact in enumerate(rounds) if place >= len(known) or known[place] != fact]
    return changed
