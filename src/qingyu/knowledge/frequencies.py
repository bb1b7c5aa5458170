"""How many answers hold each term, remembered for ten minutes in each process.

The figures only choose by which words of a question answers are looked for. What is not known yet counts as rare, so an
answer is found from the moment it is in force.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping

from qingyu.knowledge.models import AnswerEntry

SECONDS = 600
_kept: tuple[float, Mapping[str, int]] = (float("-inf"), {})


def now() -> Mapping[str, int]:
    """Terms with the number of entries that hold them; no statement but every ten minutes."""
    global _kept
    if time.monotonic() - _kept[0] > SECONDS:
        _kept = (time.monotonic(), _counted())
    return _kept[1]


def _counted() -> Mapping[str, int]:
    found: Counter[str] = Counter()
    for title, text in AnswerEntry.objects.values_list("title_terms", "text_terms").iterator():
        found.update({*title.split(), *text.split()})
    return found
