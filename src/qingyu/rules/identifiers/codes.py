"""Official codes with a form and mostly a check digit: people, bodies, areas, service items."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from qingyu.rules.refusals import NotValid

PROVINCES = frozenset(
    str(one)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
    for one in range(first, last + 1)
)
"""The first two digits of a division code (GB/T 2260)."""

ID_PROVINCES = PROVINCES | {"83"}
"""Residence permits of people from Taiwan carry 83 (83 is no division)."""

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CREDIT_FORM = re.compile(f"[{_CREDIT_SIGNS}]{{2}}[0-9]{{6}}[{_CREDIT_SIGNS}]{{10}}")
_ORGANISATION_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212]+")


def plain(text: str) -> str:
    """``text`` in half width and capitals, without the spaces and dashes that people add to a code."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()


def _refusal(kind: str, reason: str) -> NotValid:
    return NotValid(f"{kind}_not_valid", field=kind, reason=reason)


# People


def check_resident_id(text: str) -> str:
    """The 18 signs of a resident identity number (GB 11643), X in capitals.

    Raises ``NotValid("resident_id_not_valid")`` with ``reason`` form, province, birth_date or check.
    Numbers of 15 digits are refused: they have not been valid since 2013.
    """
    number = plain(text)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise _refusal("resident_id", "form")
    if number[:2] not in ID_PROVINCES:
        raise _refusal("resident_id", "province")
    if not is_date(number[6:14]):
        raise _refusal("resident_id", "birth_date")
    if _id_check(number) != number[-1]:
        raise _refusal("resident_id", "check")
    return number


def is_date(digits: str) -> bool:
    """Whether eight digits YYYYMMDD name a day from 1800 to 2199."""
    try:
        return 1800 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year < 2200
    except ValueError:
        return False


def _id_check(number: str) -> str:
    return _ID_CHECKS[sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, number, strict=False)) % 11]


# Bodies


def check_credit_code(text: str) -> str:
    """The 18 signs of a unified social credit code (GB 32100).

    Raises ``NotValid("credit_code_not_valid")`` with ``reason`` form or check.
    """
    code = plain(text)
    if not _CREDIT_FORM.fullmatch(code):
        raise _refusal("credit_code", "form")
    if _credit_check(code) != code[-1]:
        raise _refusal("credit_code", "check")
    return code


def _credit_check(code: str) -> str:
    total = sum(weight * _CREDIT_SIGNS.index(sign) for weight, sign in zip(_CREDIT_WEIGHTS, code, strict=False))
    return _CREDIT_SIGNS[(31 - total % 31) % 31]


def check_organisation_code(text: str) -> str:
    """The 9 signs of an organisation code (GB 11714), which records older than 2015 still carry.

    Raises ``NotValid("organisation_code_not_valid")`` with ``reason`` form or check.
    """
    code = plain(text)
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code):
        raise _refusal("organisation_code", "form")
    if _organisation_check(code) != code[-1]:
        raise _refusal("organisation_code", "check")
    return code


def _organisation_check(code: str) -> str:
    signs = zip(_ORGANISATION_WEIGHTS, code, strict=False)
    rest = 11 - sum(weight * _ORGANISATION_SIGNS.index(sign) for weight, sign in signs) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


# Areas


def check_division_code(text: str) -> str:
    """A division code of 6 digits (GB/T 2260) or 12 (with town and village); 12 keep their padding.

    Only the form is checked: which codes exist changes by the year and is data. Raises
    ``NotValid("division_code_not_valid")`` with ``reason`` form, province or level (a part below a gap).
    """
    code = plain(text)
    if not re.fullmatch(r"[0-9]{6}(?:[0-9]{6})?", code):
        raise _refusal("division_code", "form")
    if code[:2] not in PROVINCES:
        raise _refusal("division_code", "province")
    if (code[2:4] == "00" and int(code[4:])) or (code[6:9] == "000" and int(code[9:])):
        raise _refusal("division_code", "level")
    return code


# Service items


def check_item_code(text: str) -> str:
    """The code of an item as one body offers it: credit code (18), level (1 to 7), base code (12); 31 signs.

    33 signs are one way of handling it: two more. The text of GB/T 39046-2020 has shorter codes; the
    platforms in use write these. The inside of the base code is not checked. Raises
    ``NotValid("item_code_not_valid")`` with ``reason`` form, credit_code or level.
    """
    code = plain(text)
    if not re.fullmatch(r"[0-9A-Z]{31}(?:[0-9A-Z]{2})?", code):
        raise _refusal("item_code", "form")
    try:
        check_credit_code(code[:18])
    except NotValid as cause:
        raise _refusal("item_code", "credit_code") from cause
    if code[18] not in "1234567":
        raise _refusal("item_code", "level")
    return code
