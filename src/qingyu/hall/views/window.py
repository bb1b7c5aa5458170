"""The clerk's page: one window, whoever stands there, and one key for each act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qingyu.cases import actors
from qingyu.cases.actors import Actor
from qingyu.cases.idempotency import Call, once
from qingyu.cases.wording import sentence
from qingyu.hall import operations, queries
from qingyu.hall.models import Window
from qingyu.hall.views import taking
from qingyu.people.doors import staff_door
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid

Act = Callable[[HttpRequest, Window, Actor, datetime], str]


@staff_door("hall.window")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def window(request: HttpRequest, code: str, n: str) -> HttpResponse:
    """The window; posted with ``do``: one act, once for its key."""
    found = queries.window(queries.hall(code), n)
    if not queries.may_work(request.viewer, found):  # type: ignore[attr-defined]
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, found)
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        return _page(request, found, error=_("This cannot be done here."), status=422)
    try:
        words = _once(request, found, act)
    except (NotAllowed, NotValid, NotPermitted) as refusal:
        status = 422 if isinstance(refusal, NotValid) else 403 if isinstance(refusal, NotPermitted) else 409
        return _page(request, queries.window(found.hall, n), error=sentence(refusal), status=status)
    if words:
        messages.success(request, words)
    return redirect("hall_window", code, n)


def _once(request: HttpRequest, found: Window, act: Act) -> str:
    at, by = datetime.now(UTC), actors.staff(request.viewer)  # type: ignore[attr-defined]
    key = request.POST.get("key", "")[:64]
    said = [(name, text) for name, text in sorted(request.POST.items()) if name not in ("key", "csrfmiddlewaretoken")]
    body = "\n".join(f"{name}={text}" for name, text in said).encode()
    call = Call(f"staff:{by.staff_id}", f"window:{found.pk}", key, body)
    return once(call, lambda: (303, act(request, found, by, at)), at=at)[1]


def _next(request: HttpRequest, found: Window, by: Actor, at: datetime) -> str:
    return "" if operations.call_next(found, by=by, at=at) else _("Nobody waits for this window.")


def _recall(request: HttpRequest, found: Window, by: Actor, at: datetime) -> str:
    operations.recall(found, by=by, at=at, seen=_seen(request))
    return _("Called again.")


def _begin(request: HttpRequest, found: Window, by: Actor, at: datetime) -> str:
    operations.begin(found, by=by, at=at, seen=_seen(request))
    return ""


def _no_show(request: HttpRequest, found: Window, by: Actor, at: datetime) -> str:
    ticket = operations.no_show(found, by=by, at=at, seen=_seen(request))
    if ticket.state == "void":
        return _("Number %(number)s did not come three times and is void.") % {"number": ticket.number}
    return _("Number %(number)s is called again after the next three.") % {"number": ticket.number}


def _transfer(request: HttpRequest, found: Window, by: Actor, at: datetime) -> str:
    to = queries.service_of(found.hall, request.POST.get("service", ""))
    ticket = operations.transfer(found, to=to, by=by, at=at, seen=_seen(request))
    return _("Number %(number)s now waits for %(name)s.") % {"number": ticket.number, "name": to.name}


def _finish(request: HttpRequest, found: Window, by: Actor, at: datetime) -> str:
    done = operations.finish(found, by=by, at=at, seen=_seen(request), **_words(request))
    return _done(done)


def _finish_and_next(request: HttpRequest, found: Window, by: Actor, at: datetime) -> str:
    done, _following = operations.finish_and_next(found, by=by, at=at, seen=_seen(request), **_words(request))
    return _done(done)


def _done(ticket: Any) -> str:
    return _("Number %(number)s is finished; its case is %(case)s.") % {
        "number": ticket.number, "case": ticket.case.number,
    }  # fmt: skip


def _open(request: HttpRequest, found: Window, by: Actor, at: datetime) -> str:
    operations.open_window(found, by=by, at=at)
    return ""


def _pause(request: HttpRequest, found: Window, by: Actor, at: datetime) -> str:
    operations.pause_window(found, by=by, at=at)
    return ""


def _close(request: HttpRequest, found: Window, by: Actor, at: datetime) -> str:
    operations.close_window(found, by=by, at=at)
    return ""


ACTS: dict[str, Act] = {
    "next": _next, "recall": _recall, "begin": _begin, "no_show": _no_show, "transfer": _transfer, "finish": _finish,
    "finish_and_next": _finish_and_next, "open": _open, "pause": _pause, "close": _close,
}  # fmt: skip


def _seen(request: HttpRequest) -> str:
    return request.POST.get("ticket", "")[:16]


def _words(request: HttpRequest) -> dict[str, str]:
    return {"answer": request.POST.get("answer", ""), "text": request.POST.get("text", "")}


def _page(request: HttpRequest, found: Window, *, error: str = "", status: int = 200) -> HttpResponse:
    ticket = queries.at_window(found)
    context = {
        "hall": found.hall,
        "window": found,
        "ticket": ticket,
        "needs": taking.words_of(ticket.need_set) if ticket else [],
        "queue": queries.queue_of(found),
        "services": [one for one in queries.services(found.hall) if not ticket or one.pk != ticket.service_id],
        "error": error,
        "answer": request.POST.get("answer", "") if error else "",
        "text": request.POST.get("text", "") if error else "",
        "key": taking.new_key(),
        "events": taking.events_of(found.hall),
    }
    return render(request, "hall/window.html", context, status=status)
