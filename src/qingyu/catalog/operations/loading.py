"""Many items at once from a file: new ones in bulk, changed ones as new versions, known ones left as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qingyu.catalog import index
from qingyu.catalog.models import Item, ItemEntry, ItemStep, ItemTheme, ItemVersion, Material
from qingyu.catalog.operations.drafts import GuideDraft, ItemDraft, checked_item, draft_of, rows_of
from qingyu.catalog.operations.items import check_unit, new_item, new_version
from qingyu.people import queries as people
from qingyu.rules.refusals import NotAllowed, Refusal


@dataclass(frozen=True)
class Loaded:
    """What a chunk became: how many items were new, changed and known; the refused by their place in the chunk."""

    made: int
    changed: int
    same: int
    refused: dict[int, Refusal]


@transaction.atomic
def load(drafts: Sequence[ItemDraft], *, at: datetime) -> Loaded:
    """Enters the items of a chunk; each by its code, so that the same chunk again changes nothing.

    Of a known item only the guide is held against the stored one; another guide becomes a version from today. Refused,
    with the others unharmed: NotAllowed("item_of_other_unit" | "item_withdrawn") and what ``drafts.checked_item`` and
    ``items.check_unit`` say.
    """
    refused: dict[int, Refusal] = {}
    good = {place: found for place, draft in enumerate(drafts) if (found := _checked(draft, place, refused))}
    known = _known({draft.code for draft in good.values()})
    fresh: dict[str, ItemDraft] = {}
    did = {"changed": 0, "same": 0}
    for place, draft in good.items():
        if draft.code not in known:
            fresh[draft.code] = draft
            continue
        try:
            did[_compare(draft, known[draft.code], at)] += 1
        except Refusal as refusal:
            refused[place] = refusal
    _write(list(fresh.values()), at=at)
    repeated = len([draft for draft in good.values() if draft.code in fresh]) - len(fresh)
    return Loaded(len(fresh), did["changed"], did["same"] + repeated, refused)


def _checked(draft: ItemDraft, place: int, refused: dict[int, Refusal]) -> ItemDraft | None:
    try:
        check_unit(draft.unit)
        return checked_item(draft)
    except Refusal as refusal:
        refused[place] = refusal
        return None


def _known(codes: set[str]) -> dict[str, tuple[Item, GuideDraft]]:
    items = {item.pk: item for item in Item.objects.filter(code__in=codes)}
    versions = ItemVersion.objects.filter(item__in=items).prefetch_related("materials")
    newest = {v.item_id: v for v in versions if v.number == items[v.item_id].newest}
    return {item.code: (item, draft_of(newest[pk], list(newest[pk].materials.all()))) for pk, item in items.items()}


def _compare(draft: ItemDraft, known: tuple[Item, GuideDraft], at: datetime) -> str:
    item, stored = known
    if item.unit_id != draft.unit:
        raise NotAllowed("item_of_other_unit")
    if stored == draft.guide:
        return "same"
    new_version(item, draft.guide, by=None, at=at, reason=draft.source)
    return "changed"


def _write(drafts: list[ItemDraft], *, at: datetime) -> None:
    """The rows of new items, a statement for each table."""
    today = people.city_day(at)
    rows = [new_item(draft, at=at) for draft in drafts]
    for row in rows:
        row.newest = row.steps_taken = 1
    items = Item.objects.bulk_create(rows)
    versions, papers = [], []
    for item, draft in zip(items, drafts, strict=True):
        columns, own = rows_of(draft.guide)
        versions.append(ItemVersion(item=item, number=1, valid_from=today, at=at, **columns))
        papers.append(own)
    versions = ItemVersion.objects.bulk_create(versions)
    Material.objects.bulk_create(
        Material(version=version, **paper) for version, own in zip(versions, papers, strict=True) for paper in own
    )
    ItemTheme.objects.bulk_create(
        ItemTheme(item=item, theme=theme) for item, draft in zip(items, drafts, strict=True) for theme in draft.themes
    )
    _remember(items, versions, drafts, at=at)


def _remember(items: list[Item], versions: list[ItemVersion], drafts: list[ItemDraft], *, at: datetime) -> None:
    entries = [
        index.entry(item, version, [paper.name for paper in draft.guide.materials], draft.themes)
        for item, version, draft in zip(items, versions, drafts, strict=True)
    ]
    ItemEntry.objects.bulk_create(entry for entry in entries if entry)
    ItemStep.objects.bulk_create(
        ItemStep(item=item, version=1, what=ItemStep.What.ADDED, at=at, reason=f"load {item.source}"[:300])
        for item in items
    )
