"""One record of a file as a service item, by our own names or by those of provincial catalogs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from qingyu.catalog.models import Item
from qingyu.catalog.operations import GuideDraft, ItemDraft, MaterialDraft
from qingyu.desk.loading.reading import Line
from qingyu.rules.guides import Days, read_limit
from qingyu.rules.refusals import NotValid

UnitOf = Callable[[str], int]
NOTHING = {"", "无", "暂无", "空", "/", "-"}
NO_WINDOW = "无线下办理窗口"
# By their words: the numbers of provincial catalogs differ from GB/T 39046 (21 is a public service there).
KINDS = {
    "行政许可": "01", "行政处罚": "02", "行政强制": "03", "行政征收": "04", "行政给付": "05", "行政检查": "06",
    "行政确认": "07", "行政奖励": "08", "行政裁决": "09", "其他行政权力": "10", "公共服务": "20",
}  # fmt: skip
LEVELS = {
    "国家级": "1",
    "省级": "2",
    "市级": "3",
    "县级": "4",
    "区级": "4",
    "镇街级": "5",
    "镇（乡、街道）级": "5",
    "村级": "6",
}
OBJECTS = {"自然人": "1", "企业法人": "2", "事业法人": "3", "社会组织法人": "4", "行政机关": "5"}


def draft(line: Line, *, unit_of: UnitOf, source: str) -> ItemDraft:
    """The record as a draft. NotValid names the field: field_missing, limit_not_readable, kind_of_item_unknown,
    not_a_whole_number, not_yes_or_no, field_not_valid."""
    made = _provincial if "TASK_CODE" in line.values else _own
    return made(line, unit_of, source)


# By our own names ------------------------------------------------------------------------------------------------


def _own(line: Line, unit_of: UnitOf, source: str) -> ItemDraft:
    legal, promised = _limit(line, "legal"), _limit(line, "promised")
    visits = line.text("visits", "")
    guide = GuideDraft(
        line.text("name"), **_texts(line),
        **_days(legal, promised), charged=_said(line, "charged"), visits=line.whole("visits") if visits else None,
        at_window=line.flag("at_window", "yes"), online=line.flag("online"), by_post=line.flag("by_post"),
        materials=tuple(_papers(line)), special=_special(line),
    )  # fmt: skip
    return ItemDraft(
        line.text("code"), unit_of(line.text("unit")), guide, aliases=tuple(line.parts("aliases")),
        themes=tuple(line.parts("themes")), kind=line.text("kind", Item.Kind.SERVICE),
        subject=line.text("subject", Item.Subject.NATURAL), reviewed_on=line.day("reviewed_on"),
        review_due_on=line.day("review_due_on"), source=source,
    )  # fmt: skip


_TEXTS = (
    "conditions", "steps", "result_name", "basis", "fee", "fee_basis", "where", "hours", "online_address", "phone",
    "complaint_phone", "scope",
)  # fmt: skip


def _said(line: Line, name: str) -> bool | None:
    return line.flag(name) if line.text(name, "") else None


def _special(line: Line) -> tuple[tuple[str, int, str], ...]:
    """A list of [name, days, basis]."""
    found = line.values.get("special") or []
    try:
        return tuple((str(name), int(days), str(basis)) for name, days, basis in found)
    except (TypeError, ValueError):
        raise NotValid("field_not_valid", field="special") from None


def _papers(line: Line) -> list[MaterialDraft]:
    found = line.values.get("materials")
    if isinstance(found, list) and any(isinstance(one, dict) for one in found):
        return [_paper(one, line) for one in found]
    return [MaterialDraft(name) for name in line.parts("materials")]


def _paper(raw: Any, line: Line) -> MaterialDraft:
    try:
        return MaterialDraft(**raw)
    except TypeError:
        raise NotValid("field_not_valid", field="materials") from None


# By the names of provincial catalogs -----------------------------------------------------------------------------


def _provincial(line: Line, unit_of: UnitOf, source: str) -> ItemDraft:
    said = {name: _plain(line.text(name, "")) for name in line.values if not isinstance(line.values[name], list)}
    name, department = line.text("TASK_NAME"), line.text("DEPT_NAME")
    objects = "".join(sorted({OBJECTS.get(one, "6") for one in line.parts("service_object_name")}))
    return ItemDraft(
        line.text("TASK_CODE"), unit_of(department), _guide(line, said), aliases=_aliases(said, name),
        themes=tuple(line.parts("theme_category")), department=department, kind=_kind(line),
        level=LEVELS.get(said.get("matter_level", ""), ""), subject=_subject(objects), objects_served=objects,
        source=source,
    )  # fmt: skip


def _plain(text: str) -> str:
    """Empty where the source writes a word for nothing."""
    return "" if text.strip() in NOTHING else text.strip()


def _guide(line: Line, said: dict[str, str]) -> GuideDraft:
    where = said.get("handle_location", "").removeprefix("办理地点：").strip()
    visits = said.get("visit_number", "")
    return GuideDraft(
        line.text("TASK_NAME"), conditions=said.get("accept_standard", ""), co_units=said.get("co_department", ""),
        **_days(_limit(line, "handle_time"), _limit(line, "handle_time_limit")),
        visits=line.whole("visit_number") if visits else None, where="" if where == NO_WINDOW else where,
        at_window=where != NO_WINDOW, online=line.flag("ONLINECHECK"), online_address=said.get("URL", ""),
        by_post=said.get("courier_service") == "是", phone=said.get("consult_phone", ""),
        complaint_phone=said.get("complain_phone", ""),
        materials=tuple(MaterialDraft(_plain(name)) for name in _listed(line, "material_intro") if _plain(name)),
    )  # fmt: skip


def _listed(line: Line, name: str) -> list[str]:
    """A list, or one text that names one thing or nothing."""
    return line.parts(name) if isinstance(line.values.get(name), list) else [line.text(name, "")]


def _aliases(said: dict[str, str], name: str) -> tuple[str, ...]:
    words = [part for key in ("matter_short", "matter_daily") for part in re.split("[，,、；;]", said.get(key, ""))]
    words += [said.get("CATANAME", "")]
    return tuple(dict.fromkeys(word.strip() for word in words if word.strip() and word.strip() != name))


def _kind(line: Line) -> str:
    try:
        return KINDS[line.text("TASK_TYPE_TEXT")]
    except KeyError:
        raise NotValid("kind_of_item_unknown", field="TASK_TYPE_TEXT", found=line.text("TASK_TYPE_TEXT")) from None


def _subject(objects: str) -> str:
    if "1" not in objects:
        return Item.Subject.LEGAL
    return Item.Subject.NATURAL if objects == "1" else Item.Subject.BOTH


# Shared ----------------------------------------------------------------------------------------------------------


def _limit(line: Line, name: str) -> Days | None:
    try:
        return read_limit(line.text(name, ""))
    except NotValid as refusal:
        raise NotValid(refusal.code, field=name, **refusal.facts) from None


def _texts(line: Line) -> dict[str, Any]:
    """The columns that hold words, empty where the line has none."""
    return {name: line.text(name, "") for name in _TEXTS}


def _days(legal: Days | None, promised: Days | None) -> dict[str, Any]:
    """The four columns of the two limits."""
    return {
        "legal_days": legal.amount if legal else None, "legal_day_kind": legal.kind if legal else "",
        "promised_days": promised.amount if promised else None,
        "promised_day_kind": promised.kind if promised else "",
    }  # fmt: skip
