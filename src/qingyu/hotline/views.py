"""The agent's desk, the call-backs, and the figures. Each act is one operation."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qingyu.cases.idempotency import Call as Once
from qingyu.cases.idempotency import once
from qingyu.cases.staff import doing, options, showing
from qingyu.cases.wording import sentence
from qingyu.hotline import forms, operations, queries
from qingyu.hotline.models import AgentState, Call
from qingyu.people.doors import staff_door
from qingyu.people.policy import Viewer
from qingyu.people.queries import city_day
from qingyu.rules import telephone
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid, Refusal
from qingyu.rules.telephone import State

ANSWER, MANAGE = "hotline.answer", "hotline.manage"
BEHIND_FIELDS = {"title": "text", "contact": "phone"}


def _viewer(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


# The desk -------------------------------------------------------------------------------------------------------


@staff_door(ANSWER)
@never_cache
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The call at hand with who called and the form, or that none rings."""
    viewer = _viewer(request)
    calls = queries.calls_of(viewer)
    return _page(request, calls[0] if calls else None, others=calls[1:])


@staff_door(ANSWER)
@never_cache
@require_safe
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """One call of mine: another one at hand, or one whose draft I have not finished."""
    chosen = _call(request, pk)
    others = [one for one in queries.calls_of(_viewer(request)) if one.pk != chosen.pk]
    return _page(request, chosen, others=others)


def _call(request: HttpRequest, pk: int) -> Call:
    try:
        return queries.call_for(_viewer(request), pk)
    except queries.NoSuchCall:
        raise Http404 from None


@staff_door(ANSWER)
@never_cache
@require_safe
def pulse(request: HttpRequest) -> HttpResponse:
    """204 while the desk shows what is the case; otherwise what has changed. Asked every second: one statement more
    than who asks."""
    now = queries.pulse(_viewer(request))
    if now == request.GET.get("seen", ""):
        return HttpResponse(status=204)
    return JsonResponse({"pulse": now, "calls": [part.split("-", 1) for part in now.split(",") if part]})


def _page(
    request: HttpRequest, chosen: Call | None, *, others: list[Call], form: forms.CallForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    viewer = _viewer(request)
    present = queries.state_of(viewer)
    at_phone = present is not None and present.state != AgentState.State.OFFLINE
    context: dict[str, Any] = {
        "present": present, "at_phone": at_phone, "pauses": forms.PAUSES.items(), "pulse": queries.pulse(viewer),
        "seat": None if at_phone else forms.SeatForm(initial=_seat(present)), "others": others,
        "waiting": queries.waiting_now(), "unfinished": queries.unfinished(viewer),
        "pause": forms.PAUSES.get(present.reason, "") if present else "", "chosen": chosen,
    }  # fmt: skip
    if chosen is not None:
        context |= _of_call(viewer, chosen, form)
    return render(request, "hotline/desk.html", context, status=status)


def _seat(present: AgentState | None) -> dict[str, str]:
    return {"switch": present.switch.code, "extension": present.extension} if present else {}


def _of_call(viewer: Viewer, chosen: Call, form: forms.CallForm | None) -> dict[str, Any]:
    typed = queries.typed(chosen)
    phone, owed = chosen.clear_phone(), queries.owed_for(chosen)
    if form is None:
        first = {"phone": phone, "urgency": "general", "key": uuid.uuid4().hex}
        form = forms.CallForm(initial={**first, **typed.fields, "version": typed.version})
    earlier = [(row, showing.state_label(row.state)) for row in queries.earlier_cases(viewer, chosen)]
    return {
        "form": form, "typed": typed, "phone": phone, "earlier": earlier, "came": queries.came_of(chosen),
        "owed": owed, "why": forms.WHYS.get(owed.why) if owed else "",  # type: ignore[call-overload]
        "ended": chosen.state == State.ENDED, "talking": chosen.state == State.TALKING,
        "to_ring": owed is not None and owed.state == "waiting", "results": forms.RESULTS.items(),
        "asks_result": chosen.outbound and not chosen.result,
        "may_ring_back": chosen.state == State.ENDED and not chosen.outbound and bool(phone) and owed is None,
        "answers": options.saved_answers(),
    }  # fmt: skip


@staff_door(ANSWER)
@require_POST
def state(request: HttpRequest) -> HttpResponse:
    """Ready, paused, or signed out."""
    seat = forms.SeatForm(request.POST) if "extension" in request.POST else None
    try:
        chosen = queries.switch_of(request.POST.get("switch", "")) if seat else None
        operations.agent_state(
            state=request.POST.get("state", ""), reason=request.POST.get("reason", ""), switch=chosen,
            extension=request.POST.get("extension", ""), viewer=_viewer(request), at=datetime.now(UTC),
        )  # fmt: skip
    except (NotAllowed, NotValid) as refusal:
        messages.warning(request, sentence(refusal))
    return redirect("hotline")


# One call -------------------------------------------------------------------------------------------------------


@staff_door(ANSWER)
@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keeps what is typed, as it is typed: {version, saved}. 409 where another window typed on."""
    chosen, at = _call(request, pk), datetime.now(UTC)
    version = request.POST.get("version", "")
    try:
        kept = operations.save_draft(
            chosen, fields={name: str(value) for name, value in request.POST.items()}, viewer=_viewer(request), at=at,
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
    chosen = _call(request, pk)
    if act in ("file", "answer"):
        return _settle(request, chosen)
    try:
        done = ACTS[act]
    except KeyError:
        raise Http404 from None
    try:
        done(request, chosen, datetime.now(UTC))
    except (NotAllowed, NotValid, NotPermitted) as refusal:
        messages.warning(request, sentence(refusal))
        return redirect("hotline_call", chosen.pk)
    return redirect("hotline")


def _wrap_up(request: HttpRequest, chosen: Call, at: datetime) -> None:
    operations.wrap_up(chosen, viewer=_viewer(request), at=at)


def _ring_back(request: HttpRequest, chosen: Call, at: datetime) -> None:
    owed = operations.make_callback(chosen, viewer=_viewer(request), at=at)
    operations.ring(owed, viewer=_viewer(request), at=at)


def _result(request: HttpRequest, chosen: Call, at: datetime) -> None:
    operations.note_result(chosen, result=request.POST.get("result", ""), viewer=_viewer(request), at=at)


def _throw_away(request: HttpRequest, chosen: Call, at: datetime) -> None:
    operations.throw_away_draft(chosen, viewer=_viewer(request), at=at)


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
    viewer, at_once = _viewer(request), request.POST.get("do") == "answer"

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
    others = [one for one in queries.calls_of(_viewer(request)) if one.pk != chosen.pk]
    return _page(request, chosen, others=others, form=form, status=422)


# Call-backs and figures -----------------------------------------------------------------------------------------


@staff_door(ANSWER, MANAGE)
@never_cache
@require_safe
def call_backs(request: HttpRequest) -> HttpResponse:
    """Who is to be rung back, first due first."""
    lines = [
        (owed, forms.WHYS.get(owed.why, ""), forms.RESULTS.get(owed.outcome, ""))  # type: ignore[call-overload]
        for owed in queries.call_backs(at=datetime.now(UTC))
    ]
    may_ring = _viewer(request).may(ANSWER)
    return render(request, "hotline/call_backs.html", {"lines": lines, "may_ring": may_ring, "tries": telephone.TRIES})


@staff_door(ANSWER)
@require_POST
def ring(request: HttpRequest, pk: int) -> HttpResponse:
    """Rings a caller back: the switch rings me first."""
    try:
        operations.ring(queries.call_back(pk), viewer=_viewer(request), at=datetime.now(UTC))
    except queries.NoSuchCall:
        raise Http404 from None
    except NotAllowed as refusal:
        messages.warning(request, sentence(refusal))
        return redirect("hotline_call_backs")
    return redirect("hotline")


@staff_door(MANAGE)
@never_cache
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """How calls were answered in some days, and who is at the telephone now."""
    viewer, today = _viewer(request), city_day(datetime.now(UTC))
    given = request.GET if "since" in request.GET else {"since": str(today), "until": str(today)}
    form = forms.SpanForm(given)
    context: dict[str, Any] = {"form": form, "present": queries.present(viewer), "waiting": queries.waiting_now()}
    if form.is_valid():
        since, until = _instant(form.cleaned_data["since"]), _instant(form.cleaned_data["until"] + timedelta(days=1))
        counts = queries.counts(viewer, since=since, until=until)
        ratings = queries.ratings(viewer, since=since, until=until)
        context |= {"counts": counts, "rows": forms.rows(telephone.figures(counts)), "ratings": ratings}
    return render(request, "hotline/figures.html", context, status=200 if form.is_valid() else 422)


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)
