"""The page of failed messages: see why, send again."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qingyu.notify import operations, queries, wording
from qingyu.people.doors import staff_door
from qingyu.people.policy import Viewer, viewer
from qingyu.rules.refusals import NotAllowed

PAGE = 50


@require_GET
@staff_door("operation.read")
def dead(request: HttpRequest) -> HttpResponse:
    """Failed messages, newest first, a page of fifty by ``?before=``."""
    who = _operator(request)
    before = request.GET.get("before", "")
    found = queries.dead_letters(who, before=_whole(before), limit=PAGE + 1)
    rows = [(row, *_words(row)) for row in found[:PAGE]]
    more = f"{reverse('dead_letters')}?before={found[PAGE - 1].id}" if len(found) > PAGE else ""
    context = {"rows": rows, "next_url": more, "standing": queries.standing(at=timezone.now())}
    return render(request, "notify/dead.html", context)


@require_POST
@staff_door("operation.read")
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Sends one failed message again and returns to the list."""
    delivery = queries.delivery(_operator(request), pk)
    if delivery is None:
        raise Http404
    try:
        operations.resend(delivery, by=request.user, at=timezone.now())  # type: ignore[arg-type]
        messages.success(request, _("The message will be sent again."))
    except NotAllowed:
        messages.info(request, _("The message is no longer among the failed ones."))
    return redirect("dead_letters")


def _operator(request: HttpRequest) -> Viewer:
    who = viewer(request.user)  # type: ignore[arg-type]
    if not who.may("operation.read"):
        raise PermissionDenied
    return who


def _words(row: queries.DeadLetter) -> tuple[str, str, str]:
    about = wording.about(row.event_code, row.audience)
    return about, wording.trouble(row.last_error), wording.audience(row.audience)


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
