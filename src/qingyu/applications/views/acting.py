"""What a person does to an application of their own: correct what was missing, or choose a window."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from qingyu.applications import answering, operations, queries
from qingyu.applications.forms import AUTHORITY, DeclaredForm
from qingyu.applications.models import Application
from qingyu.cases import attachments
from qingyu.cases import queries as cases
from qingyu.cases.actors import CITIZEN
from qingyu.cases.attachments import Held
from qingyu.cases.citizen import cookies, stale, uploads
from qingyu.cases.citizen.views import tracking
from qingyu.cases.idempotency import Call, once
from qingyu.cases.models import Case
from qingyu.cases.ports import sender_of
from qingyu.cases.wording import sentence
from qingyu.people.doors import open_door
from qingyu.rules.forms import Field, Kind
from qingyu.rules.lifecycle import Stage
from qingyu.rules.refusals import NotPermitted, NotValid, Refusal

Files = dict[str, tuple[Held, ...]]


class CorrectForm(DeclaredForm):
    """The fields that were asked for, and a word beside them."""

    text = forms.CharField(
        label=gettext_lazy("A word to the unit"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class WindowForm(forms.Form):
    """Why somebody would rather come: nothing need be said."""

    text = forms.CharField(
        label=gettext_lazy("What the window should know"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


def own(view: Callable[..., HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Opens the person's own application, by what the form carries or the browser remembers."""

    def opened(request: HttpRequest) -> HttpResponse:
        uploads.limit(request)
        number = request.POST.get("number")
        given = cookies.Pass(number, request.POST.get("code", "")) if number else cookies.remembered(request)
        if given is None:
            return redirect("track")
        try:
            case = cases.case_of_citizen(given.number, given.code)
        except NotPermitted:
            return tracking.not_opened_by(request, given) if number else redirect("track")
        application = queries.of_case(case)
        return view(request, case, application, given) if application else redirect("track")

    return opened


@open_door
@never_cache
@csrf_exempt  # asked below: a page that was open too long must not cost a person their photos
@require_http_methods(["GET", "HEAD", "POST"])
@own
def correct(request: HttpRequest, case: Case, application: Application, given: cookies.Pass) -> HttpResponse:
    """What was missing, handed in at last."""
    if case.stage not in (Stage.CORRECTING, Stage.AT_WINDOW):
        return _not_now(request, given)
    fields = asked(case, application)
    files, refused = _files(request, fields)
    form = CorrectForm(fields, request.POST or None, {}) if request.method == "POST" else CorrectForm(fields)
    if request.method != "POST" or _other_page(request):
        return _page(request, "correct", case, application, given, form, files)
    for name, sentences in refused.items():
        form.is_valid()
        form.add_error(f"f-{name}", sentences)
    if not _ready(request, form) or not _corrected(request, case, form, files):
        return _page(request, "correct", case, application, given, form, files)
    messages.success(request, _("Thank you. The unit goes on with your application."))
    return _back(given)


def asked(case: Case, application: Application) -> list[Field]:
    """The fields the notice names; every paper of the form where it names none."""
    from qingyu.applications.operations.checking import asked_fields

    declared = {one.name: one for one in answering.fields_of(application.form, application.version)}
    label = str(_("Photo of the paper that says you may"))
    declared[answering.AUTHORITY] = Field(AUTHORITY.name, label, Kind.DOCUMENT)
    named = [declared[name] for name in asked_fields(case) if name in declared]
    papers = [one for one in declared.values() if one.kind is Kind.DOCUMENT and one.name != answering.AUTHORITY]
    return named or papers


def _other_page(request: HttpRequest) -> bool:
    return cookies.wants_other_reading(request) or request.POST.get("do", "").startswith("remove")


def _files(request: HttpRequest, fields: list[Field]) -> tuple[Files, dict[str, list[str]]]:
    """What the form carries and what came with it now; a photo is sent once, whatever else is wrong."""
    held, refused = _carried(request), dict[str, list[str]]()
    for one in fields:
        sent = [*request.FILES.getlist(f"f-{one.name}"), *request.FILES.getlist(f"f-{one.name}-camera")]
        if one.kind is not Kind.DOCUMENT or not sent:
            continue
        field = uploads.FilesField(required=False)
        field.sender = sender_of()(request)
        try:
            held[one.name] = (*held.get(one.name, ()), *field.clean(sent))[-(one.most or 5) :]
        except forms.ValidationError as error:
            refused[one.name] = list(error.messages)
    return held, refused


def _carried(request: HttpRequest) -> Files:
    removed = request.POST.get("do", "").removeprefix("remove:")
    found: Files = {}
    for text in request.POST.getlist("file")[:40]:
        name, _bar, token = text.partition("|")
        try:
            held = attachments.of_token(token)
        except NotValid:
            continue
        if held.id != removed:
            found[name] = (*found.get(name, ()), held)
    return found


def _ready(request: HttpRequest, form: forms.Form) -> bool:
    if stale.is_stale(request):
        form.add_error(None, _("This page had been open for a while. Nothing is lost: please send it once more."))
    return form.is_valid()


def _corrected(request: HttpRequest, case: Case, form: CorrectForm, files: Files) -> bool:
    words = [one.name for one in form.declared if one.kind is not Kind.DOCUMENT]
    answers = {name: form.cleaned_data.get(f"f-{name}", "") for name in words}
    answers = {name: value for name, value in answers.items() if value}
    text, at = form.cleaned_data["text"], datetime.now(UTC)

    def act() -> tuple[int, str]:
        operations.correct(case, answers=answers, documents=files, text=text, by=CITIZEN, at=at)
        return 201, ""

    body: list[Any] = [answers, text, {name: [one.id for one in rows] for name, rows in files.items()}]
    return _once(request, case, form, act, body, at)


def _once(
    request: HttpRequest, case: Case, form: forms.Form, act: Callable[[], tuple[int, str]], body: Any, at: datetime
) -> bool:
    """Whether it happened, now or at an earlier press; a refusal becomes an error of the form."""
    key = request.POST.get("key", "")[:64]
    call = Call(f"case:{case.uuid}", type(form).__name__, key, json.dumps(body, sort_keys=True).encode())
    try:
        once(call, act, at=at)
    except Refusal as refusal:
        name = f"f-{getattr(refusal, 'field', '').removeprefix('answers.')}"
        form.add_error(name if name in form.fields else None, sentence(refusal))
    return not form.errors


@open_door
@never_cache
@csrf_exempt  # asked below
@require_http_methods(["GET", "HEAD", "POST"])
@own
def window(request: HttpRequest, case: Case, application: Application, given: cookies.Pass) -> HttpResponse:
    """It is finished at a window, with the same number."""
    if case.stage not in (Stage.PRECHECK, Stage.CORRECTING):
        return _not_now(request, given)
    form = WindowForm(request.POST or None)
    if request.method != "POST" or _other_page(request):
        return _page(request, "window", case, application, given, form, {})
    at = datetime.now(UTC)

    def act() -> tuple[int, str]:
        operations.choose_window(case, missing=form.cleaned_data["text"], by=CITIZEN, at=at)
        return 201, ""

    if not _ready(request, form) or not _once(request, case, form, act, form.cleaned_data["text"], at):
        return _page(request, "window", case, application, given, form, {})
    messages.success(request, _("Please come to a window with your number. Nothing has to be filled in again."))
    return _back(given)


def _not_now(request: HttpRequest, given: cookies.Pass) -> HttpResponse:
    messages.warning(request, _("This cannot be done as the matter stands now."))
    return _back(given)


def _back(given: cookies.Pass) -> HttpResponse:
    response = redirect("track")
    cookies.remember(response, given)
    return response


def _page(
    request: HttpRequest, name: str, case: Case, application: Application, given: cookies.Pass, form: forms.Form,
    files: Files,
) -> HttpResponse:  # fmt: skip
    chosen = cookies.change_reading(request) if cookies.wants_other_reading(request) else {}
    context: dict[str, Any] = {
        "case": case, "application": application, "given": given, "form": form,
        "words": _rows(form, files, papers=False), "papers": _rows(form, files, papers=True),
        "key": request.POST.get("key") or uuid.uuid4().hex, "shown": queries.show(case, application),
        "tokens": [f"{field}|{held.token}" for field, rows in files.items() for held in rows],
    }  # fmt: skip
    response = render(request, f"applications/{name}.html", context, status=422 if form.errors else 200)
    cookies.remember(response, given)
    return cookies.keep_reading(response, chosen)


def _rows(form: forms.Form, files: Files, *, papers: bool) -> list[dict[str, Any]]:
    if not isinstance(form, DeclaredForm):
        return []
    return [
        {
            "field": field, "optional": False, "files": files.get(one.name, ()), "camera": f"f-{one.name}-camera",
            "room": len(files.get(one.name, ())) < (one.most or 5), "multiple": (one.most or 5) > 1,
        }
        for one, field in form.lines()
        if (one.kind is Kind.DOCUMENT) is papers
    ]  # fmt: skip
