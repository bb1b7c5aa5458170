"""Parts that pages of a hall put in: the state of a facility, what is out of order, what the hall keeps ready."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from qingyu.hall.facilities import words
from qingyu.hall.facilities.listening import is_listening
from qingyu.hall.models import Facility, Hall, OpeningHours, Window
from qingyu.hall.views import parts
from qingyu.people.parts import filled, icon, tag

register = template.Library()


@register.simple_tag
def facility_state(state: str) -> SafeString:
    """The state of a facility: picture, word and colour."""
    return tag(*words.STATES[state])


@register.simple_tag
def facility_icon(kind: str) -> SafeString:
    """The picture of a kind."""
    return icon(words.ICONS.get(Facility.Kind(kind), "circle-help"))


@register.filter
def said(code: str) -> Any:
    """What was told of a facility, in words."""
    return words.SAID.get(code, code)


@register.inclusion_tag("hall/facilities_public.html")
def hall_facilities(hall: Hall, hours: list[OpeningHours]) -> dict[str, Any]:
    """Opening hours and what the hall keeps ready, for everybody."""
    return parts.for_everybody(hall, hours)


@register.inclusion_tag("hall/facility_alarms.html")
def facility_alarms(hall: Hall) -> dict[str, Any]:
    """What is not in order, for who runs the hall."""
    return parts.alarms(hall)


@register.simple_tag
def listening_link(window: Window) -> SafeString:
    """The way to the form of a listening window; nothing at another. One statement."""
    if not is_listening(window):
        return SafeString("")
    address = reverse("listening_window", args=[window.hall.code, window.code])
    label = gettext("Take down what could not be done")
    return filled('<p><a class="btn" href="{}">{}{}</a></p>', address, icon("message-square"), label)


@register.inclusion_tag("hall/place_links.html", takes_context=True)
def place_links(context: Context, hall: Hall) -> dict[str, Any]:
    """The ways to rounds, register and listening desk that this person may go."""
    return parts.ways(hall, context["request"].viewer)
