"""After sending: the receipt; half-filled ones taken up again; whether a result is genuine."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from qingyu.applications import queries
from qingyu.applications.draft import ApplyDraft
from qingyu.applications.views import applying
from qingyu.cases import queries as cases
from qingyu.cases.citizen import cookies
from qingyu.cases.citizen.views.filing import qr_picture
from qingyu.cases.wording import sentence
from qingyu.catalog import queries as catalog
from qingyu.people import queries as people
from qingyu.people.doors import open_door
from qingyu.rules.refusals import NotPermitted


@open_door
@never_cache
@require_safe
def applied(request: HttpRequest, again: str = "") -> HttpResponse:
    """The receipt: number, code, who has it, who stands in, until when."""
    shown = cookies.remembered(request)
    try:
        case = cases.case_of_citizen(shown.number, shown.code) if shown else None
    except NotPermitted:
        case = None
    application = queries.of_case(case) if case else None
    if shown is None or case is None or application is None:
        return redirect("track")
    link = f"{settings.PUBLIC_URL}{reverse('track')}?{urlencode({'number': shown.number, 'code': shown.code})}"
    number = f"{case.number[:6]} {case.number[6:10]} {case.number[10:]}"
    context = {
        "case": case, "application": application, "number": number, "code": shown.code, "again": bool(again),
        "unit": people.units().get(case.lead_id or 0), "qr": qr_picture(link),
    }  # fmt: skip
    response = render(request, "applications/applied.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response


class CodeForm(forms.Form):
    """One code."""

    code = forms.CharField(
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Please enter the code.")},
    )


class KeptForm(CodeForm):
    """The code of a half-filled application."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code to go on")
        self.fields["code"].help_text = _("You were given it when you kept what you had filled in.")


class ResultForm(CodeForm):
    """The code of a result."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code on the result")
        self.fields["code"].help_text = _("Twelve letters and digits; beside the picture to scan.")


@open_door
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def go_on(request: HttpRequest) -> HttpResponse:
    """A half-filled application, by its code."""
    form = KeptForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "applications/go_on.html", {"form": form}, status=422 if form.errors else 200)
    at, code = datetime.now(UTC), form.cleaned_data["code"]
    try:
        kept = queries.draft(code, at=at)
    except NotPermitted as refusal:
        form.add_error("code", sentence(refusal))
        return render(request, "applications/go_on.html", {"form": form}, status=403)
    return _resumed(request, kept, code, at)


def _resumed(request: HttpRequest, kept: queries.Kept, code: str, at: datetime) -> HttpResponse:
    guide = catalog.guide(kept.item.code, day=people.city_day(at))
    page = applying.Page(request, guide, queries.form_today(kept.item, at=at), at)
    draft = ApplyDraft.kept_as(kept.said, code)
    why = applying.closed(page)
    if why:
        return applying.shut(page, draft, why)
    if page.form and draft.form != page.form.pk:
        return applying.changed(page, draft)
    return applying.show(page, draft, page.steps[0])


@open_door
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Whether a result is genuine: who issued what, when, to whom (masked). Guessing is limited."""
    given = request.POST.get("code") or request.GET.get("code") or ""
    form = ResultForm({"code": given} if given or request.method == "POST" else None)
    found = queries.genuine(form.cleaned_data["code"]) if form.is_bound and form.is_valid() else None
    if form.is_bound and form.is_valid() and found is None:
        form.add_error("code", _("No result of ours has this code. Please check it."))
    status = 404 if form.is_bound and found is None else 200
    response = render(request, "applications/verify.html", {"form": form, "found": found}, status=status)
    response["Referrer-Policy"] = "no-referrer"
    return response
