"""Writing a guide: the next version of an item, or a new item with its first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qingyu.catalog import operations, policy, queries
from qingyu.catalog.forms import GuideForm, NewItemForm, papers_of, papers_read
from qingyu.catalog.forms import Papers as PapersForm
from qingyu.catalog.models import Item
from qingyu.catalog.operations import GuideDraft, ItemDraft
from qingyu.catalog.operations.drafts import draft_of
from qingyu.catalog.views.desk import item_or_404
from qingyu.people import sending
from qingyu.people.doors import staff_door, viewer_of
from qingyu.people.policy import Viewer

DOOR = "item.edit"


@staff_door(DOOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The guide as it stands, to be changed from a day on; what is in force until then stays as it is."""
    at, viewer, item = datetime.now(UTC), viewer_of(request), item_or_404(request, code)
    policy.require_edit(viewer, item.unit_id)
    newest = queries.versions_of(item)[0]
    before = draft_of(newest, queries.materials_of(newest))
    if request.method != "POST":
        first = GuideForm.first(before) | {"key": sending.new_key(), "seen": item.steps_taken}
        return _page(request, GuideForm(initial=first), papers_of(before), item=item)
    form, papers = GuideForm(request.POST), PapersForm(request.POST, prefix="papers")
    valid = papers.is_valid()
    done = valid and sending.once(
        request, form, sending.caller(request), lambda: _changed(item, form, papers, before, viewer, at), at=at
    )  # fmt: skip
    if not done:
        form.is_valid()
        sending.again(form, seen=Item.objects.get(pk=item.pk).steps_taken)
        return _page(request, form, papers, item=item, status=form.status)
    messages.success(request, _("Written down. It holds from its first day on."))
    return redirect("desk_item", code)


def _changed(item: Item, form: GuideForm, papers: Any, before: GuideDraft, viewer: Viewer, at: datetime) -> str:
    data = form.cleaned_data
    operations.new_version(
        item, form.guide(before, papers_read(papers, before)), by=viewer, at=at, valid_from=data["valid_from"],
        seen=data["seen"], reason=data["reason"],
    )  # fmt: skip
    return item.code


@staff_door(DOOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new item of the own unit."""
    at, viewer = datetime.now(UTC), viewer_of(request)
    if request.method != "POST":
        first = {"key": sending.new_key(), "at_window": True}
        return _page(request, NewItemForm(initial=first), papers_of(None))
    form, papers = NewItemForm(request.POST), PapersForm(request.POST, prefix="papers")
    valid = papers.is_valid()
    who = sending.caller(request)
    code = valid and sending.once(request, form, who, lambda: _added(form, papers, viewer, at), at=at)
    if not code:
        form.is_valid()
        sending.again(form, seen=0)
        return _page(request, form, papers, status=form.status)
    messages.success(request, _("Added. Name its owner and deputy."))
    return redirect("desk_item", code)


def _added(form: NewItemForm, papers: Any, viewer: Viewer, at: datetime) -> str:
    data = form.cleaned_data
    unit = (policy.units_edited(viewer) or [viewer.unit_id])[0]
    draft = ItemDraft(
        data["code"], unit, form.guide(GuideDraft(data["name"]), papers_read(papers, None)), kind=data["kind"],
        subject=data["subject"], aliases=form.listed("aliases"), themes=form.listed("themes"),
    )  # fmt: skip
    return operations.add(draft, by=viewer, at=at, valid_from=data["valid_from"]).code


def _page(
    request: HttpRequest, form: GuideForm, papers: Any, *, item: Item | None = None, status: int = 200
) -> HttpResponse:
    return render(request, "catalog/desk/edit.html", {"form": form, "papers": papers, "item": item}, status=status)
