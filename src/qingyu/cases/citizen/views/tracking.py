"""Following a request: where it is, who has it, until when; and what the citizen may do about it."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyu.cases import queries
from qingyu.cases.citizen import cookies, lost, story
from qingyu.cases.citizen.forms import LostForm, TrackForm
from qingyu.cases.models import Case
from qingyu.cases.wording import sentence
from qingyu.people.doors import open_door
from qingyu.rules import identifiers
from qingyu.rules.refusals import NotPermitted, NotValid


@open_door
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Asks for number and code, or shows the case they open. What was typed goes into a cookie, not into an address."""
    if request.method == "POST":
        return _looked_up(request)
    if "code" in request.GET:
        given = cookies.Pass(request.GET.get("number", ""), request.GET.get("code", ""))
        return _shown(request, given)
    shown = cookies.remembered(request)
    return _shown(request, shown) if shown else _asked(request, TrackForm(initial=_number_in(request)))


def _number_in(request: HttpRequest) -> dict[str, str]:
    return {"number": request.GET.get("number", "")}


def _looked_up(request: HttpRequest) -> HttpResponse:
    form = TrackForm(request.POST)
    if not form.is_valid():
        return _asked(request, form, status=422)
    given = cookies.Pass(form.cleaned_data["number"], form.cleaned_data["code"])
    try:
        queries.case_of_citizen(given.number, given.code)
    except NotPermitted:
        return _not_opened(request, form)
    response = redirect("track")
    cookies.remember(response, given)
    return response


def _asked(request: HttpRequest, form: TrackForm, *, status: int = 200) -> HttpResponse:
    return render(request, "cases/citizen/track.html", {"form": form}, status=status)


def _not_opened(request: HttpRequest, form: TrackForm) -> HttpResponse:
    """One sentence for a wrong number and a wrong code: nobody learns which exist. Rate limits count it."""
    form.add_error(None, _("Number and code do not open a request. Please check both."))
    response = _asked(request, form, status=403)
    cookies.forget(response)
    return response


def not_opened_by(request: HttpRequest, given: cookies.Pass) -> HttpResponse:
    """403 and the form for number and code, where these open nothing."""
    form = TrackForm({"number": given.number, "code": ""})
    form.errors.clear()
    return _not_opened(request, form)


def _shown(request: HttpRequest, given: cookies.Pass) -> HttpResponse:
    try:
        case = queries.case_of_citizen(given.number, given.code)
    except NotPermitted:
        return not_opened_by(request, given)
    response = render(request, "cases/citizen/case.html", _context(case, datetime.now(UTC)))
    cookies.remember(response, given)
    return response


def _context(case: Case, at: datetime) -> dict[str, object]:
    return {"told": story.tell(case, at=at)}


@open_door
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """The person is done; the next one at this computer sees nothing."""
    response = redirect("home")
    cookies.forget(response)
    return response


@open_door
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lost_code(request: HttpRequest) -> HttpResponse:
    """Sends the code to the contact we have. The answer is the same whether number and phone belong together or not."""
    form = LostForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _phone_is_one(form):
        lost.send_code(form.cleaned_data["number"], form.cleaned_data["phone"], at=datetime.now(UTC))
        return redirect("code_sent")
    return render(request, "cases/citizen/lost.html", {"form": form}, status=422 if form.errors else 200)


def _phone_is_one(form: LostForm) -> bool:
    try:
        identifiers.normalise_phone(form.cleaned_data["phone"])
    except NotValid as refusal:
        form.add_error("phone", sentence(refusal))
    return form.is_valid()


@open_door
@require_safe
def code_sent(request: HttpRequest) -> HttpResponse:
    """What happens after the code was asked for."""
    return render(request, "cases/citizen/lost_done.html")
