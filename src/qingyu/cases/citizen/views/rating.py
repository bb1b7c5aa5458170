"""The rating link: opens the rating of one case and nothing else of it."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qingyu.cases import operations
from qingyu.cases.citizen import rating
from qingyu.cases.citizen.forms import RateForm
from qingyu.cases.models import Case
from qingyu.cases.tokens import case_of_token
from qingyu.cases.wording import sentence
from qingyu.people.doors import open_door
from qingyu.rules.rating import Channel
from qingyu.rules.refusals import NotAllowed, NotPermitted, Refusal

RATEABLE = (Case.State.CLOSED, Case.State.ARCHIVED)


@open_door
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """The question, or thanks where it has been answered."""
    try:
        case = case_of_token(token)
    except NotPermitted:
        return render(request, "cases/citizen/rate_unknown.html", status=403)
    if case.state not in RATEABLE:
        return render(request, "cases/citizen/rate_early.html", {"number": case.number})
    try:
        operations.rating_occasion(case)
    except NotAllowed:
        return render(request, "cases/citizen/rate_done.html", {"number": case.number})
    return _ask(request, case, token)


def _ask(request: HttpRequest, case: Case, token: str) -> HttpResponse:
    form = RateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            rating.rate(case, level=given["level"], text=given["text"], channel=Channel.WEB, at=datetime.now(UTC))
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            return redirect("rate", token=token)
    status = 422 if form.errors else 200
    return render(request, "cases/citizen/rate.html", {"form": form, "number": case.number}, status=status)
