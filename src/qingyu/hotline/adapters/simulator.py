"""Plays calls as a switch would tell of them: agents, a queue with few places, callers who wait, give up, and rate.

``CONFORMANCE`` is the scene that every adapter must get right: two agents, six callers, a queue of three.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from qingyu.hotline.ports import Told


@dataclass(frozen=True)
class Caller:
    """Somebody who calls. Seconds from the beginning; ``patience``: hangs up after so long in the queue."""

    ref: str
    phone: str
    arrives: int
    talk: int = 30
    rating: int = 0
    patience: int | None = None
    asks_back: bool = True


@dataclass(frozen=True)
class Scene:
    """What is played. ``timeout``: seconds after which the switch gives up on a place in the queue."""

    callers: tuple[Caller, ...]
    agents: tuple[str, ...] = ("8001", "8002")
    places: int = 3
    timeout: int = 60
    ring: int = 2


CONFORMANCE = Scene(
    callers=(
        Caller("c1", "19900000001", 0, talk=40, rating=5),
        Caller("c2", "19900000002", 1, talk=50, rating=3),
        Caller("c3", "19900000003", 2, talk=60),
        Caller("c4", "19900000004", 3, talk=60),
        Caller("c5", "19900000005", 4),
        Caller("c6", "19900000006", 5),
    )
)  # c1 and c2 are served at once, c3 and c4 wait, c5 runs out of time, c6 finds the queue full


@dataclass
class _Stage:
    scene: Scene
    begin: datetime
    told: list[Told] = field(default_factory=list)
    todo: list[tuple[int, int, str, Caller]] = field(default_factory=list)
    free: list[str] = field(default_factory=list)
    queue: list[Caller] = field(default_factory=list)
    since: dict[str, int] = field(default_factory=dict)
    agent: dict[str, str] = field(default_factory=dict)
    number: int = 0

    def plan(self, at: int, what: str, caller: Caller) -> None:
        self.number += 1
        heapq.heappush(self.todo, (at, self.number, what, caller))

    def tell(self, at: int, type_: str, whose: Caller, **data: Any) -> None:
        when = self.begin + timedelta(seconds=at)
        self.told.append(Told(type_, whose.ref, len(self.told) + 1, when, data=data))


def play(scene: Scene, *, begin: datetime) -> list[Told]:
    """All that the switch tells, in the order in which it happens."""
    stage = _Stage(scene, begin, free=list(scene.agents))
    for caller in scene.callers:
        stage.plan(caller.arrives, "arrive", caller)
    while stage.todo:
        at, _number, what, caller = heapq.heappop(stage.todo)
        STEPS[what](stage, at, caller)
    return stage.told


def _arrive(stage: _Stage, at: int, caller: Caller) -> None:
    stage.tell(at, "call.offered", caller, caller=caller.phone, line="12345")
    if len(stage.queue) >= stage.scene.places:
        _let_down(stage, at, caller, "full")
        return
    stage.queue.append(caller)
    stage.since[caller.ref] = at
    stage.tell(at, "queue.joined", caller, position=len(stage.queue), count=len(stage.queue))
    if caller.patience is not None:
        stage.plan(at + caller.patience, "give_up", caller)
    stage.plan(at + stage.scene.timeout, "time_out", caller)
    _serve(stage, at)


def _serve(stage: _Stage, at: int) -> None:
    while stage.free and stage.queue:
        caller, agent = stage.queue.pop(0), stage.free.pop(0)
        stage.agent[caller.ref] = agent
        stage.tell(at, "agent.offered", caller, agent=agent)
        stage.plan(at + stage.scene.ring, "answer", caller)


def _answer(stage: _Stage, at: int, caller: Caller) -> None:
    hold, agent = at - stage.since[caller.ref], stage.agent[caller.ref]
    stage.tell(at, "agent.connected", caller, agent=agent, hold=hold, ring=stage.scene.ring)
    stage.plan(at + caller.talk, "end", caller)


def _end(stage: _Stage, at: int, caller: Caller) -> None:
    stage.tell(at, "call.ended", caller, talk=caller.talk, reason="agent" if caller.rating else "caller")
    if caller.rating:
        stage.tell(at + 5, "rating.given", caller, rating=caller.rating)
    stage.free.append(stage.agent[caller.ref])
    _serve(stage, at)


def _give_up(stage: _Stage, at: int, caller: Caller) -> None:
    if caller in stage.queue:
        stage.queue.remove(caller)
        stage.tell(at, "queue.abandoned", caller, hold=at - stage.since[caller.ref])
        stage.tell(at, "call.ended", caller, reason="caller")


def _time_out(stage: _Stage, at: int, caller: Caller) -> None:
    """As real exchanges do, this one also tells of abandoning when it gives up itself."""
    if caller in stage.queue:
        stage.queue.remove(caller)
        stage.tell(at, "queue.abandoned", caller, hold=at - stage.since[caller.ref])
        _let_down(stage, at, caller, "timeout")


def _let_down(stage: _Stage, at: int, caller: Caller, why: str) -> None:
    stage.tell(at, "queue.left", caller, reason=why)
    if caller.asks_back and why == "full":
        stage.tell(at + 4, "callback.requested", caller, why=why)
    stage.tell(at + 5, "call.ended", caller, reason="switch")


STEPS = {"arrive": _arrive, "answer": _answer, "end": _end, "give_up": _give_up, "time_out": _time_out}


def street(callers: int, *, agents: Sequence[str], every: int = 20) -> Scene:
    """A scene for looking at: so many callers, one each ``every`` seconds, each a little different."""
    made = tuple(
        Caller(
            f"n{n}", f"1990000{n % 10_000:04d}", n * every, talk=30 + n * 7 % 60, rating=(0, 5, 4, 0, 3)[n % 5],
            patience=25 if n % 6 == 5 else None,
        )
        for n in range(callers)
    )  # fmt: skip
    return Scene(made, agents=tuple(agents))
