"""What is handed in for an item, its guide and its papers, and whether it may be stored."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, TypeVar

from qingyu.catalog.models import DayKind, Item, ItemVersion, Material
from qingyu.catalog.operations.words import clean, needed
from qingyu.rules.guides import Days, is_over, plain_name
from qingyu.rules.refusals import NotValid

MOST_MATERIALS = 100
MOST_DAYS = 3660
MOST_VISITS = 20
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,49}")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MaterialDraft:
    """One paper, as ``models.Material``. Without a code it gets one from its place."""

    name: str
    code: str = ""
    kind: str = ""
    originals: int = 0
    copies: int = 0
    source: str = ""
    issuer: str = ""
    electronic: bool = False
    needed_if: str = ""
    sample: str = ""
    note: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class GuideDraft:
    """The guide of one version, as ``models.ItemVersion``."""

    name: str
    conditions: str = ""
    steps: str = ""
    result_name: str = ""
    result_kind: str = ""
    basis: str = ""
    quantity_limit: str = ""
    co_units: str = ""
    intermediary: str = ""
    questions: tuple[tuple[str, str], ...] = ()
    legal_days: int | None = None
    legal_day_kind: str = ""
    promised_days: int | None = None
    promised_day_kind: str = ""
    special: tuple[tuple[str, int, str], ...] = ()
    charged: bool | None = None
    fee: str = ""
    fee_basis: str = ""
    visits: int | None = None
    visits_reason: str = ""
    where: str = ""
    hours: str = ""
    at_window: bool = True
    online: bool = False
    online_address: str = ""
    by_post: bool = False
    scope: str = ""
    phone: str = ""
    complaint_phone: str = ""
    materials: tuple[MaterialDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """A new item with its first guide. ``unit``, ``owner`` and ``deputy`` are ids. Without a review day: in a year."""

    code: str
    unit: int
    guide: GuideDraft
    aliases: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    department: str = ""
    owner: int | None = None
    deputy: int | None = None
    kind: str = Item.Kind.SERVICE
    level: str = ""
    subject: str = Item.Subject.NATURAL
    objects_served: str = ""
    reviewed_on: date | None = None
    review_due_on: date | None = None
    source: str = ""


def checked_item(draft: ItemDraft) -> ItemDraft:
    """The draft with clean texts.

    NotValid: code_not_valid_for_item, kind_of_item_unknown, subject_unknown, and those of ``checked_guide``.
    """
    if not _CODE.fullmatch(draft.code):
        raise NotValid("code_not_valid_for_item", field="code", found=draft.code[:50])
    if draft.kind not in Item.Kind.values:
        raise NotValid("kind_of_item_unknown", field="kind")
    if draft.subject not in Item.Subject.values:
        raise NotValid("subject_unknown", field="subject")
    return replace(
        draft, guide=checked_guide(draft.guide), department=clean(draft.department, "department", longest=120),
        aliases=_words(draft.aliases, "aliases", longest=200), themes=_words(draft.themes, "themes", longest=60),
    )  # fmt: skip


def _words(words: tuple[str, ...], field: str, *, longest: int) -> tuple[str, ...]:
    found = (clean(word, field, longest=longest) for word in words)
    return tuple(dict.fromkeys(word for word in found if word))


def checked_guide(draft: GuideDraft) -> GuideDraft:
    """The guide with clean texts.

    NotValid names the field: name_missing, text_too_long, text_not_unicode, days_out_of_range, limit_kind_missing,
    visits_out_of_range, material_name_missing, material_twice (its code), too_many_materials.
    """
    found = _cleaned(draft, ItemVersion)
    needed(draft.name, "name", longest=200)
    _check_days(found)
    if found.visits is not None and not 0 <= found.visits <= MOST_VISITS:
        raise NotValid("visits_out_of_range", field="visits")
    if len(draft.materials) > MOST_MATERIALS:
        raise NotValid("too_many_materials", field="materials", most=MOST_MATERIALS)
    papers = tuple(_checked_paper(paper, place) for place, paper in enumerate(draft.materials, 1))
    if len({paper.code for paper in papers}) < len(papers):
        raise NotValid("material_twice", field="materials")
    return replace(found, materials=papers)


def _cleaned(draft: T, model: type[ItemVersion] | type[Material]) -> T:
    """Every text of a draft without blanks around it, as long as its column at most."""
    texts = {
        field.name: clean(getattr(draft, field.name), field.name, longest=_longest(model, field.name))
        for field in fields(draft)  # type: ignore[arg-type]
        if isinstance(getattr(draft, field.name), str)
    }
    return replace(draft, **texts)  # type: ignore[type-var]


def _longest(model: type[ItemVersion] | type[Material], name: str) -> int:
    longest: int | None = getattr(model._meta.get_field(name), "max_length", None)
    return longest or 10_000


def _check_days(draft: GuideDraft) -> None:
    for days, kind, field in (
        (draft.legal_days, draft.legal_day_kind, "legal_days"),
        (draft.promised_days, draft.promised_day_kind, "promised_days"),
    ):
        if days is not None and not 0 <= days <= MOST_DAYS:
            raise NotValid("days_out_of_range", field=field)
        if kind and kind not in DayKind.values:
            raise NotValid("limit_kind_missing", field=field)


def _checked_paper(draft: MaterialDraft, place: int) -> MaterialDraft:
    if not draft.name.strip():
        raise NotValid("material_name_missing", field="materials", place=place)
    found = _cleaned(draft, Material)
    if found.kind and found.kind not in Material.Kind.values:
        raise NotValid("field_not_valid", field="materials", place=place)
    if found.source and found.source not in Material.Source.values:
        raise NotValid("field_not_valid", field="materials", place=place)
    code = found.code or f"m{place}"
    if not _CODE.fullmatch(code) or not (0 <= found.originals <= 99 and 0 <= found.copies <= 99):
        raise NotValid("field_not_valid", field="materials", place=place)
    return replace(found, code=code)


def check_promise(draft: GuideDraft) -> None:
    """What a person may not write, though a file may bring it: it is refused where it is made.

    NotValid: promised_over_legal (优化营商环境条例 36), limit_kind_missing, material_twice (by name).
    """
    promised = _days(draft.promised_days, draft.promised_day_kind)
    legal = _days(draft.legal_days, draft.legal_day_kind)
    for limit, field in ((promised, "promised_day_kind"), (legal, "legal_day_kind")):
        if limit and limit.amount and not limit.kind:
            raise NotValid("limit_kind_missing", field=field)
    if is_over(promised, legal):
        raise NotValid("promised_over_legal", field="promised_days")
    names = [plain_name(paper.name) for paper in draft.materials]
    if len(set(names)) < len(names):
        raise NotValid("material_twice", field="materials")


def _days(amount: int | None, kind: str) -> Days | None:
    return None if amount is None else Days(amount, kind)


def rows_of(draft: GuideDraft) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The columns of a version, and those of its papers in their order."""
    version = {field.name: getattr(draft, field.name) for field in fields(draft) if field.name != "materials"}
    version["questions"] = [{"question": question, "answer": answer} for question, answer in draft.questions]
    version["special"] = [{"name": name, "days": days, "basis": basis} for name, days, basis in draft.special]
    papers = [
        {"place": place} | {field.name: getattr(paper, field.name) for field in fields(paper)}
        for place, paper in enumerate(draft.materials, 1)
    ]
    return version, papers


def draft_of(version: ItemVersion, materials: list[Material]) -> GuideDraft:
    """A stored version as a draft, to write the next one from or to hold another one against."""
    plain = {field.name: getattr(version, field.name) for field in fields(GuideDraft) if field.name != "materials"}
    plain["questions"] = tuple((one["question"], one["answer"]) for one in version.questions)
    plain["special"] = tuple((one["name"], one["days"], one["basis"]) for one in version.special)
    papers = tuple(
        MaterialDraft(**{field.name: getattr(one, field.name) for field in fields(MaterialDraft)}) for one in materials
    )
    return GuideDraft(**plain, materials=papers)
