"""The guide at the door: gives out tickets with a need noted, and brings back those who come late."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from qingyu.cases import actors
from qingyu.cases.wording import sentence
from qingyu.hall import appointments, operations, queries
from qingyu.hall.models import Hall, Ticket, Window
from qingyu.hall.views import taking
from qingyu.people import queries as people
from qingyu.people.doors import staff_door
from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotAllowed, NotValid


@staff_door("hall.ticket", "hall.window", "hall.manage")
@never_cache
@require_safe
def halls(request: HttpRequest) -> HttpResponse:
    """The halls and windows where this person works."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    windows = Window.objects.select_related("hall", "clerk").order_by("hall_id", "order", "id")
    rows: list[dict[str, Any]] = [
        {
            "hall": hall,
            "windows": [one for one in windows if one.hall_id == hall.pk and queries.may_work(viewer, one)],
            "guide": queries.may(viewer, "hall.ticket", hall),
            "manager": queries.may(viewer, "hall.manage", hall),
        }
        for hall in queries.halls().values()
    ]
    shown = [row for row in rows if row["windows"] or row["guide"] or row["manager"]]
    for row in shown:
        row["mine"] = [one for one in row["windows"] if one.clerk_id == viewer.staff_id]
    return render(request, "hall/halls.html", {"rows": shown})


@staff_door("hall.ticket")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """One form: service and needs; what was given out stands above it."""
    hall, viewer = queries.hall(code), request.viewer  # type: ignore[attr-defined]
    if not queries.may(viewer, "hall.ticket", hall):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, hall, {})
    if "number" in request.POST:
        return _bring_back(request, hall)
    if "appointment" in request.POST:
        return _check_in(request, hall, viewer)
    try:
        service = queries.service_of(hall, request.POST.get("service", ""))
        ticket, outlook = taking.take(
            request, service, caller=f"staff:{viewer.staff_id}", by=actors.staff(viewer), source="guide",
            at=datetime.now(UTC),
        )  # fmt: skip
    except NotValid as refusal:
        error = _("Choose what the person came for.") if refusal.code == "service_unknown" else sentence(refusal)
        return _page(request, hall, {"error": error}, status=422)
    return _given(request, hall, ticket, outlook)


def _given(request: HttpRequest, hall: Hall, ticket: Ticket, outlook: queries.Outlook) -> HttpResponse:
    shown = {"ticket": ticket, "wait": outlook.minutes, "outlook": outlook, "given": taking.words_of(ticket.need_set)}
    return _page(request, hall, shown | {"qr": taking.picture(taking.address(ticket))}, status=201)


def _check_in(request: HttpRequest, hall: Hall, viewer: Viewer) -> HttpResponse:
    by, said = actors.staff(viewer), request.POST["appointment"]
    try:
        ticket = taking.arrive(hall, said, by=by, source="guide", at=datetime.now(UTC))
    except (NotAllowed, NotValid) as refusal:
        return _page(request, hall, {"arrival_error": sentence(refusal)}, status=422)
    return _given(request, hall, ticket, queries.outlook(ticket))


def _bring_back(request: HttpRequest, hall: Hall) -> HttpResponse:
    number = request.POST["number"].strip().upper()[:8]
    of_hall = Ticket.objects.select_related("hall").filter(hall=hall, number=number)
    ticket = of_hall.filter(day=hall.day).first() if hall.day else None
    if ticket is None:
        return _page(request, hall, {"late_error": _("There is no such number today.")}, status=422)
    by = actors.staff(request.viewer)  # type: ignore[attr-defined]
    try:
        operations.bring_back(ticket, by=by, at=datetime.now(UTC))
    except NotAllowed as refusal:
        return _page(request, hall, {"late_error": sentence(refusal)}, status=409)
    messages.success(request, _("Number %(number)s waits again, behind the next three.") % {"number": number})
    return redirect("hall_guide", hall.code)


def _page(request: HttpRequest, hall: Hall, more: dict[str, Any], *, status: int = 200) -> HttpResponse:
    context = {
        "hall": hall, "state": queries.state(hall, at=datetime.now(UTC)), "needs": taking.need_choices(),
        "key": taking.new_key(), "events": taking.events_of(hall),
        "chosen": request.POST.getlist("need") if status == 422 else [],
        "appointments": appointments.terms(hall, on=people.city_day(datetime.now(UTC))) is not None,
    }  # fmt: skip
    return render(request, "hall/guide.html", context | more, status=status)
