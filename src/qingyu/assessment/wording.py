"""The barometer in words: what each rate counts, and one sentence for each unit."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

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
        _("Answered in time"),
        _(
            "Of the cases whose time limit ended: those accepted, contacted and answered within their limits. If the "
            "person called afterwards says that nobody got in touch, the case does not count as contacted."
        ),
        _("Counted on the day on which the limit ends."),
    ),
    "resolution_rate": RateWords(
        _("Solved"),
        _("Of the people called afterwards: those who say it is solved. Partly solved counts half."),
        _("Counted on the day of the last call about the case."),
    ),
    "satisfaction_rate": RateWords(
        _("Satisfied"),
        _("Of the people called afterwards: those who are at least basically satisfied."),
        _("Counted on the day of the last call about the case."),
    ),
}

KINDS: dict[str, Words] = {
    "city": _("City level"),
    "district": _("Districts"),
    "street": _("Streets"),
    "community": _("Communities"),
    "department": _("Departments"),
    "centre": _("Service centre"),
}

SCOPES: dict[str, Words] = {"own": _("Own cases only"), "with_below": _("With all units below")}

WEATHER: dict[str, Words] = {
    "sun": _("Most people got help in time and are satisfied."),
    "partly": _("Mostly good, with some clouds."),
    "cloud": _("Mixed: too many wait or are not satisfied."),
    "rain": _("Many wait too long or are not satisfied."),
    "heavy": _("Most wait too long or are not satisfied."),
    "none": _("Too little has been counted to tell."),
}


def whose(unit: UnitReading) -> Words:
    """The name of a unit, with whose cases are meant where there are units below it."""
    head = unit.head
    if not head.below:
        return head.name
    name = head.name or gettext("Everything")
    return gettext("%(name)s (%(scope)s)") % {"name": name, "scope": SCOPES[head.scope]}


def missing(reading: Reading) -> Words:
    """Why a rate has no figure."""
    return gettext("Not shown") if reading.certainty is Certainty.SUPPRESSED else gettext("Nothing counted")


def sentence(unit: UnitReading) -> str:
    """What stands behind the weather of a unit, in one line."""
    parts = [_part(reading) for reading in unit.readings.values() if reading.shown]
    if unit.points is None or not parts:
        return gettext("Not shown: too few cases")
    return gettext(", ").join(parts)


def _part(reading: Reading) -> str:
    words = {"name": RATES[reading.code].name, "percent": f"{reading.percent:.0f}"}
    if reading.certainty is Certainty.UNCERTAIN:
        return gettext("%(name)s about %(percent)s%%") % words
    return gettext("%(name)s %(percent)s%%") % words
