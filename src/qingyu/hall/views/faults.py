"""What anybody does at the QR code of a facility: press one button. No account, no typing, no script."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from qingyu.cases.actors import CITIZEN
from qingyu.cases.citizen import uploads
from qingyu.cases.idempotency import Call, once
from qingyu.cases.ports import sender_of
from qingyu.cases.wording import sentence
from qingyu.hall.facilities import photos, queries, words
from qingyu.hall.models import Facility
from qingyu.hall.operations import facilities
from qingyu.hall.operations.facilities import Seen
from qingyu.hall.views import taking
from qingyu.people.doors import open_door
from qingyu.rules.refusals import NotValid


@open_door
@csrf_exempt  # whoever stands there has no account and no cookie to abuse; a page left open must still work
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def fault(request: HttpRequest, code: str) -> HttpResponse:
    """Four big buttons; posted: thanks, who sees to it, and by when. Five statements to look."""
    if request.method != "POST":
        return _ask(request, queries.facility(code))
    uploads.limit(request)
    found = queries.facility(code)
    try:
        return _thank(request, _once(request, found))
    except NotValid as refusal:
        return _ask(request, queries.facility(code), refusal)


def _once(request: HttpRequest, found: Facility) -> dict[str, Any]:
    """What the report came to; the same form again is the same report."""
    at, given = datetime.now(UTC), request.POST
    photo = photos.hold(request.FILES.get("photo"), sender=sender_of()(request))

    def act() -> tuple[int, str]:
        done = facilities.report(
            found, trouble=given.get("trouble", ""), by=CITIZEN, at=at, phone=given.get("phone", "")[:40],
            language=get_language() or "", seen=Seen(photo=photo),
        )  # fmt: skip
        return 201, json.dumps({"facility": found.code, "joined": done.joined, "code": done.query_code})

    body = f"{given.get('trouble', '')}:{given.get('phone', '')}".encode()
    call = Call("anyone", f"fault:{found.code}"[:120], given.get("key", "")[:64], body)
    answer: dict[str, Any] = json.loads(once(call, act, at=at)[1])
    return answer


def _thank(request: HttpRequest, done: dict[str, Any]) -> HttpResponse:
    found = queries.facility(done["facility"])
    case = found.fault.case if found.fault else None
    track = ""
    if case and done["code"]:
        track = f"{reverse('track')}?{urlencode({'number': case.number, 'code': done['code']})}"
    context = _about(found) | {"joined": done["joined"], "track": track, "number": case.number if case else ""}
    response = render(request, "hall/fault_done.html", context, status=201)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _ask(request: HttpRequest, found: Facility, refusal: NotValid | None = None) -> HttpResponse:
    context = _about(found) | {
        "troubles": words.troubles(), "accept": photos.ACCEPT, "key": taking.new_key(),
        "pressed": request.POST.get("trouble", ""), "phone": request.POST.get("phone", ""),
        "error": sentence(refusal) if refusal else "", "field": refusal.field if refusal else "",
    }  # fmt: skip
    status = 422 if refusal else 200
    return render(request, "hall/fault.html", context, status=status)


def _about(found: Facility) -> dict[str, Any]:
    return {"facility": found, "hall": found.hall, "due": queries.due_of(found), "help_phone": settings.HELP_PHONE}
