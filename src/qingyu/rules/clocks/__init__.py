"""The clocks of a case: dispatch, sign, first contact, handle, review, follow-up.

``decide`` asks, before an event is written, what it does to the clocks: the answer is a list of plain changes that
stand in the event's facts with every due date already computed. ``fold`` only applies them. So a replay needs no
calendar and no policy, and a calendar that changes later rewrites no history: it becomes an event of its own.

What holds for every clock (worked examples in ``docs/rules/clocks.md``):

- A deadline missed is not forgiven by what follows: a stop keeps ``in_time`` as it was at that instant, an answer
  that the centre sends back counts as if the clock had never stopped, a rest that begins late moves nothing, and the
  centre's ending of a case takes away only what was still in time. Two things do take a miss away, because the unit
  is not the one to answer for it: a return that is upheld, and the citizen's own withdrawal.
- A due date moves later or stays; only a calendar that arrives for the year may move it earlier.
- A key (kind, unit, round) may be started again once it has stopped: the review of a second answer, the dispatch
  after a return, the unit that gets a case back. The clock then is the latest run. What came of the earlier run
  stands in the events, where everything that is counted reads it.
"""

from qingyu.rules.clocks.clock import Change, Clock, ClockKind, Clocks, Key, Stop, Terms, next_due, promise
from qingyu.rules.clocks.dates import granted, recompute, rested
from qingyu.rules.clocks.deciding import decide
from qingyu.rules.clocks.folding import fold, from_facts
from qingyu.rules.clocks.moment import start

__all__ = [
    "Change",
    "Clock",
    "ClockKind",
    "Clocks",
    "Key",
    "Stop",
    "Terms",
    "decide",
    "fold",
    "from_facts",
    "granted",
    "next_due",
    "promise",
    "recompute",
    "rested",
    "start",
]
