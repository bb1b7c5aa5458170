"""How many texts hold each term, remembered for ten minutes in each process.

The figures only choose by which words of a question texts are looked for. What is not known yet counts as rare, so a
text is found from the moment it stands there.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from qingyu.catalog.models import ItemEntry

SECONDS = 600
ENOUGH = 200
"""So many texts the terms that are looked for hold together, at most: the commonest words of a question say least."""


class Frequencies:
    """``texts`` answers the terms of every text, parted by blanks, in one or more columns."""

    def __init__(self, texts: Callable[[], Iterable[tuple[str, ...]]]) -> None:
        self._texts = texts
        self._kept: tuple[float, Mapping[str, int]] = (float("-inf"), {})

    def now(self) -> Mapping[str, int]:
        """Terms with the number of texts that hold them; no statement but every ten minutes."""
        if time.monotonic() - self._kept[0] > SECONDS:
            self._kept = (time.monotonic(), self._counted())
        return self._kept[1]

    def _counted(self) -> Mapping[str, int]:
        found: Counter[str] = Counter()
        for columns in self._texts():
            found.update({term for column in columns for term in column.split()})
        return found


items = Frequencies(lambda: ItemEntry.objects.values_list("name_terms", "text_terms").iterator())
