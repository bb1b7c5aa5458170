"""What a hall keeps ready for people: which kinds, how many of each are wanted, and what a fault makes of it.

Wanted figures are policy: dated rows with their source, of which the city may take others. Sources: 无障碍环境建设法
(2023) 39 and 40; GB 55019-2021 3.6; GB 50763-2012 3.11; 国办发〔2020〕45号.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum


class FacilityKind(StrEnum):
    """The coded list. What fits none of them is ``other``."""

    SEATS = "seats"
    STOOL = "stool"
    LOW_COUNTER = "low_counter"
    RAMP = "ramp"
    WHEELCHAIR = "wheelchair"
    TOILET = "toilet"
    HEARING_LOOP = "hearing_loop"
    GLASSES = "glasses"
    AED = "aed"
    NURSING_ROOM = "nursing_room"
    WATER = "water"
    CHARGER = "charger"
    PRINTER = "printer"
    KIOSK = "kiosk"
    WRITING_DESK = "writing_desk"
    LISTENING = "listening"
    """The window where people say what could not be done (办不成事反映窗口): a window that has it is one."""
    OTHER = "other"


class FacilityState(StrEnum):
    """How a facility stands. ``reported``: somebody has said that something is wrong, and it can still be used."""

    IN_ORDER = "in_order"
    REPORTED = "reported"
    MISSING = "missing"
    BROKEN = "broken"
    OUT_OF_USE = "out_of_use"


class Trouble(StrEnum):
    """What may be wrong with it; each is one button."""

    MISSING = "missing"
    BROKEN = "broken"
    DIRTY = "dirty"
    OTHER = "other"


class RoundTime(StrEnum):
    """When somebody goes round: before the doors open, at midday, before they close."""

    OPENING = "opening"
    MIDDAY = "midday"
    CLOSING = "closing"


AS_SAID = {Trouble.MISSING: FacilityState.MISSING, Trouble.BROKEN: FacilityState.BROKEN}


def state_after(trouble: Trouble, before: FacilityState) -> FacilityState:
    """What it is once somebody has said so. Dirt does not make a broken thing better.

    >>> str(state_after(Trouble.DIRTY, FacilityState.IN_ORDER)), str(state_after(Trouble.DIRTY, FacilityState.BROKEN))
    ('reported', 'broken')
    """
    said = AS_SAID.get(trouble)
    if said:
        return said
    return FacilityState.REPORTED if before is FacilityState.IN_ORDER else before


def trouble_of_count(wanted: int, counted: int) -> Trouble | None:
    """Fewer than wanted is missing.

    >>> trouble_of_count(60, 57) is Trouble.MISSING, trouble_of_count(60, 60)
    (True, None)
    """
    return Trouble.MISSING if counted < wanted else None


@dataclass(frozen=True, slots=True)
class Standard:
    """What is wanted of a kind, from a day to a day (both inclusive; ``None``: open).

    ``quantity``: how many a hall has at least; ``each_window``: so many at every window instead. ``urgent``: without
    it somebody cannot be served or is in danger. ``measures`` in mm. ``source``: the rule, or that it is a default.
    """

    kind: FacilityKind
    quantity: int
    source: str
    each_window: bool = False
    urgent: bool = False
    measures: Mapping[str, int] = field(default_factory=dict)
    valid_from: date = date.min
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        return self.valid_from <= on <= (self.valid_to or date.max)


OWN = "default of the house; no published figure is known"
LAW_39, LAW_40 = "无障碍环境建设法（2023）第39条", "无障碍环境建设法（2023）第40条"
KNEE = {"height_least": 700, "height_most": 850, "knee_width": 750, "knee_height": 650, "knee_depth": 450}
SINCE = date(2023, 9, 1)
"""The law on barrier-free surroundings is in force from that day on."""
STANDARDS = (
    Standard(FacilityKind.SEATS, 20, "seats for seven of ten who are there in the busiest quarter of an hour; " + OWN),
    Standard(FacilityKind.STOOL, 1, OWN, each_window=True),
    Standard(FacilityKind.LOW_COUNTER, 1, "GB 55019-2021 3.6.1; GB 50763-2012 3.11; " + LAW_40, urgent=True,
             measures=KNEE, valid_from=SINCE),
    Standard(FacilityKind.RAMP, 1, "GB 55019-2021", urgent=True),
    Standard(FacilityKind.WHEELCHAIR, 1, OWN, urgent=True),
    Standard(FacilityKind.TOILET, 1, "GB 55019-2021", urgent=True),
    Standard(FacilityKind.HEARING_LOOP, 1, LAW_40, valid_from=SINCE),
    Standard(FacilityKind.GLASSES, 1, "国办发〔2020〕45号；" + OWN),
    Standard(FacilityKind.AED, 1, OWN, urgent=True),
    Standard(FacilityKind.NURSING_ROOM, 1, OWN),
    Standard(FacilityKind.WATER, 1, OWN),
    Standard(FacilityKind.LISTENING, 1, OWN),
)  # fmt: skip
"""Of each kind the row that began last holds."""


def standard_on(kind: FacilityKind, day: date, *, rows: Iterable[Standard] = STANDARDS) -> Standard | None:
    """What is wanted of a kind on a date of the city; None where nothing is."""
    return max((row for row in rows if row.kind == kind and row.holds(day)), key=lambda row: row.valid_from,
               default=None)  # fmt: skip


def is_urgent(kind: FacilityKind, day: date) -> bool:
    """Whether a fault of it has the shorter limit."""
    found = standard_on(kind, day)
    return bool(found and found.urgent)


def lacking(
    held: Mapping[FacilityKind, int], *, windows: int, on: date, rows: Iterable[Standard] = STANDARDS
) -> list[tuple[Standard, int]]:
    """What a hall lacks by its register: each standard that is not met, and how many are missing.

    >>> [(str(one.kind), short) for one, short in lacking({kind: 99 for kind in FacilityKind} | {FacilityKind.AED: 0},
    ...     windows=3, on=date(2026, 6, 1))]
    [('aed', 1)]
    """
    known = tuple(rows)
    found = []
    for kind in FacilityKind:
        standard = standard_on(kind, on, rows=known)
        short = _wanted(standard, windows) - held.get(kind, 0) if standard else 0
        if standard and short > 0:
            found.append((standard, short))
    return found


def _wanted(standard: Standard, windows: int) -> int:
    return standard.quantity * windows if standard.each_window else standard.quantity


def round_due(reference: datetime, minutes: int) -> datetime:
    """When a round must be done: so many minutes after its reference, before it where negative."""
    return reference + timedelta(minutes=minutes)
