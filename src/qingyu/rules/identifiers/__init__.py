"""Identifiers of people, bodies, areas, items and cases: check, normalise, mask, scrub, make.

Every ``check_`` and ``normalise_`` returns the one written form or raises ``NotValid(code, field=...,
reason=...)``; masks never raise: what they do not understand they hide whole.
"""

from __future__ import annotations

from qingyu.rules.identifiers.codes import (
    check_credit_code,
    check_division_code,
    check_item_code,
    check_organisation_code,
    check_resident_id,
)
from qingyu.rules.identifiers.masks import (
    mask_address,
    mask_bank_card,
    mask_email,
    mask_name,
    mask_phone,
    mask_plate,
    mask_resident_id,
    mask_resident_id_in_public,
)
from qingyu.rules.identifiers.numbers import case_number, check_case_number, normalise_query_code, query_code
from qingyu.rules.identifiers.phones import normalise_phone
from qingyu.rules.identifiers.scrub import scrub

__all__ = [
    "case_number",
    "check_case_number",
    "check_credit_code",
    "check_division_code",
    "check_item_code",
    "check_organisation_code",
    "check_resident_id",
    "mask_address",
    "mask_bank_card",
    "mask_email",
    "mask_name",
    "mask_phone",
    "mask_plate",
    "mask_resident_id",
    "mask_resident_id_in_public",
    "normalise_phone",
    "normalise_query_code",
    "query_code",
    "scrub",
]
