"""A crew that works through whatever is loaded: each case goes as far as its time allows, by chance and seed.

Everybody acts through the real operations with their own rights; what the rules refuse is counted, not forced.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from qingyu.cases import operations, tasks
from qingyu.cases.actors import CITIZEN, Actor
from qingyu.cases.dispatch import suggesting
from qingyu.cases.models import Case, Notice, Suggestion
from qingyu.cases.topics import by_code
from qingyu.desk.demo import hours
from qingyu.desk.demo.cast import Cast
from qingyu.rules.lifecycle import OPEN_STATES
from qingyu.rules.rating import of_stars
from qingyu.rules.refusals import Refusal

ANSWERS = (
    "已到现场核实并处理完毕，感谢您的反映。",
    "经核实情况属实，已整改到位，并列入巡查。",
    "已与您电话沟通，相关政策已说明。",
)
TICK = timedelta(hours=12)
CHUNK = 200


@dataclass
class Shift:
    """What the crew shares: people, chance, the end of time, and counts of acts by name."""

    cast: Cast
    now: datetime
    reasons: dict[str, str]
    done: Counter[str] = field(default_factory=Counter)


@dataclass
class Turn:
    """One case in the crew's hands; ``at`` is the time of the act that comes next."""

    case: Case
    shift: Shift
    chance: Random
    at: datetime

    def later(self, least: float, most: float) -> datetime:
        """So many minutes on, in office hours."""
        self.at = hours.in_office(self.at + timedelta(minutes=self.chance.uniform(least, most)), self.chance)
        return self.at

    def by(self, role: str) -> Actor:
        return self.shift.cast.one(role, self.chance)

    def handler(self) -> Actor | None:
        return self.shift.cast.handler(self.case.lead_id, self.chance)

    def did(self, what: str) -> None:
        self.shift.done[what] += 1


def work(*, at: datetime, days: int, seed: int) -> dict[str, int]:
    """Works on all open cases from ``days`` ago to ``at``, in the order of time; counts of what was done."""
    codes = dict(Notice.objects.filter(active=True).order_by("-pk").values_list("group", "code"))
    shift = Shift(Cast.of_all(), at, codes)
    begin = at - timedelta(days=days)
    opened = Case.objects.filter(state__in=OPEN_STATES).order_by("pk")
    turns = [_turn(case, shift, seed, begin) for case in opened]
    waiting = [(turn.at, number, turn, life(turn)) for number, turn in enumerate(turns) if turn.at < at]
    heapq.heapify(waiting)
    tick = begin + TICK
    while waiting:
        with transaction.atomic():
            for _ in range(CHUNK):
                tick = _one(waiting, shift, tick)
                if not waiting:
                    break
    return dict(sorted(shift.done.items()))


def _turn(case: Case, shift: Shift, seed: int, begin: datetime) -> Turn:
    """A case is taken up where it stands, at its last act or when the crew begins, whichever is later."""
    last = max(case.last_at or begin, begin)
    chance = Random(f"{seed}:{case.opened_at}:{case.pk}")
    return Turn(case, shift, chance, last + timedelta(minutes=chance.uniform(5, 240)))


def _one(waiting: list[tuple[datetime, int, Turn, Iterator[datetime]]], shift: Shift, tick: datetime) -> datetime:
    at, number, turn, story = heapq.heappop(waiting)
    while tick < at:
        tasks.accept_silently(at=tick)
        tasks.warn_and_mark_overdue(at=tick)
        tick += TICK
    turn.case.refresh_from_db()
    try:
        with transaction.atomic():
            following = next(story, None)
    except Refusal as refusal:
        shift.done[f"refused_{refusal.code}"] += 1
        return tick
    if following is not None and following < shift.now:
        heapq.heappush(waiting, (following, number, turn, story))
    return tick


def life(t: Turn) -> Iterator[datetime]:
    """Each yield is the time of the next act; a story that has run out of time is left where it is."""
    if t.case.state == "received":
        _dispatch(t)
        yield t.later(20, 400)
    if t.case.state == "dispatched":
        yield from _signing(t)
    if t.case.state in ("accepted", "handling", "waiting"):
        yield from _handling(t)
    if t.case.state == "answered":
        passed = t.chance.random() < 0.93
        words = "" if passed else "请补充办理结果和联系情况。"
        operations.review(t.case, passed=passed, comment=words, by=t.by("dispatcher"), at=t.at)
        t.did("reviewed")
        yield t.later(60, 2500)
    if t.case.state == "closed":
        yield from _ending(t)


def _dispatch(t: Turn) -> None:
    """By the suggestion, in one case of eight corrected to the second one."""
    case, by = t.case, t.by("dispatcher")
    if not Suggestion.objects.filter(pk=case.pk).exists():
        suggesting.suggest_for([case.pk])
    lines = [line for line in Suggestion.objects.get(pk=case.pk).rows if line["topic"] in by_code()]
    line = lines[1] if len(lines) > 1 and t.chance.random() < 0.12 else (lines or [None])[0]
    if line is None:
        line = suggesting.row_for(case, "", 0.0, ())
    operations.classify(case, topic=line["topic"], by=by, at=t.at)
    why = "fallback" if line["why"] == "fallback" else "suggestion"
    operations.route(case, unit=line["unit"], assisting=tuple(line["assisting"]), why=why, by=by, at=t.at)
    t.did("routed")


def _signing(t: Turn) -> Iterator[datetime]:
    handler = t.handler()
    if handler is None:
        return  # a unit without staff: silence will accept
    if t.case.disputed:
        pass
    elif t.chance.random() < 0.04 and "return" in t.shift.reasons and not t.case.designated:
        reason = t.shift.reasons["return"]
        operations.return_(
            t.case, reason=reason, legal_basis="派单目录", comment="不属于本单位职责", by=handler, at=t.at
        )
        t.did("returned")
        yield t.later(30, 200)
    if t.case.disputed:
        operations.arbitrate(
            t.case, upheld=False, reason="派单目录已明确由该单位主办。", by=t.by("dispatcher"), at=t.at
        )
        t.did("arbitrated")
    else:
        operations.accept(t.case, by=handler, at=t.at)
        t.did("accepted")
    yield t.later(20, 300)


def _handling(t: Turn) -> Iterator[datetime]:
    handler = t.handler()
    if handler is None:
        return
    if not t.case.anonymous and not t.case.contacted_at:
        operations.contact(t.case, how="phone", by=handler, at=t.at)
        t.did("contacted")
        yield t.later(60, 900)
    if t.case.state in ("accepted", "handling") and not t.case.anonymous and t.chance.random() < 0.08:
        reason = t.shift.reasons.get("pause", "")
        operations.ask(t.case, question="请补充具体位置和时间。", reason=reason, by=handler, at=t.at)
        t.did("asked")
        yield t.later(200, 2000)
    if t.case.state == "waiting":
        operations.reply(t.case, text="已补充，见附言。", by=CITIZEN, at=t.at)
        t.did("replied")
        yield t.later(60, 900)
    operations.answer(t.case, answer=t.chance.choice(ANSWERS), by=handler, at=t.at)
    t.did("answered")
    yield t.later(30, 400)


def _ending(t: Turn) -> Iterator[datetime]:
    """A rating now and then, a call where there is a number, the archive when it ended well."""
    stars = t.chance.choices((1, 2, 3, 4, 5), (3, 5, 12, 30, 50))[0]
    if t.chance.random() < 0.25 and not t.case.events.filter(kind="rated").exists():
        operations.rate(t.case, level=str(of_stars(stars)), channel="web", occasion=1, by=CITIZEN, at=t.at)
        t.did("rated")
        yield t.later(60, 1500)
    if t.case.anonymous:
        operations.archive(t.case, by=t.by("dispatcher"), at=t.at, why="not_called")
        t.did("archived")
        return
    by = t.by("supervisor" if t.case.type == Case.Type.REPORT else "caller")
    reached = t.chance.random() < 0.85
    answers = {"contacted": True, "solved": "yes" if stars > 2 else "no", "satisfied": str(of_stars(stars))}
    outcome = "completed" if reached else "no_answer"
    operations.follow_up(t.case, outcome=outcome, by=by, at=t.at, **(answers if reached else {}))  # type: ignore[arg-type]
    t.did("followed_up")
    if reached and stars > 2:
        yield t.later(10, 200)
        operations.archive(t.case, by=by, at=t.at)
        t.did("archived")
