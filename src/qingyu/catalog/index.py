"""The rows that tell which version is shown when, and by which terms it is found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from qingyu.catalog.models import ENDLESS, Item, ItemEntry, ItemVersion
from qingyu.rules.terms import terms

DAY = timedelta(days=1)


def refresh(item: Item) -> None:
    """Makes the rows of one item anew from its versions; none of a version that never holds."""
    ItemEntry.objects.filter(item=item).delete()
    themes = list(item.themes.values_list("theme", flat=True))
    versions = item.versions.prefetch_related("materials")
    made = (entry(item, version, [one.name for one in version.materials.all()], themes) for version in versions)
    ItemEntry.objects.bulk_create(one for one in made if one)


def entry(item: Item, version: ItemVersion, papers: Iterable[str], themes: Iterable[str]) -> ItemEntry | None:
    """The row of one version, not yet stored; None where it is never shown."""
    last = min(version.valid_to or ENDLESS, item.withdrawn_on - DAY if item.withdrawn_on else ENDLESS)
    if last < version.valid_from:
        return None
    names = [version.name, *item.aliases]
    texts = [*papers, version.result_name, item.department, item.unit.name]
    return ItemEntry(
        version=version, item=item, unit_id=item.unit_id, subject=item.subject, shown_from=version.valid_from,
        shown_to=last, name_terms=_terms(names), text_terms=_terms(texts), theme_terms=_terms(themes),
    )  # fmt: skip


def _terms(texts: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(term for text in texts for term in terms(text)))
