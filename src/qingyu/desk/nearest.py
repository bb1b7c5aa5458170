"""How full the halls are, for who looks for the nearest point: ``places.ports.Crowd`` by the queues of the halls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from qingyu.hall import board
from qingyu.hall import queries as hall
from qingyu.hall.facilities.queries import week_on
from qingyu.hall.models import Service
from qingyu.people import queries as people
from qingyu.places.atlas import atlas
from qingyu.places.ports import Queue
from qingyu.rules.coverage import Minutes

SECONDS = 10
"""So old may a figure be that people are shown; each figure says of when it is."""


@dataclass(frozen=True)
class Line:
    """How one service of a hall stands. ``item`` is the code of its service item, empty where nobody said."""

    item: str
    waiting: int
    low: int
    high: int


class Halls:
    """The queues of all halls, looked at once in ten seconds."""

    def queues(self, *, item: str, at: datetime) -> Mapping[str, Queue]:
        moment = at.replace(second=at.second - at.second % SECONDS, microsecond=0)
        found = {code: _of(lines, item) for code, lines in lines_of_halls(moment).items()}
        return {code: _queue(lines, moment) for code, lines in found.items() if lines}


def told_differently(*, on: date) -> list[str]:
    """Names of halls whose usual hours that day are others than those of their service point: people read both.

    A hall whose hours nobody has entered is left out. One statement for each hall that is a point.
    """
    halls, points = hall.halls(), [place for place in atlas().places.values() if place.hall]
    weeks = [(halls[place.hall], place.week_on(on)) for place in points if place.hall in halls]
    return [one.name for one, week in weeks if any(told := week_on(one, on)) and told != week]


def _of(lines: list[Line], item: str) -> list[Line]:
    """The lines for an item; all of them where the hall does not say which is for it."""
    return [one for one in lines if item and one.item == item] or lines


def _queue(lines: list[Line], at: datetime) -> Queue:
    low, high = min(one.low for one in lines), max(one.high for one in lines)
    return Queue(sum(one.waiting for one in lines), Minutes(low, high), at)


@people.remembered
def lines_of_halls(moment: datetime) -> dict[str, list[Line]]:
    """Services with an open window, by code of the hall; two statements and five a hall, once for each moment."""
    wanted: dict[tuple[int, str], str] = {
        (one["hall_id"], one["code"]): one["item"]
        for one in Service.objects.filter(active=True).values("hall_id", "code", "item")
    }
    return {code: _lines(found.pk, wanted, moment) for code, found in hall.halls().items()}


def _lines(pk: int, wanted: Mapping[tuple[int, str], str], at: datetime) -> list[Line]:
    state = board.state(hall.fetch, pk, at=at)
    return [
        Line(wanted.get((pk, one["code"]), ""), one["waiting"], one["wait"]["low"], one["wait"]["high"])
        for one in state["services"]
        if one["wait"]
    ]
