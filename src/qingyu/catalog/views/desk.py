"""The desk of those who keep the guides: their items by list, what is wrong with them, what to do to one."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qingyu.catalog import labels, operations, policy, queries
from qingyu.catalog.forms import AskForm, AssignForm, ReviewForm, SuspendForm, WithdrawForm
from qingyu.catalog.models import Item
from qingyu.people import queries as people
from qingyu.people import sending
from qingyu.people.doors import staff_door, viewer_of
from qingyu.people.policy import Viewer
from qingyu.people.sending import Keyed

DOOR = "item.read"
A_PAGE = 50
LISTS: dict[str, Promise | str] = {
    "in_force": gettext_lazy("In force"),
    "stale": gettext_lazy("To check"),
    "faulty": gettext_lazy("Contradictions and gaps"),
    "suspended": gettext_lazy("Suspended"),
    "withdrawn": gettext_lazy("No longer offered"),
}


@staff_door(DOOR)
@never_cache
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """One list of the desk with the counts of all."""
    viewer, kind = viewer_of(request), request.GET.get("list", "in_force")
    if kind not in LISTS:
        raise Http404
    day = people.city_day(datetime.now(UTC))
    wrong = queries.faulty(day=day, among=policy.on_desk(viewer))
    counts = queries.counts(viewer, day=day, wrong=wrong)
    rows: Any = (
        wrong if kind == "faulty" else queries.on_desk(viewer, kind=kind, day=day).select_related("unit", "owner")
    )
    page = Paginator(_those_first(rows) if kind == "faulty" else rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "lists": [(name, words, counts[name]) for name, words in LISTS.items()], "kind": kind, "page": page,
        "rows": [_with_words(one) for one in page] if kind == "faulty" else page, "day": day,
        "writes": bool(policy.units_edited(viewer)),
    }  # fmt: skip
    return render(request, "catalog/desk/items.html", context)


def _those_first(rows: list[queries.Faulty]) -> list[queries.Faulty]:
    """Contradictions before mere gaps, otherwise as they are."""
    return sorted(rows, key=lambda one: not one.contradictions)


def _with_words(one: queries.Faulty) -> tuple[queries.Faulty, str, list[str], list[str]]:
    unit = people.units()[one.unit_id].name
    return one, unit, [str(labels.FAULTS[f]) for f in one.contradictions], [str(labels.FAULTS[f]) for f in one.gaps]


# One item --------------------------------------------------------------------------------------------------------


def item_or_404(request: HttpRequest, code: str) -> Item:
    """The item, or 404 for one that is not there and one out of sight alike."""
    try:
        return queries.item_for(viewer_of(request), code)
    except queries.NoSuchItem:
        raise Http404 from None


@staff_door(DOOR)
@never_cache
@require_safe
def item(request: HttpRequest, code: str) -> HttpResponse:
    """One item with its guide, what is wrong with it, its versions, and what the person may do."""
    return page(request, item_or_404(request, code), {}, day=people.city_day(datetime.now(UTC)))


def page(request: HttpRequest, item: Item, bound: dict[str, Keyed], *, day: date, status: int = 200) -> HttpResponse:
    """The page of an item, with the form that was refused."""
    viewer, versions = viewer_of(request), queries.versions_of(item)
    version = queries.version_on(item, day=day) or versions[0]
    form = queries.form_for(item, day=day)
    wrong = queries.faults_of(version, queries.materials_of(version), day=day)
    context = {
        "item": item, "version": version, "versions": versions, "steps": queries.steps_of(item), "day": day,
        "state": item.state_on(day), "stale": item.review_due_on < day,
        "faults": [(labels.FAULTS[fault], fault in queries.CONTRADICTIONS) for fault in wrong],
        "promised": labels.days(version.promised_days, version.promised_day_kind),
        "legal": labels.days(version.legal_days, version.legal_day_kind), "form": form,
        "edits": policy.may_edit(viewer, item.unit_id), "reviews": policy.may_review(viewer, item.unit_id),
        "open": item.state_on(day) != Item.State.WITHDRAWN, "bound": next(iter(bound.values()), None),
        "opened": next(iter(bound), ""), **_forms(item, form.fields if form else [], bound),
    }  # fmt: skip
    return render(request, "catalog/desk/item.html", context, status=status)


def _forms(item: Item, fields: object, bound: dict[str, Keyed]) -> dict[str, Any]:
    first = {"key": sending.new_key(), "seen": item.steps_taken}
    asked = json.dumps(fields, ensure_ascii=False, indent=1)
    people_first = first | {"owner": item.owner_id, "deputy": item.deputy_id}
    return {
        "first": first,
        "review_form": bound.get("review") or ReviewForm(initial=first, auto_id="review-%s"),
        "assign_form": bound.get("assign")
        or AssignForm(initial=people_first, auto_id="assign-%s", unit=item.unit_id),
        "suspend_form": bound.get("suspend") or SuspendForm(initial=first, auto_id="suspend-%s"),
        "withdraw_form": bound.get("withdraw") or WithdrawForm(initial=first, auto_id="withdraw-%s"),
        "ask_form": bound.get("form") or AskForm(initial=first | {"fields_asked": asked}, auto_id="form-%s"),
    }  # fmt: skip


Act = Callable[[Item, Any, Viewer, datetime], object]


def _review(item: Item, form: ReviewForm, viewer: Viewer, at: datetime) -> object:
    return operations.review(item, by=viewer, at=at, **_said(form, "review_due_on"))


def _assign(item: Item, form: AssignForm, viewer: Viewer, at: datetime) -> object:
    data = form.cleaned_data
    owner, deputy = (int(data[name]) if data[name] else None for name in ("owner", "deputy"))
    return operations.assign(item, owner=owner, deputy=deputy, by=viewer, at=at, seen=data["seen"])


def _suspend(item: Item, form: SuspendForm, viewer: Viewer, at: datetime) -> object:
    return operations.suspend(item, by=viewer, at=at, **_said(form, "reason", "since", "until"))


def _resume(item: Item, form: Keyed, viewer: Viewer, at: datetime) -> object:
    return operations.resume(item, by=viewer, at=at, **_said(form))


def _withdraw(item: Item, form: WithdrawForm, viewer: Viewer, at: datetime) -> object:
    return operations.withdraw(item, by=viewer, at=at, **_said(form, "reason", "on"))


def _ask(item: Item, form: AskForm, viewer: Viewer, at: datetime) -> object:
    return operations.declare_form(item, form.declaration(), by=viewer, at=at, **_said(form, "valid_from"))


def _said(form: Keyed, *names: str) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("seen", *names)}


ACTS: dict[str, tuple[type[Keyed], Act, Promise | str]] = {
    "review": (ReviewForm, _review, gettext_lazy("Noted: the guide was checked today and holds.")),
    "assign": (AssignForm, _assign, gettext_lazy("Owner and deputy are named.")),
    "suspend": (SuspendForm, _suspend, gettext_lazy("Suspended. Its page says so and why.")),
    "resume": (Keyed, _resume, gettext_lazy("It can be asked for again.")),
    "withdraw": (WithdrawForm, _withdraw, gettext_lazy("Withdrawn from that day on. Its page says why.")),
    "form": (AskForm, _ask, gettext_lazy("The new form holds from its first day on.")),
}


@require_POST
@staff_door(DOOR)
@never_cache
def act(request: HttpRequest, code: str, act: str) -> HttpResponse:
    """Does one act, once."""
    at, viewer, found = datetime.now(UTC), viewer_of(request), item_or_404(request, code)
    if act not in ACTS:
        raise Http404
    form_class, perform, done = ACTS[act]
    more = {"unit": found.unit_id} if form_class is AssignForm else {}
    form = form_class(request.POST, auto_id=f"{act}-%s", **more)  # type: ignore[arg-type]
    who = sending.caller(request)
    outcome = sending.once(request, form, who, lambda: _did(perform, found, form, viewer, at), at=at)
    if outcome is None:
        found = item_or_404(request, code)
        sending.again(form, seen=found.steps_taken)
        return page(request, found, {act: form}, day=people.city_day(at), status=form.status)
    messages.success(request, str(done))
    return redirect("desk_item", code)


def _did(perform: Act, item: Item, form: Keyed, viewer: Viewer, at: datetime) -> str:
    perform(item, form, viewer, at)
    return item.code
