"""Who the person is, in clear: shown once, with a purpose, and written down."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from qingyu.cases import wording
from qingyu.cases.operations import identity
from qingyu.cases.staff.doing import Outcome
from qingyu.cases.staff.views.page import case_or_404, shown
from qingyu.people.doors import staff_door, viewer_of
from qingyu.rules.refusals import NotPermitted, NotValid

log = logging.getLogger("qingyu.identity")
LABELS = {
    "name": _("Name"), "phone": _("Phone"), "email": _("E-mail"), "address": _("Address"),
    "id_number": _("Identity number"),
}  # fmt: skip


@require_POST
@staff_door("contact.view", "contact.view_reports", "contact.view_confidential")
def contact(request: HttpRequest, number: str) -> HttpResponse:
    """Name and phone in clear for a purpose; logged with who, when and why."""
    case, at = case_or_404(request, number), datetime.now(UTC)
    try:
        clear = identity.reveal_contact(
            case,
            viewer=viewer_of(request),
            purpose=request.POST.get("purpose", ""),
            at=at,
        )
    except (NotValid, NotPermitted) as refusal:
        status = 422 if isinstance(refusal, NotValid) else 403
        also = {"contact_error": wording.sentence(refusal)}
        return shown(request, case, at=at, outcome=Outcome(refusal.code, status), also=also)
    named = {LABELS[name]: value for name, value in clear.items()}
    return shown(request, case, at=at, also={"clear": named, "revealed": True})


class FactsForm(forms.Form):
    """Two facts a caller must know before a lost code is read out."""

    phone = forms.CharField(max_length=40, required=False)
    fact = forms.CharField(max_length=120, required=False)


@require_POST
@sensitive_post_parameters()
@staff_door("code.reveal")
def code(request: HttpRequest, number: str) -> HttpResponse:
    """Reads a lost query code out after two matching facts; every attempt stands in the view log."""
    case, at = case_or_404(request, number), datetime.now(UTC)
    form = FactsForm(request.POST)
    form.is_valid()
    try:
        found = identity.reveal_code(
            case, viewer=request.viewer, phone=form.cleaned_data["phone"],  # type: ignore[attr-defined]
            matching_fact=form.cleaned_data["fact"], at=at,
        )  # fmt: skip
    except (NotValid, NotPermitted) as refusal:
        log.warning("lost code of case %s refused to staff %s: %s", case.number, request.user.pk, refusal.code)
        also = {"code_error": wording.sentence(refusal)}
        return shown(request, case, at=at, outcome=Outcome(refusal.code, 422), also=also)
    return shown(request, case, at=at, also={"query_code": found})
