"""The weather of halls and of their windows, read from daily counts alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from qingyu.assessment import counting, sides
from qingyu.assessment.figures import Figures, Sheet
from qingyu.assessment.folding import Measure
from qingyu.assessment.folding.counted import window as subject_of
from qingyu.assessment.indicators import OF_HALLS
from qingyu.assessment.sides import Beside, SideReading
from qingyu.hall import queries as hall
from qingyu.hall.models import Window
from qingyu.rules import scoring

SIDE = "hall"
BESIDE = ("assisted", "proxy", "praise")
WITHOUT_WEIGHT = tuple(code for code in OF_HALLS if code not in scoring.HALL.shares)


@dataclass(frozen=True)
class PlaceReading:
    """A hall with all its windows, or one window. ``visits``: cases that ended there; None where that is too few."""

    hall: str
    window: str
    name: str
    score: SideReading
    visits: int | None
    beside: Beside


@dataclass(frozen=True)
class HallReading:
    """A hall, then its windows that have a figure, in their order; ``silent`` are those that have none."""

    whole: PlaceReading
    windows: list[PlaceReading]
    silent: list[str]


@dataclass(frozen=True)
class _Place:
    subject: str
    hall: str
    window: str
    name: str


def halls(*, start: date, end: date) -> list[HallReading]:
    """Every hall by its name, between two city days, both included. Three statements at most."""
    known, counts = _known(), counting.visits(start, end, "hall")
    for subject in counts:
        if subject not in known:
            known |= _gone(subject)
    sheet = Sheet(counts, {place.subject: _above(place) for place in known.values()})
    by_hall: dict[str, list[_Place]] = {}
    for place in known.values():
        by_hall.setdefault(place.hall, []).append(place)
    return [_hall(sheet, places) for places in by_hall.values()]


def _above(place: _Place) -> str | None:
    return subject_of(place.hall, "") if place.window else None


def _known() -> dict[str, _Place]:
    """All halls in use with their windows, in order."""
    names = {one.pk: one for one in sorted(hall.halls().values(), key=lambda one: one.name)}
    found = [_Place(subject_of(one.code, ""), one.code, "", one.name) for one in names.values()]
    windows = Window.objects.filter(hall_id__in=names).order_by("order", "code").values_list("hall_id", "code", "label")
    for at, code, label in windows:
        place = names[at].code
        found.append(_Place(subject_of(place, code), place, code, label))
    return {place.subject: place for place in found}


def _gone(subject: str) -> dict[str, _Place]:
    """What was counted for a hall or window that is there no more goes by its code."""
    place, _, window = subject.partition(":")[2].partition("/")
    found = [_Place(subject_of(place, ""), place, "", place), _Place(subject, place, window, window)]
    return {one.subject: one for one in found if one.window or one.subject == subject}


def _hall(sheet: Sheet[str], places: list[_Place]) -> HallReading:
    top = next((place for place in places if not place.window), None) or _Place("", places[0].hall, "", places[0].hall)
    whole = _place(top, sheet.whole(top.subject, [place.subject for place in places]))
    windows = [place for place in places if place.window]
    told = [_place(place, sheet.own(place.subject)) for place in windows if _came(sheet, place)]
    return HallReading(whole, told, [place.name for place in windows if not _came(sheet, place)])


def _came(sheet: Sheet[str], place: _Place) -> bool:
    counts: Mapping[str, int] = sheet.counts.get(place.subject, {})
    return any(counts.values())


def _place(place: _Place, found: Figures[str]) -> PlaceReading:
    score = sides.weighed(SIDE, found, scoring.HALL, WITHOUT_WEIGHT)
    told = _only(sides.beside(found), BESIDE)
    return PlaceReading(place.hall, place.window, place.name, score, found.count((Measure.CLOSED.value,)), told)


def _only(beside: Beside, codes: Iterable[str]) -> Beside:
    return {code: beside[code] for code in codes}
