"""Reads of service items. Days are days of the city (``people.queries.city_day``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from qingyu.catalog.models import DayKind, Form, FormVersion, Item, ItemVersion, Material
from qingyu.rules.hours import Limit, Unit


class NoSuchItem(Exception):
    """There is no such item, or it is not shown that day."""


@dataclass(frozen=True)
class Guide:
    """An item as it holds on a day: the row, the version in force, the papers to bring, the state of ``Item.State``."""

    item: Item
    version: ItemVersion
    materials: tuple[Material, ...]
    state: str

    @property
    def offered(self) -> bool:
        """Whether somebody can ask for it that day: neither suspended nor withdrawn."""
        return self.state == Item.State.IN_FORCE


def guide(code: str, *, day: date) -> Guide:
    """The item with its version in force and its papers; withdrawn ones too, ``state`` says so. NoSuchItem.

    Three statements.
    """
    item = Item.objects.select_related("unit", "owner", "deputy").filter(code=code).first()
    if item is None:
        raise NoSuchItem(code)
    version = version_on(item, day=day)
    if version is None:
        raise NoSuchItem(code)
    return Guide(item, version, tuple(version.materials.all()), item.state_on(day))


def version_on(item: Item, *, day: date) -> ItemVersion | None:
    """The version that holds that day."""
    return item.versions.filter(_holds(day)).order_by("-number").first()


def materials_of(version: ItemVersion) -> list[Material]:
    """The papers a version asks for, in their order."""
    return list(version.materials.order_by("place"))


def form_for(item: Item, *, day: date) -> FormVersion | None:
    """The version of the item's form that holds that day; None where the item has no form."""
    rows = FormVersion.objects.filter(_holds(day), form__item=item).select_related("form")
    return rows.order_by("form_id", "-number").first()


def forms_of(item: Item) -> QuerySet[Form]:
    """The forms of an item."""
    return Form.objects.filter(item=item).order_by("id")


def _holds(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))


_UNITS = {DayKind.WORKING: Unit.WORKING_DAY, DayKind.CALENDAR: Unit.CALENDAR_DAY}


def promised(version: ItemVersion) -> Limit | None:
    """The promised limit; None where none is promised, or it is done while the person waits (0 days)."""
    return _limit(version.promised_days, version.promised_day_kind)


def legal(version: ItemVersion) -> Limit | None:
    """The legal limit; None where the law sets none."""
    return _limit(version.legal_days, version.legal_day_kind)


def _limit(days: int | None, kind: str) -> Limit | None:
    # A guide that does not say how its days are counted counts working days (行政许可法 82).
    return Limit(days, _UNITS.get(DayKind(kind or DayKind.WORKING), Unit.WORKING_DAY)) if days else None
