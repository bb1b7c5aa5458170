"""The page of one case, and what may be done to it from there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qingyu.cases import policy, queries
from qingyu.cases.models import Case
from qingyu.cases.operations import identity
from qingyu.cases.ports import case_parts
from qingyu.cases.staff import acts, doing, file
from qingyu.cases.staff.acts import Act
from qingyu.cases.staff.forms import ActForm, AnswerForm
from qingyu.cases.staff.views.basket import shelf
from qingyu.knowledge.queries import Found, at_hand
from qingyu.people import queries as people
from qingyu.people.doors import staff_door
from qingyu.people.policy import Viewer


def case_or_404(request: HttpRequest, number: str) -> Case:
    """The case, or 404 for one that is not there and for one out of sight alike."""
    try:
        return queries.case_for(request.viewer, number)  # type: ignore[attr-defined]
    except queries.NoSuchCase:
        raise Http404 from None


@require_safe
@staff_door("case.read")
def page(request: HttpRequest, number: str) -> HttpResponse:
    """The case with its forms; fifteen statements at most."""
    return shown(request, case_or_404(request, number), at=datetime.now(UTC))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_door("case.read")
def act(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """GET: the page with that form open. POST: does it, once, if the case is still as it was seen."""
    case, at = case_or_404(request, number), datetime.now(UTC)
    chosen = acts.by_name(name)
    if chosen is None:
        raise Http404
    if request.method != "POST":
        return shown(request, case, at=at, opened=name)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    form = chosen.form(request.POST, case=case, viewer=viewer, auto_id=f"{name}-%s")
    outcome = doing.attempt(chosen, case, form, viewer=viewer, at=at)
    if not outcome.code:
        return _done(request, case, chosen)
    if outcome.stale and request.POST.get("pick"):
        messages.warning(request, _("Somebody else was quicker with case %(number)s.") % {"number": case.number})
        return HttpResponseRedirect(reverse("dispatch"))
    return _not_done(request, number, form, chosen, outcome, at)


def _done(request: HttpRequest, case: Case, chosen: Act) -> HttpResponse:
    done = _("Done: %(act)s (%(number)s).") % {"act": chosen.label, "number": case.number}
    messages.success(request, f"{done} {chosen.after}")
    if request.POST.get("from") == "dispatch":
        back = reverse("dispatch") + ("?what=disputed" if chosen.name == "arbitrate" else "")
    elif policy.may_read(request.viewer, case):  # type: ignore[attr-defined]
        back = reverse("case", args=[case.number])
    else:
        back = reverse("desk")
    return HttpResponseRedirect(back, status=303)


def _not_done(
    request: HttpRequest, number: str, form: ActForm, chosen: Act, outcome: doing.Outcome, at: datetime
) -> HttpResponse:
    case = case_or_404(request, number)
    form.case = case
    doing.again(form, case)
    return shown(request, case, at=at, opened=chosen.name, bound=form, outcome=outcome)


def shown(
    request: HttpRequest, case: Case, *, at: datetime, opened: str = "", bound: ActForm | None = None,
    outcome: doing.Outcome = doing.NONE, also: dict[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """The page, with one form open or with what is shown once."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    context = file.read(viewer, case, at=at)
    offers = [(act, _form(act, case, viewer, opened, bound), act.name == opened) for act in acts.offered(viewer, case)]
    if case.state == Case.State.RECEIVED and viewer.may("case.dispatch"):
        context["suggestions"] = acts.in_words(acts.suggested(case))
    context |= {
        **shelf(request, at=at),
        "offers": offers,
        "opened": opened,
        "bound": bound,
        "main": next((act.name for act, _form, _open in offers if act.name in acts.MAIN), ""),
        "kept": bound if bound and opened not in {act.name for act, _form, _open in offers} else None,
        "meanwhile": context["entries"][: case.length - outcome.seen] if outcome.stale else [],
        "stale": outcome.stale,
        "at": at,
        "at_hand": _at_hand(case, context, offers, at),
        "parts": [part for one in case_parts() if (part := one.for_staff(viewer, case, at=at, clear=_noted(also)))],
        "may_reveal": identity.may_know(viewer, case),
        "may_code": identity.may_read_out(viewer, case),
        **(also or {}),
    }
    response = render(request, "cases/staff/case.html", context, status=outcome.status)
    response["Cache-Control"] = "private, no-store"
    return response


def _noted(also: dict[str, Any] | None) -> bool:
    """Whether a look at answers in clear was noted with this very request."""
    return bool(also and also.get("answers_clear"))


def _at_hand(case: Case, context: dict[str, Any], offers: list[Any], at: datetime) -> list[Found]:
    """Up to three answers of the house that may serve; looked for only where the case can be answered now."""
    if not any(isinstance(form, AnswerForm) for _act, form, _open in offers):
        return []
    return at_hand(f"{context['title']}\n{context['words']}", case.topic, day=people.city_day(at))


def _form(act: Act, case: Case, viewer: Viewer, opened: str, bound: ActForm | None) -> ActForm | None:
    """The form of one act; None where it has a page of its own and another is open."""
    if bound is not None and act.name == opened:
        return bound
    if act.page and act.name != opened:
        return None
    return blank(act, case, viewer)


def blank(act: Act, case: Case, viewer: Viewer, **initial: object) -> ActForm:
    """An empty form of an act on the case as it is now."""
    first = {"seen": case.length, "key": doing.new_key(), **initial}
    return act.form(case=case, viewer=viewer, auto_id=f"{act.name}-%s", initial=first)


@require_safe
@staff_door("case.read")
def printed(request: HttpRequest, number: str) -> HttpResponse:
    """The case on paper: identity masked, who printed it and when at the foot."""
    case, at = case_or_404(request, number), datetime.now(UTC)
    context = file.read(request.viewer, case, at=at)  # type: ignore[attr-defined]
    return render(request, "cases/staff/print.html", {**context, "at": at})
