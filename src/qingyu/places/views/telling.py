"""Figures and codes in words, for pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from qingyu.people import queries as people
from qingyu.places.atlas import Place
from qingyu.places.models import Point
from qingyu.places.queries import Standing
from qingyu.places.wording import DIRECTIONS, FEATURE_ICONS, KIND_ICONS
from qingyu.rules.hours import MIDNIGHT, Hours

Words = str | Promise


def kind(place: Place) -> tuple[Words, str]:
    """The kind and its icon."""
    return Point.Kind(place.kind).label, KIND_ICONS[Point.Kind(place.kind)]


def features(codes: Iterable[str]) -> list[tuple[Words, str]]:
    """Accessible features with their icons, in the order of the list."""
    known = set(codes)
    return [(one.label, FEATURE_ICONS[one]) for one in Point.Feature if one.value in known]


def metres(away: float) -> str:
    """A distance as people say it: to ten metres, from a kilometre on to a hundred."""
    if away < 995:
        return _("%(n)s m") % {"n": max(10, round(away / 10) * 10)}
    return _("%(n)s km") % {"n": f"{away / 1000:.1f}"}


def direction(eighth: int) -> str:
    return str(DIRECTIONS[eighth])


def unit(pk: int) -> str:
    found = people.units().get(pk)
    return found.name if found else ""


def hours(spans: Hours) -> str:
    """``09:00–12:00，13:30–17:00``; empty where it is closed."""
    return "，".join(f"{clock(opens)}–{'24:00' if closes == MIDNIGHT else clock(closes)}" for opens, closes in spans)


def clock(at: time) -> str:
    return f"{at:%H:%M}"


def week(standing: Standing) -> list[tuple[object, str, bool]]:
    """The coming seven days: day, hours in words, whether a closing takes something out."""
    return [(day, hours(spans), cut) for day, spans, cut in standing.week]
