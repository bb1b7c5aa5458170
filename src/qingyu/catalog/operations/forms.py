"""The forms of an item: declared as data, each change a new version."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from qingyu.catalog import policy
from qingyu.catalog.models import Form, FormVersion, Item
from qingyu.catalog.operations.items import What, locked, note_step
from qingyu.catalog.operations.words import needed
from qingyu.people import queries as people
from qingyu.people.policy import Viewer
from qingyu.rules import forms as rules
from qingyu.rules.refusals import NotAllowed, NotValid

DAY = timedelta(days=1)


@transaction.atomic
def declare_form(
    item: Item, fields: object, *, by: Viewer | None, at: datetime, name: str = "", code: str = "",
    valid_from: date | None = None, seen: int | None = None,
) -> FormVersion:  # fmt: skip
    """What the form of an item asks from a day on (today); who has begun an earlier version ends with that one.

    Without a code the item's own form, which is named after the item. NotPermitted; NotAllowed: item_withdrawn,
    row_changed_meanwhile, form_code_taken; NotValid: starts_in_past, day_before_version and those of
    ``rules.forms.declared``.
    """
    rules.declared(fields)
    item = locked(item, seen, at=at)
    policy.require_edit(by, item.unit_id)
    form = _form(item, code or item.code, name or item.name)
    first = _first_day(form, valid_from, by=by, at=at)
    for earlier in form.versions.all():
        last = max(min(earlier.valid_to or first, first - DAY), earlier.valid_from - DAY)
        FormVersion.objects.filter(pk=earlier.pk).update(valid_to=last)
    form.newest += 1
    form.save(update_fields=["newest"])
    version = FormVersion.objects.create(
        form=form, number=form.newest, fields=fields, valid_from=first, author_id=by.staff_id if by else None, at=at
    )
    note_step(item, What.FORM, by=by, at=at, facts={"form": form.code, "version": form.newest})
    return version


def _form(item: Item, code: str, name: str) -> Form:
    known = Form.objects.select_for_update().filter(code=code).first()
    if known is None:
        return Form.objects.create(item=item, code=code[:60], name=needed(name, "name", longest=200)[:120])
    if known.item_id != item.pk:
        raise NotAllowed("form_code_taken")
    return known


def _first_day(form: Form, valid_from: date | None, *, by: Viewer | None, at: datetime) -> date:
    today = people.city_day(at)
    first = valid_from or today
    if by is not None and first < today:
        raise NotValid("starts_in_past", field="valid_from")
    if form.versions.filter(valid_from__gt=first, valid_from__lte=today).exists():
        raise NotValid("day_before_version", field="valid_from")
    return first
