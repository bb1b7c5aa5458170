"""Sentences by which the place of a hall says no, and the pictures of facilities and states."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingyu.hall.models import Facility, FacilityFault
from qingyu.rules.facilities import FacilityState, Trouble

Words = str | Promise
SENTENCES: dict[str, Words] = {
    "facility_denied": _("You may not look after this facility."),
    "facility_of_another_hall": _("This code belongs to a facility of another hall."),
    "kind_of_facility_unknown": _("There is no such kind of facility."),
    "person_of_centre": _("The centre handles no cases: name somebody of another unit."),
    "trouble_unknown": _("Say what is wrong by one of the buttons."),
    "state_unknown_here": _("Say in which state it is by one of the buttons."),
    "count_not_valid": _("Write how many there are, as a whole number."),
    "not_a_photo": _("This is not a photo. Take a picture and choose it, or go on without one."),
    "photo_too_large": _("This picture has too many points. Take it with a lower resolution, or go on without one."),
    "photo_without_fault": _("A photo is kept only with a fault: say what is wrong, or take the photo out."),
    "round_denied": _("You may not make the rounds of this hall."),
    "round_unknown": _("There is no such round."),
    "no_listening_window": _("At this window nothing is taken down for the listening desk."),
    "cause_unknown": _("Choose why it could not be done."),
}

ICONS = {
    Facility.Kind.SEATS: "users", Facility.Kind.STOOL: "user", Facility.Kind.LOW_COUNTER: "accessibility",
    Facility.Kind.RAMP: "accessibility", Facility.Kind.WHEELCHAIR: "accessibility",
    Facility.Kind.TOILET: "accessibility", Facility.Kind.HEARING_LOOP: "volume-2", Facility.Kind.GLASSES: "eye",
    Facility.Kind.AED: "heart", Facility.Kind.NURSING_ROOM: "heart", Facility.Kind.WATER: "circle-dot",
    Facility.Kind.CHARGER: "phone", Facility.Kind.PRINTER: "printer", Facility.Kind.KIOSK: "ticket",
    Facility.Kind.WRITING_DESK: "pencil", Facility.Kind.LISTENING: "message-square",
    Facility.Kind.OTHER: "circle-help",
}  # fmt: skip

# State -> colour, picture and word of its tag.
STATES: dict[str, tuple[str, str, Words]] = {
    FacilityState.IN_ORDER: ("good", "circle-check", pgettext_lazy("facility", "in order")),
    FacilityState.REPORTED: ("wait", "circle-alert", pgettext_lazy("facility", "reported")),
    FacilityState.MISSING: ("late", "circle-help", pgettext_lazy("facility", "missing")),
    FacilityState.BROKEN: ("late", "triangle-alert", pgettext_lazy("facility", "broken")),
    FacilityState.OUT_OF_USE: ("off", "ban", pgettext_lazy("facility", "out of use")),
}
TROUBLE_ICONS = {
    Trouble.MISSING: "circle-help",
    Trouble.BROKEN: "triangle-alert",
    Trouble.DIRTY: "trash-2",
    Trouble.OTHER: "circle-alert",
}
# What is told of a facility: a trouble somebody named, or the state somebody saw.
SAID: dict[str, Words] = {code: words for code, (_kind, _icon, words) in STATES.items()} | dict(
    FacilityFault.Trouble.choices
)


def troubles() -> list[dict[str, object]]:
    """The four buttons."""
    return [
        {"code": one.value, "name": one.label, "icon": TROUBLE_ICONS[Trouble(one)]} for one in FacilityFault.Trouble
    ]
