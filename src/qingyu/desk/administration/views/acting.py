"""One page with one form: shown, done once, or refused in words with what was typed still there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from django.contrib import messages
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from qingyu.cases import wording
from qingyu.cases.idempotency import Call, once
from qingyu.cases.staff.doing import body, new_key
from qingyu.desk.administration import queries
from qingyu.desk.administration.forms import AdminForm, Words
from qingyu.people import operations as people
from qingyu.people.models import Staff
from qingyu.people.queries import city_day
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid, Refusal

STALE = "row_changed_meanwhile"
Act = Callable[[AdminForm, Staff, datetime], str]


@dataclass(frozen=True)
class Page:
    """``act`` does it and answers the address to go on to. ``row`` and ``subject``: what must not have changed."""

    title: Words
    form: Callable[..., AdminForm]
    act: Act
    back: str
    button: Words
    done: Words = ""
    intro: Words = ""
    here: str = ""
    danger: bool = False
    row: models.Model | None = None
    subject: str = ""
    template: str = "desk/administration/form.html"
    initial: dict[str, Any] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)


@dataclass
class Answered:
    """What came of a posted form. ``code`` empty: done, and ``url`` is where to go on."""

    code: str = ""
    status: int = 303
    url: str = ""
    again: bool = False


def answer(request: HttpRequest, page: Page) -> HttpResponse:
    """GET shows the form; POST does the act at most once, on what the person saw."""
    at = datetime.now(UTC)
    if request.method != "POST":
        first = {"seen": people.last_change(page.subject) if page.subject else 0, **page.initial}
        return shown(request, page, page.form(today=city_day(at), initial=first))
    form = page.form(request.POST, today=city_day(at), initial=dict(page.initial))
    outcome = attempt(request, page, form, at=at)
    if outcome.code:
        return refused(request, page, form, outcome)
    if outcome.again:
        messages.info(request, wording.wording("done_already"))
    elif page.done:
        messages.success(request, str(page.done))
    return HttpResponseRedirect(outcome.url, status=303)


def attempt(request: HttpRequest, page: Page, form: AdminForm, *, at: datetime) -> Answered:
    """Does it, once for the key of the form; a refusal stands in the form."""
    if not form.is_valid():
        return Answered("fields_not_valid", 422)
    by: Any = request.user
    did: list[str] = []

    def act() -> tuple[int, str]:
        if page.row is not None:
            people.expect(page.row, page.subject, seen=form.cleaned_data["seen"] or 0)
        did.append(page.act(form, by, at))
        return 303, did[0]

    call = Call(f"staff:{by.pk}", f"admin:{request.path}"[:120], form.cleaned_data["key"], body(form.data))
    try:
        _status, url = once(call, act, at=at)
    except (NotAllowed, NotValid, NotPermitted) as refusal:
        return _refused(form, refusal)
    except IntegrityError:  # somebody made the same row at the same moment
        return _refused(form, NotAllowed(STALE))
    return Answered(url=url, again=not did)


def _refused(form: AdminForm, refusal: Refusal) -> Answered:
    form.refused(refusal, wording.sentence(refusal))
    if isinstance(refusal, NotPermitted):
        return Answered(refusal.code, 403)
    return Answered(refusal.code, 422 if isinstance(refusal, NotValid) else 409)


def refused(request: HttpRequest, page: Page, form: AdminForm, outcome: Answered) -> HttpResponse:
    """The form once more with what was typed, ready to be sent on what is there now."""
    data = cast("QueryDict", form.data).copy()
    data["key"] = new_key()
    if outcome.code == STALE:
        data["seen"] = str(people.last_change(page.subject))
    form.data = data
    meanwhile = queries.changes_since(page.subject, form.cleaned_data.get("seen")) if outcome.code == STALE else []
    return shown(request, page, form, status=outcome.status, meanwhile=meanwhile)


def shown(request: HttpRequest, page: Page, form: AdminForm, *, status: int = 200, meanwhile: Any = ()) -> HttpResponse:
    """The page with the form."""
    context = {"page": page, "form": form, "meanwhile": meanwhile, "here": page.here, **page.context}
    return render(request, page.template, context, status=status)


def told(request: HttpRequest, page: Page, *, tell: Callable[[], dict[str, Any]]) -> HttpResponse:
    """As ``answer``, but what the act gave out (``person``, ``password``) is told at once and never again."""
    at = datetime.now(UTC)
    if request.method != "POST":
        return answer(request, page)
    form = page.form(request.POST, today=city_day(at), initial=dict(page.initial))
    outcome = attempt(request, page, form, at=at)
    if outcome.code:
        return refused(request, page, form, outcome)
    if outcome.again:
        messages.warning(
            request, _("This was done a moment ago. The password is shown only once; reset it if you missed it.")
        )
        return HttpResponseRedirect(outcome.url, status=303)
    context = {"here": page.here, "url": outcome.url, "page": page, **tell()}
    response = render(request, "desk/administration/secret.html", context)
    response["Cache-Control"] = "no-store"
    return response
