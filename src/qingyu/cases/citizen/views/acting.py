"""What a citizen does to a request of their own: one page each, sent once however often the button is pressed."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from qingyu.cases import operations, queries
from qingyu.cases.actors import CITIZEN
from qingyu.cases.citizen import cookies, rating, stale, story, uploads
from qingyu.cases.citizen.forms import AddForm, RateForm, RemarkForm, ReopenForm, ReplyForm
from qingyu.cases.citizen.views import tracking
from qingyu.cases.idempotency import Call, once
from qingyu.cases.models import Case
from qingyu.cases.wording import sentence
from qingyu.people.doors import open_door
from qingyu.rules.rating import Channel
from qingyu.rules.refusals import NotPermitted, Refusal

Given = dict[str, Any]


@dataclass(frozen=True)
class Act:
    """One page: its form, its words, the operation behind it, and the field that is its question, if one is."""

    form: type[forms.Form]
    title: Promise | str
    button: Promise | str
    done: Promise | str
    perform: Callable[[Case, Given, datetime], None]
    next: Promise | str
    asks: str = ""


def _add(case: Case, given: Given, at: datetime) -> None:
    operations.attach(case, files=given["files"], text=given["text"], by=CITIZEN, at=at)


def _urge(case: Case, given: Given, at: datetime) -> None:
    operations.urge(case, comment=given["text"], by=CITIZEN, at=at)


def _withdraw(case: Case, given: Given, at: datetime) -> None:
    operations.withdraw(case, comment=given["text"], by=CITIZEN, at=at)


def _reopen(case: Case, given: Given, at: datetime) -> None:
    operations.reopen(case, text=given["text"], by=CITIZEN, at=at)


def _rate(case: Case, given: Given, at: datetime) -> None:
    rating.rate(case, level=given["level"], text=given["text"], channel=Channel.WEB, at=at)


ACTS = {
    "add": Act(
        AddForm, gettext_lazy("What would you like to add?"), gettext_lazy("Send"),
        gettext_lazy("Thank you. The unit has it now."), _add,
        gettext_lazy("The unit in charge reads it. Your time limit stays as it is."), "text",
    ),
    "reply": Act(
        ReplyForm, gettext_lazy("Your reply"), gettext_lazy("Send the reply"),
        gettext_lazy("Thank you. The unit goes on with your request."), _add,
        gettext_lazy("Handling goes on as soon as you have replied."),
        "text",
    ),
    "urge": Act(
        RemarkForm, gettext_lazy("Tell them that you are waiting"), gettext_lazy("I am waiting"),
        gettext_lazy("The unit and its supervisor know now that you are waiting."), _urge,
        gettext_lazy("The unit in charge and its supervisor see it at once. You can do this once a day."),
    ),
    "withdraw": Act(
        RemarkForm, gettext_lazy("Withdraw the request?"), gettext_lazy("Yes, withdraw it"),
        gettext_lazy("Your request has been withdrawn."), _withdraw,
        gettext_lazy("Nobody works on it then, and this cannot be undone. You may file a new one at any time."),
    ),
    "reopen": Act(
        ReopenForm, gettext_lazy("There is something new"), gettext_lazy("Send"),
        gettext_lazy("We have taken it up again."), _reopen,
        gettext_lazy("The matter is open again at once, with a new time limit."), "text",
    ),
    "rate": Act(
        RateForm, gettext_lazy("Rate the outcome"), gettext_lazy("Send the rating"),
        gettext_lazy("Thank you for your rating."), _rate,
        gettext_lazy("Nobody can alter your rating. If you are not content, we look at it again."),
        "level",
    ),
}  # fmt: skip


@open_door
@never_cache
@csrf_exempt  # asked below: a page that was open too long must not cost a person their words
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, what: str) -> HttpResponse:
    """The page of one act, and the act."""
    uploads.limit(request)
    given = _given(request)
    if given is None:
        return redirect("track")
    try:
        case = queries.case_of_citizen(given.number, given.code)
    except NotPermitted:
        # What was typed is a try, which must be seen to be counted; a cookie was ours and has only grown old.
        return tracking.not_opened_by(request, given) if request.POST.get("number") else redirect("track")
    return _act(request, case, given, what)


def _given(request: HttpRequest) -> cookies.Pass | None:
    """What the form carries, so that a long reply outlives the cookie; else what the browser remembers."""
    if request.POST.get("number"):
        return cookies.Pass(request.POST["number"], request.POST.get("code", ""))
    return cookies.remembered(request)


def _act(request: HttpRequest, case: Case, given: cookies.Pass, what: str) -> HttpResponse:
    view = queries.public_view(case, at=datetime.now(UTC))
    if what not in story.DOINGS:
        raise Http404
    if what not in story.can_do(view):
        messages.warning(request, _("This cannot be done as the matter stands now."))
        return _back(given)
    page = ACTS["reply" if what == "add" and case.state == Case.State.WAITING else what]
    if request.method != "POST":
        return _page(request, page, page.form(), view, given)
    if cookies.wants_other_reading(request):
        chosen = cookies.change_reading(request)
        return cookies.keep_reading(_page(request, page, page.form(initial=request.POST.dict()), view, given), chosen)
    return _perform(request, case, page, view, given)


def _perform(
    request: HttpRequest, case: Case, page: Act, view: queries.PublicView, given: cookies.Pass
) -> HttpResponse:
    form = uploads.sent_by(request, page.form(request.POST, request.FILES))
    if stale.is_stale(request):
        form.add_error(None, _("This page had been open for a while. Nothing is lost: please send it once more."))
    if not form.is_valid() or not _done(case, page, form, request.POST.get("key", "")):
        return _page(request, page, form, view, given)
    messages.success(request, str(page.done))
    return _back(given)


def _done(case: Case, page: Act, form: forms.Form, key: str) -> bool:
    """Whether it happened, now or at an earlier press; a refusal becomes an error of the form."""
    said, at = form.cleaned_data, datetime.now(UTC)
    body = [said.get("level", ""), said.get("text", ""), [[held.name, held.size] for held in said.get("files", [])]]
    call = Call(f"case:{case.uuid}", str(page.form.__name__), key, json.dumps(body).encode())

    def perform() -> tuple[int, str]:
        page.perform(case, said, at)
        return 201, ""

    try:
        once(call, perform, at=at)
    except Refusal as refusal:
        form.add_error(None, sentence(refusal))
    return not form.errors


def _back(given: cookies.Pass) -> HttpResponse:
    response = redirect("track")
    cookies.remember(response, given)
    return response


def _page(
    request: HttpRequest, page: Act, form: forms.Form, view: queries.PublicView, given: cookies.Pass
) -> HttpResponse:
    key = request.POST.get("key") or uuid.uuid4().hex
    context = {"page": page, "form": form, "view": view, "given": given, "key": key}
    response = render(request, "cases/citizen/act.html", context, status=422 if form.errors else 200)
    cookies.remember(response, given)
    return response
