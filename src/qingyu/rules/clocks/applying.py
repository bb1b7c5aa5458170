"""What an event of an application does to its clocks (行政许可法 32, 42, 44, 45, 82): one rule for each kind of event.

Before it is admitted the clock ``accept`` runs; silence past it admits, counted from the day on which all papers were
there. While the person corrects, and during a special procedure, nothing counts for the unit. The promise (``handle``)
and the limit of the law (``legal``) run side by side from the admission.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from qingyu.rules.clocks.clock import Change, Clock, ClockKind
from qingyu.rules.clocks.moment import Moment, about
from qingyu.rules.hours import Limit
from qingyu.rules.lifecycle import Kind, Stage
from qingyu.rules.refusals import NotAllowed

PROMISES = (ClockKind.HANDLE, ClockKind.LEGAL)


def _submitted(m: Moment) -> list[Change]:
    return m.stop(ClockKind.DISPATCH) + m.begin(ClockKind.ACCEPT, m.facts["unit"])


def _correction_asked(m: Moment) -> list[Change]:
    """Told in time or never: past the limit the application counts as admitted (行政许可法 32)."""
    for clock in m.find(ClockKind.ACCEPT):
        if not m.in_time(clock):
            raise NotAllowed("correction_too_late", due_at=clock.due_at)
    return _rest(m, "correction", ClockKind.ACCEPT) + m.begin(ClockKind.CORRECT, m.case.lead or 0)


def _corrected(m: Moment) -> list[Change]:
    return _go_on(m, ClockKind.ACCEPT) + m.stop(ClockKind.CORRECT)


def _lapsed(m: Moment) -> list[Change]:
    """The unit has nothing to answer for; the person's time is over."""
    running = m.find(ClockKind.CORRECT)
    if not running or any(m.in_time(clock) for clock in running):
        raise NotAllowed("too_early")
    return [about("void", clock.key) for clock in m.find(ClockKind.ACCEPT)] + m.missed(ClockKind.CORRECT)


def _admitted(m: Moment) -> list[Change]:
    return m.stop(ClockKind.ACCEPT) + _promise(m)


def _auto_admitted(m: Moment) -> list[Change]:
    """逾期不告知的，自收到申请材料之日起即为受理: it counts from when the papers were there, and was not in time."""
    silent = m.find(ClockKind.ACCEPT)
    if not silent or any(m.in_time(clock) for clock in silent):
        raise NotAllowed("too_early")
    return m.missed(ClockKind.ACCEPT) + _promise(m, since=m.case.routed_at)


def _promise(m: Moment, *, since: datetime | None = None) -> list[Change]:
    """``promised`` and ``legal`` are limits as text; an item without one of them has no such clock."""
    begun = []
    for kind, name in zip(PROMISES, ("promised", "legal"), strict=True):
        limit = Limit.parse(m.facts[name]) if m.facts.get(name) else None
        begun += m.begin_with(kind, m.case.lead or 0, limit, since=since)
    return begun


def _not_admitted(m: Moment) -> list[Change]:
    return m.stop(ClockKind.ACCEPT)


def _window_chosen(m: Moment) -> list[Change]:
    """The person comes to a window: their turn, as with a correction, which goes on where it had begun."""
    return [] if m.case.stage == Stage.CORRECTING else _correction_asked(m)


def _special_begun(m: Moment) -> list[Change]:
    """Hearing, appraisal, expert review: not counted, and the time it takes is told (行政许可法 45)."""
    lasts = m.begin_with(ClockKind.SPECIAL, m.case.lead or 0, Limit.parse(m.facts["expected"]))
    return _rest(m, m.facts["procedure"], *PROMISES) + lasts


def _special_ended(m: Moment) -> list[Change]:
    return _go_on(m, *PROMISES) + m.stop(ClockKind.SPECIAL)


def _decided(m: Moment) -> list[Change]:
    return m.stop(*PROMISES) + m.begin(ClockKind.ISSUE, m.case.lead or 0)


def _issued(m: Moment) -> list[Change]:
    return m.stop(ClockKind.ISSUE) + m.begin(ClockKind.FOLLOWUP, m.case.centre)


def _rest(m: Moment, reason: str, *kinds: ClockKind) -> list[Change]:
    """They stand still with no end of their own: what ends the rest is an event."""
    return [about("pause", clock.key) | {"reason": reason, "in_time": m.in_time(clock)} for clock in m.find(*kinds)]


def _go_on(m: Moment, *kinds: ClockKind) -> list[Change]:
    return [_resumed(m, clock) for clock in m.find(*kinds) if clock.paused_at is not None]


def _resumed(m: Moment, clock: Clock) -> Change:
    return m.moved("resume", clock, m.due(clock), Limit.parse(clock.limit))


DECISIONS: dict[Kind, Callable[[Moment], list[Change]]] = {
    Kind.SUBMITTED: _submitted,
    Kind.CORRECTION_ASKED: _correction_asked,
    Kind.CORRECTED: _corrected,
    Kind.LAPSED: _lapsed,
    Kind.ADMITTED: _admitted,
    Kind.AUTO_ADMITTED: _auto_admitted,
    Kind.NOT_ADMITTED: _not_admitted,
    Kind.WINDOW_CHOSEN: _window_chosen,
    Kind.SPECIAL_BEGUN: _special_begun,
    Kind.SPECIAL_ENDED: _special_ended,
    Kind.DECIDED: _decided,
    Kind.ISSUED: _issued,
}
