"""What may be shown of a person: enough to recognise one's own, too little to find another's.

The patterns are those in common use in government systems (a person 张*, a mobile 138****8000); no national
standard fixes them. A mask never raises and never shows what it does not understand.
"""

from __future__ import annotations

import re
import unicodedata

from qingyu.rules.identifiers.codes import plain
from qingyu.rules.identifiers.phones import area_code, normalise_phone
from qingyu.rules.refusals import NotValid

STAR = "*"

_TWO_SIGNS = """
欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛
尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容
仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马
公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐
段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 第五
贺兰 完颜 纳兰 叶赫 爱新
"""
COMPOUND_SURNAMES = frozenset(_TWO_SIGNS.split())


def mask_name(text: str) -> str:
    """Surname and one star, two for a longer given name: 张*, 张**, 欧阳*. Other scripts: one letter."""
    name = "".join(unicodedata.normalize("NFKC", text).split())
    if len(name) < 2:
        return STAR * len(name)
    shown = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1
    return name[:shown] + STAR * min(len(name) - shown, 2)


def mask_phone(text: str) -> str:
    """138****8000 for a mobile; a landline keeps its area code (010-********); others are hidden whole."""
    try:
        phone = normalise_phone(text)
    except NotValid:
        return STAR * len(text)
    if area := area_code(phone):
        return f"{area}-{STAR * (len(phone) - 2 - len(area))}"
    if re.fullmatch(r"\+861[3-9][0-9]{9}", phone):
        return f"{phone[3:6]}****{phone[-4:]}"
    return STAR * len(text)


def mask_resident_id(text: str) -> str:
    """The first three signs and the last four: 110***********002X."""
    return _ends(plain(text), first=3, last=4)


def mask_resident_id_in_public(text: str) -> str:
    """For lists anyone may read: the first sign and the last."""
    return _ends(plain(text), first=1, last=1)


def mask_bank_card(text: str) -> str:
    """The last four digits."""
    return _ends(plain(text), first=0, last=4)


def mask_plate(text: str) -> str:
    """The first sign and the last: 粤*****5."""
    return _ends(plain(text).replace("·", "").replace(".", ""), first=1, last=1)


def mask_email(text: str) -> str:
    """The first letter and the domain: z***@example.cn."""
    name, at, domain = text.strip().rpartition("@")
    if not (name and at and domain):
        return STAR * len(text)
    return f"{name[0]}***@{domain}"


def _ends(text: str, *, first: int, last: int) -> str:
    """``text`` with its ends in sight; all stars where less would be hidden than shown."""
    hidden = len(text) - first - last
    if hidden < max(first + last, 1):
        return STAR * len(text)
    return text[:first] + STAR * hidden + text[len(text) - last :]


# Addresses

LONGEST_ADDRESS = 200
"""Signs. What stands behind is hidden unread, so that no text makes the search slow."""

_HOUSE = re.compile(
    r"[0-9A-Za-z一二三四五六七八九十百零〇甲乙丙丁\-]+(?:号|栋|幢|座|单元|室|楼|弄|户|组|排|门|#)"
    r"|[0-9]+(?:-[0-9]+)+"
)
_ESTATE = re.compile(r".+?(?:小区|花园|家园|新村|社区|公寓|大厦|广场|村|苑)")
_STREET = re.compile(r".*(?:街道|大道|胡同|路|街|巷|镇|乡)")
_AREA = re.compile(r".*(?:省|市|区|县|旗|州)")


def mask_address(text: str) -> str:
    """Down to the street or the estate, without house and door: 某区望京街道阳光小区***.

    What names neither street nor estate is cut to its district, and without one hidden whole ("***").
    """
    address = "".join(unicodedata.normalize("NFKC", text[:LONGEST_ADDRESS]).split())
    house = _HOUSE.search(address)
    before = address[: house.start()] if house else address
    for pattern in (_ESTATE, _STREET, _AREA):
        if kept := pattern.match(before):
            return kept[0] + STAR * 3
    return STAR * 3 if address else ""
