"""The desk of the answers: what my unit says, what waits for its review, what needs its owner, what was asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyu.knowledge import operations, policy, ports, queries
from qingyu.knowledge.forms import NewAnswerForm, ReasonForm, VersionForm
from qingyu.knowledge.models import Answer
from qingyu.knowledge.operations.words import LONGEST_QUESTION
from qingyu.people import queries as people
from qingyu.people import sending
from qingyu.people.doors import staff_door, viewer_of
from qingyu.people.policy import Viewer
from qingyu.people.sending import Keyed

DOOR = "answer.read"
A_PAGE = 50
LISTS: dict[str, Promise | str] = {
    "in_force": gettext_lazy("In force"),
    "waiting": gettext_lazy("To review"),
    "drafts": gettext_lazy("Sent back"),
    "stale": gettext_lazy("Need their owner"),
    "questions": gettext_lazy("Questions to answer"),
    "withdrawn": gettext_lazy("Taken out"),
}


@staff_door(DOOR)
@never_cache
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """One list of the desk with the counts of all."""
    at, viewer = datetime.now(UTC), viewer_of(request)
    day, kind = people.city_day(at), request.GET.get("list", "in_force")
    wanted = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUESTION]
    if kind not in LISTS:
        raise Http404
    counts = queries.counts(viewer, day=day)
    rows = queries.searched(viewer, wanted, day=day) if wanted else _rows(viewer, kind, at)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    lists = [(name, words, counts[name]) for name, words in LISTS.items()]
    context = {
        "lists": lists,
        "kind": "" if wanted else kind,
        "q": wanted,
        "page": page,
        "at": at,
        "day": day,
        "writes": bool(policy.units_written(viewer)),
    }
    return render(request, "knowledge/desk/answers.html", context)


def _rows(viewer: Viewer, kind: str, at: datetime) -> Any:
    if kind == "stale":
        return queries.stale_on_desk(viewer, day=people.city_day(at))
    if kind == "questions":
        return queries.questions_on_desk(viewer).select_related("unit")
    return queries.on_desk(viewer, kind=kind).select_related("unit")


# One answer ----------------------------------------------------------------------------------------------------


@staff_door("answer.write")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new answer of the own unit: looked at as citizens will see it, then sent to its review."""
    at, viewer = datetime.now(UTC), viewer_of(request)
    if request.method != "POST":
        return _new_page(request, NewAnswerForm(initial={"key": sending.new_key()}))
    form = NewAnswerForm(request.POST)
    if "preview" in request.POST:
        return _new_page(request, form, preview=form.is_valid())
    code = sending.once(request, form, sending.caller(request), lambda: _written(form, viewer, at), at=at)
    if code is None:
        sending.again(form)
        return _new_page(request, form, status=form.status)
    messages.success(request, _("Written down. It is shown once somebody else has put it in force."))
    return redirect("desk_answer", code)


def _written(form: NewAnswerForm, viewer: Viewer, at: datetime) -> str:
    data = form.cleaned_data
    unit = (policy.units_written(viewer) or [viewer.unit_id])[0]
    made = operations.write(
        form.draft(), unit=unit, topic=data["topic"], review_on=data["review_on"], by=viewer, at=at
    )  # fmt: skip
    return made.code


def _new_page(request: HttpRequest, form: NewAnswerForm, *, preview: bool = False, status: int = 200) -> HttpResponse:
    return render(request, "knowledge/desk/new.html", {"form": form, "preview": preview}, status=status)


@staff_door(DOOR)
@never_cache
@require_safe
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """One answer with its versions, what was done to it, whether it helped, and what the person may do."""
    return page(request, answer_or_404(request, code), {})


def answer_or_404(request: HttpRequest, code: str) -> Answer:
    """The answer, or 404 for one that is not there and one out of sight alike."""
    try:
        return queries.answer_for(viewer_of(request), code)
    except queries.NoSuchAnswer:
        raise Http404 from None


def page(
    request: HttpRequest, answer: Answer, bound: dict[str, Keyed], *, preview: bool = False, status: int = 200
) -> HttpResponse:
    """The page of an answer, with the forms that were refused."""
    viewer, versions = viewer_of(request), queries.versions_of(answer)
    helped = queries.helped_of(answer)
    newest = versions[0]
    first = {"key": sending.new_key(), "seen": answer.steps_taken}
    words = {"title": newest.title, "text": newest.text, "expires_on": newest.expires_on}
    context = {
        "answer": answer, "newest": newest, "unit": queries.unit_name(answer.unit_id),
        "topic": ports.desk().topic_name(answer.topic),
        "versions": [(version, helped.get(version.number, (0, 0))) for version in versions],
        "steps": answer.steps.select_related("by").order_by("-id"),
        "writes": policy.may_write(viewer, answer.unit_id),
        "reviews": answer.waiting and policy.may_review(viewer, answer.unit_id),
        "own": newest.author_id in viewer.staff_ids,
        "takes_out": answer.state != Answer.State.WITHDRAWN and _either(viewer, answer.unit_id),
        "looks": answer.state == Answer.State.IN_FORCE and _either(viewer, answer.unit_id),
        "version_form": bound.get("version") or VersionForm(initial=first | words, auto_id="version-%s"),
        "back_form": bound.get("send_back") or ReasonForm(initial=first, auto_id="back-%s"),
        "out_form": bound.get("withdraw") or ReasonForm(initial=first, auto_id="out-%s"),
        "bound": next(iter(bound.values()), None), "opened": next(iter(bound), ""), "preview": preview, "first": first,
    }  # fmt: skip
    return render(request, "knowledge/desk/answer.html", context, status=status)


def _either(viewer: Viewer, unit_id: int) -> bool:
    return policy.may_write(viewer, unit_id) or policy.may_review(viewer, unit_id)


Act = Callable[[Answer, Any, Viewer, datetime], object]


def _version(answer: Answer, form: VersionForm, viewer: Viewer, at: datetime) -> object:
    data = form.cleaned_data
    return operations.new_version(
        answer, form.draft(), seen=data["seen"], review_on=data["review_on"], by=viewer, at=at
    )  # fmt: skip


def _put_in_force(answer: Answer, form: ReasonForm, viewer: Viewer, at: datetime) -> object:
    return operations.put_in_force(answer, seen=form.cleaned_data["seen"], by=viewer, at=at)


def _send_back(answer: Answer, form: ReasonForm, viewer: Viewer, at: datetime) -> object:
    data = form.cleaned_data
    return operations.send_back(answer, reason=data["reason"], seen=data["seen"], by=viewer, at=at)


def _withdraw(answer: Answer, form: ReasonForm, viewer: Viewer, at: datetime) -> object:
    data = form.cleaned_data
    return operations.withdraw(answer, reason=data["reason"], seen=data["seen"], by=viewer, at=at)


def _look_at(answer: Answer, form: ReasonForm, viewer: Viewer, at: datetime) -> object:
    return operations.look_at(answer, by=viewer, at=at)


ACTS: dict[str, tuple[type[Keyed], Act, Promise | str]] = {
    "version": (VersionForm, _version, gettext_lazy("Written down. The new version waits for its review.")),
    "put_in_force": (ReasonForm, _put_in_force, gettext_lazy("It is in force from its first day on.")),
    "send_back": (ReasonForm, _send_back, gettext_lazy("Sent back to the unit with your reason.")),
    "withdraw": (ReasonForm, _withdraw, gettext_lazy("Taken out. Nobody is shown it any more.")),
    "look_at": (ReasonForm, _look_at, gettext_lazy("Noted that it still holds. The next look is in a year.")),
}
AUTO_IDS = {"version": "version-%s", "send_back": "back-%s", "withdraw": "out-%s"}


@require_POST
@staff_door(DOOR)
@never_cache
def act(request: HttpRequest, code: str, act: str) -> HttpResponse:
    """Does one act, once; ``preview`` only shows the new version as citizens will see it."""
    at, viewer, found = datetime.now(UTC), viewer_of(request), answer_or_404(request, code)
    if act not in ACTS:
        raise Http404
    form_class, perform, done = ACTS[act]
    form = form_class(request.POST, auto_id=AUTO_IDS.get(act, "act-%s"))
    if act == "version" and "preview" in request.POST:
        return page(request, found, {"version": form}, preview=form.is_valid())
    who = sending.caller(request)
    outcome = sending.once(request, form, who, lambda: _did(perform, found, form, viewer, at), at=at)
    if outcome is None:
        found.refresh_from_db()
        sending.again(form, seen=found.steps_taken)
        return page(request, found, {act: form}, status=form.status)
    messages.success(request, str(done))
    return redirect("desk_answer", code)


def _did(perform: Act, answer: Answer, form: Keyed, viewer: Viewer, at: datetime) -> str:
    perform(answer, form, viewer, at)
    return answer.code
