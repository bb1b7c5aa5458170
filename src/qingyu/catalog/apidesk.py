"""What the staff doors of the API do with a body: look up whom and what it names, then call one operation."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import Http404

from qingyu.catalog import operations, queries
from qingyu.catalog.models import Item
from qingyu.catalog.operations import GuideDraft, ItemDraft, MaterialDraft
from qingyu.people import queries as people
from qingyu.people.models import Staff
from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotValid


def standing(item: Item, day: date) -> dict[str, object]:
    """How an item stands."""
    unit = people.units()[item.unit_id]
    return {
        "code": item.code, "name": item.name, "unit": unit.code, "state": item.state_on(day), "newest": item.newest,
        "review_due_on": item.review_due_on, "seen": item.steps_taken,
    }  # fmt: skip


def _item(viewer: Viewer, code: str) -> Item:
    try:
        return queries.item_for(viewer, code)
    except queries.NoSuchItem:
        raise Http404 from None


def _again(item: Item) -> Item:
    item.refresh_from_db()
    return item


def _person(username: str, field: str) -> int | None:
    if not username:
        return None
    found = Staff.objects.filter(username=username).values_list("pk", flat=True).first()
    if found is None:
        raise NotValid("handler_unknown", field=field)
    return found


def _draft(body: Any) -> GuideDraft:
    plain = body.dict()
    papers = tuple(MaterialDraft(**paper) for paper in plain.pop("materials"))
    return GuideDraft(**plain, materials=papers)


def add(body: Any, viewer: Viewer, at: datetime) -> Item:
    unit = people.unit_ids().get(body.unit) if body.unit else viewer.unit_id
    if unit is None:
        raise NotValid("unit_unknown", field="unit")
    draft = ItemDraft(
        body.code, unit, _draft(body.guide), aliases=tuple(body.aliases), themes=tuple(body.themes), kind=body.kind,
        subject=body.subject, owner=_person(body.owner, "owner"), deputy=_person(body.deputy, "deputy"),
        review_due_on=body.review_due_on,
    )  # fmt: skip
    return operations.add(draft, by=viewer, at=at, valid_from=body.valid_from)


def new_version(code: str, body: Any, viewer: Viewer, at: datetime) -> Item:
    item = _item(viewer, code)
    operations.new_version(
        item, _draft(body.guide), by=viewer, at=at, valid_from=body.valid_from, seen=body.seen, reason=body.reason
    )
    return _again(item)


def form(code: str, body: Any, viewer: Viewer, at: datetime) -> Item:
    item = _item(viewer, code)
    operations.declare_form(item, body.form, by=viewer, at=at, valid_from=body.valid_from, seen=body.seen)
    return _again(item)


def review(code: str, body: Any, viewer: Viewer, at: datetime) -> Item:
    item = _item(viewer, code)
    return operations.review(item, by=viewer, at=at, review_due_on=body.review_due_on, seen=body.seen)


def assign(code: str, body: Any, viewer: Viewer, at: datetime) -> Item:
    owner, deputy = _person(body.owner, "owner"), _person(body.deputy, "deputy")
    return operations.assign(_item(viewer, code), owner=owner, deputy=deputy, by=viewer, at=at, seen=body.seen)


def suspend(code: str, body: Any, viewer: Viewer, at: datetime) -> Item:
    item = _item(viewer, code)
    return operations.suspend(
        item, reason=body.reason, since=body.since, until=body.until, by=viewer, at=at, seen=body.seen
    )


def resume(code: str, body: Any, viewer: Viewer, at: datetime) -> Item:
    return operations.resume(_item(viewer, code), by=viewer, at=at, seen=body.seen)


def withdraw(code: str, body: Any, viewer: Viewer, at: datetime) -> Item:
    item = _item(viewer, code)
    return operations.withdraw(item, reason=body.reason, on=body.on, by=viewer, at=at, seen=body.seen)
