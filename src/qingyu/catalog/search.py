"""Finding items by words: the database brings likely ones, the rules rank them alike on both databases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from qingyu.catalog import frequencies
from qingyu.rules import terms as rules

CANDIDATES = 60
LEAST_COVERED = 0.34
"""An item that holds less of the words than this is not what they mean."""


@dataclass(frozen=True)
class Asked:
    """What a person looks for. Empty fields do not narrow; ``unit`` is an id, ``subject`` natural or legal."""

    words: str = ""
    theme: str = ""
    subject: str = ""
    unit: int | None = None


@dataclass(frozen=True)
class Hit:
    """A version that is shown that day, with its terms."""

    version: int
    code: str
    name_terms: frozenset[str]
    text_terms: frozenset[str]


def ranked(asked: Asked, *, day: date) -> list[Hit]:
    """The items that fit the words, the best first: a name over a paper, and only what holds enough. One statement."""
    wanted = rules.parts(asked.words)
    every = dict.fromkeys(term for part in wanted for one in part for term in one)
    hits = _candidates(every, asked, day)
    worth = rules.weights(every, [hit.name_terms | hit.text_terms for hit in hits])
    fits = {hit: _fit(wanted, worth, hit) for hit in hits if _enough(wanted, worth, hit)}
    return sorted(fits, key=lambda hit: (-fits[hit], len(hit.name_terms), hit.code))


def _fit(wanted: list[rules.Part], worth: dict[str, float], hit: Hit) -> float:
    return round(rules.fit(wanted, worth, title=hit.name_terms, text=hit.text_terms), 6)


def _enough(wanted: list[rules.Part], worth: dict[str, float], hit: Hit) -> bool:
    return rules.covered(wanted, worth, hit.name_terms | hit.text_terms) >= LEAST_COVERED


_COLUMNS = "v.version_id, i.code, v.name_terms, v.text_terms"
# No word of a person stands in these texts. A query that stands in a SELECT of its own is read once, not for each row.
_SQLITE = """SELECT {columns} FROM catalog_search JOIN catalog_itementry v ON v.version_id = catalog_search.rowid
  JOIN catalog_item i ON i.id = v.item_id WHERE catalog_search MATCH %s AND {shown}
  ORDER BY bm25(catalog_search, 4.0, 1.0), v.version_id LIMIT {limit}"""
_POSTGRESQL = """SELECT {columns} FROM catalog_itementry v JOIN catalog_item i ON i.id = v.item_id
  WHERE v.vector @@ (SELECT to_tsquery('simple', %s)) AND {shown}
  ORDER BY ts_rank(v.vector, (SELECT to_tsquery('simple', %s))) DESC, v.version_id LIMIT {limit}"""


def _candidates(wanted: Iterable[str], asked: Asked, day: date) -> list[Hit]:
    found = rules.rarest(wanted, frequencies.items.now(), enough=frequencies.ENOUGH)
    if not found:
        return []
    shown, arguments = _narrowed(asked, day)
    sqlite = connection.vendor == "sqlite"
    query = (_of_fts5 if sqlite else _of_tsquery)(found)
    text = (_SQLITE if sqlite else _POSTGRESQL).format(columns=_COLUMNS, shown=shown, limit=CANDIDATES)
    with connection.cursor() as cursor:
        cursor.execute(text, [query, *arguments] if sqlite else [query, *arguments, query])
        return [Hit(v, code, frozenset(names.split()), frozenset(text.split())) for v, code, names, text in cursor]


def _of_fts5(wanted: list[str]) -> str:
    return " OR ".join(f'"{term}"{"*" if rules.is_prefix(term) else ""}' for term in wanted)


def _of_tsquery(wanted: list[str]) -> str:
    return " | ".join(f"{term}:*" if rules.is_prefix(term) else term for term in wanted)


def _narrowed(asked: Asked, day: date) -> tuple[str, list[Any]]:
    """The condition in SQL, and its arguments."""
    at = connection.ops.adapt_datefield_value(day)
    parts = ["v.shown_from <= %s", "v.shown_to >= %s"]
    arguments: list[Any] = [at, at]
    if asked.unit is not None:
        parts.append("v.unit_id = %s")
        arguments.append(asked.unit)
    if asked.subject:
        parts.append("v.subject IN (%s, 'both')")
        arguments.append(asked.subject)
    if asked.theme:
        parts.append("EXISTS (SELECT 1 FROM catalog_itemtheme t WHERE t.item_id = v.item_id AND t.theme = %s)")
        arguments.append(asked.theme)
    return " AND ".join(parts), arguments
