"""What an event does to the facts of its case, and what a change of a clock does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from qingyu.assessment.folding.fact import Fact, Mark
from qingyu.assessment.folding.measures import Measure, Place
from qingyu.rules import rating


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
    """What a fold has in hand: the rounds and the rated services of the case so far, the event, the city, and what it
    adds to the days.
    """

    rounds: list[Fact]
    services: list[Fact]
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
        "noted", "assigned", "added", "warned", "overdue", "archived", "correction_permitted",
    }
)  # fmt: skip
"""Kinds that change nothing that counts: their bodies need not be read."""


def fold(
    rounds: list[Fact], event: Happening, *, zone: ZoneInfo, tally: Counter[Place], services: list[Fact]
) -> None:  # fmt: skip
    """Moves the rounds and the rated services of one case by one event, in place.

    What belongs to a routing is added to ``tally`` at once.
    """
    moment = Moment(rounds, services, event, zone, tally)
    act = ACTS.get(event.kind)
    if act:
        act(moment)
    fact = rounds[-1]
    for change in event.facts.get("clocks", ()):
        if change["kind"] in NAMES and change["unit"] == fact.unit and change["round"] == fact.round:
            _turn(moment, fact, change)


# What an event does ---------------------------------------------------------------------------------------------


def _opened(m: Moment) -> None:
    facts = m.facts
    fact = Fact(
        m.event.case, 1, facts["owner"], facts["type"], facts.get("topic", ""), facts.get("area", ""),
        facts["channel"], m.event.imported, receiver=facts["owner"],
    )  # fmt: skip
    _through_a_door(fact, facts)
    opened = datetime.fromisoformat(m.event.at)
    fact.opened_on = opened.astimezone(m.zone).date()
    fact.began = int(opened.timestamp()) - (fact.waited or 0) - (fact.served or 0)
    m.rounds.append(fact)


DOOR = {"hall": "hall", "window": "window", "item": "item", "waited": "waited", "served": "served", "filed": "filed",
        "staff": "named"}  # fmt: skip
"""What a door tells of a case as it opens -> where the fact keeps it."""


def _through_a_door(fact: Fact, facts: Mapping[str, Any]) -> None:
    for told, name in DOOR.items():
        if told in facts:
            setattr(fact, name, facts[told])


def _classified(m: Moment) -> None:
    for name in ("type", "topic", "area"):
        if name in m.facts:
            setattr(m.fact, name, m.facts[name])


def _routed(m: Moment) -> None:
    _hand_to(m, m.facts["unit"])
    m.fact.routed_on = m.day
    m.count(Measure.ROUTED)


def _hand_to(m: Moment, unit: int) -> None:
    """Another unit has it: what ran for the one before does not count (rules.clocks voids it)."""
    fact = m.fact
    fact.unit, fact.routed_on, fact.due_on = unit, None, None
    fact.signed = fact.contacted = fact.answered = Mark.NONE.value
    fact.bounced = False
    if fact.hall and fact.receiver:
        fact.receiver = unit  # at a window of its own it is the unit that the person came to
    for one in m.services:
        if one.service == LETTER:
            one.unit = unit  # the letter is about them


def _submitted(m: Moment) -> None:
    """An application goes to the unit that the item names; nothing is settled at first contact there."""
    _routed(m)
    m.fact.receiver = None


def _returned(m: Moment) -> None:
    """It stays a try to pass the case on unless the return is upheld: then another unit has it (``_hand_to``)."""
    m.fact.returns += 1
    m.fact.bounced = True
    m.count(Measure.RETURNED)


def _arbitrated(m: Moment) -> None:
    if m.facts["upheld"] and m.facts.get("unit"):
        _routed(m)
    elif m.facts["upheld"]:
        _hand_to(m, next(change["unit"] for change in m.facts["clocks"] if change["kind"] == "dispatch"))


def _reviewed(m: Moment) -> None:
    if m.facts["passed"]:
        _answered(m)


def _answered(m: Moment) -> None:
    """It has ended, and the person has their answer."""
    _closed(m)
    if m.fact.began:
        m.fact.lasted = int(datetime.fromisoformat(m.event.at).timestamp()) - m.fact.began


def _at_once(m: Moment) -> None:
    if "unit" in m.facts:
        _hand_to(m, m.facts["unit"])
    m.fact.at_once = True
    _answered(m)


def _closed(m: Moment) -> None:
    m.fact.closed_on = m.day


TAKEN_BACK = frozenset({"withdrawn", "lapsed"})


def _excluded(m: Moment) -> None:
    m.fact.excluded = "withdrawn" if m.event.kind in TAKEN_BACK else "refused"


def _redone(m: Moment) -> None:
    m.fact.redone = True
    _taken_up_again(m)


def _taken_up_again(m: Moment) -> None:
    before = m.fact
    again = Fact(before.case, before.round + 1, before.unit, before.type, before.topic, before.area, before.channel)
    again.imported, again.opened_on, again.began = before.imported, before.opened_on, before.began
    again.hall, again.window, again.item, again.filed = before.hall, before.window, before.item, before.filed
    before.lasted, before.at_once = None, False  # the end before was none
    m.rounds.append(again)


def _pushed(m: Moment) -> None:
    m.fact.pushes += 1


def _silent(m: Moment) -> None:
    """The deputy first, then the supervisor: one silence, on the day on which it was noticed."""
    m.fact.silent_on = m.fact.silent_on or m.day


def _followed_up(m: Moment) -> None:
    if m.facts["outcome"] != "completed":
        return
    m.fact.reached, m.fact.asked_on = True, m.day
    m.fact.denied = m.facts.get("contacted") is False
    m.fact.solved, m.fact.satisfied = m.facts.get("solved", ""), m.facts.get("satisfied", "")
    for before in m.rounds[:-1]:
        before.asked_on = None  # of the answers of a case only the last one counts
    _last_word(m, m.fact.satisfied)


def _rated(m: Moment) -> None:
    """The last rating that counts (``rules.rating.counts``)."""
    if not rating.counts(m.facts["channel"]):
        return
    m.fact.level, m.fact.rated_on = m.facts["level"], m.day
    for before in m.rounds[:-1]:
        before.rated_on = None
    _last_word(m, m.fact.level)
    if m.fact.level in rating.BAD:
        m.fact.bad_on, m.fact.mended = m.day, False


LETTER = "stage:letter"
CALL = "call:"


def _service_rated(m: Moment) -> None:
    """Each service counts once beside the outcome: a call for the unit that took it, a letter for whom it is about, all
    else for the unit that has the case then.
    """
    facts, fact = m.facts, m.fact
    if not rating.counts(facts["channel"]):
        return
    first = m.rounds[0]
    unit = first.receiver or first.unit if facts["service"].startswith(CALL) else fact.unit
    m.services.append(
        Fact(
            fact.case, fact.round, unit, fact.type, fact.topic, fact.area, fact.channel, fact.imported, hall=fact.hall,
            window=fact.window, level=facts["level"], rated_on=m.day, service=facts["service"],
        )
    )  # fmt: skip


def _came_to_a_window(m: Moment) -> None:
    """With a ticket and an application that is there already: nothing ends by it, but the person waited."""
    facts, fact = m.facts, m.fact
    if "waited" in facts:
        m.services.append(
            Fact(
                fact.case, fact.round, facts["unit"], fact.type, fact.topic, fact.area, fact.channel, fact.imported,
                hall=facts.get("hall", ""), window=facts.get("window", ""), waited=facts["waited"], closed_on=m.day,
                service=f"ticket:{facts['ticket']}",
            )
        )  # fmt: skip


def _last_word(m: Moment, level: str) -> None:
    """Whether bad ratings of the case have been put right, the last word of the person says."""
    for fact in m.rounds:
        if fact.bad_on and level:
            fact.mended = level not in rating.BAD


ACTS: dict[str, Callable[[Moment], None]] = {
    "opened": _opened,
    "classified": _classified,
    "routed": _routed,
    "submitted": _submitted,
    "returned": _returned,
    "arbitrated": _arbitrated,
    "reviewed": _reviewed,
    "closed": _closed,
    "answered_at_once": _at_once,
    "issued": _answered,
    "refused": _excluded,
    "diverted": _excluded,
    "withdrawn": _excluded,
    "not_admitted": _excluded,
    "lapsed": _excluded,
    "redone": _redone,
    "reopened": _taken_up_again,
    "urged": _pushed,
    "pressed": _pushed,
    "deputy_called": _silent,
    "supervisor_called": _silent,
    "followed_up": _followed_up,
    "rated": _rated,
    "service_rated": _service_rated,
    "window_taken": _came_to_a_window,
}

# What a change of a clock does ----------------------------------------------------------------------------------

MARKS = {"sign": "signed", "contact": "contacted", "handle": "answered"}
NAMES = MARKS | {"accept": "signed"}
"""Clocks and the marks they leave; an application is accepted where a case is signed for."""
STANDS = {"start": Mark.RUNNING, "restore": Mark.RUNNING, "resume": Mark.RUNNING, "pause": Mark.PAUSED}


def _turn(m: Moment, fact: Fact, change: Mapping[str, Any]) -> None:
    do, name = change["do"], NAMES[change["kind"]]
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
    elif change["kind"] == "sign" and do == "stop" and change["in_time"]:
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
