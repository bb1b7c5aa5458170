"""What the log says about a case, folded to what counts. Pure: events in, facts out; no row, no clock, no policy.

A case has one fact for each time it was taken up (round). ``fold`` moves the facts by one event, ``counted`` says
where they count: on which city day, for which unit, in which measure. What counts is taken from the changes that
stand in the events (``rules.clocks``), so facts made anew from the log are the same facts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from qingyu.rules import rating, scoring


class Mark(StrEnum):
    """How a clock of the unit stands: none was started, it runs, it rests, it was kept or missed, it does not count."""

    NONE = ""
    RUNNING = "running"
    PAUSED = "paused"
    IN_TIME = "in_time"
    LATE = "late"
    VOID = "void"


class Measure(StrEnum):
    """What is counted for a unit on a day. ``said_`` comes from follow-up calls, ``rated_`` from ratings.

    LOADED is how many with a limit come from history of another system.
    """

    ROUTED = "routed"
    ACCEPTED_IN_TIME = "accepted_in_time"
    RETURNED = "returned"
    HANDLING_DUE = "handling_due"
    STILL_RUNNING = "still_running"
    RESPONDED_IN_TIME = "responded_in_time"
    ANSWERED_IN_TIME = "answered_in_time"
    EXTENDED = "extended"
    EXCLUDED_DUE = "excluded_due"
    EXCLUDED_RESPONDED = "excluded_responded"
    LOADED = "loaded"
    CLOSED = "closed"
    SENT_BACK = "sent_back"
    REACHED = "reached"
    RATED = "rated_by_person"


SOLVED = "solved_"
SAID = "said_"
RATED = "rated_"
Place = tuple[int, date, str]
"""Unit, city day, measure (or SOLVED, SAID, RATED with the answer)."""


@dataclass(slots=True)
class Fact:
    """One round of one case. ``excluded`` is a code: withdrawn, refused, closed (by the centre, without an answer).

    ``imported``: history of another system. ``denied``: the person called says that nobody got in touch.
    """

    case: int
    round: int
    unit: int
    type: str = ""
    topic: str = ""
    area: str = ""
    channel: str = ""
    imported: bool = False
    routed_on: date | None = None
    due_on: date | None = None
    signed: str = ""
    contacted: str = ""
    answered: str = ""
    excluded: str = ""
    closed_on: date | None = None
    redone: bool = False
    reached: bool = False
    denied: bool = False
    solved: str = ""
    satisfied: str = ""
    asked_on: date | None = None
    level: str = ""
    rated_on: date | None = None
    returns: int = 0
    pushes: int = 0
    extensions: int = 0


FIELDS = tuple(field.name for field in fields(Fact))


@dataclass(frozen=True, slots=True)
class Happening:
    """One event as it was recorded: ``at`` and ``facts`` as they stand in its body."""

    case: int
    kind: str
    imported: bool
    at: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """What a fold has in hand: the rounds of the case so far, the event, the city, and what it adds to the days."""

    rounds: list[Fact]
    event: Happening
    zone: ZoneInfo
    tally: Counter[Place]

    @property
    def fact(self) -> Fact:
        return self.rounds[-1]

    @property
    def facts(self) -> Mapping[str, Any]:
        return self.event.facts

    @property
    def day(self) -> date:
        return city_day(self.event.at, self.zone)

    def count(self, measure: Measure) -> None:
        """One more for the unit on the day on which the case was sent to it. How history went here, the loader says."""
        if self.fact.routed_on and not self.fact.imported:
            self.tally[self.fact.unit, self.fact.routed_on, measure.value] += 1


def city_day(instant: str, zone: ZoneInfo) -> date:
    """The day of the city in which an instant of the log lies."""
    return datetime.fromisoformat(instant).astimezone(zone).date()


IDLE = frozenset(
    {
        "noted", "assigned", "added", "warned", "overdue", "archived", "correction_permitted", "window_taken",
        "deputy_called", "supervisor_called",
    }
)  # fmt: skip
"""Kinds that change nothing that counts: their bodies need not be read."""


def fold(rounds: list[Fact], event: Happening, *, zone: ZoneInfo, tally: Counter[Place]) -> None:
    """Moves the rounds of one case by one event, in place. What belongs to a routing is added to ``tally`` at once."""
    moment = Moment(rounds, event, zone, tally)
    act = ACTS.get(event.kind)
    if act:
        act(moment)
    fact = rounds[-1]
    for change in event.facts.get("clocks", ()):
        if change["kind"] in MARKS and change["unit"] == fact.unit and change["round"] == fact.round:
            _turn(moment, fact, change)


# What an event does ---------------------------------------------------------------------------------------------


def _opened(m: Moment) -> None:
    facts = m.facts
    m.rounds.append(
        Fact(
            m.event.case, 1, facts["owner"], facts["type"], facts.get("topic", ""), facts.get("area", ""),
            facts["channel"], m.event.imported,
        )
    )  # fmt: skip


def _classified(m: Moment) -> None:
    for name in ("type", "topic", "area"):
        if name in m.facts:
            setattr(m.fact, name, m.facts[name])


def _routed(m: Moment) -> None:
    _hand_to(m.fact, m.facts["unit"])
    m.fact.routed_on = m.day
    m.count(Measure.ROUTED)


def _hand_to(fact: Fact, unit: int) -> None:
    """Another unit has it: what ran for the one before does not count (rules.clocks voids it)."""
    fact.unit, fact.routed_on, fact.due_on = unit, None, None
    fact.signed = fact.contacted = fact.answered = Mark.NONE.value


def _returned(m: Moment) -> None:
    m.fact.returns += 1
    m.count(Measure.RETURNED)


def _arbitrated(m: Moment) -> None:
    if m.facts["upheld"] and m.facts.get("unit"):
        _routed(m)
    elif m.facts["upheld"]:
        _hand_to(m.fact, next(change["unit"] for change in m.facts["clocks"] if change["kind"] == "dispatch"))


def _reviewed(m: Moment) -> None:
    if m.facts["passed"]:
        m.fact.closed_on = m.day


def _closed(m: Moment) -> None:
    m.fact.closed_on = m.day


def _excluded(m: Moment) -> None:
    m.fact.excluded = "withdrawn" if m.event.kind in ("withdrawn", "lapsed") else "refused"


def _redone(m: Moment) -> None:
    m.fact.redone = True
    _taken_up_again(m)


def _taken_up_again(m: Moment) -> None:
    before = m.fact
    again = Fact(before.case, before.round + 1, before.unit, before.type, before.topic, before.area, before.channel)
    again.imported = before.imported
    m.rounds.append(again)


def _pushed(m: Moment) -> None:
    m.fact.pushes += 1


def _followed_up(m: Moment) -> None:
    if m.facts["outcome"] != "completed":
        return
    m.fact.reached, m.fact.asked_on = True, m.day
    m.fact.denied = m.facts.get("contacted") is False
    m.fact.solved, m.fact.satisfied = m.facts.get("solved", ""), m.facts.get("satisfied", "")


def _rated(m: Moment) -> None:
    """The last rating that counts (``rules.rating.counts``)."""
    if rating.counts(m.facts["channel"]):
        m.fact.level, m.fact.rated_on = m.facts["level"], m.day


ACTS: dict[str, Callable[[Moment], None]] = {
    "opened": _opened,
    "classified": _classified,
    "routed": _routed,
    "returned": _returned,
    "arbitrated": _arbitrated,
    "reviewed": _reviewed,
    "closed": _closed,
    "answered_at_once": _closed,
    "refused": _excluded,
    "diverted": _excluded,
    "withdrawn": _excluded,
    "redone": _redone,
    "reopened": _taken_up_again,
    "urged": _pushed,
    "pressed": _pushed,
    "followed_up": _followed_up,
    "rated": _rated,
    "submitted": _routed,
    "issued": _closed,
    "not_admitted": _excluded,
    "lapsed": _excluded,
}

# What a change of a clock does ----------------------------------------------------------------------------------

MARKS = {"sign": "signed", "accept": "signed", "contact": "contacted", "handle": "answered"}
STANDS = {"start": Mark.RUNNING, "restore": Mark.RUNNING, "resume": Mark.RUNNING, "pause": Mark.PAUSED}


def _turn(m: Moment, fact: Fact, change: Mapping[str, Any]) -> None:
    do, name = change["do"], MARKS[change["kind"]]
    if do == "pause" and _too_late_to_rest(m, fact, change):
        pass  # a question asked past the due date hides no miss: the mark goes on running
    elif do in STANDS:
        setattr(fact, name, STANDS[do].value)
    elif do in ("stop", "hold"):
        setattr(fact, name, (Mark.IN_TIME if change["in_time"] else Mark.LATE).value)
    elif do == "void":
        _void(m, fact, name)
    if name == "answered":
        _due(m, fact, change)
    elif name == "signed" and do == "stop" and change["in_time"]:
        m.count(Measure.ACCEPTED_IN_TIME)


def _too_late_to_rest(m: Moment, fact: Fact, change: Mapping[str, Any]) -> bool:
    """Rests begun before they said so themselves are judged by the day."""
    in_time = change.get("in_time")
    return not in_time if in_time is not None else fact.due_on is not None and m.day > fact.due_on


def _void(m: Moment, fact: Fact, name: str) -> None:
    """The unit's clock ends without a word on it: the centre ended the case, or the citizen took it back.

    An answer in time that nobody had reviewed keeps its mark, for the rate with what is left out.
    """
    if getattr(fact, name) != Mark.IN_TIME:
        setattr(fact, name, Mark.VOID.value)
    if name == "answered" and not fact.excluded:
        fact.excluded = m.event.kind


def _due(m: Moment, fact: Fact, change: Mapping[str, Any]) -> None:
    if "due" in change:
        fact.due_on = city_day(change["due"], m.zone)
    if change["do"] == "extend":
        fact.extensions += 1


# Where it counts ------------------------------------------------------------------------------------------------

KEPT = frozenset({Mark.NONE, Mark.IN_TIME, Mark.VOID})
DECIDED = frozenset({Mark.IN_TIME, Mark.LATE})


def responded(fact: Fact) -> bool:
    """Whether every clock the unit had was kept, and the person asked does not deny it (``rules.scoring``)."""
    return scoring.responded(
        accepted=fact.signed in KEPT, contacted=fact.contacted in KEPT, answered=fact.answered == Mark.IN_TIME,
        denied=fact.denied,
    )  # fmt: skip


def counted(rounds: list[Fact]) -> Iterator[Place]:
    """Where the rounds of one case count now. Of the answers and ratings of a case only the last ones do."""
    for fact in rounds:
        yield from _handling(fact)
        yield from _closing(fact)
    yield from _voices(rounds)


def _handling(fact: Fact) -> Iterator[Place]:
    """What had been missed counts, however the case ended."""
    if fact.due_on is None:
        return
    if fact.imported:
        yield fact.unit, fact.due_on, Measure.LOADED.value
    if fact.excluded and fact.answered != Mark.LATE:
        yield from _left_out(fact, fact.due_on)
    else:
        yield from _promised(fact, fact.due_on)


def _left_out(fact: Fact, day: date) -> Iterator[Place]:
    yield fact.unit, day, Measure.EXCLUDED_DUE.value
    if responded(fact):
        yield fact.unit, day, Measure.EXCLUDED_RESPONDED.value


def _promised(fact: Fact, day: date) -> Iterator[Place]:
    unit = fact.unit
    if fact.answered == Mark.RUNNING:
        yield unit, day, Measure.STILL_RUNNING.value
    if fact.answered in DECIDED:
        yield unit, day, Measure.HANDLING_DUE.value
    if fact.answered == Mark.IN_TIME:
        yield unit, day, Measure.ANSWERED_IN_TIME.value
    if responded(fact):
        yield unit, day, Measure.RESPONDED_IN_TIME.value
    if fact.extensions:
        yield unit, day, Measure.EXTENDED.value


def _closing(fact: Fact) -> Iterator[Place]:
    """What the desk did after the answer: history was closed by somebody else, and nobody is called about it."""
    if fact.closed_on is None or fact.imported:
        return
    unit, day = fact.unit, fact.closed_on
    yield unit, day, Measure.CLOSED.value
    for holds, measure in (
        (fact.redone, Measure.SENT_BACK), (fact.reached, Measure.REACHED), (bool(fact.level), Measure.RATED),
    ):  # fmt: skip
        if holds:
            yield unit, day, measure.value


def _voices(rounds: list[Fact]) -> Iterator[Place]:
    answered = next((fact for fact in reversed(rounds) if fact.asked_on), None)
    if answered and answered.asked_on:
        if answered.solved:
            yield answered.unit, answered.asked_on, SOLVED + answered.solved
        if answered.satisfied:
            yield answered.unit, answered.asked_on, SAID + answered.satisfied
    rated = next((fact for fact in reversed(rounds) if fact.rated_on), None)
    if rated and rated.rated_on:
        yield rated.unit, rated.rated_on, RATED + rated.level
