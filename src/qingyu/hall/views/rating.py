"""The tablet at a window on which the person who was just served rates it with one tap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.contrib.auth import logout
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qingyu.cases.citizen import rating
from qingyu.cases.citizen.forms import LEVELS
from qingyu.cases.wording import sentence
from qingyu.hall import queries
from qingyu.hall.models import Ticket, Window
from qingyu.hall.views import taking
from qingyu.people.doors import open_door, staff_door
from qingyu.rules.rating import Channel
from qingyu.rules.refusals import NotAllowed, Refusal

COOKIE, SALT = "qingyu-device", "qingyu.window-device"
KEPT = timedelta(days=365)
ASKED_FOR = timedelta(minutes=5)
"""How long after the end of a service its person is asked: whoever comes next must not rate it."""


@staff_door("hall.manage")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def device(request: HttpRequest, code: str, n: str) -> HttpResponse:
    """Makes this device the tablet of the window; posted: signs the member of staff out of it and shows the page.

    For whoever runs the hall: a clerk who made a telephone of their own the tablet would rate all their visits.
    """
    window = queries.window(queries.hall(code), n)
    if not queries.may(request.viewer, "hall.manage", window.hall):  # type: ignore[attr-defined]
        raise PermissionDenied
    if request.method != "POST":
        return render(request, "hall/device.html", {"hall": window.hall, "window": window})
    logout(request)
    response = redirect("hall_rate", code, n)
    response.set_cookie(
        COOKIE, signing.dumps(window.pk, salt=SALT), max_age=KEPT, httponly=True, samesite="Lax",
        secure=request.is_secure(), path=response["Location"],
    )  # fmt: skip
    return response


@open_door
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, code: str, n: str) -> HttpResponse:
    """Five faces for whoever was just served here; nothing to rate: a calm page that waits. No names, no case."""
    window = queries.window(queries.hall(code), n)
    if request.user.is_authenticated:
        return render(request, "cases/citizen/rate_staff.html", status=403)
    if not _is_device(request, window):
        return render(request, "hall/no_device.html", {"hall": window.hall, "window": window}, status=403)
    at = datetime.now(UTC)
    ticket = _to_rate(window, at)
    if request.method == "POST":
        return _rated(request, window, ticket, at)
    return _page(request, window, ticket)


def _is_device(request: HttpRequest, window: Window) -> bool:
    try:
        return bool(signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT) == window.pk)
    except signing.BadSignature:
        return False


def _to_rate(window: Window, at: datetime) -> Ticket | None:
    """The last person served here, if that is not long ago and nobody stands there by now."""
    day = window.hall.day
    if day is None or queries.at_window(window):
        return None
    done = Ticket.objects.filter(hall=window.hall_id, day=day, window=window, state=Ticket.State.FINISHED)
    last = done.select_related("case", "service").order_by("-finished_at").first()
    if last is None or last.case is None or last.finished_at is None or last.finished_at < at - ASKED_FOR:
        return None
    try:
        rating.question(last.case)
    except NotAllowed:
        return None
    return last


def _rated(request: HttpRequest, window: Window, ticket: Ticket | None, at: datetime) -> HttpResponse:
    if ticket is None or request.POST.get("ticket") not in (ticket.mark, ticket.ticket):
        return redirect("hall_rate", window.hall.code, window.code)  # rated, or too late: the page says what holds
    assert ticket.case is not None
    try:
        rating.rate(
            ticket.case, level=request.POST.get("level", ""), text="", channel=Channel.HALL_TABLET, at=at,
            asked=rating.question(ticket.case),
        )  # fmt: skip
    except Refusal as refusal:
        return _page(request, window, ticket, error=sentence(refusal), status=422)
    return render(request, "hall/rated.html", {"hall": window.hall, "window": window})


def _page(
    request: HttpRequest, window: Window, ticket: Ticket | None, *, error: str = "", status: int = 200
) -> HttpResponse:
    levels = [(code, words, icon) for code, (words, icon) in LEVELS.items()]
    context = {
        "hall": window.hall, "window": window, "ticket": ticket, "levels": levels, "error": error,
        "events": taking.events_of(window.hall),
    }  # fmt: skip
    return render(request, "hall/rate.html", context, status=status)
