"""The manager's page: who waits, how long, which windows are open, and what to do about it."""

from __future__ import annotations

from datetime import UTC, datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qingyu.hall import queries
from qingyu.hall.models import Window
from qingyu.hall.views import taking
from qingyu.people.doors import staff_door

LONG = 30
"""Minutes after which a wait calls for another window."""


@staff_door("hall.manage")
@never_cache
@require_safe
def manager(request: HttpRequest, code: str) -> HttpResponse:
    """The hall now and today; ten statements at most."""
    hall, at = queries.hall(code), datetime.now(UTC)
    if not queries.may(request.viewer, "hall.manage", hall):  # type: ignore[attr-defined]
        raise PermissionDenied
    seen = queries.overview(hall, at=at)
    clerks = dict(Window.objects.filter(hall=hall, clerk__isnull=False).values_list("code", "clerk__name"))
    calls = {call["code"]: call["number"] for call in seen.state["calls"]}
    windows = [
        one | {"clerk": clerks.get(one["code"], ""), "number": calls.get(one["code"], "")}
        for one in seen.state["windows"]
    ]
    context = {"hall": hall, "seen": seen, "windows": windows, "advice": advice(seen), "events": taking.events_of(hall)}
    return render(request, "hall/manager.html", context)


def advice(seen: queries.Overview) -> list[str]:
    """What to do now, most urgent first; empty where all is well."""
    found = []
    for one in seen.state["services"]:
        names = {"name": one["name"], "n": one["waiting"]}
        if one["waiting"] and not one["windows"]:
            found.append(_("%(n)s wait for %(name)s and no window is open for it: open one.") % names)
        elif one["wait"] and one["waiting"] and one["wait"]["high"] >= LONG:
            found.append(_("%(name)s takes up to %(high)s minutes: open another window for it.")
                         % {"name": one["name"], "high": one["wait"]["high"]})  # fmt: skip
    if seen.seats and seen.state["waiting"] > seen.seats:
        over = seen.state["waiting"] - seen.seats
        found.append(ngettext("%(n)s person has no seat.", "%(n)s people have no seat.", over) % {"n": over})
    if not any(one["low"] and one["state"] == "open" for one in seen.state["windows"]) and seen.open:
        found.append(_("No low window is open: wheelchair users are called to any window."))
    return found
