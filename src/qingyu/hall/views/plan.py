"""The days to come: what is planned and booked, and where who runs the hall changes both."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qingyu.cases import actors
from qingyu.cases.wording import sentence
from qingyu.hall import appointments, operations, queries
from qingyu.hall.forms import PlanForm, TermsForm
from qingyu.hall.models import Hall, Service
from qingyu.people import queries as people
from qingyu.people.doors import staff_door
from qingyu.rules.appointing import Terms
from qingyu.rules.refusals import NotPermitted, NotValid


@staff_door("hall.manage")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """The coming working days, the plan of one service (``?service=A``) and the terms; posted: one of the two."""
    hall, at = queries.hall(code), datetime.now(UTC)
    if not queries.may(request.viewer, "hall.manage", hall):  # type: ignore[attr-defined]
        raise PermissionDenied
    chosen = _chosen(hall, request.GET.get("service", ""))
    of_terms = request.POST.get("do") == "terms"
    form: Any = None
    if request.method == "POST":
        form = TermsForm(request.POST) if of_terms else PlanForm(request.POST)
        if form.is_valid() and _done(request, form, hall, None if of_terms else chosen, at):
            return _back(hall, chosen)
    return _page(request, hall, chosen, at, form)


def _chosen(hall: Hall, code: str) -> Service | None:
    """The service in the address, else the first of the hall."""
    found = queries.services(hall)
    return next((one for one in found if one.code == code), found[0] if found else None)


def _back(hall: Hall, chosen: Service | None) -> HttpResponse:
    query = f"?{urlencode({'service': chosen.code})}" if chosen else ""
    return HttpResponseRedirect(reverse("hall_plan", args=[hall.code]) + query, status=303)


def _done(request: HttpRequest, form: Any, hall: Hall, service: Service | None, at: datetime) -> bool:
    """Whether it was done; else the form says why not."""
    by, data = actors.staff(request.viewer), form.cleaned_data  # type: ignore[attr-defined]
    try:
        if service is None:
            operations.set_terms(hall, **data, by=by, at=at)
        else:
            operations.set_plan(service, since=data["since"], openings=form.openings, by=by, at=at)
    except (NotValid, NotPermitted) as refusal:
        form.add_error("since" if refusal.code == "plan_day_past" else None, sentence(refusal))
        return False
    day = data["since"].isoformat()
    messages.success(request, _("It counts from %(day)s on. What is booked already stays booked.") % {"day": day})
    return True


def _page(
    request: HttpRequest, hall: Hall, chosen: Service | None, at: datetime, form: forms.Form | None
) -> HttpResponse:
    today = people.city_day(at)
    terms = appointments.terms(hall, on=today)
    coming = appointments.coming(hall, at=at)
    planned = appointments.openings(chosen, on=today) if chosen else []
    context = {
        "hall": hall, "services": queries.services(hall), "chosen": chosen, "terms": terms, "coming": coming,
        "days": [day for day, _room, _booked in coming[0].days] if coming else [], "planned": planned, "bound": form,
        "plan": form if isinstance(form, PlanForm) else _plan_form(chosen, today + timedelta(days=1)),
        "of_terms": form if isinstance(form, TermsForm) else _terms_form(terms, today),
    }  # fmt: skip
    return render(request, "hall/plan.html", context, status=422 if form is not None else 200)


def _plan_form(chosen: Service | None, since: date) -> PlanForm:
    """What is planned for that day, to be changed."""
    return PlanForm(initial={"since": since}, planned=appointments.openings(chosen, on=since) if chosen else ())


def _terms_form(terms: Terms | None, today: date) -> TermsForm:
    """A hall that takes no appointments yet may begin today."""
    usual = terms or Terms()
    since = today + timedelta(days=1) if terms else today
    return TermsForm(
        initial={"since": since, "share": usual.share, "slot_minutes": usual.slot_minutes},
        prefix=None,
        auto_id="terms_%s",
    )
