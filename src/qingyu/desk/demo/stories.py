"""The stories of the demo requests: which acts follow each other, and how long people take.

A story is a generator: it yields the time of its next act and, when that time has come, does it. So all requests are
played in one order of time, and the log comes out as a city would have written it.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from qingyu.cases import operations, tasks
from qingyu.cases.actors import CITIZEN
from qingyu.desk.demo.tale import OUTCOMES, Tale
from qingyu.followup import planning
from qingyu.rules.lifecycle import Kind
from qingyu.rules.rating import calls_again

Story = Iterator[datetime]
TICK = timedelta(hours=12)


def play(tales: Iterable[Tale], *, since: datetime, now: datetime) -> int:
    """Plays all tales in the order of time, with the house's own scheduled work between; how many acts."""
    waiting = [(tale.at, number, life(tale)) for number, tale in enumerate(tales)]
    heapq.heapify(waiting)
    acts, tick = 0, since + TICK
    while waiting:
        at, number, story = heapq.heappop(waiting)
        while tick < at:
            tasks.warn_and_mark_overdue(at=tick)
            tick += TICK
        following = next(story, None)
        acts += 1
        if following is not None:
            heapq.heappush(waiting, (following, number, story))
    _catch_up(now)
    return acts


def _catch_up(now: datetime) -> None:
    """What a worker does at its next round."""
    for task in (tasks.accept_silently, tasks.end_pauses, tasks.warn_and_mark_overdue):
        while task(at=now):
            pass


def life(t: Tale) -> Story:
    """From the first word to the state the record asks for. The first step only opens the case."""
    t.open()
    begin = BEGINNINGS.get(t.record["state"]) or BEGINNINGS.get(t.record["story"]) or _through_a_unit
    yield from begin(t)


def _received(t: Tale) -> Story:
    yield from _urge(t)


def _turned_away(t: Tale) -> Story:
    yield t.office(10, 90)
    act = operations.divert if t.record["story"] == "diverted" else operations.refuse
    act(t.opened, reason=t.details["notice"], by=t.by("dispatcher"), at=t.at)


def _withdrawn(t: Tale) -> Story:
    if t.chance.random() < 0.5:
        yield t.office(10, 90)
        t.route()
    yield t.later(60, 1200)
    operations.withdraw(t.opened, by=CITIZEN, at=t.at, comment=t.details["reason"])


def _answered_at_once(t: Tale) -> Story:
    yield t.later(2, 9)
    operations.answer_at_once(t.opened, answer=t.record["answer"], by=t.by("agent"), at=t.at)
    yield from _ending(t)


BEGINNINGS: dict[str, Callable[[Tale], Story]] = {
    "received": _received,
    "refused": _turned_away,
    "withdrawn": _withdrawn,
    "answered_at_once": _answered_at_once,
}


# With a unit ----------------------------------------------------------------------------------------------------


def _through_a_unit(t: Tale) -> Story:
    yield from _routing(t)
    if t.record["state"] == "dispatched":  # as it is, or a return that somebody must decide
        yield from _urge(t)
        return
    yield from _signing(t)
    if t.record["state"] == "accepted":
        yield from _urge(t)
        return
    yield from _handling(t)
    if t.record["state"] in ("handling", "waiting") and t.record["story"] not in ("redone", "reopened"):
        return
    yield from _answering(t)
    if t.record["state"] != "answered":
        yield from _review(t)
        yield from _ending(t)


def _routing(t: Tale) -> Story:
    """By a dispatcher within the limit; with a return, to the first unit and back through arbitration.

    A return of a case that is to stay dispatched waits for its decision.
    """
    yield t.towards(t.due("dispatch"), 0.05, 0.5)
    returned = t.record["story"] in ("returned_upheld", "returned_rejected")
    t.route(t.details["first_unit"] if returned else "")
    if not returned:
        return
    yield t.office(30, 150)
    t.return_()
    if t.record["state"] == "dispatched":
        return
    yield t.office(60, 300)
    t.arbitrate(unit=t.goal().unit if t.record["story"] == "returned_upheld" else None)


def _signing(t: Tale) -> Story:
    if t.opened.state != "dispatched":
        return
    due = t.due("sign")
    if t.record["story"] == "auto_accepted":
        yield t.past(due, seconds=t.chance.uniform(1, 20))
        if due and t.at > due:  # in a long holiday the limit of a recent case may not be over yet
            operations.accept_silently(t.opened, at=t.at)
            return
    elif t.record["story"] == "late_sign":
        yield t.past(due, seconds=t.chance.uniform(1, 19))
    else:
        yield t.towards(due, 0.05, 0.6)
    operations.accept(t.opened, by=t.handler(), at=t.at)


def _handling(t: Tale) -> Story:
    """First contact, then what the story holds, then notes."""
    if not t.opened.anonymous:
        yield t.towards(t.due("contact"), 0.05, 0.7)
        operations.contact(t.opened, how=t.chance.choice(("phone", "phone", "visit")), by=t.handler(), at=t.at)
    yield from MIDDLES.get(t.record["story"], _nothing)(t)
    if t.opened.state == "waiting":
        return
    for text in t.record["notes"]:
        yield t.towards(t.due("handle"), 0.05, 0.2)
        operations.note(t.opened, text=text, by=t.handler(), at=t.at, shown=t.chance.random() < 0.5)


def _nothing(t: Tale) -> Story:
    yield from ()


def _asking(t: Tale) -> Story:
    yield t.towards(t.due("handle"), 0.05, 0.3)
    told = t.details
    operations.ask(t.opened, question=told["question"], reason=told["reason"], by=t.handler(), at=t.at)
    if told["reply"]:
        yield t.later(300, 2500)
        operations.reply(t.opened, text=told["reply"], by=CITIZEN, at=t.at)


def _extending(t: Tale) -> Story:
    """Asked for on the last days; where the case is still in hand, the decision is left to the visitor."""
    pending = t.record["state"] == "handling"
    yield t.towards(t.due("handle"), *((0.55, 0.7) if pending else (0.4, 0.8)))
    told = t.details
    operations.extend(t.opened, reason=told["reason"], comment=told["explanation"], by=t.handler(), at=t.at)
    if pending:
        return
    yield t.office(30, 240)
    operations.decide_extension(t.opened, approved=True, by=t.by("supervisor"), at=t.at)


def _urge(t: Tale) -> Story:
    if t.record["story"] == "urged":
        yield t.later(30, 1500)
        operations.urge(t.opened, by=CITIZEN, at=t.at, comment=t.details["urge"])


MIDDLES: dict[str, Callable[[Tale], Story]] = {"asked": _asking, "extended": _extending, "urged": _urge}


def _answering(t: Tale) -> Story:
    if t.record["story"] == "late":
        yield t.past(t.due("handle"), seconds=t.chance.uniform(2, 60) * 3600)
    else:
        yield t.towards(t.due("handle"), 0.2, 0.8)
    operations.answer(t.opened, answer=t.record["answer"], by=t.handler(), at=t.at)


def _review(t: Tale) -> Story:
    yield t.towards(t.due("review"), 0.05, 0.6)
    operations.review(t.opened, passed=True, by=t.by("dispatcher"), at=t.at)


# After the answer -----------------------------------------------------------------------------------------------


def _ending(t: Tale) -> Story:
    yield from _taken_up_again(t)
    if t.opened.state != "closed":
        return
    stars = (t.record["followup"] or {}).get("satisfied") or t.chance.choice((3, 4, 5, 5))
    if t.record["story"] != "redone" and t.chance.random() < 0.3:
        yield t.later(20, 900)
        t.rate(stars)
    if t.record["state"] == "archived":
        last = t.details.get("followup_again") or (t.record["followup"] if t.record["story"] != "redone" else None)
        yield from _follow_up(t, last)
        yield from _archive(t)
    elif t.record["story"] != "redone":  # a call that nobody answered: there will be another
        yield from _follow_up(t, t.record["followup"])


def _follow_up(t: Tale, answers: dict[str, Any] | None) -> Story:
    """Until somebody answers or the last try; nobody calls where there is no number."""
    if not answers or answers["outcome"] == "anonymous":
        return
    tried = [OUTCOMES[answers["outcome"]]]
    yield t.towards(t.due("followup"), 0.1, 0.7)
    t.follow_up(answers)
    while calls_again(tried) and t.record["state"] == "archived":
        yield t.at_least(planning.next_try(t.at, attempts=len(tried)))
        t.follow_up(answers)
        tried += tried[:1]


def _archive(t: Tale) -> Story:
    """When follow-up has ended: by a call, or by its limit; then nobody has called."""
    due = None if t.opened.anonymous else t.due("followup")
    yield t.past(due, seconds=t.chance.uniform(60, 7200)) if due else t.office(5, 120)
    if due and t.at <= due:  # in a long holiday the limit of a recent case may not be over yet
        return
    called = t.opened.events.filter(kind=Kind.FOLLOWED_UP).exists()
    by, why = t.caller() if called else t.by("dispatcher"), "followed_up" if called else "not_called"
    operations.archive(t.opened, by=by, at=t.at, why=why)


def _taken_up_again(t: Tale) -> Story:
    """The citizen was not content, or brought new facts: the same unit, a second round."""
    if t.record["story"] == "redone":
        yield from _follow_up(t, t.record["followup"])
        yield t.office(10, 90)
        cause = t.opened.events.filter(kind=Kind.FOLLOWED_UP).order_by("-seq").first()
        operations.redo(t.opened, why="unsatisfied", cause=cause.pk if cause else None, by=t.caller(), at=t.at)
    elif t.record["story"] == "reopened":
        yield t.later(1500, 9000)
        operations.reopen(t.opened, text=t.details["new_facts"], by=CITIZEN, at=t.at)
    else:
        return
    if t.details["answer_again"]:
        yield t.towards(t.due("handle"), 0.2, 0.8)
        operations.answer(t.opened, answer=t.details["answer_again"], by=t.handler(), at=t.at)
        yield from _review(t)
