"""Finding answers by words: the database brings likely ones, the rules rank them alike on both databases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from qingyu.knowledge import frequencies
from qingyu.rules import terms as rules

CANDIDATES = 60
LEAST_COVERED = 0.34
"""An answer that holds less of a question than this is no answer to it."""
LEAST_AT_HAND = 0.5
ENOUGH = 500
"""So many answers are looked at for a question, by its rarest terms: what many answers hold tells little."""

_COLUMNS = "v.id, a.code, v.title, v.text, a.unit_id, a.topic, v.effective_from, e.title_terms, e.text_terms"
_JOINS = "JOIN knowledge_answerversion v ON v.id = e.version_id JOIN knowledge_answer a ON a.id = e.answer_id"
_SHOWN = "e.shown_from <= %s AND e.shown_to >= %s"
# No word of a person stands in these texts. A query that stands in a SELECT of its own is read once, not for each row.
_SQLITE = f"""SELECT {_COLUMNS} FROM (
  SELECT e.version_id AS id FROM knowledge_search JOIN knowledge_answerentry e
  ON e.version_id = knowledge_search.rowid WHERE knowledge_search MATCH %s AND {_SHOWN}
  ORDER BY bm25(knowledge_search, 4.0, 1.0) LIMIT {CANDIDATES}
  ) best JOIN knowledge_answerentry e ON e.version_id = best.id {_JOINS}"""  # noqa: S608
_POSTGRESQL = f"""SELECT {_COLUMNS} FROM (
  SELECT e.version_id AS id FROM knowledge_answerentry e
  WHERE e.vector @@ (SELECT to_tsquery('simple', %s)) AND {_SHOWN}
  ORDER BY ts_rank(e.vector, (SELECT to_tsquery('simple', %s))) DESC LIMIT {CANDIDATES}
  ) best JOIN knowledge_answerentry e ON e.version_id = best.id {_JOINS}"""  # noqa: S608


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
    wanted = rules.parts(question)
    every = dict.fromkeys(term for part in wanted for one in part for term in one)
    hits = [hit for hit in _candidates(every, day) if not topic or _below(hit.topic, topic)]
    worth = rules.weights(every, [hit.title_terms | hit.text_terms for hit in hits])
    fits = {hit: _fit(wanted, worth, hit) for hit in hits if _enough(wanted, worth, hit)}
    return sorted(fits, key=lambda hit: (-fits[hit], hit.code))


def _fit(wanted: list[rules.Part], worth: dict[str, float], hit: Hit) -> float:
    return round(rules.fit(wanted, worth, title=hit.title_terms, text=hit.text_terms), 6)


def _enough(wanted: list[rules.Part], worth: dict[str, float], hit: Hit) -> bool:
    return rules.covered(wanted, worth, hit.title_terms | hit.text_terms) >= LEAST_COVERED


def beside(text: str, *, topic: str, day: date) -> list[Hit]:
    """Answers that belong to a long text, such as a case: those whose title it speaks of, its topic first."""
    wanted = rules.asked(text[:1000], most=80)
    hits = _candidates(wanted, day)
    titles = {hit.version: rules.asked(hit.title) for hit in hits}
    rare = rules.weights({term for title in titles.values() for term in title}, [hit.title_terms for hit in hits])
    worth = {
        hit.version: _spoken_of(set(wanted), titles[hit.version], rare) + _of_topic(hit.topic, topic) for hit in hits
    }
    fitting = [hit for hit in hits if worth[hit.version] >= LEAST_AT_HAND]
    return sorted(fitting, key=lambda hit: (-round(worth[hit.version], 6), hit.code))


def _spoken_of(wanted: set[str], title: list[str], rare: dict[str, float]) -> float:
    """Share of a title that the text speaks of; what many titles hold (申请) counts little."""
    whole = sum(rare[term] for term in title)
    return sum(rare[term] for term in title if term in wanted) / whole if whole else 0.0


def _of_topic(found: str, topic: str) -> float:
    if not topic or not found:
        return 0.0
    return 0.4 if found == topic else 0.1 if found.split(".")[0] == topic.split(".")[0] else 0.0


def _below(found: str, topic: str) -> bool:
    return found == topic or found.startswith(f"{topic}.")


def _candidates(wanted: Iterable[str], day: date) -> list[Hit]:
    terms = rules.rarest(wanted, frequencies.now(), enough=ENOUGH)
    if not terms:
        return []
    at = connection.ops.adapt_datefield_value(day)
    query = (" OR " if _sqlite() else " | ").join(_term(term) for term in terms)
    arguments: list[Any] = [query, at, at] if _sqlite() else [query, at, at, query]
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE if _sqlite() else _POSTGRESQL, arguments)
        return [_hit(row) for row in cursor.fetchall()]


def _term(term: str) -> str:
    if _sqlite():
        return f'"{term}"{"*" if rules.is_prefix(term) else ""}'
    return f"{term}:*" if rules.is_prefix(term) else term


def _sqlite() -> bool:
    return connection.vendor == "sqlite"


def _hit(row: tuple[Any, ...]) -> Hit:
    version, code, title, text, unit, topic, effective, title_terms, text_terms = row
    starts = effective if isinstance(effective, date) else date.fromisoformat(effective)
    terms = frozenset(title_terms.split()), frozenset(text_terms.split())
    return Hit(version, code, title, text, unit, topic, starts, *terms)
