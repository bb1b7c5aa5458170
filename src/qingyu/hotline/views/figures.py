"""Who is to be rung back, and how calls were answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qingyu.cases.wording import sentence
from qingyu.hotline import forms, operations, queries
from qingyu.hotline.days import beginning
from qingyu.hotline.models import CallBack
from qingyu.hotline.views import showing
from qingyu.hotline.views.desk import ANSWER, viewer_of
from qingyu.hotline.views.sending import once_only
from qingyu.people.doors import staff_door
from qingyu.people.policy import Viewer
from qingyu.people.queries import city_day
from qingyu.rules import telephone
from qingyu.rules.refusals import NotAllowed, NotValid

MANAGE = "hotline.manage"


@staff_door(ANSWER, MANAGE)
@never_cache
@require_safe
def call_backs(request: HttpRequest) -> HttpResponse:
    """Who is to be rung back, first due first."""
    may_ring, owed = viewer_of(request).may(ANSWER), queries.call_backs(at=datetime.now(UTC))
    lines = showing.call_backs(request, owed, may_ring=may_ring)
    context = {"lines": lines, "may_ring": may_ring, "tries": telephone.TRIES}
    return render(request, "hotline/call_backs.html", context)


def _owed_or_404(pk: int) -> CallBack:
    try:
        return queries.call_back(pk)
    except queries.NoSuchCall:
        raise Http404 from None


@staff_door(ANSWER)
@require_POST
def ring(request: HttpRequest, pk: int) -> HttpResponse:
    """Rings a caller back: the switch rings me first."""
    at, viewer, owed = datetime.now(UTC), viewer_of(request), _owed_or_404(pk)
    try:
        once_only(request, lambda: operations.ring(owed, viewer=viewer, at=at), at=at)
    except (NotAllowed, NotValid) as refusal:
        messages.warning(request, sentence(refusal))
        return redirect("hotline_call_backs")
    return redirect("hotline")


@staff_door(ANSWER, MANAGE)
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """The caller was reached by another telephone, or needs no call-back."""
    at, viewer, owed = datetime.now(UTC), viewer_of(request), _owed_or_404(pk)
    outcome = request.POST.get("outcome", "")
    try:
        once_only(request, lambda: operations.settle(owed, outcome=outcome, viewer=viewer, at=at), at=at)
        messages.success(request, _("Noted. This caller is on the list no more."))
    except (NotAllowed, NotValid) as refusal:
        messages.warning(request, sentence(refusal))
    return redirect("hotline" if "at_desk" in request.POST and viewer.may(ANSWER) else "hotline_call_backs")


@staff_door(MANAGE)
@never_cache
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """How calls were answered in some days, who waits and who is at the telephone now."""
    viewer, at = viewer_of(request), datetime.now(UTC)
    today = str(city_day(at))
    form = forms.SpanForm(request.GET if "since" in request.GET else {"since": today, "until": today})
    context: dict[str, Any] = {"form": form, "present": queries.present(viewer), "queue": queries.queue(at=at)}
    if form.is_valid():
        first, last = form.cleaned_data["since"], form.cleaned_data["until"]
        context |= _counted(viewer, since=beginning(first), until=beginning(last + timedelta(days=1)))
    return render(request, "hotline/figures.html", context, status=200 if form.is_valid() else 422)


def _counted(viewer: Viewer, *, since: datetime, until: datetime) -> dict[str, Any]:
    counts = queries.counts(viewer, since=since, until=until)
    return {
        "counts": counts, "rows": forms.rows(telephone.figures(counts)),
        "ratings": queries.ratings(viewer, since=since, until=until),
        "days": queries.by_day(viewer, since=since, until=until),
        "hours": queries.by_hour(viewer, since=since, until=until),
    }  # fmt: skip
