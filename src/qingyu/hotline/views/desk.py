"""The agent's desk: the call at hand with who called, what they filed before, and the form."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qingyu.cases import labels
from qingyu.cases.staff import options
from qingyu.cases.wording import sentence
from qingyu.hotline import forms, operations, queries
from qingyu.hotline.models import AgentState, Call
from qingyu.hotline.views.sending import once_only
from qingyu.people.doors import staff_door
from qingyu.people.policy import Viewer
from qingyu.people.queries import city_day
from qingyu.rules.refusals import NotAllowed, NotValid
from qingyu.rules.telephone import State

ANSWER = "hotline.answer"
LONGEST_QUESTION = 500


def viewer_of(request: HttpRequest) -> Viewer:
    """Who is signed in."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


@staff_door(ANSWER)
@never_cache
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The call at hand with who called and the form, or that none rings."""
    viewer = viewer_of(request)
    calls = queries.calls_of(viewer)
    return page(request, calls[0] if calls else None, others=calls[1:])


@staff_door(ANSWER)
@never_cache
@require_safe
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """One call of mine: another one at hand, or one whose draft I have not finished."""
    chosen = call_or_404(request, pk)
    return page(request, chosen, others=others_than(request, chosen))


def call_or_404(request: HttpRequest, pk: int) -> Call:
    """A call of the person's; 404 for one that is not there and another's alike."""
    try:
        return queries.call_for(viewer_of(request), pk, at=datetime.now(UTC))
    except queries.NoSuchCall:
        raise Http404 from None


def others_than(request: HttpRequest, chosen: Call) -> list[Call]:
    """The other calls at hand."""
    return [one for one in queries.calls_of(viewer_of(request)) if one.pk != chosen.pk]


@staff_door(ANSWER)
@never_cache
@require_safe
def pulse(request: HttpRequest) -> HttpResponse:
    """204 while the desk shows what is the case; otherwise what has changed. Asked every second: one statement more
    than who asks."""
    now = queries.pulse(viewer_of(request))
    if now == request.GET.get("seen", ""):
        return HttpResponse(status=204)
    return JsonResponse({"pulse": now, "calls": [part.split("-", 1) for part in now.split(",") if part]})


@staff_door(ANSWER)
@never_cache
@require_safe
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """A piece of the page: answers to the words asked for, or to what has been typed in the call."""
    words = request.GET.get("q", "").replace("\x00", "")[:LONGEST_QUESTION]
    today = city_day(datetime.now(UTC))
    found = queries.answers_for(call_or_404(request, pk), words=words, day=today)
    return render(request, "hotline/answers.html", {"at_hand": found, "asked": words.strip()})


def page(
    request: HttpRequest, chosen: Call | None, *, others: list[Call], form: forms.CallForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The desk with one call, or without any."""
    viewer = viewer_of(request)
    present = queries.state_of(viewer)
    at_phone = present is not None and present.state != AgentState.State.OFFLINE
    context: dict[str, Any] = {
        "present": present, "at_phone": at_phone, "pauses": forms.PAUSES.items(), "pulse": queries.pulse(viewer),
        "seat": None if at_phone else forms.SeatForm(initial=_seat(present)), "others": others,
        "waiting": queries.waiting_now(), "unfinished": queries.unfinished(viewer),
        "pause": forms.PAUSES.get(present.reason, "") if present else "", "chosen": chosen, "key": uuid.uuid4().hex,
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
    earlier = [(row, labels.standing(row.state, row.stage)) for row in queries.earlier_cases(viewer, chosen)]
    at = datetime.now(UTC)
    ended, today = chosen.state == State.ENDED, city_day(at)
    return {
        "form": form, "typed": typed, "phone": phone, "earlier": earlier, "came": queries.came_of(chosen, at=at),
        "owed": owed, "why": forms.WHYS.get(owed.why) if owed else "",  # type: ignore[call-overload]
        "ended": ended, "talking": chosen.state == State.TALKING, "results": forms.RESULTS.items(),
        "to_ring": owed is not None and owed.state == "waiting" and not chosen.outbound,
        "asks_result": chosen.outbound and not chosen.result,
        "may_ring_back": ended and not chosen.outbound and bool(phone) and owed is None,
        "answers": options.saved_answers(), "broken_off": queries.broken_off(chosen),
        "at_hand": queries.answers_for(chosen, words="", day=today) if typed.version else [],
    }  # fmt: skip


@staff_door(ANSWER)
@require_POST
def state(request: HttpRequest) -> HttpResponse:
    """Ready, paused, or signed out."""
    at, seat = datetime.now(UTC), "extension" in request.POST

    def act() -> None:
        chosen = queries.switch_of(request.POST.get("switch", "")) if seat else None
        operations.agent_state(
            state=request.POST.get("state", ""), reason=request.POST.get("reason", ""), switch=chosen,
            extension=request.POST.get("extension", ""), viewer=viewer_of(request), at=at,
        )  # fmt: skip

    try:
        once_only(request, act, at=at)
    except (NotAllowed, NotValid) as refusal:
        messages.warning(request, sentence(refusal))
    return redirect("hotline")
