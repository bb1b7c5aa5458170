"""The register for staff: what is out of order and what to do about it, one facility with its history, QR sheets."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from qingyu.cases import actors
from qingyu.cases.idempotency import Call, once
from qingyu.cases.ports import sender_of
from qingyu.cases.wording import sentence
from qingyu.hall.facilities import photos, queries, words
from qingyu.hall.models import Facility, Hall
from qingyu.hall.operations import facilities
from qingyu.hall.operations.facilities import Seen
from qingyu.hall.queries import NoSuchHall, hall, may
from qingyu.hall.views import taking
from qingyu.people import queries as people
from qingyu.people.doors import staff_door
from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid, Refusal

STAFF = ("hall.manage", "hall.ticket", "hall.window", "case.handle")


def _keeps(viewer: Viewer, found: Hall, listed: list[Facility]) -> bool:
    """Whether this person has any business with the register of the hall."""
    if any(may(viewer, code, found) for code in ("hall.manage", "hall.ticket", "hall.window")):
        return True
    return any(queries.may_keep(viewer, one) for one in listed)


@staff_door(*STAFF)
@never_cache
@require_safe
def register(request: HttpRequest, code: str) -> HttpResponse:
    """All facilities by place, what is out of order first; eight statements at most."""
    found, viewer, at = hall(code), request.viewer, datetime.now(UTC)  # type: ignore[attr-defined]
    listed, day = queries.facilities_of(found), people.city_day(at)
    if not _keeps(viewer, found, listed):
        raise PermissionDenied
    context = {
        "hall": found, "facilities": listed, "wrong": queries.out_of_order(listed), "at": at,
        "rounds": queries.rounds_on(found, day), "short": queries.short_of(found, listed, on=day),
        "kinds": dict(Facility.Kind.choices), "may_round": queries.may_go_round(viewer, found),
    }  # fmt: skip
    return render(request, "hall/facilities.html", context)


@staff_door("hall.manage")
@never_cache
@require_safe
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """A QR code for each facility, to be printed and put up."""
    found = hall(code)
    if not may(request.viewer, "hall.manage", found):  # type: ignore[attr-defined]
        raise PermissionDenied
    codes = [{"facility": one, "qr": taking.picture(_address(one))} for one in queries.facilities_of(found)]
    return render(request, "hall/facility_codes.html", {"hall": found, "codes": codes})


def _address(found: Facility) -> str:
    return f"{settings.PUBLIC_URL}{reverse('fault', args=[found.code])}"


@staff_door(*STAFF)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def facility(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """One facility: how it stands, who sees to it until when, what may be done, what happened."""
    found = queries.facility(name)
    if found.hall.code != code:
        raise NoSuchHall(name)
    if not queries.may_keep(request.viewer, found):  # type: ignore[attr-defined]
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, found)
    try:
        _act(request, found)
    except (NotAllowed, NotValid, NotPermitted) as refusal:
        return _page(request, queries.facility(name), refusal)
    messages.success(request, _("Noted: %(facility)s.") % {"facility": found})
    return redirect("facility", code, name)


def _act(request: HttpRequest, found: Facility) -> None:
    """One of the buttons, once for its key."""
    at, by, given = datetime.now(UTC), actors.staff(request.viewer), request.POST  # type: ignore[attr-defined]
    photo = photos.hold(request.FILES.get("photo"), sender=sender_of()(request))
    seen, do = Seen(photo=photo, note=given.get("note", "")[: facilities.LONGEST_NOTE]), given.get("do", "")

    def act() -> tuple[int, str]:
        if do == "in_order":
            facilities.put_in_order(found, by=by, at=at, seen=seen)
        elif do == "out_of_use":
            facilities.take_out_of_use(found, note=seen.note, by=by, at=at)
        else:
            facilities.report(found, trouble=do, by=by, at=at, seen=seen)
        return 303, ""

    call = Call(f"staff:{by.staff_id}", f"facility:{found.code}"[:120], given.get("key", "")[:64],
                f"{do}:{seen.note}".encode())  # fmt: skip
    once(call, act, at=at)


def _page(request: HttpRequest, found: Facility, refusal: Refusal | None = None) -> HttpResponse:
    at = datetime.now(UTC)
    context: dict[str, Any] = {
        "facility": found, "hall": found.hall, "due": queries.due_of(found), "at": at, "key": taking.new_key(),
        "person": queries.in_charge(found, on=people.city_day(at)), "troubles": words.troubles(),
        "history": queries.history(found), "accept": photos.ACCEPT,
        "error": sentence(refusal) if refusal else "", "note": request.POST.get("note", "") if refusal else "",
    }  # fmt: skip
    return render(request, "hall/facility.html", context, status=_status(refusal))


def _status(refusal: Refusal | None) -> int:
    if refusal is None:
        return 200
    return 422 if isinstance(refusal, NotValid) else 403 if isinstance(refusal, NotPermitted) else 409
