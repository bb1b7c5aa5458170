"""Entering a letter: one page, sent once however often the button is pressed."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from qingyu.cases import actors, policy, wording
from qingyu.cases.citizen import uploads
from qingyu.cases.idempotency import Call, once
from qingyu.cases.operations import Opened
from qingyu.cases.staff import doing
from qingyu.desk.letters import entering
from qingyu.desk.letters.forms import LetterForm
from qingyu.people.doors import staff_door
from qingyu.people.queries import city_day
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid

BEHIND_FIELDS = {"contact": "phone"}


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest) -> HttpResponseBase:
    """Sets the bound on uploads before anything reads the body; the form checks the token all the same."""
    uploads.limit(request)
    return _letter(request)


@csrf_protect
@staff_door("case.file")
def _letter(request: HttpRequest) -> HttpResponse:
    at = datetime.now(UTC)
    if request.method != "POST":
        return _page(request, LetterForm(initial={"key": uuid.uuid4().hex, "received": city_day(at)}))
    form = LetterForm(request.POST, request.FILES)
    uploads.sent_by(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        told = _entered(request, form, at)
    except (NotValid, NotAllowed, NotPermitted) as refusal:
        field = BEHIND_FIELDS.get(getattr(refusal, "field", ""), getattr(refusal, "field", ""))
        form.add_error(field if field in form.fields else None, wording.sentence(refusal))
        return _page(request, form, status=422)
    return render(request, "desk/letter_entered.html", json.loads(told), status=201)


letter.permission = _letter.permission  # type: ignore[attr-defined]


def _entered(request: HttpRequest, form: LetterForm, at: datetime) -> str:
    by = actors.staff(request.viewer)  # type: ignore[attr-defined]

    def act() -> tuple[int, str]:
        return 201, json.dumps(_told(request, entering.enter(form.letter(), by=by, at=at)))

    call = Call(f"staff:{by.staff_id}", "letter", form.cleaned_data["key"], doing.body(form.data))
    return once(call, act, at=at)[1]


def _told(request: HttpRequest, opened: Opened) -> dict[str, object]:
    can_open = policy.may_read(request.viewer, opened.case)  # type: ignore[attr-defined]
    return {
        "number": opened.case.number, "code": opened.query_code, "can_open": can_open, "type": opened.case.type,
        "passed_on": opened.case.state == "closed",
    }  # fmt: skip


def _page(request: HttpRequest, form: LetterForm, *, status: int = 200) -> HttpResponse:
    photos = form.photos() if hasattr(form, "cleaned_data") else form.kept
    return render(request, "desk/letter.html", {"form": form, "photos": photos}, status=status)
