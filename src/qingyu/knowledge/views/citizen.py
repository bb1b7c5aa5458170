"""The citizen's pages: find an answer, read it, say whether it helped, ask what nobody has answered yet."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyu.knowledge import operations, queries
from qingyu.knowledge.forms import QuestionForm
from qingyu.knowledge.models import AnswerVersion, Unanswered
from qingyu.knowledge.operations.words import LONGEST_QUESTION
from qingyu.knowledge.queries import Found
from qingyu.people import queries as people
from qingyu.people import sending
from qingyu.people.doors import open_door
from qingyu.people.ports import Sent, house
from qingyu.rules.refusals import Refusal


def _today(at: datetime) -> date:
    return people.city_day(at)


@open_door
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """The search, or what helps most people; under what was found, the form for what was not."""
    wanted = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUESTION]
    day = _today(datetime.now(UTC))
    found = queries.found_for(wanted, day=day) if wanted else queries.most_helpful(day=day)
    form = QuestionForm(initial={"question": wanted, "key": sending.new_key()})
    return render(request, "knowledge/answers.html", {"q": wanted, "found": found, "form": form})


@open_door
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """A question for somebody who knows; posted, it is given to a unit with a due date."""
    at = datetime.now(UTC)
    if request.method != "POST":
        form = QuestionForm(initial={"key": sending.new_key()})
        return render(request, "knowledge/ask.html", {"form": form})
    form = QuestionForm(request.POST)
    reference = sending.once(request, form, "anyone", lambda: _asked(form, at), at=at)
    if reference is None:
        sending.again(form)
        return render(request, "knowledge/ask.html", {"form": form}, status=form.status)
    return redirect("question", reference)


def _asked(form: QuestionForm, at: datetime) -> str:
    data = form.cleaned_data
    return str(operations.ask(data["question"], topic=data["topic"], at=at).reference)


@open_door
@require_safe
def question(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """What became of a question: who has it and until when, or its answer."""
    asked = get_object_or_404(Unanswered.objects.select_related("answer"), reference=reference)
    found = _shown(asked.answer.code) if asked.answer else None
    context = {"asked": asked, "unit": queries.unit_name(asked.unit_id), "found": found}
    return render(request, "knowledge/question.html", context)


@open_door
@require_safe
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """One answer, as it holds today."""
    found = _shown(code)
    if found is None:
        raise Http404
    return render(request, "knowledge/answer.html", {"found": found, "key": sending.new_key()})


def _shown(code: str) -> Found | None:
    try:
        return queries.shown(code, day=_today(datetime.now(UTC)))
    except queries.NoSuchAnswer:
        return None


@open_door
@require_POST
def helped(request: HttpRequest, code: str) -> HttpResponse:
    """Counts that the answer helped, or did not; once for each page that was opened."""
    at, found = datetime.now(UTC), _shown(code)
    if found is None:
        raise Http404
    said, key = request.POST.get("helped", ""), request.POST.get("key", "")[:64]
    if said not in ("yes", "no") or not key:
        return redirect("answer", code)
    version = AnswerVersion.objects.get(pk=found.version)
    try:
        house().once(Sent("anyone", request.path, key), lambda: _counted(version, said, at), at=at)
    except Refusal as refusal:
        messages.warning(request, house().sentence(refusal))
        return redirect("answer", code)
    if said == "yes":
        messages.success(request, _("Thank you. We are glad that it helped."))
        return redirect("answer", code)
    messages.info(request, _("Thank you for telling us. Ask here, and the unit in charge answers."))
    return redirect("ask_question")


def _counted(version: AnswerVersion, said: str, at: datetime) -> tuple[int, str]:
    operations.say_helped(version, yes=said == "yes", at=at)
    return 303, ""
