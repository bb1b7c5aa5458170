"""The follow-up caller's pages: the calls to make, and one call."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyu.cases.idempotency import Call as Once
from qingyu.cases.idempotency import once
from qingyu.cases.models import Case
from qingyu.cases.operations import identity, seen
from qingyu.cases.queries import NoSuchCase, case_for
from qingyu.cases.wording import sentence
from qingyu.followup import forms, operations, queries, showing, voices
from qingyu.people.doors import staff_door
from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid, Refusal

DOOR = "case.followup"


def _viewer(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


@staff_door(DOOR)
@never_cache
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """How many calls wait, the next 50, and the one I have taken; seven statements at most with who asks."""
    at, viewer = datetime.now(UTC), _viewer(request)
    context = {
        "counts": queries.counts(viewer, at=at),
        "lines": showing.calls(queries.waiting(viewer, at=at)),
        "held": queries.held(viewer, at=at),
        "left": queries.left_to_a_person(viewer),
    }
    return render(request, "followup/calls.html", context)


@require_POST
@staff_door(DOOR)
def next_call(request: HttpRequest) -> HttpResponse:
    """Takes the next call, or the one named; ``back`` gives mine back."""
    at, viewer = datetime.now(UTC), _viewer(request)
    if "back" in request.POST:
        operations.put_back(viewer=viewer, at=at)
        return redirect("followup")
    try:
        return _taken(request, viewer, at)
    except NotAllowed as refusal:
        messages.warning(request, sentence(refusal))
        return redirect("followup")


def _taken(request: HttpRequest, viewer: Viewer, at: datetime) -> HttpResponse:
    number = request.POST.get("number", "")
    if number:
        operations.take(_case(viewer, number), viewer=viewer, at=at)
        return redirect("followup_call", number)
    plan = operations.take_next(viewer=viewer, at=at)
    if plan is None:
        messages.info(request, _("There is no call to make now."))
        return redirect("followup")
    return redirect("followup_call", plan.case.number)


def _case(viewer: Viewer, number: str) -> Case:
    try:
        return case_for(viewer, number)
    except NoSuchCase:
        raise Http404 from None


@staff_door(DOOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, number: str) -> HttpResponse:
    """One call: whom, about what, the three questions; posted, it is written down."""
    at, viewer = datetime.now(UTC), _viewer(request)
    case = _case(viewer, number)
    if request.method != "POST":
        return _page(request, case, _new_form(case), at=at)
    form = forms.CallForm(request.POST)
    try:
        done = _written(case, form, viewer, at) if form.is_valid() else None
    except (NotAllowed, NotValid) as refusal:
        return _refused(request, case, form, refusal, at)
    if done is None:
        return _page(request, case, form, at=at, status=422)
    messages.success(request, DONE[done]())
    return _taken_next(request, viewer, at) if "next" in request.POST else redirect("followup")


def _written(case: Case, form: forms.CallForm, viewer: Viewer, at: datetime) -> str:
    """What came of it. The same form twice is one call."""
    data = form.cleaned_data
    body = "\n".join(f"{name}={value}" for name, value in sorted(data.items()) if name != "key").encode()

    def act() -> tuple[int, str]:
        seen.expect(case, length=data["seen"])
        return 303, operations.make_call(case, form.call(), viewer=viewer, at=at)

    return once(Once(f"staff:{viewer.staff_id}", f"followup:{case.number}", data["key"], body), act, at=at)[1]


DONE = {
    "redo": lambda: _("Written down. The unit must do it again, with a new time limit."),
    "mend": lambda: _("Written down. A case to put it right is on its way to the unit."),
    "archive": lambda: _("Written down. The case is archived."),
    "": lambda: _("Written down. We will try again later."),
}


def _taken_next(request: HttpRequest, viewer: Viewer, at: datetime) -> HttpResponse:
    plan = operations.take_next(viewer=viewer, at=at)
    return redirect("followup_call", plan.case.number) if plan else redirect("followup")


def _refused(
    request: HttpRequest, case: Case, form: forms.CallForm, refusal: Refusal, at: datetime
) -> HttpResponse:  # fmt: skip
    field = getattr(refusal, "field", "")
    form.add_error(field if field in form.fields else None, sentence(refusal))
    case.refresh_from_db()
    data = cast("QueryDict", form.data).copy()
    data["seen"] = str(case.length)
    form.data = data
    return _page(request, case, form, at=at, status=409 if isinstance(refusal, NotAllowed) else 422)


@require_POST
@staff_door(DOOR)
@never_cache
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Name and phone in clear for the person who makes the call; written down in the view log."""
    at, viewer = datetime.now(UTC), _viewer(request)
    case = _case(viewer, number)
    try:
        clear = identity.reveal_contact(case, viewer=viewer, purpose=_("follow-up call"), at=at)
    except NotPermitted as refusal:
        messages.warning(request, sentence(refusal))
        return redirect("followup_call", number)
    return _page(request, case, _new_form(case), at=at, clear=clear)


def _new_form(case: Case) -> forms.CallForm:
    return forms.CallForm(initial={"seen": case.length, "key": uuid.uuid4().hex})


def _page(
    request: HttpRequest, case: Case, form: forms.CallForm, *, at: datetime, status: int = 200,
    clear: dict[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    sheet = queries.sheet(case, viewer=_viewer(request), at=at)
    attempts = [(attempt, forms.OUTCOMES.get(attempt.outcome)) for attempt in sheet.attempts]  # type: ignore[call-overload]
    context: dict[str, Any] = {"sheet": sheet, "form": form, "clear": clear, "attempts": attempts}
    return render(request, "followup/call.html", context, status=status)


# What people say ------------------------------------------------------------------------------------------------

TABS = ((voices.ALL, "star", gettext_lazy("Ratings")), (voices.POOR, "frown", gettext_lazy("Poor ratings")),
        (voices.ME, "heart", gettext_lazy("About me")))  # fmt: skip


@staff_door("case.read")
@never_cache
@require_safe
def what_people_say(request: HttpRequest) -> HttpResponse:
    """``?show=all|poor|me``: ratings of cases in sight, or letters that name the viewer; five statements at most."""
    at, viewer = datetime.now(UTC), _viewer(request)
    which = request.GET.get("show", "")
    which = which if which in (voices.POOR, voices.ME) else voices.ALL
    found = voices.naming(viewer) if which == voices.ME else voices.ratings(viewer, which=which, at=at)
    context = {
        "tabs": TABS, "which": which, "named": voices.named(viewer, at=at), "voices": showing.spoken(found),
    }  # fmt: skip
    return render(request, "followup/voices.html", context)
