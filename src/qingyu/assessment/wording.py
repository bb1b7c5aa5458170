"""The barometer in words: what each rate counts, and one sentence for each unit."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from qingyu.assessment.queries import Reading, UnitReading
from qingyu.rules.scoring import Certainty

Words = str | Promise


@dataclass(frozen=True)
class RateWords:
    """``name`` of a rate, what it ``counts``, and the date by which a case belongs to a period."""

    name: Words
    counts: Words
    date: Words


RATES: dict[str, RateWords] = {
    "response_rate": RateWords(
        lazy("Answered in time"),
        lazy("Of the cases whose time limit ended: those accepted, contacted and answered within their limits."),
        lazy("Counted on the day on which the limit ends."),
    ),
    "resolution_rate": RateWords(
        lazy("Solved"),
        lazy("Of the people called afterwards: those who say it is solved. Partly solved counts half."),
        lazy("Counted on the day of the last call about the case."),
    ),
    "satisfaction_rate": RateWords(
        lazy("Satisfied"),
        lazy("Of the people called afterwards: those who are at least basically satisfied."),
        lazy("Counted on the day of the last call about the case."),
    ),
}

KINDS: dict[str, Words] = {
    "district": lazy("Districts"),
    "street": lazy("Streets"),
    "community": lazy("Communities"),
    "department": lazy("Departments"),
    "centre": lazy("Service centre"),
}

WEATHER: dict[str, Words] = {
    "sun": lazy("Most people got help in time and are satisfied."),
    "partly": lazy("Mostly good, with some clouds."),
    "cloud": lazy("Mixed: too many wait or are not satisfied."),
    "rain": lazy("Many wait too long or are not satisfied."),
    "heavy": lazy("Most wait too long or are not satisfied."),
    "none": lazy("Too little has been counted to tell."),
}


def sentence(unit: UnitReading) -> str:
    """What stands behind the weather of a unit, in one line."""
    parts = [_part(reading) for reading in unit.readings.values() if reading.shown]
    if not parts:
        return _("Too few cases to show")
    return _(", ").join(parts)


def _part(reading: Reading) -> str:
    name = RATES[reading.code].name
    about = _("about ") if reading.certainty is Certainty.UNCERTAIN else ""
    return _("%(name)s %(about)s%(percent)s%%") % {"name": name, "about": about, "percent": f"{reading.percent:.0f}"}
