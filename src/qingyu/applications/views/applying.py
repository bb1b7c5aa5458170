"""Applying for an item: its questions, its papers, who it is for, a look at all of it, the receipt."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from qingyu.applications import answering, operations, queries
from qingyu.applications.draft import REACH, ApplyDraft
from qingyu.applications.forms import ApplicantForm, DeclaredForm
from qingyu.applications.wording import PROXIES
from qingyu.cases.actors import CITIZEN
from qingyu.cases.citizen import cookies, stale, uploads
from qingyu.cases.idempotency import Call, once
from qingyu.cases.ports import sender_of
from qingyu.cases.wording import sentence
from qingyu.catalog import queries as catalog
from qingyu.catalog.models import FormVersion
from qingyu.catalog.queries import Guide
from qingyu.people import queries as people
from qingyu.people.doors import open_door
from qingyu.rules import applications as rules
from qingyu.rules.forms import Field, Kind
from qingyu.rules.refusals import NotAllowed, NotValid, Refusal

CLOSED = ("item_withdrawn", "item_suspended", "item_not_online")


class Page:
    """One request on its way: the item as it holds today, its form, and what the person has said so far."""

    def __init__(self, request: HttpRequest, guide: Guide, form: FormVersion | None, at: datetime) -> None:
        self.request, self.guide, self.form, self.at = request, guide, form, at
        self.declared = answering.fields_of(form, guide.version)
        self.asked: tuple[str, ...] = ()

    @property
    def words(self) -> list[Field]:
        return [one for one in self.declared if one.kind is not Kind.DOCUMENT]

    @property
    def papers(self) -> list[Field]:
        return [one for one in self.declared if one.kind is Kind.DOCUMENT]

    @property
    def steps(self) -> list[str]:
        own = [("form", self.words), ("papers", self.papers)]
        return [name for name, fields in own if fields] + ["reach", "check"]

    def of_step(self, step: str) -> list[Field]:
        return {"form": self.words, "papers": self.papers}.get(step, [])


@open_door
@csrf_exempt  # asked in ``_send``: a page that was open too long must not cost a person their words
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, code: str) -> HttpResponse:
    """All steps of applying: each page carries the answers so far."""
    at = datetime.now(UTC)
    try:
        guide = catalog.guide(code, day=people.city_day(at))
    except catalog.NoSuchItem:
        raise Http404 from None
    page = Page(request, guide, queries.form_today(guide.item, at=at), at)
    if request.method != "POST":
        return _begin(page)
    uploads.limit(request)
    draft, step = ApplyDraft.of(request.POST), request.POST.get("step", "")
    step = step if step in page.steps else page.steps[0]
    draft, refused = _upload(page, draft, step)
    why = closed(page)
    if why:
        return shut(page, draft, why)
    return _turn(page, draft, step, refused)


def _begin(page: Page) -> HttpResponse:
    code = closed(page)
    if code:
        return shut(page, None, code)
    return show(page, replace(ApplyDraft.new(), form=page.form.pk if page.form else 0), page.steps[0])


def closed(page: Page) -> str:
    """Why the item cannot be applied for now, as a code; empty where it can."""
    try:
        operations.offered(page.guide.item.code, channel="web", day=people.city_day(page.at))
    except NotAllowed as refusal:
        return refusal.code
    return ""


def shut(page: Page, draft: ApplyDraft | None, code: str) -> HttpResponse:
    """Not offered now: said in a sentence, with a person to turn to; what was typed is kept under a code."""
    kept = _keep(page, draft) if draft else ""
    unit = people.units().get(page.guide.item.unit_id)
    context = {"guide": page.guide, "sentence": sentence(NotAllowed(code)), "code": code, "kept": kept, "unit": unit}
    return render(page.request, "applications/shut.html", context, status=409 if draft else 200)


def _turn(page: Page, draft: ApplyDraft, step: str, refused: dict[str, list[str]]) -> HttpResponse:
    what, _colon, where = page.request.POST.get("do", "next").partition(":")
    if cookies.wants_other_reading(page.request):
        chosen = cookies.change_reading(page.request)
        return cookies.keep_reading(show(page, draft, step), chosen)
    if page.form and draft.form and draft.form != page.form.pk:
        return changed(page, draft)
    if what == "remove":
        return show(page, draft.without_file(where), step)
    if what == "keep":
        return _kept(page, draft)
    if what == "go" and where in page.steps:
        return show(page, draft, where)
    if what == "back":
        return show(page, draft, page.steps[max(page.steps.index(step) - 1, 0)])
    return _send(page, draft) if step == "check" else _next(page, draft, step, refused)


def _upload(page: Page, draft: ApplyDraft, step: str) -> tuple[ApplyDraft, dict[str, list[str]]]:
    """Takes in the files of the request, whatever else may be wrong: a photo is sent once. Refusals by field."""
    refused: dict[str, list[str]] = {}
    wanted = {one.name: one.most or 5 for one in page.papers}
    wanted = wanted if step == "papers" else {answering.AUTHORITY: 3} if step == "reach" else {}
    for name, most in wanted.items():
        sent = [*page.request.FILES.getlist(f"f-{name}"), *page.request.FILES.getlist(f"f-{name}-camera")]
        if not sent:
            continue
        field = uploads.FilesField(required=False)
        field.sender = sender_of()(page.request)
        try:
            draft = draft.with_files(name, field.clean(sent), most=most)
        except forms.ValidationError as error:
            refused[name] = list(error.messages)
        except NotValid as refusal:
            refused[name] = [sentence(refusal)]
    return draft, refused


def _next(page: Page, draft: ApplyDraft, step: str, refused: dict[str, list[str]]) -> HttpResponse:
    form = filled(page, draft, step, refused)
    if not form.is_valid():
        return show(page, draft, step, form)
    return show(page, draft, "check" if draft.reviewing else page.steps[page.steps.index(step) + 1])


def filled(page: Page, draft: ApplyDraft, step: str, refused: dict[str, list[str]] | None = None) -> forms.Form:
    """The form of a step with what was said, and what is wrong with it."""
    if step == "reach":
        return _reach(page, draft, refused or {})
    form = DeclaredForm(page.of_step(step), {f"f-{name}": value for name, value in draft.said.items()}, {})
    form.is_valid()
    for name, sentences in (refused or {}).items():
        form.add_error(f"f-{name}", sentences)
    form.refuse(_errors(page, draft), sentence)
    return form


def _errors(page: Page, draft: ApplyDraft) -> dict[str, NotValid]:
    known = {one.name for one in page.declared}
    ids = {name: [held.id for held in rows] for name, rows in draft.files.items() if name in known}
    said = {name: value for name, value in draft.said.items() if name in known}
    return answering.checked(page.declared, said, ids, day=people.city_day(page.at)).errors


def _reach(page: Page, draft: ApplyDraft, refused: dict[str, list[str]]) -> forms.Form:
    form = ApplicantForm({f"r-{name}": draft.reach.get(name, "") for name in REACH}, {})
    form.is_valid()
    for name, sentences in refused.items():
        form.add_error(f"f-{name}", sentences)
    try:
        operations.check_people(draft.sending(page.guide.item.code, page.declared))
    except NotValid as fault:
        place = "f-_authority" if fault.field == "authority" else f"r-{fault.field}"
        form.add_error(place, sentence(fault))
    return form


def changed(page: Page, draft: ApplyDraft) -> HttpResponse:
    """The form changed under a half-filled one: what still fits is carried over, the rest is asked again."""
    before = queries.form_version(draft.form, page.guide.item)
    both = {**draft.said, **draft.files}
    carried = rules.carried(answering.fields_of(before, page.guide.version), page.declared, both)
    said = {name: value for name, value in carried.answers.items() if isinstance(value, str)}
    authority = {answering.AUTHORITY: draft.files.get(answering.AUTHORITY, ())}
    files = {name: value for name, value in carried.answers.items() if isinstance(value, tuple)}
    page.asked = carried.asked
    first = next((step for step in page.steps if {one.name for one in page.of_step(step)} & set(page.asked)), "check")
    form_id = page.form.pk if page.form else 0
    draft = replace(draft, form=form_id, said=said, files={**files, **authority}, reviewing=False)
    return show(page, draft, first)


def _keep(page: Page, draft: ApplyDraft) -> str:
    return operations.save_draft(
        page.guide.item, draft.keepable(), files=draft.all_files, at=page.at, code=draft.kept
    )  # fmt: skip


def _kept(page: Page, draft: ApplyDraft) -> HttpResponse:
    context = {"guide": page.guide, "code": _keep(page, draft), "days": operations.KEPT.days}
    return render(page.request, "applications/kept.html", context)


def show(page: Page, draft: ApplyDraft, step: str, form: forms.Form | None = None) -> HttpResponse:
    """A step's page; with the errors of ``form`` where one is given."""
    draft = replace(draft, reviewing=draft.reviewing or step == "check")
    own = {one.name for one in page.of_step(step)}
    context: dict[str, Any] = {
        "page": page, "guide": page.guide, "draft": draft, "step": step, "form": form or _blank(page, draft, step),
        "number": page.steps.index(step) + 1, "steps": len(page.steps), "asked": page.asked,
        "carried": [(f"f-{name}", value) for name, value in draft.said.items() if name not in own and value],
        "reached": [] if step == "reach" else [(f"r-{name}", draft.reach.get(name, "")) for name in REACH],
        "answers": _answers(page, draft) if step == "check" else [], "limits": _limits(page.guide),
    }  # fmt: skip
    if step == "reach":
        asked = {name: context["form"][f"r-{name}"] for name in REACH}
        context["own"] = asked | {"authority": context["form"]["f-_authority"]}
    context["authority"] = draft.files.get(answering.AUTHORITY, ())
    context["rows"] = _rows(page, draft, context["form"], step)
    return render(page.request, f"applications/apply_{step}.html", context, status=422 if form else 200)


def _blank(page: Page, draft: ApplyDraft, step: str) -> forms.Form:
    if step == "reach":
        return ApplicantForm(initial={f"r-{name}": draft.reach.get(name, "") for name in REACH})
    return DeclaredForm(page.of_step(step), initial={f"f-{name}": value for name, value in draft.said.items()})


def _rows(page: Page, draft: ApplyDraft, form: forms.Form, step: str) -> list[dict[str, Any]]:
    if not isinstance(form, DeclaredForm):
        return []
    materials = {one.code: one for one in page.guide.materials}
    return [
        {
            "field": field, "optional": not one.required, "files": draft.files.get(one.name, ()),
            "room": len(draft.files.get(one.name, ())) < (one.most or 5), "changed": one.name in page.asked,
            "material": materials.get(one.material), "camera": f"f-{one.name}-camera", "multiple": (one.most or 5) > 1,
        }
        for one, field in form.lines()
    ]  # fmt: skip


def _limits(guide: Guide) -> rules.Agreed:
    version = guide.version
    return rules.agreed(
        promised=catalog.promised(version), legal=catalog.legal(version), at_once=version.promised_days == 0
    )  # fmt: skip


def _answers(page: Page, draft: ApplyDraft) -> list[tuple[str, str, str]]:
    """Question, answer and step of everything that was said, for the last look."""
    rows = [(one.label, _said(one, draft), "form") for one in page.words]
    rows += [
        (one.label, "\n".join(held.name for held in draft.files.get(one.name, ())) or _("None"), "papers")
        for one in page.papers
    ]
    said = {name: value.strip() for name, value in draft.reach.items()}
    rows.append((_("The applicant"), _lines(said["name"], said["phone"], said["email"]), "reach"))
    if said["proxy_kind"]:
        ground = str(PROXIES.get(said["proxy_kind"], ""))
        files = [held.name for held in draft.files.get(answering.AUTHORITY, ())]
        rows.append(
            (_("Who acts for this person"), _lines(ground, said["proxy_name"], said["proxy_phone"], *files), "reach")
        )
    return rows


def _lines(*words: str) -> str:
    return "\n".join(word for word in words if word)


def _said(one: Field, draft: ApplyDraft) -> str:
    value = draft.said.get(one.name, "").strip()
    return dict(one.choices).get(value, value) or _("Not given")


def _send(page: Page, draft: ApplyDraft) -> HttpResponse:
    for step in page.steps[:-1]:
        form = filled(page, draft, step)
        if not form.is_valid():
            return show(page, draft, step, form)
    if stale.is_stale(page.request):
        words = _("This page had been open for a while. Nothing is lost: please send it once more.")
        return _again(page, draft, words)
    try:
        number, code, again = _sent(page, draft)
    except (NotAllowed, NotValid) as refusal:
        return _refused(page, draft, refusal)
    response = redirect("applied_again" if again else "applied")
    cookies.remember(response, cookies.Pass(number, code))
    return response


def _again(page: Page, draft: ApplyDraft, words: str) -> HttpResponse:
    form = forms.Form({})
    form.add_error(None, words)
    return show(page, draft, "check", form)


def _refused(page: Page, draft: ApplyDraft, refusal: Refusal) -> HttpResponse:
    if refusal.code == "form_changed":
        return changed(page, draft)
    if refusal.code in CLOSED:
        return shut(page, draft, refusal.code)
    if refusal.code == "idempotency_mismatch":
        words = _("You have sent this application already. To add something, track it; for another matter, begin anew.")
        return _again(page, draft, words)
    return _again(page, draft, sentence(refusal))


def _sent(page: Page, draft: ApplyDraft) -> tuple[str, str, bool]:
    """Sends it once, however often the form is sent; number and code are the same each time."""
    code = page.guide.item.code
    call = Call(caller="citizen", route=f"/apply/{code}/"[:120], key=draft.key, body=draft.body)
    _status, answer = once(call, partial(_send_once, page, draft), at=page.at)
    number, query_code, again = json.loads(answer)
    return number, query_code, again


def _send_once(page: Page, draft: ApplyDraft) -> tuple[int, str]:
    sent = operations.send(draft.sending(page.guide.item.code, page.declared), by=CITIZEN, at=page.at)
    return 201, json.dumps([sent.case.number, sent.query_code, sent.again])
