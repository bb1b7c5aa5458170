"""Finding cases by number, phone and words. Terms are character pairs plus ASCII words, made here, so that Chinese
is found alike on both databases; only scrubbed texts of cases that are neither reports nor confidential are indexed.
"""

from __future__ import annotations

import re
from datetime import datetime

from django.db import connection
from django.db.models import Q

from qingyu.cases import papers, policy
from qingyu.cases.models import Case, Contact
from qingyu.cases.ports import Finding, Sought, finders
from qingyu.cases.queries import COLUMNS, Row, row_of
from qingyu.people import sealing
from qingyu.people.policy import Viewer
from qingyu.rules import identifiers
from qingyu.rules.refusals import NotValid
from qingyu.rules.terms import terms

MOST = 50


def find(viewer: Viewer, text: str) -> list[Row]:
    """Up to 50 cases the viewer may see: by number, by phone or its last four digits (with that right), by words."""
    phoned = _by_phone(text.strip()) if viewer.may("contact.find") and not _by_number(text) else []
    return _rows(policy.visible_with(viewer, "contact.find"), phoned) if phoned else find_words(viewer, text)


def elsewhere(viewer: Viewer, text: str, *, at: datetime) -> list[Finding]:
    """What the other doors know of it, newest first: calls and visits of a phone, a ticket by its number."""
    phone = _phone(text) if viewer.may("contact.find") and _is_phone(text) else ""
    sought = Sought(text.strip(), phone, papers.blind_phone(phone) if phone else "")
    found = [one for finder in finders() for one in finder(viewer, sought, at=at)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def find_words(viewer: Viewer, text: str) -> list[Row]:
    """The same by number and words alone: for what stands in an address, where no phone number may be sought."""
    ids = _by_number(text) or _by_words(text)
    return _rows(policy.visible(viewer), ids) if ids else []


def _rows(seen: Q, ids: list[int]) -> list[Row]:
    found = Case.objects.filter(seen, pk__in=ids).order_by("-opened_at", "-id")
    return [row_of(values) for values in found.values_list(*COLUMNS)[:MOST]]


def _by_number(text: str) -> list[int]:
    try:
        number = identifiers.check_case_number(text)
    except NotValid:
        return []
    return list(Case.objects.filter(number=number).values_list("pk", flat=True))


def _by_phone(text: str) -> list[int]:
    if not _is_phone(text):
        return []
    open_ones = Contact.objects.exclude(case__type=Case.Type.REPORT).exclude(case__confidential=True)
    contacts = open_ones.order_by("-case_id")
    if re.fullmatch(r"\d{4}", text):
        contacts = contacts.filter(phone4_index=sealing.blind(text, column="contact:phone4"))
    else:
        contacts = contacts.filter(phone_index=_phone_index(text))
    return list(contacts.values_list("case_id", flat=True)[:MOST])


def _is_phone(text: str) -> bool:
    return re.fullmatch(r"[+\d\s\-]{4,20}", text.strip()) is not None


def _phone(text: str) -> str:
    """The number as it is stored; empty where it is none."""
    try:
        return identifiers.normalise_phone(text)
    except NotValid:
        return ""


def _phone_index(text: str) -> str:
    phone = _phone(text)
    return papers.blind_phone(phone) if phone else "-"


def _by_words(text: str) -> list[int]:
    wanted = terms(text)
    if not wanted:
        return []
    if connection.vendor == "sqlite":
        sql = "SELECT rowid FROM cases_search WHERE cases_search MATCH %s ORDER BY rowid DESC LIMIT 500"
        query = " AND ".join(f'"{term}"' for term in wanted)
    else:
        sql = (
            "SELECT case_id FROM cases_searchentry WHERE to_tsvector('simple', terms) @@ to_tsquery('simple', %s) "
            "ORDER BY case_id DESC LIMIT 500"
        )
        query = " & ".join(wanted)
    with connection.cursor() as cursor:
        cursor.execute(sql, [query])
        return [row[0] for row in cursor.fetchall()]


def indexed_text(case: Case, text: str) -> str:
    """What may be indexed of a text: nothing of sealed cases, else its terms after scrubbing phones, ids, plates."""
    return "" if papers.is_sealed(case) else " ".join(dict.fromkeys(terms(identifiers.scrub(text))))
