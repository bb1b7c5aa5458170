"""The number of a case, which anyone may read aloud, and the query code, which opens it."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import date
from uuid import UUID

from qingyu.rules.identifiers.codes import plain
from qingyu.rules.refusals import NotValid

CASE_NUMBER_LENGTH = 14
RANDOM_DIGITS = 7
QUERY_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and capitals without 0 O 1 I L, which look alike, and without U, so that hardly a word comes out."""
QUERY_LENGTH = 8
LEAST_KEY = 16

_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def case_number(day: date, random_digits: str) -> str:
    """YYMMDD of ``day`` (city date), seven random digits, one check digit: 14 digits.

    The check digit is Damm's (H. M. Damm, 2004): it finds every wrong digit and every two neighbours
    swapped, the two slips people make most when they read a number over the phone; ISO 7064 MOD 11,10
    misses some swaps. Raises ``NotValid("random_digits_not_valid")``.
    """
    if not re.fullmatch(f"[0-9]{{{RANDOM_DIGITS}}}", random_digits):
        raise NotValid("random_digits_not_valid", field="random_digits")
    body = f"{day:%y%m%d}{random_digits}"
    return f"{body}{_damm(body)}"


def check_case_number(text: str) -> str:
    """The 14 digits of a case number.

    Raises ``NotValid("case_number_not_valid")`` with ``reason`` form, date or check.
    """
    number = plain(text)
    if not re.fullmatch(f"[0-9]{{{CASE_NUMBER_LENGTH}}}", number):
        raise NotValid("case_number_not_valid", field="number", reason="form")
    if not _begins_with_a_date(number):
        raise NotValid("case_number_not_valid", field="number", reason="date")
    if _damm(number):
        raise NotValid("case_number_not_valid", field="number", reason="check")
    return number


def _begins_with_a_date(number: str) -> bool:
    try:
        date(2000 + int(number[:2]), int(number[2:4]), int(number[4:6]))
    except ValueError:
        return False
    return True


def _damm(digits: str) -> int:
    """The check digit of ``digits``; 0 where they already end with theirs."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim


def query_code(key: bytes, case_uuid: UUID) -> str:
    """The eight signs by which a citizen opens a case: HMAC-SHA256 of its uuid, so nothing need be stored.

    Same key and case, same code. About 39 bits: ask only behind a rate limit. ``NotValid("key_too_short")``
    below 16 bytes.
    """
    if len(key) < LEAST_KEY:
        raise NotValid("key_too_short", field="key", least=LEAST_KEY)
    rest = int.from_bytes(hmac.new(key, b"query-code:" + case_uuid.bytes, hashlib.sha256).digest())
    signs = []
    for _ in range(QUERY_LENGTH):
        rest, place = divmod(rest, len(QUERY_ALPHABET))
        signs.append(QUERY_ALPHABET[place])
    return "".join(signs)


def normalise_query_code(text: str) -> str:
    """The code in capitals without spaces and dashes. ``NotValid("query_code_not_valid", field="code")``."""
    code = plain(text)
    if len(code) != QUERY_LENGTH or not set(code) <= set(QUERY_ALPHABET):
        raise NotValid("query_code_not_valid", field="code")
    return code
