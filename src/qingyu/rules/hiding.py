"""Which counts of a tree may be shown, so that none that is too small can be worked out from the others.

A unit has a count of its own and one of the whole below and including it. A count above none and below ``least`` could
point at somebody, so it is hidden; where only one count of a sum is hidden the rest would tell it, so another is hidden
with it (complementary suppression). Nothing is not hidden: it points at nobody.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Unit = TypeVar("Unit", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Hidden(Generic[Unit]):
    """The units whose ``own`` count must not be shown, and those of which the ``whole`` must not; ``all``: the sum."""

    own: frozenset[Unit]
    whole: frozenset[Unit]
    all: bool


def hidden(
    own: Mapping[Unit, int],
    parents: Mapping[Unit, Unit | None],
    *,
    least: int = 5,
    rest: Mapping[Unit, int] | None = None,
) -> Hidden[Unit]:
    """What to hide of the counts of ``own``; ``parents`` names every unit and what it stands under (None: nothing).

    Of what stays hidden no count follows from those shown: each could be at least two different ones. ``rest``: what a
    greater count that is shown elsewhere has beside these; where that is above none and below ``least``, the
    difference of the two would tell it, so the count is hidden.
    """
    table = _Table.of(own, parents)
    table.gone |= {cell for cell, count in enumerate(table.counts) if 0 < count < least}
    if rest:
        others = _Table.of(rest, parents).counts
        table.gone |= {cell for cell, count in enumerate(table.counts) if count and 0 < others[cell] < least}
    while table.hide_companions() or table.hide_more_of_ones():
        pass
    return Hidden(
        frozenset(unit for unit, cell in table.own.items() if cell in table.gone),
        frozenset(unit for unit, cell in table.whole.items() if cell in table.gone),
        table.sums[-1][0] in table.gone,
    )


@dataclass(slots=True)
class _Table(Generic[Unit]):
    """The counts as numbered cells. A sum is its total, then its parts; the sum of all comes last.

    A unit with nothing below it has one cell for both counts. Every cell stands in at most two sums, so the hidden
    ones make up trees: what may grow at one end of such a tree may shrink at another.
    """

    counts: list[int]
    own: dict[Unit, int]
    whole: dict[Unit, int]
    sums: list[list[int]]
    gone: set[int]

    @classmethod
    def of(cls, own: Mapping[Unit, int], parents: Mapping[Unit, Unit | None]) -> _Table[Unit]:
        below: dict[Unit | None, list[Unit]] = {None: []}
        for unit, parent in parents.items():
            below.setdefault(parent, []).append(unit)
        table = cls([], {}, {}, [], set())
        tops = [table._add(unit, own, below) for unit in below[None]]
        table.sums.append([table._cell(sum(table.counts[cell] for cell in tops)), *tops])
        return table

    def _add(self, unit: Unit, own: Mapping[Unit, int], below: Mapping[Unit | None, list[Unit]]) -> int:
        """The cell of the whole of ``unit``, after all below it."""
        cell = self.own[unit] = self.whole[unit] = self._cell(own.get(unit, 0))
        if unit in below:
            parts = [cell, *(self._add(child, own, below) for child in below[unit])]
            self.whole[unit] = self._cell(sum(self.counts[part] for part in parts))
            self.sums.append([self.whole[unit], *parts])
        return self.whole[unit]

    def _cell(self, count: int) -> int:
        self.counts.append(count)
        return len(self.counts) - 1

    def hide_companions(self) -> bool:
        """One more in each sum that has only one hidden; whether there was any."""
        alone = [cells for cells in self.sums if len(self.gone.intersection(cells)) == 1]
        for cells in alone:
            self._hide_one(cells)
        return bool(alone)

    def hide_more_of_ones(self) -> bool:
        """One more where hidden counts are all one: their known sum and their number would tell each."""
        told = next((cells for group in self._groups() if (cells := self._told(group))), None)
        if told:
            self._hide_one(told)
        return told is not None

    def _hide_one(self, cells: list[int]) -> None:
        """The smallest part that is still shown; else the total."""
        shown = [cell for cell in cells[1:] if self.counts[cell] and cell not in self.gone]
        self.gone.add(min(shown, key=lambda cell: self.counts[cell], default=cells[0]))

    def _groups(self) -> Iterator[list[list[int]]]:
        """The sums that hang together through hidden cells, lowest first."""
        groups: dict[int, list[list[int]]] = {}
        for cells in self.sums:
            group = [sum_ for cell in self.gone.intersection(cells[1:]) for sum_ in groups.pop(cell, [])]
            if self.gone.intersection(cells):
                groups[cells[0]] = [*group, cells]
            if cells[0] not in self.gone and cells[0] in groups:
                yield groups.pop(cells[0])

    def _told(self, group: list[list[int]]) -> list[int] | None:
        """The uppermost sum of a group of hidden counts that are all one; None where they may be other numbers."""
        totals = {cells[0] for cells in group}
        ends = [cell for cells in group for cell in cells[1:] if cell in self.gone and cell not in totals]
        return group[-1] if all(self.counts[cell] == 1 for cell in ends) else None
