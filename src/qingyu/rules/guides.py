"""What contradicts itself, and what is missing, in the guide of a service item; limits as guides write them.

A guide that promises more than the law allows, or offers to do online what needs a visit, is found by machine before a
person stands at the wrong door. Fields and duties: GB/T 39046-2020 table 4; 行政许可法 42, 82; 优化营商环境条例 36.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qingyu.rules.refusals import NotValid

WORKING, CALENDAR = "working", "calendar"


class Fault(StrEnum):
    """What may be wrong with a guide: first what contradicts itself, then what is missing."""

    PROMISED_OVER_LEGAL = "promised_over_legal"
    ONLINE_YET_VISITS = "online_yet_visits"
    NO_VISIT_YET_WINDOW_ONLY = "no_visit_yet_window_only"
    FREE_YET_FEE_NAMED = "free_yet_fee_named"
    MATERIAL_TWICE = "material_twice"
    SHARED_YET_ASKED = "shared_yet_asked"
    SAME_NAME = "same_name"
    LIMIT_MISSING = "limit_missing"
    LIMIT_KIND_MISSING = "limit_kind_missing"
    LIMIT_KINDS_DIFFER = "limit_kinds_differ"
    OWNER_MISSING = "owner_missing"
    DEPUTY_MISSING = "deputy_missing"
    MATERIALS_MISSING = "materials_missing"
    MATERIALS_OPEN_ENDED = "materials_open_ended"
    CONDITIONS_MISSING = "conditions_missing"
    FEE_UNSAID = "fee_unsaid"
    FEE_MISSING = "fee_missing"
    FEE_BASIS_MISSING = "fee_basis_missing"
    DOOR_MISSING = "door_missing"
    WHERE_MISSING = "where_missing"
    REVIEW_OVERDUE = "review_overdue"


CONTRADICTIONS = frozenset(
    {
        Fault.PROMISED_OVER_LEGAL, Fault.ONLINE_YET_VISITS, Fault.NO_VISIT_YET_WINDOW_ONLY, Fault.FREE_YET_FEE_NAMED,
        Fault.MATERIAL_TWICE, Fault.SHARED_YET_ASKED, Fault.SAME_NAME,
    }
)  # fmt: skip
"""Two statements of which one must be wrong; the others are gaps."""


@dataclass(frozen=True, slots=True)
class Days:
    """A limit in days. ``kind`` working, calendar or empty where the guide does not say; 0: while the person waits."""

    amount: int
    kind: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper the guide asks for. ``shared``: the unit can look it up itself."""

    name: str
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Guide:
    """What the rules ask of a guide. ``unit`` any key of the owner unit; ``visits`` and ``charged`` None: not said."""

    code: str
    name: str
    unit: str
    legal: Days | None = None
    promised: Days | None = None
    online: bool = False
    at_window: bool = True
    by_post: bool = False
    visits: int | None = None
    where: str = ""
    conditions: str = ""
    papers: tuple[Paper, ...] = ()
    charged: bool | None = None
    fee: str = ""
    fee_basis: str = ""
    owned: bool = False
    deputised: bool = False
    review_due_on: date | None = None


def faults(guide: Guide, *, day: date) -> tuple[Fault, ...]:
    """All that is wrong with one guide on a day, in the order of ``Fault``; repeated names: ``same_names``."""
    found = {*_of_limits(guide), *_of_doors(guide), *_of_papers(guide), *_of_money(guide), *_of_care(guide, day)}
    return tuple(fault for fault in Fault if fault in found)


def _of_limits(guide: Guide) -> Iterable[Fault]:
    if guide.promised is None and guide.legal is None:
        yield Fault.LIMIT_MISSING
    if any(limit and limit.amount and not limit.kind for limit in (guide.promised, guide.legal)):
        yield Fault.LIMIT_KIND_MISSING
    if is_over(guide.promised, guide.legal):
        yield Fault.PROMISED_OVER_LEGAL
    elif _kinds_differ(guide.promised, guide.legal):
        yield Fault.LIMIT_KINDS_DIFFER


def is_over(promised: Days | None, legal: Days | None) -> bool:
    """Whether what is promised certainly ends after what the law allows.

    Days of unlike kinds: so many working days are never over before as many calendar days; the other way round nothing
    is certain, so nothing is said.
    """
    if promised is None or legal is None or promised.amount <= legal.amount:
        return False
    return promised.kind == legal.kind or (promised.kind == WORKING and legal.kind == CALENDAR)


def _kinds_differ(promised: Days | None, legal: Days | None) -> bool:
    known = {limit.kind for limit in (promised, legal) if limit and limit.amount and limit.kind}
    return len(known) > 1


def _of_doors(guide: Guide) -> Iterable[Fault]:
    if guide.online and (guide.visits or 0) > 0:
        yield Fault.ONLINE_YET_VISITS
    if guide.visits == 0 and guide.at_window and not (guide.online or guide.by_post):
        yield Fault.NO_VISIT_YET_WINDOW_ONLY
    if not (guide.at_window or guide.online or guide.by_post):
        yield Fault.DOOR_MISSING
    if guide.at_window and not guide.where.strip():
        yield Fault.WHERE_MISSING


OPEN_ENDED = re.compile(r"其[他它](相关|有关|需要|必要|所需)?(的)?(材料|资料|证明|文件)|等(相关|有关)?(材料|资料)$")
"""A paper that could be anything (安阳市政务服务条例 13: each has to be named)."""


def _of_papers(guide: Guide) -> Iterable[Fault]:
    names = [plain_name(paper.name) for paper in guide.papers]
    if not names:
        yield Fault.MATERIALS_MISSING
    if len(set(names)) < len(names):
        yield Fault.MATERIAL_TWICE
    if any(paper.shared for paper in guide.papers):
        yield Fault.SHARED_YET_ASKED
    if any(OPEN_ENDED.search(paper.name) for paper in guide.papers):
        yield Fault.MATERIALS_OPEN_ENDED


def _of_money(guide: Guide) -> Iterable[Fault]:
    if guide.charged is None:
        yield Fault.FEE_UNSAID
    if guide.charged is False and guide.fee.strip():
        yield Fault.FREE_YET_FEE_NAMED
    if guide.charged and not guide.fee.strip():
        yield Fault.FEE_MISSING
    if guide.charged and not guide.fee_basis.strip():
        yield Fault.FEE_BASIS_MISSING


def _of_care(guide: Guide, day: date) -> Iterable[Fault]:
    if not guide.owned:
        yield Fault.OWNER_MISSING
    if not guide.deputised:
        yield Fault.DEPUTY_MISSING
    if not guide.conditions.strip():
        yield Fault.CONDITIONS_MISSING
    if guide.review_due_on and guide.review_due_on < day:
        yield Fault.REVIEW_OVERDUE


def same_names(guides: Iterable[tuple[str, str, str]]) -> frozenset[str]:
    """The codes of items that share their name with another one of the same unit, given as (code, name, unit)."""
    codes: dict[tuple[str, str], set[str]] = defaultdict(set)
    for code, name, unit in guides:
        codes[unit, plain_name(name)].add(code)
    return frozenset(code for together in codes.values() if len(together) > 1 for code in together)


_BLANKS = re.compile(r"\s+")


def plain_name(name: str) -> str:
    """A name as it is compared: in half width, without blanks, small letters."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", name)).lower()


# Limits as they are written --------------------------------------------------------------------------------------

NONE = {"", "无", "无。", "-", "/", "不限", "无时限", "无法定时限", "无法定办结时限"}
AT_ONCE = {"即办", "即办件", "即时", "即时办理", "即时办结", "当场", "当场办结", "当场办理", "立即", "随到随办"}
_AMOUNT = r"(?P<amount>[0-9]{1,4}|[〇零一二两三四五六七八九十百]{1,7})"
_KIND = r"(?P<kind>工作日|个工作日|自然日|个自然日|日历日|天|日)"
_LIMIT = re.compile(rf"(?:自?受理之?日?起|受理后|承诺|法定)?{_AMOUNT}\(?{_KIND}\)?(?:内|以内)?(?:办结|办理)?")
_KINDS = {"工作日": WORKING, "个工作日": WORKING, "自然日": CALENDAR, "个自然日": CALENDAR, "日历日": CALENDAR}
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


def read_limit(text: str) -> Days | None:
    """A limit as guides write it; None where there is none. NotValid("limit_not_readable").

    "日" and "天" alone leave the kind empty: whether such days are working days has to be asked (行政许可法 82).

    >>> read_limit("20个工作日"), read_limit("30（自然日）"), read_limit("即办")
    (Days(amount=20, kind='working'), Days(amount=30, kind='calendar'), Days(amount=0, kind='working'))
    >>> read_limit("二十日"), read_limit("无")
    (Days(amount=20, kind=''), None)
    """
    plain = _BLANKS.sub("", unicodedata.normalize("NFKC", text))
    if plain in NONE:
        return None
    if plain in AT_ONCE:
        return Days(0, WORKING)
    found = _LIMIT.fullmatch(plain)
    if not found:
        raise NotValid("limit_not_readable", found=text[:40])
    return Days(_amount(found["amount"]), _KINDS.get(found["kind"], ""))


def _amount(text: str) -> int:
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        else:
            total, digit = total + max(digit, 1) * (10 if sign == "十" else 100), 0
    return total + digit
