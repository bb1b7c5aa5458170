"""What stands on the desk of those who keep the guides."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.db.models import Q, QuerySet

from qingyu.catalog import policy
from qingyu.catalog.models import Item, ItemStep, ItemVersion
from qingyu.catalog.queries.checking import faulty
from qingyu.catalog.queries.guides import NoSuchItem
from qingyu.people.policy import Viewer

LISTS = ("in_force", "stale", "faulty", "suspended", "withdrawn")


def on_desk(viewer: Viewer, *, kind: str, day: date) -> QuerySet[Item]:
    """The items of the person's units, by name: ``kind`` one of ``LISTS`` but faulty."""
    rows = Item.objects.filter(policy.on_desk(viewer)).order_by("name", "id")
    return rows.filter(_of_kind(kind, day))


def _of_kind(kind: str, day: date) -> Q:
    if kind == "withdrawn":
        return Q(withdrawn_on__lte=day)
    if kind == "suspended":
        return Q(suspended_from__lte=day) & (Q(suspended_to=None) | Q(suspended_to__gte=day)) & _not_withdrawn(day)
    if kind == "stale":
        return Q(review_due_on__lt=day) & _not_withdrawn(day)
    return _not_withdrawn(day) & (Q(suspended_from=None) | Q(suspended_from__gt=day) | Q(suspended_to__lt=day))


def _not_withdrawn(day: date) -> Q:
    return Q(withdrawn_on=None) | Q(withdrawn_on__gt=day)


def counts(viewer: Viewer, *, day: date) -> Counter[str]:
    """How many stand in each list of the desk; four statements and those of ``faulty``."""
    found = Counter({kind: on_desk(viewer, kind=kind, day=day).count() for kind in LISTS if kind != "faulty"})
    found["faulty"] = len(faulty(day=day, among=policy.on_desk(viewer)))
    return found


def item_for(viewer: Viewer, code: str) -> Item:
    """The item on the person's desk; NoSuchItem."""
    found = Item.objects.filter(policy.on_desk(viewer), code=code).select_related("unit", "owner", "deputy").first()
    if found is None:
        raise NoSuchItem(code)
    return found


def versions_of(item: Item) -> list[ItemVersion]:
    """All versions, the newest first, with their authors."""
    return list(item.versions.select_related("author").order_by("-number"))


def steps_of(item: Item) -> list[ItemStep]:
    """What was done to the item, the latest first."""
    return list(item.steps.select_related("by").order_by("-id"))
