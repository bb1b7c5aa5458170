"""Guides and forms of our own writing for the tests of the catalog."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from qingyu.catalog import operations
from qingyu.catalog.models import Item
from qingyu.catalog.operations import GuideDraft, ItemDraft, MaterialDraft
from qingyu.people.policy import Viewer
from tests.people import MONDAY, City

PAPERS = (
    MaterialDraft("出生医学证明", code="birth", kind="original", originals=1, electronic=True, issuer="助产机构"),
    MaterialDraft("母亲身份证", code="mother-id", kind="both", originals=1, copies=1, electronic=True),
    MaterialDraft("户口簿", code="household", kind="copy", copies=1, needed_if="孩子随母亲落户"),
)
GUIDE = GuideDraft(
    "出生一件事联办", conditions="孩子在本市出生，父母一方户籍在本市。", steps="提交材料\n核验\n领取证件",
    result_name="出生联办结果通知", basis="《户口登记条例》第七条", legal_days=15, legal_day_kind="working",
    promised_days=5, promised_day_kind="working", charged=False, visits=0, online=True, where="市民中心一楼 3 号窗口",
    hours="工作日 9:00—17:00", phone="0990-555-1042", special=(("专家评审", 10, "行政许可法第四十五条"),),
    materials=PAPERS,
)  # fmt: skip
FIELDS: list[dict[str, Any]] = [
    {"name": "child", "label": "孩子姓名", "type": "text", "required": True, "max": 40},
    {"name": "born", "label": "出生日期", "type": "date", "required": True, "when": "past"},
    {"name": "phone", "label": "联系电话", "type": "phone", "required": True},
]


def draft(city: City, code: str = "birth-card", **changes: Any) -> ItemDraft:
    """The item of the urban unit, with its owner and deputy. Changes go to the item or else to its guide."""
    own = {name: value for name, value in changes.items() if name in ItemDraft.__dataclass_fields__}
    guide = replace(GUIDE, **{name: value for name, value in changes.items() if name not in own})
    people = {"owner": city.staff["handler"].pk, "deputy": city.staff["second_handler"].pk}
    plain: dict[str, Any] = {"unit": city.unit("urban"), "aliases": ("宝宝上户口",), "themes": ("生育收养",)} | people
    return ItemDraft(code=code, guide=guide, **(plain | own))


def added(city: City, code: str = "birth-card", by: Viewer | None = None, **changes: Any) -> Item:
    """The item in the database, in force since the Monday of the tests."""
    return operations.add(draft(city, code, **changes), by=by, at=MONDAY)
