"""Finding answers by words: the database brings likely ones, the rules rank them alike on both databases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from qingyu.rules import terms as rules

CANDIDATES = 60
LEAST_COVERED = 0.34
"""An answer that holds less of a question than this is no answer to it."""
LEAST_AT_HAND = 0.5

_COLUMNS = "v.id, a.code, v.title, v.text, a.unit_id, a.topic, v.effective_from, e.title_terms, e.text_terms"
_JOINS = "JOIN knowledge_answerversion v ON v.id = e.version_id JOIN knowledge_answer a ON a.id = e.answer_id"
_SHOWN = "e.shown_from <= %s AND e.shown_to >= %s"
# No word of a person stands in these texts.
_SQLITE = f"""SELECT {_COLUMNS} FROM knowledge_search JOIN knowledge_answerentry e
  ON e.version_id = knowledge_search.rowid {_JOINS} WHERE knowledge_search MATCH %s AND {_SHOWN}
  ORDER BY bm25(knowledge_search, 4.0, 1.0) LIMIT {CANDIDATES}"""  # noqa: S608
_POSTGRESQL = f"""SELECT {_COLUMNS} FROM knowledge_answerentry e {_JOINS}
  WHERE e.vector @@ to_tsquery('simple', %s) AND {_SHOWN}
  ORDER BY ts_rank(e.vector, to_tsquery('simple', %s)) DESC LIMIT {CANDIDATES}"""  # noqa: S608


@dataclass(frozen=True)
class Hit:
    """A version that is shown today, with its terms."""

    version: int
    code: str
    title: str
    text: str
    unit_id: int
    topic: str
    effective_from: date
    title_terms: frozenset[str]
    text_terms: frozenset[str]


def ranked(question: str, *, day: date, topic: str = "") -> list[Hit]:
    """The answers to a question, the best first; title over text, and only what holds enough of it. One statement."""
    wanted = rules.asked(question)
    hits = [hit for hit in _candidates(wanted, day) if not topic or _below(hit.topic, topic)]
    worth = rules.weights(wanted, [hit.title_terms | hit.text_terms for hit in hits])
    fitting = [hit for hit in hits if rules.covered(worth, hit.title_terms | hit.text_terms) >= LEAST_COVERED]
    return sorted(fitting, key=lambda hit: (-_fit(worth, hit), hit.code))


def _fit(worth: dict[str, float], hit: Hit) -> float:
    return round(rules.fit(worth, title=hit.title_terms, text=hit.text_terms), 6)


def beside(text: str, *, topic: str, day: date) -> list[Hit]:
    """Answers that belong to a long text, such as a case: those whose title it speaks of, its topic first."""
    wanted = rules.asked(text[:1000], most=80)
    hits = _candidates(wanted, day)
    worth = {hit.version: _spoken_of(set(wanted), hit) + _of_topic(hit.topic, topic) for hit in hits}
    fitting = [hit for hit in hits if worth[hit.version] >= LEAST_AT_HAND]
    return sorted(fitting, key=lambda hit: (-round(worth[hit.version], 6), hit.code))


def _spoken_of(wanted: set[str], hit: Hit) -> float:
    title = set(rules.asked(hit.title))
    return len(title & wanted) / len(title) if title else 0.0


def _of_topic(found: str, topic: str) -> float:
    if not topic or not found:
        return 0.0
    return 0.4 if found == topic else 0.1 if found.split(".")[0] == topic.split(".")[0] else 0.0


def _below(found: str, topic: str) -> bool:
    return found == topic or found.startswith(f"{topic}.")


def _candidates(wanted: Iterable[str], day: date) -> list[Hit]:
    found = list(wanted)
    if not found:
        return []
    at = connection.ops.adapt_datefield_value(day)
    if connection.vendor == "sqlite":
        query = " OR ".join(f'"{term}"{"*" if rules.is_prefix(term) else ""}' for term in found)
        arguments: list[Any] = [query, at, at]
    else:
        query = " | ".join(f"{term}:*" if rules.is_prefix(term) else term for term in found)
        arguments = [query, at, at, query]
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE if connection.vendor == "sqlite" else _POSTGRESQL, arguments)
        return [_hit(row) for row in cursor.fetchall()]


def _hit(row: tuple[Any, ...]) -> Hit:
    *plain, effective, title, text = row
    starts = effective if isinstance(effective, date) else date.fromisoformat(effective)
    return Hit(*plain, starts, frozenset(title.split()), frozenset(text.split()))
