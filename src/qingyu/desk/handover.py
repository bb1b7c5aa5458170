"""From an application begun online to the ticket at a window: the same case goes on under its number."""

from __future__ import annotations

from datetime import UTC, datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qingyu.applications import operations as applications
from qingyu.cases import actors, papers
from qingyu.cases.actors import CITIZEN, Actor
from qingyu.cases.models import Case, Contact
from qingyu.cases.operations.opening import is_query_code
from qingyu.cases.wording import sentence
from qingyu.hall import queries as halls
from qingyu.hall.models import Window
from qingyu.hall.operations.calling import attach_case
from qingyu.people.doors import staff_door
from qingyu.rules import identifiers
from qingyu.rules.lifecycle import Stage
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid, Refusal

ON_THE_WAY = (Stage.PRECHECK, Stage.CORRECTING, Stage.AT_WINDOW)


@transaction.atomic
def go_on(window: Window, *, number: str, proof: str, by: Actor, at: datetime) -> Case:
    """The person at the window names an application and proves that it is theirs: query code, or the phone it has.

    Who comes without having said so has chosen the window by coming. NotPermitted("code_wrong"), NotAllowed:
    not_at_this_stage, and what the hall says of its ticket.
    """
    case = _proved(number, proof)
    if case.stage not in ON_THE_WAY:
        raise NotAllowed("not_at_this_stage")
    ticket = attach_case(window, case, by=by, at=at)
    if case.stage != Stage.AT_WINDOW:
        applications.choose_window(case, by=CITIZEN, at=at)
    applications.take_at_window(
        case, unit=window.unit_id or window.hall.unit_id, by=by, at=at, ticket=ticket.pk, hall=window.hall.code,
        window=window.code,
    )  # fmt: skip
    return case


def _proved(number: str, proof: str) -> Case:
    try:
        case = Case.objects.get(number=identifiers.check_case_number(number))
    except (NotValid, Case.DoesNotExist):
        raise NotPermitted("code_wrong") from None
    try:
        if is_query_code(case, proof):
            return case
    except NotValid:
        pass
    if not _is_their_phone(case, proof):
        raise NotPermitted("code_wrong")
    return case


def _is_their_phone(case: Case, proof: str) -> bool:
    try:
        index = papers.blind_phone(identifiers.normalise_phone(proof))
    except NotValid:
        return False
    return Contact.objects.filter(case=case, phone_index=index).exclude(role=Contact.Role.REPORTED).exists()


class NumberForm(forms.Form):
    """What a person at the window shows."""

    number = forms.CharField(
        label=gettext_lazy("Number of the application"), max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Please enter the number.")},
    )  # fmt: skip
    proof = forms.CharField(
        label=gettext_lazy("Query code, or the phone number of the person"), max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Ask for the query code or the phone number.")},
    )  # fmt: skip


@staff_door("hall.window")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def window_application(request: HttpRequest, code: str, n: str) -> HttpResponse:
    """At a window: the application that the person names opens here, with all they have handed in."""
    window = halls.window(halls.hall(code), n)
    viewer = request.viewer  # type: ignore[attr-defined]
    if not halls.may_work(viewer, window):
        raise PermissionDenied
    form, status = NumberForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            by = actors.staff(viewer)
            case = go_on(window, number=given["number"], proof=given["proof"], by=by, at=datetime.now(UTC))
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
            status = 403 if isinstance(refusal, NotPermitted) else 409
        else:
            messages.success(request, _("The application is open at this window. Its number stays the same."))
            return redirect("case", case.number)
    status = 422 if form.errors and status == 200 else status
    return render(request, "desk/handover.html", {"window": window, "form": form}, status=status)
