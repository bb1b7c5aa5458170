"""The manager's page: who waits, how long, which windows are open, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    known = list(Window.objects.filter(hall=hall).select_related("clerk").prefetch_related("services"))
    clerks = {one.code: one.clerk.name for one in known if one.clerk}
    calls = {call["code"]: call["number"] for call in seen.state["calls"]}
    windows = [
        one | {"clerk": clerks.get(one["code"], ""), "number": calls.get(one["code"], "")}
        for one in seen.state["windows"]
    ]
    context = {"hall": hall, "seen": seen, "windows": windows, "events": taking.events_of(hall)}
    context["advice"] = advice(seen, idle_for(known))
    return render(request, "hall/manager.html", context)


def idle_for(windows: Iterable[Window]) -> dict[str, list[str]]:
    """The windows that are not open, by the code of each service that they could do."""
    found: dict[str, list[str]] = {}
    for window in windows:
        for service in window.services.all() if window.state != Window.State.OPEN else ():
            found.setdefault(service.code, []).append(window.label)
    return found


def _which(labels: list[str]) -> str:
    """Which windows may be opened; all that can do it may be open already."""
    if not labels:
        return " " + _("All windows that can do it are open.")
    return " " + _("Could be opened: %(windows)s.") % {"windows": _(", ").join(labels)}


def advice(seen: queries.Overview, idle: Mapping[str, list[str]]) -> list[str]:
    """What to do now, most urgent first; empty where all is well. ``idle`` as of ``idle_for``."""
    found = []
    for one in seen.state["services"]:
        names = {"name": one["name"], "n": one["waiting"]}
        if one["waiting"] and not one["windows"]:
            found.append(
                _("%(n)s wait for %(name)s and no window is open for it: open one.") % names
                + _which(idle.get(one["code"], []))
            )
        elif one["wait"] and one["waiting"] and one["wait"]["high"] >= LONG:
            found.append(_("%(name)s takes up to %(high)s minutes: open another window for it.")
                         % {"name": one["name"], "high": one["wait"]["high"]}
                         + _which(idle.get(one["code"], [])))  # fmt: skip
    if seen.seats and seen.state["waiting"] > seen.seats:
        over = seen.state["waiting"] - seen.seats
        found.append(ngettext("%(n)s person has no seat.", "%(n)s people have no seat.", over) % {"n": over})
    if not any(one["low"] and one["state"] == "open" for one in seen.state["windows"]) and seen.open:
        found.append(_("No low window is open: wheelchair users are called to any window."))
    return found
