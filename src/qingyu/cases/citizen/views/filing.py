"""Filing a request: four questions, a look at the answers, the number."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from qingyu.cases import operations, queries
from qingyu.cases.actors import CITIZEN
from qingyu.cases.citizen import cookies, stale, topics, uploads
from qingyu.cases.citizen.draft import ALL, FIELDS, STEPS, Draft
from qingyu.cases.citizen.forms import KindForm, PlaceForm, ReachForm, WordsForm, type_words
from qingyu.cases.idempotency import Call, once
from qingyu.cases.topics import by_code, full_name
from qingyu.cases.wording import sentence
from qingyu.people.doors import open_door
from qingyu.rules.refusals import NotPermitted, NotValid, Refusal

FORMS: dict[str, type[forms.Form]] = {"words": WordsForm, "where": PlaceForm, "kind": KindForm, "reach": ReachForm}
STEP_OF = {name: step for step, names in FIELDS.items() for name in names} | {"files": "words"}


@open_door
@csrf_exempt  # asked in ``_send``: a page that was open too long must not cost a person their words
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest) -> HttpResponse:
    """All steps of filing: each page carries the answers so far."""
    if request.method != "POST":
        return _show(request, Draft.new(), "words")
    uploads.limit(request)
    draft, step = Draft.of(request.POST), request.POST.get("step", "")
    step = step if step in STEPS else "words"
    if cookies.wants_other_reading(request):
        chosen = cookies.change_reading(request)
        return cookies.keep_reading(_show(request, draft, step), chosen)
    return _turn(request, draft, step, request.POST.get("do", "next"))


def _turn(request: HttpRequest, draft: Draft, step: str, do: str) -> HttpResponse:
    what, _colon, where = do.partition(":")
    if what == "remove":
        return _show(request, draft.without_file(where), step)
    if what == "go" and where in STEPS:
        return _show(request, draft, where)
    if what == "back":
        return _show(request, draft, STEPS[max(STEPS.index(step) - 1, 0)])
    if step == "check":
        return _send(request, draft)
    return _next(request, draft, step)


def _next(request: HttpRequest, draft: Draft, step: str) -> HttpResponse:
    form = _form(draft, step, request)
    if not form.is_valid():
        return _show(request, draft, step, form)
    try:
        draft = draft.with_files(form.cleaned_data.get("files", []))
    except NotValid:
        form.add_error("files", uploads.too_many())
        return _show(request, draft, step, form)
    return _show(request, draft, "check" if draft.reviewing else STEPS[STEPS.index(step) + 1])


def _form(draft: Draft, step: str, request: HttpRequest | None = None) -> forms.Form:
    """The form of a step, filled in from the draft and from the files of the request."""
    files = request.FILES if request else None
    data = {name: draft.values.get(name, "") for name in FIELDS[step]}
    form = FORMS[step](data, files, **_extra(draft, step))
    return uploads.sent_by(request, form) if request else form


def _extra(draft: Draft, step: str) -> dict[str, Any]:
    if step == "kind":
        named = draft.values.get("topic", "")
        offered = topics.suggested(draft.values.get("text", ""))
        return {"topics": dict.fromkeys([*offered, *([named] if named in by_code() else [])])}
    return {"topic": draft.values.get("topic", "")} if step == "reach" else {}


def _show(request: HttpRequest, draft: Draft, step: str, form: forms.Form | None = None) -> HttpResponse:
    """A step's page; with the errors of ``form`` where one is given."""
    draft = replace(draft, reviewing=draft.reviewing or step == "check")
    blank = FORMS[step](initial=draft.values, **_extra(draft, step)) if step in FORMS else None
    context = {
        "draft": draft, "step": step, "form": form or blank, "number": STEPS.index(step) + 1, "steps": len(STEPS),
        "carried": [(name, draft.values.get(name, "")) for name in ALL if name not in FIELDS[step]],
        "answers": _answers(draft) if step == "check" else [], "most": settings.ATTACHMENT_MAX_COUNT,
    }  # fmt: skip
    return render(request, f"cases/citizen/file_{step}.html", context, status=422 if form else 200)


def _answers(draft: Draft) -> list[tuple[str, str, str]]:
    """Question, answer and step of everything that was said, for the last look."""
    said = {name: draft.values.get(name, "").strip() for name in ALL}
    place = " ".join(part for part in (queries.area_name(said["area"]), said["address"]) if part)
    located = _("with the position of your device") if said["lat"] and said["lon"] else ""
    kind = str(type_words(said["type"])) + (_(", confidential") if said["confidential"] else "")
    reach = "\n".join(said[name] for name in FIELDS["reach"] if said[name])
    rows = [
        (_("What it is about"), said["text"], "words"),
        (_("Files"), "\n".join(held.name for held in draft.files) or _("None"), "words"),
        (_("Where"), "\n".join(part for part in (place, located) if part) or _("Not given"), "where"),
        (_("Kind of request"), kind, "kind"),
        (_("How to reach you"), reach or _("Not given: you stay anonymous"), "reach"),
    ]
    topic = [(_("Topic"), full_name(said["topic"]), "kind")] if said["topic"] else []
    return rows[:4] + topic + rows[4:]


def _send(request: HttpRequest, draft: Draft) -> HttpResponse:
    for step in FORMS:
        form = _form(draft, step)
        if not form.is_valid():
            return _show(request, draft, step, form)
    if stale.is_stale(request):
        words = _("This page had been open for a while. Nothing is lost: please send it once more.")
        return _again(request, draft, words)
    try:
        opened = _opened(draft, at=datetime.now(UTC))
    except NotValid as refusal:
        return _refused(request, draft, refusal)
    response = redirect("filed")
    cookies.remember(response, opened)
    return response


def _again(request: HttpRequest, draft: Draft, words: str) -> HttpResponse:
    form = forms.Form({})
    form.add_error(None, words)
    return _show(request, draft, "check", form)


def _refused(request: HttpRequest, draft: Draft, refusal: NotValid) -> HttpResponse:
    if refusal.code == "idempotency_mismatch":
        words = _("You have sent this request already. To add something, track it; for another matter, begin anew.")
        return _again(request, draft, words)
    step = STEP_OF.get(refusal.field, "")
    if not step:
        return _again(request, draft, sentence(refusal))
    form = _form(draft, step)
    form.add_error(refusal.field, sentence(refusal))
    return _show(request, draft, step, form)


def _opened(draft: Draft, *, at: datetime) -> cookies.Pass:
    """Files the request once, however often the form is sent; number and code are the same each time."""
    call = Call(caller="citizen", route="/file/", key=draft.key, body=draft.body)
    _status, answer = once(call, partial(_open, draft, at=at), at=at)
    return cookies.Pass(*json.loads(answer))


def _open(draft: Draft, *, at: datetime) -> tuple[int, str]:
    opened = operations.open_case(draft.filing(), by=CITIZEN, at=at)
    return 201, json.dumps([opened.case.number, opened.query_code])


# The number -----------------------------------------------------------------------------------------------------


@open_door
@never_cache
@require_safe
def filed(request: HttpRequest) -> HttpResponse:
    """Number and code, what happens next and by when."""
    return _slip(request, "cases/citizen/filed.html")


@open_door
@never_cache
@require_safe
def slip(request: HttpRequest) -> HttpResponse:
    """The same on paper."""
    return _slip(request, "cases/citizen/slip.html")


def _slip(request: HttpRequest, template: str) -> HttpResponse:
    shown = cookies.remembered(request)
    if shown is None:
        return HttpResponseRedirect(reverse("track"))
    try:
        case = queries.case_of_citizen(shown.number, shown.code)
    except Refusal as refusal:
        if not isinstance(refusal, NotPermitted):
            raise
        return HttpResponseRedirect(reverse("track"))
    link = f"{settings.PUBLIC_URL}{reverse('track')}?{urlencode({'number': shown.number, 'code': shown.code})}"
    view = queries.public_view(case, at=datetime.now(UTC))
    sorting = case.next_due_at if case.next_clock == "dispatch" else None
    spelled = f"{case.number[:6]} {case.number[6:10]} {case.number[10:]}"  # easier to copy and to read aloud
    context = {"view": view, "number": spelled, "code": shown.code, "qr": qr_picture(link), "sorting": sorting}
    response = render(request, template, context)
    response["Referrer-Policy"] = "no-referrer"
    return response


def qr_picture(link: str) -> SafeString:
    """The link as an inline picture; its words stand beside it."""
    svg = segno.make(link, error="m").svg_inline(scale=4, border=2, dark="#000", light="#fff", omitsize=False)
    return mark_safe(svg)  # noqa: S308  made here from an address of our own
