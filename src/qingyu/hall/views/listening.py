"""The listening desk: one form at a listening window, and what was heard, counted by cause."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from qingyu.cases import actors
from qingyu.cases.idempotency import Call, once
from qingyu.cases.operations import Person
from qingyu.cases.operations.words import LONGEST
from qingyu.cases.wording import sentence
from qingyu.hall.facilities import listening as reads
from qingyu.hall.models import Heard, Window
from qingyu.hall.operations import listening
from qingyu.hall.operations.listening import Matter
from qingyu.hall.queries import hall, may_work, window
from qingyu.hall.views import heard, taking
from qingyu.people import queries as people
from qingyu.people.doors import staff_door, viewer_of
from qingyu.rules.refusals import NotAllowed, NotValid

DAYS = 30


class MatterForm(forms.Form):
    """What could not be done."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    cause = forms.ChoiceField(
        label=gettext_lazy("Why it could not be done"), choices=Heard.Cause.choices, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose why it could not be done."),
                        "invalid_choice": gettext_lazy("Choose why it could not be done.")},
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("In the words of the person"), max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("What they came for, where they were sent, what was asked of them."),
        error_messages={"required": gettext_lazy("Write what could not be done.")},
    )  # fmt: skip
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit concerned"), required=False, choices=[],
        help_text=gettext_lazy("Leave it open if you are not sure: the centre finds it."),
    )  # fmt: skip
    item = forms.CharField(
        label=gettext_lazy("Service item"), required=False, max_length=200,
        help_text=gettext_lazy("Its full name or its code. Leave it open if you are not sure."),
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("Name of the person"), required=False, max_length=80)
    phone = forms.CharField(
        label=gettext_lazy("Phone of the person"), required=False, max_length=40,
        help_text=gettext_lazy("So that we can say what came of it."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [unit for unit in people.units().values() if unit.active and unit.kind not in ("centre", "city")]
        choices = [("", _("not sure")), *((str(unit.id), unit.name) for unit in units)]
        self.fields["unit"].choices = choices  # type: ignore[attr-defined]

    def matter(self) -> Matter:
        data = self.cleaned_data
        person = Person(name=data["name"], phone=data["phone"]) if data["name"] or data["phone"] else None
        unit = int(data["unit"]) if data["unit"] else None
        return Matter(cause=data["cause"], text=data["text"], item=data["item"], unit=unit, person=person)


@staff_door("hall.window")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, code: str, n: str) -> HttpResponse:
    """The form of a listening window; posted: a case of its own, once for its key."""
    found = window(hall(code), n)
    if not may_work(request.viewer, found):  # type: ignore[attr-defined]
        raise PermissionDenied
    if request.method != "POST":
        return _form(request, found, MatterForm(initial={"key": taking.new_key()}))
    form = MatterForm(request.POST)
    if not form.is_valid():
        return _form(request, found, form, status=422)
    try:
        number = _once(request, found, form.matter())
    except (NotValid, NotAllowed) as refusal:
        field = getattr(refusal, "field", "")
        form.add_error(field if field in form.fields else None, sentence(refusal))
        return _form(request, found, form, status=422)
    messages.success(request, _("Taken down as case %(number)s. It ends only in a change or a reasoned no.")
                     % {"number": number})  # fmt: skip
    return redirect("listening_window", code, n)


def _once(request: HttpRequest, found: Window, matter: Matter) -> str:
    at, by = datetime.now(UTC), actors.staff(request.viewer)  # type: ignore[attr-defined]
    said = [(name, text) for name, text in sorted(request.POST.items()) if name not in ("key", "csrfmiddlewaretoken")]
    body = "\n".join(f"{name}={text}" for name, text in said).encode()
    call = Call(f"staff:{by.staff_id}", f"listening:{found.pk}", request.POST["key"][:64], body)
    return once(call, lambda: (303, listening.enter(found, matter, by=by, at=at).case.number), at=at)[1]


def _form(request: HttpRequest, found: Window, form: MatterForm, *, status: int = 200) -> HttpResponse:
    context = {"hall": found.hall, "window": found, "form": form, "listening": reads.is_listening(found)}
    return render(request, "hall/listening_window.html", context, status=status)


@staff_door("hall.manage", "case.supervise")
@never_cache
@require_safe
def counts(request: HttpRequest, code: str) -> HttpResponse:
    """What was heard, by cause and by unit; four statements."""
    found, today = hall(code), people.city_day(datetime.now(UTC))
    viewer = viewer_of(request)
    if not reads.may_count(viewer, found):
        raise PermissionDenied
    first, last, error = _span(request, today)
    try:
        figures = reads.figures(found, first=first, last=last)
    except NotValid as refusal:
        error = sentence(refusal)
        figures = reads.figures(found, first=today - timedelta(days=DAYS - 1), last=today)
    context = {
        "hall": found, "figures": figures, "error": error, "windows": reads.windows(found),
        "causes": heard.counted(figures.causes), "units": heard.counted(figures.units),
        "latest": heard.matters(reads.latest(viewer, found, first=figures.first, last=figures.last)),
    }  # fmt: skip
    return render(request, "hall/listening.html", context, status=422 if error else 200)


def _span(request: HttpRequest, today: date) -> tuple[date, date, str]:
    """The days of the address, both inclusive; the last thirty where it names none, with words where it is no date."""
    first, last = today - timedelta(days=DAYS - 1), today
    try:
        first = date.fromisoformat(request.GET["from"]) if request.GET.get("from") else first
        last = date.fromisoformat(request.GET["to"]) if request.GET.get("to") else last
    except ValueError:
        return first, last, str(sentence(NotValid("not_a_date")))
    return first, last, ""
