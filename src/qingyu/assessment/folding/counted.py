"""Where the rounds of a case count: for a unit, and for the hall, window and service item through which they came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from qingyu.assessment.folding.fact import Fact, Mark
from qingyu.assessment.folding.measures import RATED, SAID, SOLVED, TOOK, Measure, Place, Visit
from qingyu.rules import rating, scoring

KEPT = frozenset({Mark.NONE, Mark.IN_TIME, Mark.VOID})
DECIDED = frozenset({Mark.IN_TIME, Mark.LATE})
DUE = DECIDED | {Mark.RUNNING}
BAD = {False: (Measure.BAD.value,), True: (Measure.BAD.value, Measure.MENDED.value)}
CONTENT = (Measure.PERSON_ASKED.value, Measure.PERSON_CONTENT.value)
PERSONAL = frozenset({"phone", "window", "letter", "visit"})
"""Channels that need no screen: somebody listens, reads or writes for the person."""
PRAISE = "praise"
ONLINE, AT_WINDOW = "online", "window"
WAYS = {"web": ONLINE, "app": ONLINE, "social": ONLINE, "open311": ONLINE, "window": AT_WINDOW, "visit": AT_WINDOW}
"""Channels whose times are set side by side for a service item."""
BESIDE = {"assisted": Measure.ASSISTED.value, "proxy": Measure.PROXY.value}
OF_HALLS = frozenset(
    {
        Measure.CLOSED.value, Measure.SENT_BACK.value, Measure.HEARD.value, Measure.RECEIVED.value,
        Measure.SETTLED.value, Measure.WAITED.value, Measure.WAITED_SHORT.value, Measure.WAITED_BEARABLE.value,
        Measure.ASSISTED.value, Measure.PROXY.value, Measure.PRAISE.value, *(SAID + level for level in rating.Level),
        *(RATED + level for level in rating.Level),
    }
)  # fmt: skip
"""What is counted for halls and windows, too."""


def responded(fact: Fact) -> bool:
    """Whether every clock the unit had was kept, and the person asked does not deny it (``rules.scoring``)."""
    return scoring.responded(
        accepted=fact.signed in KEPT, contacted=fact.contacted in KEPT, answered=fact.answered == Mark.IN_TIME,
        denied=fact.denied,
    )  # fmt: skip


def counted(rounds: Iterable[Fact]) -> Iterator[Place]:
    """Where the rounds of one case count now. Of the answers and ratings of a case only the last ones do."""
    for fact in rounds:
        unit = fact.unit
        for day, found in _by_day(fact):
            for measure in found:
                yield unit, day, measure
        if fact.receiver and fact.closed_on and not fact.imported:
            yield fact.receiver, fact.closed_on, Measure.RECEIVED.value
            if fact.at_once:
                yield fact.receiver, fact.closed_on, Measure.SETTLED.value


def _by_day(fact: Fact) -> Iterator[tuple[date, Iterable[str]]]:
    if fact.due_on:
        yield fact.due_on, _handling(fact)
    if fact.closed_on and not fact.imported:
        yield fact.closed_on, _closing(fact)
    if fact.asked_on:
        yield fact.asked_on, _answers(fact)
    if fact.rated_on:
        yield fact.rated_on, (RATED + fact.level,)
    if fact.bad_on:
        yield fact.bad_on, BAD[fact.mended]
    if fact.opened_on and (fact.filed or fact.type == PRAISE):
        yield fact.opened_on, _beside(fact)
    if fact.silent_on:
        yield fact.silent_on, (Measure.SILENT.value,)


def visited(rounds: Iterable[Fact]) -> Iterator[Visit]:
    """Where they count for a window (a hall without one), and how long a service item took."""
    for fact in rounds:
        if fact.hall:
            place = window(fact.hall, fact.window)
            for _unit, day, measure in counted([fact]):
                if measure in OF_HALLS:
                    yield place, day, measure
        if fact.item and fact.lasted is not None and fact.closed_on and not fact.imported and fact.channel in WAYS:
            yield item(fact.item, WAYS[fact.channel]), fact.closed_on, TOOK + scoring.step(fact.lasted)


def window(hall: str, code: str) -> str:
    """The subject of a window; of what came to a hall but to none of its windows."""
    return f"window:{hall}/{code}" if code else f"hall:{hall}"


def item(code: str, way: str) -> str:
    """The subject of a service item, ``online`` or at the ``window``."""
    return f"item:{code}/{way}"


def _handling(fact: Fact) -> Iterator[str]:
    """What had been missed counts, however the case ended."""
    if fact.imported:
        yield Measure.LOADED.value
    if fact.excluded and fact.answered != Mark.LATE:
        yield from _left_out(fact)
    else:
        yield from _promised(fact)
        yield from _signed(fact)


def _left_out(fact: Fact) -> Iterator[str]:
    yield Measure.EXCLUDED_DUE.value
    if responded(fact):
        yield Measure.EXCLUDED_RESPONDED.value


def _promised(fact: Fact) -> Iterator[str]:
    person = through_a_person(fact)
    if fact.answered == Mark.RUNNING:
        yield Measure.STILL_RUNNING.value
    if fact.answered in DECIDED:
        yield Measure.HANDLING_DUE.value
    if person and fact.answered in DUE:
        yield Measure.PERSON_DUE.value
    if fact.answered == Mark.IN_TIME:
        yield from _in_time(fact, person)


def _in_time(fact: Fact, person: bool) -> Iterator[str]:
    yield Measure.ANSWERED_IN_TIME.value
    if responded(fact):
        yield Measure.RESPONDED_IN_TIME.value
    if person:
        yield Measure.PERSON_IN_TIME.value


def _signed(fact: Fact) -> Iterator[str]:
    if fact.signed in DECIDED and not fact.imported:
        yield Measure.SIGNED.value
        if fact.signed == Mark.IN_TIME:
            yield Measure.SIGNED_IN_TIME.value
    if fact.extensions:
        yield Measure.EXTENDED.value


def through_a_person(fact: Fact) -> bool:
    """Whether somebody listened, read or wrote for the person."""
    return fact.channel in PERSONAL or bool(fact.filed)


def _closing(fact: Fact) -> Iterator[str]:
    """What the desk did after the answer: history was closed by somebody else, and nobody is called about it."""
    if not fact.service:
        yield from _ended(fact)
    if fact.waited is not None:
        yield from _waiting(fact.waited)


def _ended(fact: Fact) -> Iterator[str]:
    yield Measure.CLOSED.value
    if fact.redone:
        yield Measure.SENT_BACK.value
    if fact.pushes:
        yield Measure.PUSHED.value
    if fact.bounced:
        yield Measure.BOUNCED.value
    if fact.reached or fact.level:
        yield from _heard(fact)


def _heard(fact: Fact) -> Iterator[str]:
    yield Measure.HEARD.value
    if fact.reached:
        yield Measure.REACHED.value
    if fact.level:
        yield Measure.RATED.value


def _waiting(seconds: int) -> Iterator[str]:
    yield Measure.WAITED.value
    if seconds <= scoring.BEARABLE_WAIT:
        yield Measure.WAITED_BEARABLE.value
    if seconds <= scoring.SHORT_WAIT:
        yield Measure.WAITED_SHORT.value


def _answers(fact: Fact) -> Iterator[str]:
    yield Measure.ASKED.value
    if fact.denied:
        yield Measure.DENIED.value
    if fact.solved:
        yield SOLVED + fact.solved
    if fact.satisfied:
        yield SAID + fact.satisfied
        if through_a_person(fact):
            yield from CONTENT if fact.satisfied in rating.GOOD else CONTENT[:1]


def _beside(fact: Fact) -> Iterator[str]:
    """Once for a case, on the day it came."""
    if fact.imported or fact.round > 1:
        return
    if fact.filed in BESIDE:
        yield BESIDE[fact.filed]
    if fact.type == PRAISE:
        yield Measure.PRAISE.value
