"""Filing for a caller: the phone number first, then what it is about, on one page."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from qingyu.cases import actors, labels, operations, papers, policy, wording
from qingyu.cases.idempotency import Call, once
from qingyu.cases.models import Case
from qingyu.cases.operations import Filing, Person, Place
from qingyu.cases.staff import doing, file, options, showing
from qingyu.cases.staff.forms import choice, line, words
from qingyu.cases.staff.options import NOTHING
from qingyu.people.doors import staff_door
from qingyu.people.policy import Viewer
from qingyu.rules import identifiers
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid

CHANNELS = ("phone", "window", "visit", "letter", "unit")
BEHIND_FIELDS = {"title": "text", "contact": "phone"}


class NewForm(forms.Form):
    """What an agent writes down while the person speaks."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    phone = line(_("Phone"), _("Of the caller. Empty, if they want to stay unknown."), max_length=40)
    name = line(_("Name"), max_length=60)
    text = words(_("What it is about"), _("In the person's own words: what, where, since when."), rows=7)
    title = line(_("Title"), _("Empty: the first words of the text."), max_length=120)
    address = line(_("Place"), _("Street, house, what stands there."))
    area = choice(_("Area"))
    type = choice(_("Type"), filtered=False)
    topic = choice(_("Topic"))
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Case.Urgency.choices, widget=forms.RadioSelect)
    channel = choice(_("Came in by"), filtered=False)
    confidential = forms.BooleanField(label=_("Keep who they are confidential"), required=False)
    answer = words(_("Answer at once"), _("Only where you know the answer now; read it to the person."), rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = {
            "area": [NOTHING, *options.areas()],
            "type": [NOTHING, *((str(v), str(label)) for v, label in Case.Type.choices)],
            "topic": [NOTHING, *options.topics()],
            "channel": [(v, str(Case.Channel(v).label)) for v in CHANNELS],
        }
        for name, choices in chosen.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.fields["phone"].widget.attrs.update({"inputmode": "tel", "autocomplete": "off", "autofocus": True})

    def filing(self) -> Filing:
        """What was written, as the operation takes it."""
        data = self.cleaned_data
        person = Person(name=data["name"], phone=data["phone"])
        return Filing(
            text=data["text"], title=data["title"], type=data["type"], topic=data["topic"], urgency=data["urgency"],
            channel=data["channel"] or "phone", place=Place(address=data["address"], area=data["area"]),
            person=person if data["phone"] or data["name"] else None, confidential=data["confidential"],
        )  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff_door("case.file")
def new(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST: looks the caller up, files, or files and answers at once."""
    if request.method != "POST":
        form = NewForm(initial={"key": doing.new_key(), "urgency": "general", "channel": _channel(request.viewer)})  # type: ignore[attr-defined]
        return _form(request, form)
    form = NewForm(request.POST)
    if request.POST.get("do") == "look":
        plain = NewForm(initial={name: form.data.get(name, "") for name in form.fields})
        return _form(request, plain, look=True)
    if not form.is_valid():
        return _form(request, form, status=422)
    return _file(request, form, at=datetime.now(UTC))


def _channel(viewer: Viewer) -> str:
    return "phone" if viewer.may("contact.find") else "window"


def _file(request: HttpRequest, form: NewForm, *, at: datetime) -> HttpResponse:
    by = actors.staff(request.viewer)  # type: ignore[attr-defined]
    at_once = request.POST.get("do") == "answer"

    def act() -> tuple[int, str]:
        if at_once:
            opened = operations.handle_at_once(form.filing(), answer=form.cleaned_data["answer"], by=by, at=at)
        else:
            opened = operations.open_case(form.filing(), by=by, at=at)
        can_open = policy.may_read(request.viewer, opened.case)  # type: ignore[attr-defined]
        return 201, json.dumps({"number": opened.case.number, "code": opened.query_code, "can_open": can_open})

    call = Call(f"staff:{request.user.pk}", "new_case", form.cleaned_data["key"], doing.body(form.data))
    try:
        _status, answer = once(call, act, at=at)
    except (NotValid, NotAllowed, NotPermitted) as refusal:
        field = getattr(refusal, "field", "")
        form.add_error(BEHIND_FIELDS.get(field, field) if field in form.fields else None, wording.sentence(refusal))
        return _form(request, form, status=422)
    response = render(request, "cases/staff/filed.html", {**json.loads(answer), "at_once": at_once}, status=201)
    response["Cache-Control"] = "private, no-store"
    return response


def _form(request: HttpRequest, form: NewForm, *, look: bool = False, status: int = 200) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    phone = str(form["phone"].value() or "")
    context = {"form": form, "looked": look and bool(phone), "earlier": _earlier(viewer, phone) if phone else None,
               "may_look": viewer.may("contact.find"), "may_answer": viewer.may("case.answer_at_once"),
               "answers": options.saved_answers()}  # fmt: skip
    return render(request, "cases/staff/new.html", context, status=status)


def _earlier(viewer: Viewer, phone: str) -> list[showing.Line] | None:
    """Earlier cases of the caller; None where the viewer may not look or it is no phone number."""
    if not viewer.may("contact.find"):
        return None
    try:
        index = papers.blind_phone(identifiers.normalise_phone(phone))
    except NotValid:
        return None
    rows = file.of_phone(policy.visible_with(viewer, "contact.find"), index)
    return [showing.Line(row, "", None, showing.flags(row)[:2], labels.standing(row.state, row.stage)) for row in rows]
