"""Telephone numbers as people write them, brought to the one form in which they are compared: E.164."""

from __future__ import annotations

import re
import unicodedata

from qingyu.rules.refusals import NotValid

CHINA = "+86"

MOBILE = r"1[3-9][0-9]{9}"
LANDLINE = r"(?:10|2[0-9])[2-8][0-9]{7}|[3-9][0-9]{2}[2-8][0-9]{6,7}"
SERVICE = r"[48]00[0-9]{7}"

_NOISE = re.compile(r"[\s\-()./\u2010-\u2015\u2212\u00b7\u200b-\u200f\u202a-\u202e\ufeff]+")
_NATIONAL = re.compile(f"(?:{MOBILE}|0(?:{LANDLINE})|{SERVICE})")
_CHINESE = re.compile(rf"\+86(?:0?({LANDLINE})|({MOBILE}|{SERVICE}))")
_FOREIGN = re.compile(r"\+(?!86|0)[0-9]{7,15}")


def normalise_phone(text: str) -> str:
    """``text`` as E.164 ("+8613800138000"), a Chinese number unless it begins with another country's code.

    Mobiles, landlines with their area code, 400 and 800 numbers; spaces, dashes, brackets and full width are
    forgiven. A landline without its area code, an extension and anything else is
    ``NotValid("phone_not_valid", field="phone")``.
    """
    digits = _NOISE.sub("", unicodedata.normalize("NFKC", text))
    if chinese := _CHINESE.fullmatch(_international(digits)):
        return CHINA + (chinese[1] or chinese[2])
    if _FOREIGN.fullmatch(_international(digits)):
        return _international(digits)
    raise NotValid("phone_not_valid", field="phone")


def _international(digits: str) -> str:
    """The digits with a plus and a country code, where it can be told which."""
    if digits.startswith("00"):
        return "+" + digits[2:]
    if _NATIONAL.fullmatch(digits):
        return CHINA + digits.removeprefix("0")
    if digits.startswith("86") and _CHINESE.fullmatch("+" + digits):
        return "+" + digits
    return digits


def area_code(phone: str) -> str:
    """The area code with its 0 of a Chinese landline in E.164 ("+861012345678" -> "010"), else ""."""
    found = re.fullmatch(r"\+86(?:(10|2[0-9])[2-8][0-9]{7}|([3-9][0-9]{2})[2-8][0-9]{6,7})", phone)
    if not found or re.fullmatch(r"\+86" + SERVICE, phone):
        return ""
    return "0" + (found[1] or found[2])
