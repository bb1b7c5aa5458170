"""The rating link: opens the rating of one case and nothing else of it."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qingyu.cases.citizen import rating
from qingyu.cases.citizen.forms import RateForm
from qingyu.cases.models import Case
from qingyu.cases.tokens import case_of_token
from qingyu.cases.wording import sentence
from qingyu.people.doors import open_door
from qingyu.rules.rating import Channel
from qingyu.rules.refusals import NotAllowed, NotPermitted, Refusal


@open_door
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """The question about the outcome, or before there is one about how the person is served; thanks once answered.

    Whoever is signed in as staff is turned away: a rating is given by the person alone, and the link stays unused.
    """
    try:
        case = case_of_token(token)
    except NotPermitted:
        return render(request, "cases/citizen/rate_unknown.html", status=403)
    if request.user.is_authenticated:
        return render(request, "cases/citizen/rate_staff.html", status=403)
    try:
        asked = rating.question(case)
    except NotAllowed:
        return render(request, "cases/citizen/rate_done.html", {"number": case.number})
    return _ask(request, case, asked, token)


def _ask(request: HttpRequest, case: Case, asked: rating.Question, token: str) -> HttpResponse:
    form = RateForm(request.POST or None)
    if asked.service:
        form.fields["level"].label = _("How have you been served so far?")
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            rating.rate(
                case, level=given["level"], text=given["text"], channel=Channel.WEB, at=datetime.now(UTC), asked=asked
            )
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            return redirect("rate", token=token)
    context = {
        "form": form,
        "number": case.number,
        "early": bool(asked.service),
        "question": form.fields["level"].label,
    }
    return render(request, "cases/citizen/rate.html", context, status=422 if form.errors else 200)
