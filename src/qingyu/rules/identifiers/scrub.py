"""Free text without the identifiers in it: telephones, resident ids, bank cards, plates, e-mail addresses.

Scrubbing is by form alone. Names and addresses have no form: they need a reader. Case numbers, item codes,
credit codes, dates and sums of money must stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from qingyu.rules.identifiers.codes import ID_PROVINCES, is_date, plain
from qingyu.rules.identifiers.masks import (
    STAR,
    mask_bank_card,
    mask_email,
    mask_phone,
    mask_plate,
    mask_resident_id,
)

# One sign for one sign, so that a place in the translated text is the same place in the text.
_HALF_WIDTH = {0xFF01 + step: 0x21 + step for step in range(94)} | {0x3000: 0x20}

_LEFT = r"(?<![0-9*])"
_RIGHT = r"(?![0-9])"
_SUM = r"(?!(?:\.[0-9]+)?\s?(?:元(?!旦)|万元|亿元|美元|块钱))"
_PROVINCE_SIGNS = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE_LETTERS = "A-HJ-NP-Za-hj-np-z"

_FORMS = {
    "email": r"(?<![A-Za-z0-9._%+@*-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@"
    r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,3}\.[A-Za-z]{2,24}",
    "resident": rf"{_LEFT}(?<![A-Za-z])[0-9]{{6}}[ -]?[0-9]{{8}}[ -]?[0-9]{{3}}[0-9Xx](?![0-9A-Za-z])",
    "old_resident": rf"{_LEFT}(?<![A-Za-z])[0-9]{{15}}(?![0-9A-Za-z])",
    "card": rf"{_LEFT}(?<![A-Za-z])[3-6][0-9]{{3}}"
    r"(?:[0-9]{12,15}|(?:[ -][0-9]{4}){3}(?:[ -][0-9]{1,3})?)(?![0-9A-Za-z])",
    "mobile": rf"{_LEFT}(?<![0-9][0-9]\.)(?:(?:\+|00)?86[ -]?)?"
    rf"1[3-9][0-9](?:[0-9]{{8}}|[ -][0-9]{{4}}[ -][0-9]{{4}}){_RIGHT}{_SUM}",
    "landline": rf"{_LEFT}(?:(?:\+|00)86[ -]?)?[(]?0(?:10|2[0-9]|[3-9][0-9]{{2}})[)]?"
    rf"[ \-–—]?[2-8][0-9]{{3}}[ -]?[0-9]{{3,4}}{_RIGHT}",
    "local": r"(?:电话|手机|座机|致电|拨打|联系方式|来电)(?:号码?)?[ 为是:]{0,3}"
    r"(?P<digits>[2-8][0-9]{6,7}(?![0-9]))",
    "plate": rf"[{_PROVINCE_SIGNS}][{_PLATE_LETTERS}][ ·.]?(?=[A-Za-z]{{0,5}}[0-9])"
    rf"[{_PLATE_LETTERS}0-9]{{4,5}}(?:[{_PLATE_LETTERS}0-9](?![A-Za-z0-9])|[挂学警港澳])",
}
_ANY = re.compile("|".join(f"(?P<{name}>{form})" for name, form in _FORMS.items()))


def scrub(text: str) -> str:
    """``text`` with every identifier masked and nothing else changed; a second time changes nothing more."""
    half = text.translate(_HALF_WIDTH)
    pieces, end = [], 0
    for found in _ANY.finditer(half):
        name = str(found.lastgroup)
        start = found.start("digits") if name == "local" else found.start()
        pieces.append(text[end:start])
        end = found.end()
        pieces.append(_masked(name, half[start:end], text[start:end]))
    return "".join([*pieces, text[end:]])


def _masked(name: str, half: str, original: str) -> str:
    number = plain(half)
    if name == "resident" and not _is_resident(number):
        name = "card"
    if name in _PROOFS and not _PROOFS[name](number):
        return original
    return _MASKS[name](half)


def _is_resident(number: str) -> bool:
    """Province and birth date, but not the check digit: a mistyped number still points at a person."""
    return number[:2] in ID_PROVINCES and is_date(number[6:14])


def _is_old_resident(number: str) -> bool:
    return number[:2] in ID_PROVINCES and is_date("19" + number[6:12])


def _is_card(number: str) -> bool:
    """First digit of a bank and Luhn's sum (ISO/IEC 7812-1)."""
    if number[0] not in "3456" or not number.isdigit():
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


def _hide(text: str) -> str:
    return STAR * len(text)


_PROOFS: dict[str, Callable[[str], bool]] = {
    "resident": _is_resident,
    "old_resident": _is_old_resident,
    "card": _is_card,
}
_MASKS: dict[str, Callable[[str], str]] = {
    "email": mask_email,
    "resident": mask_resident_id,
    "old_resident": mask_resident_id,
    "card": mask_bank_card,
    "mobile": mask_phone,
    "landline": mask_phone,
    "local": _hide,
    "plate": mask_plate,
}
