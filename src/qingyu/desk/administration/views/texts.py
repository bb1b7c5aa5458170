"""Topics, notices and saved answers: lists and forms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingyu.cases.models import Notice, SavedAnswer, Topic
from qingyu.cases.operations import reference
from qingyu.desk.administration import labels, queries
from qingyu.desk.administration.forms import texts as forms
from qingyu.desk.administration.views.acting import Page, answer
from qingyu.desk.administration.views.staff import posts
from qingyu.people.doors import staff_door
from qingyu.people.models import Staff, Unit

MANAGES = "routes.manage"


@require_safe
@staff_door(MANAGES)
def topics(request: HttpRequest) -> HttpResponse:
    """Every topic in its place."""
    words = request.GET.get("words", "").strip()
    rows = Topic.objects.order_by("path")
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(code__icontains=words))
    found = queries.page_of(rows, request.GET.get("page", ""))
    context = {"found": found, "words": words, "here": "topics"}
    return render(request, "desk/administration/topics.html", context)


@posts
@staff_door(MANAGES)
def add_topic(request: HttpRequest) -> HttpResponse:
    """A new topic."""

    def act(form: Any, by: Staff, at: datetime) -> str:
        data = form.cleaned_data
        parent = Topic.objects.filter(code=data["parent"]).first() if data["parent"] else None
        reference.place_topic(code=data["code"], parent=parent, by=by, at=at, **_topic_values(form))
        return reverse("admin_topics")

    return answer(
        request,
        Page(
            title=_("Add a topic"),
            form=forms.NewTopicForm,
            act=act,
            back=reverse("admin_topics"),
            here="topics",
            button=_("Add"),
            done=_("The topic is added."),
        ),
    )


def _topic_values(form: Any) -> dict[str, Any]:
    data = form.cleaned_data
    return {name: data[name] for name in ("name", "anonymous", "open", "reason")} | {"words": form.search_words()}


@posts
@staff_door(MANAGES)
def topic(request: HttpRequest, pk: int) -> HttpResponse:
    """Its name, and how it may be filed."""
    row = get_object_or_404(Topic.objects.select_related("parent"), pk=pk)

    def act(form: Any, by: Staff, at: datetime) -> str:
        reference.place_topic(code=row.code, parent=row.parent, by=by, at=at, **_topic_values(form))
        return reverse("admin_topics")

    now = {"name": row.name, "anonymous": row.anonymous, "open": row.open, "words": "，".join(row.words)}
    return answer(
        request,
        _page(
            "topic",
            row.code,
            row,
            row.name,
            title=_("Change the topic"),
            form=forms.TopicForm,
            act=act,
            initial=now,
            button=_("Save"),
            done=_("The topic is changed."),
            back=reverse("admin_topics"),
            here="topics",
        ),
    )


def _page(kind: str, code: object, row: Any, about: str, **more: Any) -> Page:
    subject = f"{kind}:{code}"
    return Page(row=row, subject=subject, context={"about": about, "changes": queries.about(subject)}, **more)


@require_safe
@staff_door(MANAGES)
def notices(request: HttpRequest) -> HttpResponse:
    """Every ground by what it is used for."""
    rows = list(Notice.objects.order_by("id"))
    groups = [(name, words, [row for row in rows if row.group == name]) for name, words in labels.GROUPS.items()]
    context = {"groups": [group for group in groups if group[2]], "here": "notices"}
    return render(request, "desk/administration/notices.html", context)


@posts
@staff_door(MANAGES)
def add_notice(request: HttpRequest) -> HttpResponse:
    """A new ground."""

    def act(form: Any, by: Staff, at: datetime) -> str:
        data = form.cleaned_data
        reference.place_notice(group=data["group"], code=data["code"], by=by, at=at, **form.details())
        return reverse("admin_notices")

    return answer(
        request,
        Page(
            title=_("Add a notice"),
            form=forms.NewNoticeForm,
            act=act,
            back=reverse("admin_notices"),
            here="notices",
            button=_("Add"),
            done=_("The notice is added."),
            initial={"group": request.GET.get("group", "")},
        ),
    )


@posts
@staff_door(MANAGES)
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """The words of a ground."""
    row = get_object_or_404(Notice, pk=pk)

    def act(form: Any, by: Staff, at: datetime) -> str:
        reference.place_notice(group=row.group, code=row.code, by=by, at=at, **form.details())
        return reverse("admin_notices")

    names = ("name", "name_en", "law", "message", "message_en", "where_to", "needs_basis", "active")
    return answer(
        request,
        _page(
            "notice",
            f"{row.group}:{row.code}",
            row,
            f"{labels.GROUPS[row.group]} · {row.name}",
            title=_("Change the notice"),
            form=forms.NoticeForm,
            act=act,
            initial={name: getattr(row, name) for name in names},
            button=_("Save"),
            done=_("The notice is changed."),
            back=reverse("admin_notices"),
            here="notices",
        ),
    )


@require_safe
@staff_door(MANAGES)
def answers(request: HttpRequest) -> HttpResponse:
    """Every saved answer."""
    words = request.GET.get("words", "").strip()
    rows = SavedAnswer.objects.select_related("topic", "unit").order_by("-active", "title", "pk")
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(text__icontains=words))
    context = {"found": queries.page_of(rows, request.GET.get("page", "")), "words": words, "here": "answers"}
    return render(request, "desk/administration/answers.html", context)


def _answer_values(form: Any) -> dict[str, Any]:
    data = form.cleaned_data
    return {
        "title": data["title"],
        "text": data["text"],
        "reason": data["reason"],
        "topic": Topic.objects.filter(code=data["topic"]).first() if data["topic"] else None,
        "unit": Unit.objects.filter(code=data["unit"]).first() if data["unit"] else None,
    }


@posts
@staff_door(MANAGES)
def add_answer(request: HttpRequest) -> HttpResponse:
    """A new saved answer."""

    def act(form: Any, by: Staff, at: datetime) -> str:
        reference.add_answer(**_answer_values(form), by=by, at=at)
        return reverse("admin_answers")

    return answer(
        request,
        Page(
            title=_("Add a saved answer"),
            form=forms.AnswerForm,
            act=act,
            back=reverse("admin_answers"),
            here="answers",
            button=_("Add"),
            done=_("The answer is added."),
        ),
    )


@posts
@staff_door(MANAGES)
def saved_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Its words, its place, or out of use."""
    row = get_object_or_404(SavedAnswer.objects.select_related("topic", "unit"), pk=pk)

    def act(form: Any, by: Staff, at: datetime) -> str:
        reference.change_answer(row, **_answer_values(form), active=form.cleaned_data["active"], by=by, at=at)
        return reverse("admin_answers")

    codes = {name: one.code if one else "" for name, one in (("topic", row.topic), ("unit", row.unit))}
    return answer(
        request,
        _page(
            "answer",
            pk,
            row,
            row.title,
            title=_("Change the answer"),
            form=forms.AnswerForm,
            act=act,
            button=_("Save"),
            initial={"title": row.title, "text": row.text, "active": row.active, **codes},
            done=_("The answer is changed."),
            back=reverse("admin_answers"),
            here="answers",
        ),
    )
