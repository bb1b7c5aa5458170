"""Adding items, following one guide by another, reviewing, assigning, suspending and withdrawing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from qingyu.catalog import index, policy
from qingyu.catalog.models import Item, ItemStep, ItemTheme, ItemVersion, Material
from qingyu.catalog.operations.drafts import GuideDraft, ItemDraft, check_promise, checked_guide, checked_item, rows_of
from qingyu.catalog.operations.words import needed
from qingyu.people import queries as people
from qingyu.people.models import Staff
from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotAllowed, NotValid

REVIEW_EVERY = timedelta(days=365)
"""How long a guide stands before its owner has to confirm it again, where nothing else is said."""
DAY = timedelta(days=1)
What = ItemStep.What


@transaction.atomic
def add(draft: ItemDraft, *, by: Viewer | None, at: datetime, valid_from: date | None = None) -> Item:
    """A new item with its first guide, in force from a day on; without one from today.

    NotPermitted("permission_missing"); NotAllowed("item_code_taken"); NotValid: unit_unknown, unit_inactive,
    person_of_other_unit, same_person_twice, starts_in_past, review_day_past and those of ``drafts.checked_item``.
    """
    policy.require_edit(by, draft.unit)
    found = checked_item(draft)
    if by is not None:
        check_promise(found.guide)
    check_unit(found.unit)
    _check_people(found.unit, found.owner, found.deputy)
    if Item.objects.filter(code=found.code).exists():
        raise NotAllowed("item_code_taken")
    item = new_item(found, at=at)
    _check_due(item.review_due_on, by=by, at=at)
    item.save()
    ItemTheme.objects.bulk_create(ItemTheme(item=item, theme=theme) for theme in found.themes)
    _add_version(item, found.guide, by=by, at=at, valid_from=valid_from)
    note_step(item, What.ADDED, by=by, at=at)
    return item


def new_item(draft: ItemDraft, *, at: datetime) -> Item:
    """The row of a draft, not yet stored."""
    today = people.city_day(at)
    return Item(
        code=draft.code, name=draft.guide.name, aliases=list(draft.aliases), unit_id=draft.unit,
        department=draft.department, owner_id=draft.owner, deputy_id=draft.deputy, kind=draft.kind, level=draft.level,
        subject=draft.subject, objects_served=draft.objects_served, reviewed_on=draft.reviewed_on,
        review_due_on=draft.review_due_on or (draft.reviewed_on or today) + REVIEW_EVERY, source=draft.source,
    )  # fmt: skip


def check_unit(unit: int) -> None:
    """NotValid("unit_unknown" | "unit_inactive")."""
    found = people.units().get(unit)
    if found is None:
        raise NotValid("unit_unknown", field="unit")
    if not found.active:
        raise NotValid("unit_inactive", field="unit")


def _check_people(unit: int, owner: int | None, deputy: int | None) -> None:
    if owner is not None and owner == deputy:
        raise NotValid("same_person_twice", field="deputy")
    for person, field in ((owner, "owner"), (deputy, "deputy")):
        if person and not Staff.objects.filter(pk=person, unit_id=unit, is_active=True).exists():
            raise NotValid("person_of_other_unit", field=field)


def _check_due(due: date, *, by: Viewer | None, at: datetime) -> None:
    if by is not None and due < people.city_day(at):
        raise NotValid("review_day_past", field="review_due_on")


# The guide -------------------------------------------------------------------------------------------------------


@transaction.atomic
def new_version(
    item: Item, guide: GuideDraft, *, by: Viewer | None, at: datetime, valid_from: date | None = None,
    seen: int | None = None, reason: str = "",
) -> ItemVersion:  # fmt: skip
    """Another guide from a day on, without one from today; what holds until then stays as it is.

    A version that is planned for that day or later, and not yet in force, never comes into force. NotPermitted;
    NotAllowed: item_withdrawn, row_changed_meanwhile; NotValid: starts_in_past, day_before_version,
    promised_over_legal, limit_kind_missing, material_twice (all three only where a person writes it) and those of
    ``drafts.checked_guide``.
    """
    found = checked_guide(guide)
    if by is not None:
        check_promise(found)
    item = locked(item, seen, at=at)
    policy.require_edit(by, item.unit_id)
    version = _add_version(item, found, by=by, at=at, valid_from=valid_from)
    note_step(item, What.VERSION, by=by, at=at, reason=reason, facts={"valid_from": version.valid_from.isoformat()})
    return version


def _add_version(
    item: Item, draft: GuideDraft, *, by: Viewer | None, at: datetime, valid_from: date | None
) -> ItemVersion:
    first = _first_day(item, valid_from, by=by, at=at)
    _make_room(item, first)
    item.newest, item.name = item.newest + 1, draft.name
    columns, papers = rows_of(draft)
    version = ItemVersion.objects.create(
        item=item, number=item.newest, valid_from=first, author_id=by.staff_id if by else None, at=at, **columns
    )
    Material.objects.bulk_create(Material(version=version, **paper) for paper in papers)
    return version


def _first_day(item: Item, valid_from: date | None, *, by: Viewer | None, at: datetime) -> date:
    today = people.city_day(at)
    first = valid_from or today
    if by is not None and first < today:
        raise NotValid("starts_in_past", field="valid_from")
    if item.pk and item.versions.filter(valid_from__gt=first, valid_from__lte=today).exists():
        raise NotValid("day_before_version", field="valid_from")
    return first


def _make_room(item: Item, first: date) -> None:
    """Earlier versions end the day before; planned ones that begin on that day or later never begin."""
    for version in item.versions.all():
        last = min(version.valid_to or first, first - DAY)
        last = max(last, version.valid_from - DAY)
        if version.valid_to is None or last < version.valid_to:
            ItemVersion.objects.filter(pk=version.pk).update(valid_to=last)


@transaction.atomic
def review(
    item: Item, *, by: Viewer | None, at: datetime, review_due_on: date | None = None, seen: int | None = None
) -> Item:
    """Its keeper has read the guide and it holds; the next look is a year away, or on the day given.

    NotPermitted; NotAllowed: item_withdrawn, row_changed_meanwhile; NotValid("review_day_past").
    """
    item = locked(item, seen, at=at)
    policy.require_either(by, item.unit_id)
    today = people.city_day(at)
    item.reviewed_on, item.review_due_on = today, review_due_on or today + REVIEW_EVERY
    _check_due(item.review_due_on, by=by, at=at)
    note_step(item, What.REVIEWED, by=by, at=at, facts={"next": item.review_due_on.isoformat()})
    return item


@transaction.atomic
def assign(
    item: Item, *, owner: int | None, deputy: int | None, by: Viewer | None, at: datetime, seen: int | None = None
) -> Item:
    """Who answers for the item, and who stands in; ids of staff of its unit, or None.

    NotPermitted; NotAllowed: item_withdrawn, row_changed_meanwhile; NotValid: person_of_other_unit, same_person_twice.
    """
    item = locked(item, seen, at=at)
    policy.require_either(by, item.unit_id)
    _check_people(item.unit_id, owner, deputy)
    item.owner_id, item.deputy_id = owner, deputy
    note_step(item, What.ASSIGNED, by=by, at=at, facts={"owner": owner, "deputy": deputy})
    return item


# Its state -------------------------------------------------------------------------------------------------------


@transaction.atomic
def suspend(
    item: Item, *, reason: str, by: Viewer | None, at: datetime, since: date | None = None, until: date | None = None,
    seen: int | None = None,
) -> Item:  # fmt: skip
    """Nobody can ask for it from a day on (today) to a day, or until it is resumed; its page says so and why.

    NotPermitted; NotAllowed: item_withdrawn, row_changed_meanwhile; NotValid: reason_missing, starts_in_past,
    ends_before_start.
    """
    item = locked(item, seen, at=at)
    policy.require_either(by, item.unit_id)
    today = people.city_day(at)
    first = since or today
    if by is not None and first < today:
        raise NotValid("starts_in_past", field="since")
    if until and until < first:
        raise NotValid("ends_before_start", field="until")
    item.suspended_from, item.suspended_to = first, until
    item.state_reason = needed(reason, "reason", longest=300)
    days = {"from": first.isoformat(), "to": until.isoformat() if until else None}
    note_step(item, What.SUSPENDED, by=by, at=at, reason=item.state_reason, facts=days)
    return item


@transaction.atomic
def resume(item: Item, *, by: Viewer | None, at: datetime, seen: int | None = None) -> Item:
    """It can be asked for again from today on. NotAllowed("item_not_suspended")."""
    item = locked(item, seen, at=at)
    policy.require_either(by, item.unit_id)
    today = people.city_day(at)
    if not item.suspended_from or (item.suspended_to and item.suspended_to < today):
        raise NotAllowed("item_not_suspended")
    item.suspended_from = item.suspended_to = None
    item.state_reason = ""
    note_step(item, What.RESUMED, by=by, at=at)
    return item


@transaction.atomic
def withdraw(
    item: Item, *, reason: str, by: Viewer | None, at: datetime, on: date | None = None, seen: int | None = None
) -> Item:
    """From a day on (today) it is offered no more; its page says so and why. It does not come back.

    NotPermitted; NotAllowed: item_withdrawn, row_changed_meanwhile; NotValid: reason_missing, starts_in_past.
    """
    item = locked(item, seen, at=at)
    policy.require_review(by, item.unit_id)
    today = people.city_day(at)
    if by is not None and on and on < today:
        raise NotValid("starts_in_past", field="on")
    item.withdrawn_on = on or today
    item.state_reason = needed(reason, "reason", longest=300)
    facts = {"on": item.withdrawn_on.isoformat()}
    note_step(item, What.WITHDRAWN, by=by, at=at, reason=item.state_reason, facts=facts)
    return item


# Shared ----------------------------------------------------------------------------------------------------------


def locked(item: Item, seen: int | None, *, at: datetime) -> Item:
    """The row under a lock. NotAllowed("row_changed_meanwhile" | "item_withdrawn")."""
    row = Item.objects.select_for_update().get(pk=item.pk)
    if seen is not None and row.steps_taken != seen:
        raise NotAllowed("row_changed_meanwhile")
    if row.state_on(people.city_day(at)) == Item.State.WITHDRAWN:
        raise NotAllowed("item_withdrawn")
    return row


def note_step(
    item: Item, what: str, *, by: Viewer | None, at: datetime, reason: str = "", facts: Mapping[str, Any] | None = None
) -> None:
    """Stores the row, what is found by it, and that this was done."""
    item.steps_taken += 1
    item.save()
    index.refresh(item)
    ItemStep.objects.create(
        item=item, version=item.newest, what=what, by_id=by.staff_id if by else None, at=at, reason=reason[:300],
        facts=dict(facts or {}),
    )  # fmt: skip
