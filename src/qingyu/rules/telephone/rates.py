"""The figures of answering: how many calls, and the rates that are parts of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qingyu.rules.telephone.call import Call, Outcome
from qingyu.rules.telephone.call_back import owed

IN_TIME = 15  # seconds to a human voice (GB/T 33357-2016, 政府热线服务评价)
SHORT = 5  # seconds of talk in which nobody is helped: our own measure


@dataclass(frozen=True)
class Counts:
    """How many calls. ``answered_short``: over within 5 seconds; ``abandoned_late``: given up after more than 15.

    ``owed`` call-backs; ``kept`` are those of which a call tells: we reached the caller, or they called again and were
    answered. ``kept_by_word``: somebody says so, and no call tells of it.
    """

    offered: int = 0
    requested: int = 0
    answered: int = 0
    answered_in_time: int = 0
    answered_short: int = 0
    abandoned: int = 0
    abandoned_late: int = 0
    missed: int = 0
    before_queue: int = 0
    phantom: int = 0
    owed: int = 0
    kept: int = 0
    kept_in_time: int = 0
    kept_by_word: int = 0


@dataclass(frozen=True)
class Rate:
    """A part of a whole; ``percent`` None where there is no whole."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        return 100 * self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class Figures:
    """接通率, 15秒接通率 with both denominators in use, 放弃率, 呼损率, 漏接回拨率."""

    connected: Rate
    in_time_of_answered: Rate
    in_time_of_answered_and_late: Rate
    abandoned: Rate
    lost: Rate
    kept: Rate
    kept_in_time: Rate
    kept_or_said: Rate


def figures(counts: Counts) -> Figures:
    """The rates of answering.

    Two denominators of "within 15 seconds" are in use: all answered calls, and those with the callers who gave up
    after more than 15 seconds. ``lost`` counts whoever called and did not speak with a person, also those who hung up
    before they asked for one. ``kept`` counts what calls tell; ``kept_or_said`` also what somebody says.
    """
    n = counts
    return Figures(
        connected=Rate(n.answered, n.requested),
        in_time_of_answered=Rate(n.answered_in_time, n.answered),
        in_time_of_answered_and_late=Rate(n.answered_in_time, n.answered + n.abandoned_late),
        abandoned=Rate(n.abandoned, n.requested),
        lost=Rate(n.offered - n.answered, n.offered),
        kept=Rate(n.kept, n.owed),
        kept_in_time=Rate(n.kept_in_time, n.owed),
        kept_or_said=Rate(n.kept + n.kept_by_word, n.owed),
    )


def count(calls: Iterable[Call]) -> Counts:
    """The counts of calls from outside; call-backs are counted where they are kept."""
    found = [call for call in calls if call.known and not call.outbound]
    real = [call for call in found if call.outcome is not Outcome.PHANTOM]
    answered = [call for call in real if call.outcome is Outcome.ANSWERED]
    abandoned = [call for call in real if call.outcome is Outcome.ABANDONED]
    return Counts(
        offered=len(real),
        requested=sum(call.requested for call in real),
        answered=len(answered),
        answered_in_time=sum((call.waited or 0) <= IN_TIME for call in answered),
        answered_short=sum(call.talked is not None and call.talked <= SHORT for call in answered),
        abandoned=len(abandoned),
        abandoned_late=sum((call.waited or 0) > IN_TIME for call in abandoned),
        missed=sum(call.outcome is Outcome.MISSED for call in real),
        before_queue=sum(call.outcome is Outcome.OFFERED for call in real),
        phantom=len(found) - len(real),
        owed=sum(owed(call) is not None for call in real),
    )
