"""What an agent does in a call: typing is kept, then it is filed or answered, rung back, wrapped up."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qingyu.cases.idempotency import Call as Once
from qingyu.cases.idempotency import once
from qingyu.cases.staff import doing
from qingyu.cases.wording import sentence
from qingyu.hotline import forms, operations
from qingyu.hotline.models import Call
from qingyu.hotline.views.desk import ANSWER, call_or_404, others_than, page, viewer_of
from qingyu.hotline.views.sending import once_only
from qingyu.people.doors import staff_door
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid, Refusal

BEHIND_FIELDS = {"title": "text", "contact": "phone"}


@staff_door(ANSWER)
@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keeps what is typed, as it is typed: {version, saved}. 409 where another window typed on."""
    chosen, at = call_or_404(request, pk), datetime.now(UTC)
    version = request.POST.get("version", "")
    try:
        kept = operations.save_draft(
            chosen, fields={name: str(value) for name, value in request.POST.items()}, viewer=viewer_of(request), at=at,
            version=int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0,
        )  # fmt: skip
    except (NotAllowed, NotValid) as refusal:
        status = 409 if isinstance(refusal, NotAllowed) else 422
        return JsonResponse({"code": refusal.code, "message": sentence(refusal)}, status=status)
    words = _("Saved at %(time)s") % {"time": f"{timezone.localtime(at):%H:%M:%S}"}
    return JsonResponse({"version": kept, "saved": words})


@staff_door(ANSWER)
@require_POST
def do(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """File, answer at once, wrap up, ring back, note a result, or throw a draft away."""
    chosen = call_or_404(request, pk)
    if act in ("file", "answer"):
        return _settle(request, chosen)
    try:
        done = ACTS[act]
    except KeyError:
        raise Http404 from None
    try:
        at = datetime.now(UTC)
        once_only(request, lambda: done(request, chosen, at), at=at)
    except (NotAllowed, NotValid, NotPermitted) as refusal:
        messages.warning(request, sentence(refusal))
        return redirect("hotline_call", chosen.pk)
    return redirect("hotline")


def _wrap_up(request: HttpRequest, chosen: Call, at: datetime) -> None:
    operations.wrap_up(chosen, viewer=viewer_of(request), at=at)


def _ring_back(request: HttpRequest, chosen: Call, at: datetime) -> None:
    owed = operations.make_callback(chosen, viewer=viewer_of(request), at=at)
    operations.ring(owed, viewer=viewer_of(request), at=at)


def _result(request: HttpRequest, chosen: Call, at: datetime) -> None:
    operations.note_result(chosen, result=request.POST.get("result", ""), viewer=viewer_of(request), at=at)


def _throw_away(request: HttpRequest, chosen: Call, at: datetime) -> None:
    operations.throw_away_draft(chosen, viewer=viewer_of(request), at=at)


ACTS: dict[str, Callable[[HttpRequest, Call, datetime], None]] = {
    "wrap-up": _wrap_up, "ring-back": _ring_back, "result": _result, "throw-away": _throw_away,
}  # fmt: skip


def _settle(request: HttpRequest, chosen: Call) -> HttpResponse:
    form, at = forms.CallForm(request.POST), datetime.now(UTC)
    if not form.is_valid():
        return _again(request, chosen, form)
    try:
        number = _settled(request, chosen, form, at)
    except (NotValid, NotAllowed, NotPermitted) as refusal:
        return _refused(request, chosen, form, refusal)
    messages.success(request, _("Filed under %(number)s. Read out number and code.") % {"number": number})
    return redirect("hotline_call", chosen.pk)


def _settled(request: HttpRequest, chosen: Call, form: forms.CallForm, at: datetime) -> str:
    """The number of the case. The same form twice is one case."""
    viewer, at_once = viewer_of(request), request.POST.get("do") == "answer"

    def act() -> tuple[int, str]:
        if at_once:
            opened = operations.answer_at_once(
                chosen, form.filing(), answer=form.cleaned_data["answer"], viewer=viewer, at=at
            )
        else:
            opened = operations.file(chosen, form.filing(), viewer=viewer, at=at)
        return 201, json.dumps(opened.case.number)

    route = f"hotline:{chosen.pk}"
    kept = Once(f"staff:{viewer.staff_id}", route, form.cleaned_data["key"], doing.body(form.data))
    return str(json.loads(once(kept, act, at=at)[1]))


def _refused(request: HttpRequest, chosen: Call, form: forms.CallForm, refusal: Refusal) -> HttpResponse:
    field = getattr(refusal, "field", "")
    field = BEHIND_FIELDS.get(field, field)
    form.add_error(field if field in form.fields else None, sentence(refusal))
    return _again(request, chosen, form)


def _again(request: HttpRequest, chosen: Call, form: forms.CallForm) -> HttpResponse:
    return page(request, chosen, others=others_than(request, chosen), form=form, status=422)
