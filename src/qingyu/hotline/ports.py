"""The telephone port, in the words of the field: what a switch tells us, and what we tell a switch.

A switch tells ``Told`` events, each at least once and in any order. It is given ``Order`` commands and says how each
came out. Adapters (a vendor's centre over signed HTTP, the simulator) speak nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from qingyu.rules import telephone
from qingyu.rules.refusals import NotValid

VERSION = 1
MOST_EVENTS = 200  # in one request
LONGEST_DATA = 4000  # characters of the data of one event
PERSONAL = frozenset({"caller", "number", "digits", "called"})  # data that tells who somebody is, or what they typed
AHEAD = timedelta(minutes=5)  # how far a switch's clock may run before ours


@dataclass(frozen=True)
class Told:
    """An event. ``call_ref`` is the switch's own name of the call, empty for events of the switch itself.

    ``seq`` is any number that makes it unique among the events of this type of this call. ``at`` has an offset.
    Data by type: ``call.offered`` {caller, line}; ``queue.joined`` {position, count}; ``queue.left`` {reason: full,
    timeout, served}; ``queue.abandoned`` {hold}; ``agent.offered`` and ``agent.no_answer`` {agent};
    ``agent.connected`` {agent, hold, ring}; ``call.ended`` {talk, reason}; ``digits`` {step, digits};
    ``callback.requested`` {why: full, timeout, asked, after_hours}; ``rating.given`` {rating: 1..5};
    ``recording.ready`` {uri, sha256, seconds}; ``outbound.result`` {result: answered, busy, no_answer, failed};
    ``agent.state`` {agent, state: ready, paused, offline, reason}; ``switch.down``; ``switch.up`` {snapshot}.
    Times in whole seconds.
    """

    type: str
    call_ref: str
    seq: int
    at: datetime
    leg: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    v: int = VERSION


class Name(StrEnum):
    """What a switch can be told."""

    LOGIN = "agent_login"
    LOGOUT = "agent_logout"
    PAUSE = "pause"
    DIAL = "dial"
    HANG_UP = "hang_up"
    TAG = "tag"


@dataclass(frozen=True)
class Order:
    """A command. ``id`` comes back with its outcome; the same id twice is one command.

    ``agent_login`` {agent}; ``agent_logout`` {agent}; ``pause`` {agent, reason}: an empty reason ends the pause;
    ``dial`` {call_ref, number, agent, purpose, timeout}: the switch rings the agent, then the number, and tells of
    the call under this ``call_ref``; ``hang_up`` {call_ref}; ``tag`` {call_ref, case}.
    """

    id: int
    name: str
    args: Mapping[str, Any]


def checked(told: Told, *, at: datetime) -> Told:
    """The event, if its shape is right.

    NotValid: event_unknown, event_version_unknown, call_ref_missing, time_without_zone, in_the_future,
    field_too_long, field_not_valid.
    """
    if told.v != VERSION:
        raise NotValid("event_version_unknown", field="v")
    if told.type not in list(telephone.Type):
        raise NotValid("event_unknown", field="type")
    if not told.call_ref and told.type not in telephone.OF_THE_SWITCH:
        raise NotValid("call_ref_missing", field="call_ref")
    _check_sizes(told)
    _check_time(told.at, now=at)
    return told


def _check_sizes(told: Told) -> None:
    text = json.dumps(dict(told.data), default=str)
    if len(told.call_ref) > 80 or len(told.leg) > 40 or len(text) > LONGEST_DATA:
        raise NotValid("field_too_long", field="data")
    if not 0 <= told.seq < 2**62:
        raise NotValid("field_not_valid", field="seq")
    if "\\u0000" in text or "\0" in told.call_ref + told.leg:
        raise NotValid("field_not_valid", field="data")


def _check_time(at: datetime, *, now: datetime) -> None:
    if at.tzinfo is None:
        raise NotValid("time_without_zone", field="at")
    if at > now + AHEAD:
        raise NotValid("in_the_future", field="at")
