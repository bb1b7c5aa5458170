"""What the log says about a case, folded to what counts. Pure: events in, facts out; no row, no clock, no policy.

A case has one fact for each time it was taken up (round), and one for each service about it that was rated. ``fold``
moves the facts by one event, ``counted`` says where they count: on which city day, for which unit, in which measure;
``visited`` says the same of halls, windows and service items. What counts is taken from the changes that stand in the
events (``rules.clocks``), so facts made anew from the log are the same facts.
"""

from __future__ import annotations

from qingyu.assessment.folding.acts import ACTS, IDLE, MARKS, Happening, city_day, fold
from qingyu.assessment.folding.counted import counted, responded, visited
from qingyu.assessment.folding.fact import FIELDS, Fact, Mark, parted, values
from qingyu.assessment.folding.measures import RATED, SAID, SOLVED, TOOK, Measure, Place, Visit

__all__ = [
    "ACTS", "FIELDS", "IDLE", "MARKS", "RATED", "SAID", "SOLVED", "TOOK", "Fact", "Happening", "Mark", "Measure",
    "Place", "Visit", "city_day", "counted", "fold", "parted", "responded", "values", "visited",
]  # fmt: skip
