"""The barometer in words: what each rate counts, and one sentence for each unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from qingyu.assessment.queries import Reading, UnitReading
from qingyu.assessment.sides import SideReading
from qingyu.rules.scoring import LONGER, Certainty

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

_DUE, _ASKED = (
    _("Counted on the day on which the limit ends."),
    _("Counted on the day of the last call about the case."),
)
_ENDED = _("Counted on the day on which the case ended.")

INDICATORS: dict[str, RateWords] = {
    **RATES,
    "settled_at_once": RateWords(
        _("Settled at first contact"),
        _("Of the cases that the unit itself received: those settled on the phone or at the window at once."),
        _ENDED,
    ),
    "not_passed_on": RateWords(
        _("Not passed on"),
        _("Of the cases that ended: those which the unit did not try to pass on to another without grounds."),
        _ENDED,
    ),
    "done_once": RateWords(
        _("Done in one go"), _("Of the cases that ended: those which did not have to be done again."), _ENDED
    ),
    "person_in_time": RateWords(
        _("Without a screen, in time"),
        _(
            "Of the cases brought by phone, at a window, by letter or in person, or filed for somebody: those answered "
            "in time."
        ),
        _DUE,
    ),
    "heard": RateWords(
        _("People who were heard"),
        _("Of the cases that ended: those whose person rated them or answered the call."),
        _ENDED,
    ),
    "person_content": RateWords(
        _("Without a screen, satisfied"),
        _(
            "Of the people who came by phone, to a window, by letter or in person, or had somebody file for them: "
            "those at least basically satisfied."
        ),
        _ASKED,
    ),
    "signed_in_time": RateWords(
        _("Accepted in time"), _("Of the cases whose time limit ended: those which the unit accepted in time."), _DUE
    ),
    "answered_in_time": RateWords(
        _("Answer in time"), _("Of the cases whose time limit ended: those answered within it."), _DUE
    ),
    "short_wait": RateWords(
        _("Waited at most 10 minutes"),
        _("Of the people called to a window: those who had waited 10 minutes or less."),
        _ENDED,
    ),
    "bearable_wait": RateWords(
        _("Waited at most 30 minutes"),
        _("Of the people called to a window: those who had waited 30 minutes or less."),
        _ENDED,
    ),
    "good_ratings": RateWords(
        _("Good ratings"),
        _(
            "Of what people rated, the outcome of each case and each service about it once: those with which they were "
            "at least basically satisfied."
        ),
        _("Counted on the day of the last rating."),
    ),
    "unpushed": RateWords(
        _("Moved without a push"), _("Of the cases that ended: those that nobody had to urge or press."), _ENDED
    ),
    "mended": RateWords(
        _("Bad ratings put right"),
        _("Of the bad ratings of an outcome: those after which the last word of the person is no longer bad."),
        _("Counted on the day of the bad rating."),
    ),
    "contact_confirmed": RateWords(
        _("Contact not denied"),
        _("Of the people called afterwards: those who do not say that nobody got in touch."),
        _ASKED,
    ),
}
"""Every indicator, the three rates first."""

SIDES: dict[str, Words] = {
    "convenience": _("Convenience"),
    "breadth": _("Breadth"),
    "timeliness": _("Timeliness"),
    "warmth": _("Warmth"),
}

BESIDE: dict[str, Words] = {
    "assisted": _("filed with help"),
    "proxy": _("filed by a proxy"),
    "praise": _("praise"),
    "silent": _("owners who stayed silent"),
}

PARTS: dict[str, Words] = {"all": _("All counted"), "yes": _("Count as good"), "no": _("Do not count as good")}
COUNTS: dict[str, Words] = {"yes": _("Yes"), "half": _("Half"), "no": _("No")}

WAYS: dict[str, Words] = {"online": _("Online"), "window": _("At a window")}

_UNITS: dict[str, Any] = {
    "m": lambda n: ngettext("%(n)s minute", "%(n)s minutes", n),
    "h": lambda n: ngettext("%(n)s hour", "%(n)s hours", n),
    "d": lambda n: ngettext("%(n)s day", "%(n)s days", n),
}


def step(code: str | None) -> str:
    """A step of time in words."""
    if not code:
        return ""
    if code == LONGER:
        return gettext("more than 90 days")
    number = int(code[:-1])
    return str(_UNITS[code[-1]](number) % {"n": number})


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


WEAKEST = 2


def side_sentence(side: SideReading) -> str:
    """What is weakest in a side, or in a hall, in one line."""
    told = sorted((one for one in side.readings.values() if one.percent is not None), key=lambda one: one.percent or 0)
    if side.points is None or not told:
        return gettext("Too little has been counted to tell.")
    return gettext("Weakest: %(rates)s") % {"rates": gettext(", ").join(map(_part, told[:WEAKEST]))}


def _part(reading: Reading) -> str:
    words = {"name": INDICATORS[reading.code].name, "percent": f"{reading.percent:.0f}"}
    if reading.certainty is Certainty.UNCERTAIN:
        return gettext("%(name)s about %(percent)s%%") % words
    return gettext("%(name)s %(percent)s%%") % words
