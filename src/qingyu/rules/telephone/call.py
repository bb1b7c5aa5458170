"""What a telephone switch tells of a call, folded into the call.

A switch tells everything at least once and in no sure order. ``fold`` therefore takes all that is known of a call as
a set: any order and any repetition of the same events give the same call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class Type(StrEnum):
    """The events of the telephone port; the order is that in which things happen that are told of the same instant."""

    OFFERED = "call.offered"
    DIGITS = "digits"
    JOINED = "queue.joined"
    AGENT_OFFERED = "agent.offered"
    NO_ANSWER = "agent.no_answer"
    RESULT = "outbound.result"
    CONNECTED = "agent.connected"
    ABANDONED = "queue.abandoned"
    LEFT = "queue.left"
    CALLBACK = "callback.requested"
    ENDED = "call.ended"
    RATED = "rating.given"
    RECORDED = "recording.ready"
    AGENT_STATE = "agent.state"
    DOWN = "switch.down"
    UP = "switch.up"


ORDER = {type_: place for place, type_ in enumerate(Type)}
OF_THE_SWITCH = frozenset({Type.AGENT_STATE, Type.DOWN, Type.UP})  # of no call


class State(StrEnum):
    """Where a call stands."""

    UNKNOWN = "unknown"
    OFFERED = "offered"
    QUEUED = "queued"
    RINGING = "ringing"
    TALKING = "talking"
    ENDED = "ended"


class Outcome(StrEnum):
    """How a call from outside came out. ``offered``: it ended before a person was asked for."""

    OPEN = ""
    ANSWERED = "answered"
    ABANDONED = "abandoned"
    MISSED = "missed"
    OFFERED = "offered"
    PHANTOM = "phantom"


class Why(StrEnum):
    """Why somebody is rung back."""

    ABANDONED = "abandoned"
    FULL = "full"
    TIMEOUT = "timeout"
    ASKED = "asked"
    AFTER_HOURS = "after_hours"
    CUT_OFF = "cut_off"


class Result(StrEnum):
    """How a call that we made came out."""

    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"


@dataclass(frozen=True)
class Event:
    """One thing a switch told of a call. ``seq`` makes it unique among those of its type."""

    type: str
    seq: int
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Call:
    """A call as far as it is known. Times of waiting and talking in whole seconds."""

    outbound: bool = False
    known: bool = False
    offered_at: datetime | None = None
    joined_at: datetime | None = None
    position: int = 0
    ahead_at_most: int = 0
    agent: str = ""
    connected_at: datetime | None = None
    abandoned_at: datetime | None = None
    left_at: datetime | None = None
    left_why: str = ""
    ended_at: datetime | None = None
    end_reason: str = ""
    hold: int | None = None
    ring: int | None = None
    talk: int | None = None
    why: str = ""
    rating: int = 0
    recording: str = ""
    result: str = ""

    @property
    def state(self) -> State:
        """Where it stands now."""
        if self.ended_at is not None or self.result in (Result.BUSY, Result.NO_ANSWER, Result.FAILED):
            return State.ENDED
        if not self.known:
            return State.UNKNOWN
        if self.connected_at is not None:
            return State.TALKING
        if self.agent:
            return State.RINGING
        return State.QUEUED if self.position else State.OFFERED

    @property
    def outcome(self) -> Outcome:
        """How a call from outside came out.

        A switch also tells of abandoning when the time in the queue is over; a caller who really hung up takes no
        further step.
        """
        if self.end_reason == "phantom":
            return Outcome.PHANTOM
        if self.connected_at is not None:
            return Outcome.ANSWERED
        if self.why or self.left_why in ("full", "timeout"):
            return Outcome.MISSED
        if self.abandoned_at is not None or (self.ended_at is not None and self.joined_at is not None):
            return Outcome.ABANDONED
        return Outcome.OFFERED if self.ended_at is not None else Outcome.OPEN

    @property
    def requested(self) -> bool:
        """Whether a person was asked for: it reached the queue, or found it full or closed."""
        asked = self.joined_at is not None or bool(self.why) or self.connected_at is not None
        return asked and self.outcome is not Outcome.PHANTOM

    @property
    def waited(self) -> int | None:
        """Whole seconds from asking for a person to their voice, or to giving up; ringing is waiting too."""
        if self.hold is not None:
            return self.hold
        begin = self.joined_at or self.offered_at
        end = self.connected_at or self.abandoned_at or self.left_at
        return max(0, int((end - begin).total_seconds())) if begin and end else None

    @property
    def talked(self) -> int | None:
        """Whole seconds of talk, once it has ended."""
        if self.talk is not None:
            return self.talk
        if self.connected_at is None or self.ended_at is None:
            return None
        return max(0, int((self.ended_at - self.connected_at).total_seconds()))


def fold(events: Iterable[Event], *, outbound: bool = False) -> Call:
    """The call that these events make, in whatever order and however often they came."""
    call = Call(outbound=outbound, known=outbound)
    for event in in_order(events):
        step = STEPS.get(event.type)  # type: ignore[call-overload]
        if step:
            call = step(call, event)
    return call


def in_order(events: Iterable[Event]) -> list[Event]:
    """Each event once, by the time it happened; of one instant by its number, then by type."""
    once: dict[tuple[str, int], Event] = {}
    for event in sorted(events, key=_place):
        once.setdefault((event.type, event.seq), event)
    return sorted(once.values(), key=_place)


def _place(event: Event) -> tuple[datetime, int, int, str]:
    return event.at, ORDER.get(event.type, len(ORDER)), event.seq, repr(sorted(event.data.items()))  # type: ignore[call-overload]


def _offered(call: Call, event: Event) -> Call:
    return call if call.offered_at else replace(call, known=True, offered_at=event.at)


def _joined(call: Call, event: Event) -> Call:
    position = max(1, whole(event.data.get("position")) or 1)
    return replace(call, position=position, joined_at=call.joined_at or event.at)


def _left(call: Call, event: Event) -> Call:
    return replace(call, position=0, left_at=event.at, left_why=text(event.data.get("reason")))


def _abandoned(call: Call, event: Event) -> Call:
    hold = whole(event.data.get("hold"))
    return replace(call, position=0, abandoned_at=event.at, hold=call.hold if hold is None else hold)


def _agent_offered(call: Call, event: Event) -> Call:
    return call if call.connected_at else replace(call, agent=text(event.data.get("agent")))


def _no_answer(call: Call, event: Event) -> Call:
    same = call.agent == text(event.data.get("agent")) and call.connected_at is None
    return replace(call, agent="") if same else call


def _connected(call: Call, event: Event) -> Call:
    """The first agent who speaks answers; who comes in later (a transfer) has the call from then on."""
    agent = text(event.data.get("agent")) or call.agent
    if call.connected_at:
        return replace(call, agent=agent)
    hold, ring = whole(event.data.get("hold")), whole(event.data.get("ring"))
    return replace(call, agent=agent, position=0, connected_at=event.at, hold=hold, ring=ring)


def _ended(call: Call, event: Event) -> Call:
    if call.ended_at:
        return call
    reason, talk = text(event.data.get("reason")), whole(event.data.get("talk"))
    return replace(call, position=0, ended_at=event.at, end_reason=reason, talk=talk)


def _callback(call: Call, event: Event) -> Call:
    why = text(event.data.get("why"))
    return replace(call, position=0, why=why if why in list(Why) else Why.ASKED)


def _rated(call: Call, event: Event) -> Call:
    stars = whole(event.data.get("rating")) or 0
    return replace(call, rating=stars) if 1 <= stars <= 5 else call


def _recorded(call: Call, event: Event) -> Call:
    return replace(call, recording=text(event.data.get("uri"))[:300])


def _result(call: Call, event: Event) -> Call:
    """The first result stands, but for one that says we reached the person."""
    result = text(event.data.get("result"))
    if result not in list(Result) or call.result == Result.ANSWERED:
        return call
    if result == Result.ANSWERED:
        return replace(call, result=result, connected_at=call.connected_at or event.at)
    return replace(call, result=call.result or result)


STEPS = {
    Type.OFFERED: _offered, Type.JOINED: _joined, Type.LEFT: _left, Type.ABANDONED: _abandoned,
    Type.AGENT_OFFERED: _agent_offered, Type.NO_ANSWER: _no_answer, Type.CONNECTED: _connected, Type.ENDED: _ended,
    Type.CALLBACK: _callback, Type.RATED: _rated, Type.RECORDED: _recorded, Type.RESULT: _result,
}  # fmt: skip


def whole(value: object) -> int | None:
    """A whole number that is not negative, or None: what comes from outside may be anything."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = int(value)
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number < 2**31 else None


def text(value: object) -> str:
    """A short text, or nothing."""
    return value[:80] if isinstance(value, str) else str(value) if isinstance(value, int) else ""
