"""What an event does to the clocks, or why it may not happen to them: one rule for each kind of event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from qingyu.rules import hours, rounds
from qingyu.rules.clocks import applying
from qingyu.rules.clocks.clock import Change, Clock, ClockKind, Clocks, Key, Stop, Terms
from qingyu.rules.clocks.dates import granted
from qingyu.rules.clocks.moment import Moment, about
from qingyu.rules.hours import Deadline, Limit
from qingyu.rules.lifecycle import CaseState, Facts, Kind
from qingyu.rules.rating import Outcome, calls_again
from qingyu.rules.refusals import NotAllowed

OF_THE_UNIT = (ClockKind.SIGN, ClockKind.CONTACT, ClockKind.HANDLE)


def decide(kind: Kind, *, at: datetime, facts: Facts, case: CaseState, clocks: Clocks, terms: Terms) -> list[Change]:
    """The changes the event makes, in the order in which ``fold`` is to apply them.

    NotAllowed where a clock forbids the event: ``extension_too_late``, ``no_call_to_make`` (the follow-up has ended),
    ``follow_up_waiting``, ``correction_too_late``; and where time passing is said to have done
    what it has not: ``too_early`` (silence, the end of a rest, a warning, a mark), ``clock_not_running``,
    ``marked_already``.
    """
    rule = DECISIONS.get(kind)
    return rule(Moment(at, facts, case, clocks, terms)) if rule else []


# The centre takes a matter in and sends it on -------------------------------------------------------------------


def _opened(m: Moment) -> list[Change]:
    return m.begin(ClockKind.DISPATCH, m.facts["owner"])


def _settled_by_centre(m: Moment) -> list[Change]:
    return m.stop(ClockKind.DISPATCH)


def _answered_at_once(m: Moment) -> list[Change]:
    return m.stop(ClockKind.DISPATCH) + m.begin(ClockKind.FOLLOWUP, m.case.centre)


def _routed(m: Moment) -> list[Change]:
    return m.stop(ClockKind.DISPATCH) + _clocks_of_lead(m, m.facts["unit"])


def _clocks_of_lead(m: Moment, unit: int) -> list[Change]:
    """The full limits, whoever had the case before. Who left no way to be reached is not contacted."""
    contact = [] if m.case.anonymous else m.begin(ClockKind.CONTACT, unit)
    return m.begin(ClockKind.SIGN, unit) + contact + m.begin(ClockKind.HANDLE, unit)


# The unit takes it, or says that it is not its own --------------------------------------------------------------


def _signed(m: Moment) -> list[Change]:
    """Accepted or returned: the unit has spoken. The clocks of contact and handling go on through a return."""
    return m.stop(ClockKind.SIGN)


def _auto_accepted(m: Moment) -> list[Change]:
    """Silence past the limit accepts (天津细则: 逾期视为接受); it never counts as signed in time."""
    silent = m.find(ClockKind.SIGN)
    if not silent or any(m.in_time(clock) for clock in silent):
        raise NotAllowed("too_early")
    return m.missed(ClockKind.SIGN)


def _arbitrated(m: Moment) -> list[Change]:
    """A return that is upheld takes the unit's clocks away, the signed one too; one that is not stopped nothing."""
    if not m.facts["upheld"]:
        return []
    gone = [about("void", key) for key in sorted(m.clocks) if _is_of_lead(m, key)]
    if m.facts.get("unit"):
        return gone + _clocks_of_lead(m, m.facts["unit"])
    return gone + m.begin(ClockKind.DISPATCH, m.case.centre)


def _is_of_lead(m: Moment, key: Key) -> bool:
    kind, unit, round_ = key
    return kind in OF_THE_UNIT and unit == m.case.lead and round_ == m.case.round


def _contacted(m: Moment) -> list[Change]:
    return m.stop(ClockKind.CONTACT)


# Rests and extensions -------------------------------------------------------------------------------------------


def _asked(m: Moment) -> list[Change]:
    """The handle clock rests until the citizen replies, for the limit ``ask_pause`` at most.

    One past its due date rests too, so that the question comes to an end, but its date stays (``rested``). A clock
    that has rested as often as it may in a round runs on (``rounds.may_rest``).
    """
    limit = m.terms.limit("ask_pause")
    if limit is None:
        return []
    return [_rest(m, clock, limit) for clock in m.find(ClockKind.HANDLE) if _may_rest(m, clock)]


def _may_rest(m: Moment, clock: Clock) -> bool:
    return rounds.may_rest(clock.pauses, on=m.terms.calendar(clock.unit).day_of(m.at))


def _rest(m: Moment, clock: Clock, limit: Limit) -> Change:
    until = hours.deadline(max(m.at, clock.started_at), limit, m.terms.calendar(clock.unit)).at
    return about("pause", clock.key) | {"reason": m.facts["reason"], "until": until, "in_time": m.in_time(clock)}


def _replied(m: Moment) -> list[Change]:
    return [_resume(m, clock) for clock in m.find(ClockKind.HANDLE) if clock.paused_at is not None]


def _resume(m: Moment, clock: Clock) -> Change:
    return m.moved("resume", clock, m.due(clock), Limit.parse(clock.limit))


def _rest_over(m: Moment) -> list[Change]:
    """A rest has lasted as long as it may."""
    for clock in m.find(ClockKind.HANDLE):
        if clock.pause_until and hours.in_time(m.at, clock.pause_until):
            raise NotAllowed("too_early", until=clock.pause_until)
    return _replied(m)


def _extension_asked(m: Moment) -> list[Change]:
    """Asking after the limit has run out counts as late, so it is refused (届满后才申请延期)."""
    for clock in m.find(ClockKind.HANDLE):
        if not m.in_time(clock):
            raise NotAllowed("extension_too_late", due_at=clock.due_at)
    return []


def _extension_decided(m: Moment) -> list[Change]:
    """It counts from the due date, whenever it is decided: who asked in time has not to answer for the wait."""
    limit = m.terms.limit("prolong" if m.case.stage else "extend")
    if not m.facts["approved"] or limit is None:
        return []
    return [_extend(m, clock, limit) for clock in m.find(ClockKind.HANDLE, ClockKind.LEGAL)]


def _extend(m: Moment, clock: Clock, by: Limit) -> Change:
    total = granted(Limit.parse(clock.limit), by)
    due = hours.shift(clock.due, by, m.terms.calendar(clock.unit))
    return m.moved("extend", clock, due, total) | {"by": str(by), "limit": str(total)}


# Answer, review, end --------------------------------------------------------------------------------------------


def _answered(m: Moment) -> list[Change]:
    """The handle clock is held until the review; a first contact that never came is missed."""
    held = [about("hold", clock.key) | {"in_time": m.in_time(clock)} for clock in m.find(ClockKind.HANDLE)]
    return _replied(m) + m.missed(ClockKind.CONTACT) + held + m.begin(ClockKind.REVIEW, m.case.centre)


def _reviewed(m: Moment) -> list[Change]:
    what = "confirm" if m.facts["passed"] else "restore"
    held = [about(what, clock.key) for clock in m.find(ClockKind.HANDLE)]
    followup = m.begin(ClockKind.FOLLOWUP, m.case.centre) if m.facts["passed"] else []
    return m.stop(ClockKind.REVIEW) + held + followup


def _closed(m: Moment) -> list[Change]:
    """The centre ends the case without an answer that passed (潍坊条例 21).

    What the unit had missed stays missed; what was still in time, or answered in time and not reviewed, does not
    count.
    """
    ends = [_ended_unanswered(m, clock) for clock in m.find(*OF_THE_UNIT)]
    done = m.stop(ClockKind.DISPATCH, ClockKind.REVIEW)
    return done + ends + m.begin(ClockKind.FOLLOWUP, m.case.centre)


def _ended_unanswered(m: Moment, clock: Clock) -> Change:
    kept = clock.in_time if clock.stop == Stop.HELD else m.in_time(clock)
    if kept:
        return about("void", clock.key)
    if clock.stop == Stop.HELD:
        return about("confirm", clock.key)
    return about("stop", clock.key) | {"in_time": False}


def _withdrawn(m: Moment) -> list[Change]:
    """The citizen takes it back: what was missed stays missed, all else that has not ended counts for nobody."""
    return [_ended_unanswered(m, clock) for clock in m.find(*ClockKind)]


def _followed_up(m: Moment) -> list[Change]:
    """A call that was answered, or the last that is tried, ends the follow-up; the clock stops."""
    key = (ClockKind.FOLLOWUP.value, m.case.centre, m.case.round)
    if key in m.clocks and m.clocks[key].stop != Stop.RUNNING:
        raise NotAllowed("no_call_to_make")
    tried = [Outcome(m.facts["outcome"])] * m.facts["attempt"]
    return [] if calls_again(tried) else m.stop(ClockKind.FOLLOWUP)


def _archived(m: Moment) -> list[Change]:
    """Once follow-up has ended or its time is over. Who left no way to be reached is not asked."""
    for clock in m.find(ClockKind.FOLLOWUP):
        if m.in_time(clock) and not m.case.anonymous:
            raise NotAllowed("follow_up_waiting", due_at=clock.due_at)
    return m.stop(ClockKind.FOLLOWUP)


def _taken_up_again(m: Moment) -> list[Change]:
    """Redo and reopening: a new round with the full limit."""
    ended = m.stop(ClockKind.FOLLOWUP)
    if m.case.lead:
        return ended + m.begin(ClockKind.HANDLE, m.case.lead, m.case.round + 1)
    return ended + m.begin(ClockKind.DISPATCH, m.case.centre, m.case.round + 1)


# Time passing ---------------------------------------------------------------------------------------------------


def _warned(m: Moment) -> list[Change]:
    clock = _named(m)
    if not clock.running:
        raise NotAllowed("clock_not_running")
    if clock.warned_at:
        raise NotAllowed("marked_already")
    if m.at < clock.warn_at:
        raise NotAllowed("too_early", warn_at=clock.warn_at)
    return [about("warned", clock.key)]


def _overdue(m: Moment) -> list[Change]:
    clock = _named(m)
    if not clock.running:
        raise NotAllowed("clock_not_running")
    if clock.overdue_at:
        raise NotAllowed("marked_already")
    if m.in_time(clock):
        raise NotAllowed("too_early", due_at=clock.due_at)
    return [about("overdue", clock.key)]


def _rescheduled(m: Moment) -> list[Change]:
    """A year's official calendar has arrived: the due date as ``recompute`` has counted it. A rest goes on."""
    clock = _named(m)
    due = Deadline(m.facts["due"], m.facts["provisional"])
    return [m.moved("move", clock, due, Limit.parse(clock.limit))]


def _named(m: Moment) -> Clock:
    """The clock that the event is about; it must not have stopped."""
    facts = m.facts
    clock = m.clocks.get((str(facts["clock"]), int(facts["unit"]), int(facts["round"])))
    if clock is None or clock.stop != Stop.RUNNING:
        raise NotAllowed("clock_not_running")
    return clock


DECISIONS: dict[Kind, Callable[[Moment], list[Change]]] = {
    Kind.OPENED: _opened,
    Kind.ANSWERED_AT_ONCE: _answered_at_once,
    Kind.REFUSED: _settled_by_centre,
    Kind.DIVERTED: _settled_by_centre,
    Kind.ROUTED: _routed,
    Kind.ACCEPTED: _signed,
    Kind.AUTO_ACCEPTED: _auto_accepted,
    Kind.RETURNED: _signed,
    Kind.ARBITRATED: _arbitrated,
    Kind.CONTACTED: _contacted,
    Kind.ASKED: _asked,
    Kind.REPLIED: _replied,
    Kind.RESUMED: _rest_over,
    Kind.EXTENSION_ASKED: _extension_asked,
    Kind.EXTENSION_DECIDED: _extension_decided,
    Kind.ANSWERED: _answered,
    Kind.REVIEWED: _reviewed,
    Kind.CLOSED: _closed,
    Kind.REDONE: _taken_up_again,
    Kind.REOPENED: _taken_up_again,
    Kind.WITHDRAWN: _withdrawn,
    Kind.FOLLOWED_UP: _followed_up,
    Kind.ARCHIVED: _archived,
    Kind.WARNED: _warned,
    Kind.OVERDUE: _overdue,
    Kind.RESCHEDULED: _rescheduled,
    **applying.DECISIONS,
}
"""Events that are not here touch no clock."""
