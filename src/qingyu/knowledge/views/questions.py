"""A question that nobody could answer, on the desk of the unit it was given to."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from qingyu.knowledge import operations, policy, ports, queries
from qingyu.knowledge.forms import GiveForm, VersionForm
from qingyu.knowledge.models import Unanswered
from qingyu.knowledge.views.desk import DOOR
from qingyu.people import queries as people
from qingyu.people import sending
from qingyu.people.doors import staff_door, viewer_of
from qingyu.people.policy import Viewer
from qingyu.people.sending import Keyed


def _question_or_404(request: HttpRequest, pk: int) -> Unanswered:
    try:
        return queries.question_for(viewer_of(request), pk)
    except queries.NoSuchAnswer:
        raise Http404 from None


@staff_door(DOOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """The question with answers that come near; posted, the unit's answer goes to its review."""
    at, viewer, asked = datetime.now(UTC), viewer_of(request), _question_or_404(request, pk)
    if request.method != "POST":
        first = {"key": sending.new_key(), "title": asked.text[:120]}
        return _page(request, asked, VersionForm(initial=first), None, at=at)
    form = VersionForm(request.POST)
    if "preview" in request.POST:
        return _page(request, asked, form, None, at=at, preview=form.is_valid())
    code = sending.once(request, form, sending.caller(request), lambda: _replied(asked, form, viewer, at), at=at)
    if code is None:
        asked.refresh_from_db()
        sending.again(form)
        return _page(request, asked, form, None, at=at, status=form.status)
    messages.success(request, _("Answered. It is shown once somebody else has put it in force."))
    return redirect("desk_answer", code)


def _replied(asked: Unanswered, form: VersionForm, viewer: Viewer, at: datetime) -> str:
    return operations.reply(asked, form.draft(), by=viewer, at=at).code


@require_POST
@staff_door(DOOR)
@never_cache
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives the question to another unit."""
    at, viewer, asked = datetime.now(UTC), viewer_of(request), _question_or_404(request, pk)
    form = GiveForm(request.POST, auto_id="give-%s")
    done = sending.once(request, form, sending.caller(request), lambda: _given(asked, form, viewer, at), at=at)
    if done is None:
        asked.refresh_from_db()
        sending.again(form)
        version = VersionForm(initial={"key": sending.new_key(), "title": asked.text[:120]})
        return _page(request, asked, version, form, at=at, status=form.status)
    messages.success(request, _("Given to %(unit)s. The due date stays.") % {"unit": done})
    return redirect("answers_desk")


def _given(asked: Unanswered, form: GiveForm, viewer: Viewer, at: datetime) -> str:
    found = operations.give(asked, unit=int(form.cleaned_data["unit"] or 0), by=viewer, at=at)
    return queries.unit_name(found.unit_id)


def _page(
    request: HttpRequest, asked: Unanswered, form: VersionForm, give_form: GiveForm | None, *, at: datetime,
    preview: bool = False, status: int = 200,
) -> HttpResponse:  # fmt: skip
    viewer = viewer_of(request)
    bound: Keyed | None = give_form or (form if form.is_bound else None)
    near = queries.found_for(asked.text, day=people.city_day(at))[:3]
    context = {
        "asked": asked, "form": form, "bound": bound, "preview": preview, "near": near, "at": at,
        "unit": queries.unit_name(asked.unit_id), "topic": ports.desk().topic_name(asked.topic),
        "give_form": give_form or GiveForm(initial={"key": sending.new_key()}, auto_id="give-%s"),
        "writes": policy.may_write(viewer, asked.unit_id),
        "gives": policy.may_write(viewer, asked.unit_id) or policy.may_review(viewer, asked.unit_id),
    }  # fmt: skip
    return render(request, "knowledge/desk/question.html", context, status=status)
