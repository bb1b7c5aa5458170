"""Lists for citizens: what the words find, or all of a theme, a unit, a kind of person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from qingyu.catalog import search
from qingyu.catalog.models import ItemEntry, ItemVersion
from qingyu.catalog.search import Asked
from qingyu.people import queries as people


@dataclass(frozen=True)
class Listed:
    """An item as a list shows it. ``state`` of ``Item.State``; ``stale``: its review is overdue."""

    code: str
    unit: str
    subject: str
    state: str
    stale: bool
    version: ItemVersion

    @property
    def name(self) -> str:
        """The name that holds that day."""
        return self.version.name


@dataclass(frozen=True)
class Named:
    """A theme or a unit to narrow by, and how many items it has. ``key``: the theme itself, or the unit's code."""

    key: str
    name: str
    count: int


def found_for(asked: Asked, *, day: date, most: int = search.CANDIDATES) -> list[Listed]:
    """Up to so many items that fit the words, the best first; two statements."""
    return of_hits(search.ranked(asked, day=day)[:most], day=day)


def of_hits(hits: Sequence[search.Hit], *, day: date) -> list[Listed]:
    """What ``search.ranked`` found, or a page of it, as a list shows it; one statement."""
    entries = ItemEntry.objects.filter(version_id__in=[hit.version for hit in hits])
    by_version = {entry.version_id: entry for entry in _with_what_lists_show(entries)}
    return listed([by_version[hit.version] for hit in hits if hit.version in by_version], day=day)


_NOT_IN_LISTS = ("conditions", "steps", "basis", "questions", "special", "where", "hours", "fee", "phone")


def _with_what_lists_show(rows: QuerySet[ItemEntry]) -> QuerySet[ItemEntry]:
    texts = ("name_terms", "text_terms", "theme_terms", *(f"version__{name}" for name in _NOT_IN_LISTS))
    return rows.select_related("version", "item").defer(*texts)


def listed(entries: Iterable[ItemEntry], *, day: date) -> list[Listed]:
    """Entries, read with their version and item, as a list shows them."""
    return [_listed(entry, day) for entry in entries]


def _listed(entry: ItemEntry, day: date) -> Listed:
    item, unit = entry.item, people.units().get(entry.unit_id)
    stale = item.review_due_on < day
    name = unit.name if unit else ""
    return Listed(item.code, item.department or name, item.subject, item.state_on(day), stale, entry.version)


def browse(asked: Asked, *, day: date) -> QuerySet[ItemEntry]:
    """All items that are shown that day, narrowed, by name; read with their version and item."""
    rows = ItemEntry.objects.filter(shown_from__lte=day, shown_to__gte=day).filter(_narrow(asked))
    return _with_what_lists_show(rows).order_by("item__name", "item_id")


def _narrow(asked: Asked) -> Q:
    found = Q()
    if asked.unit is not None:
        found &= Q(unit_id=asked.unit)
    if asked.subject:
        found &= Q(subject__in=[asked.subject, "both"])
    if asked.theme:
        found &= Q(item__themes__theme=asked.theme)
    return found


@people.remembered
def themes(day: date) -> Sequence[Named]:
    """The themes with shown items, those with most first; one statement each ten seconds."""
    rows = ItemEntry.objects.filter(shown_from__lte=day, shown_to__gte=day, item__themes__theme__isnull=False)
    counted = rows.values("item__themes__theme").annotate(n=Count("pk")).order_by("-n", "item__themes__theme")
    return [Named(row["item__themes__theme"], row["item__themes__theme"], row["n"]) for row in counted]


@people.remembered
def units_with_items(day: date) -> Sequence[Named]:
    """The units with shown items, in the order of the tree; one statement each ten seconds."""
    rows = ItemEntry.objects.filter(shown_from__lte=day, shown_to__gte=day).values("unit_id")
    counted = {row["unit_id"]: row["n"] for row in rows.annotate(n=Count("pk")).order_by()}
    return [Named(unit.code, unit.name, counted[unit.id]) for unit in people.units().values() if unit.id in counted]
