"""Loading history in bulk: the same events, rows and hashes as the operations one by one, in few statements.

The events of a case are made in memory by the same pure rules (``lifecycle``, ``clocks``, ``ledger``) and written for
many cases at once. Heads of partitions are locked in sorted order before the first event is written and held to the
commit, as ``cases.log`` does; a test holds both ways equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from qingyu.cases import importing, log, papers, rows
from qingyu.cases.actors import SYSTEM
from qingyu.cases.importing import History, Way
from qingyu.cases.models import Assistance, Case, CaseClock, CaseEvent, CaseText, ImportedRow, LogHead, Suggestion
from qingyu.cases.operations.opening import new_number
from qingyu.cases.operations.words import needed
from qingyu.cases.standing import assistance_of, clock_row, columns_of, state_of, terms
from qingyu.people import queries as people
from qingyu.rules import clocks, ledger, lifecycle
from qingyu.rules.clocks import Clock
from qingyu.rules.lifecycle import Kind

SLICE = 400


@dataclass(frozen=True)
class Loaded:
    """What became of a batch: new cases, rows known before, and new ones for which no route was found."""

    made: int
    known: int
    fallback: int


@dataclass
class Life:
    """A case that is being made: its row as it stands, its clocks and its events so far; nothing is written yet."""

    case: Case
    matter: History
    way: Way | None
    texts: dict[str, papers.Written] = field(default_factory=dict)
    running: dict[clocks.Key, Clock] = field(default_factory=dict)
    events: list[CaseEvent] = field(default_factory=list)

    def happens(self, kind: Kind, *, at: datetime, **facts: Any) -> None:
        """The same as ``log.record`` by the house itself, in memory."""
        case = self.case
        before = state_of(case)
        lifecycle.require(before, kind)
        limits = terms(case, facts, at)
        changes = clocks.decide(kind, at=at, facts=facts, case=before, clocks=self.running, terms=limits)
        event = log.event_of(case, kind, by=SYSTEM, at=at, facts={**facts, "clocks": changes} if changes else facts)
        self.running = clocks.fold(self.running, changes, at)
        self.events.append(event)
        self._stand(columns_of(lifecycle.fold(before, kind, at, facts), self.running))
        case.length, case.head = event.seq, event.hash

    def _stand(self, values: dict[str, Any]) -> None:
        for name, value in values.items():
            setattr(self.case, name, value)


@transaction.atomic
def load_answered(matters: Sequence[History], *, source: str, at: datetime) -> Loaded:
    """History: each matter is opened and routed; one with a reply also accepted, answered, reviewed and closed.

    A matter whose key is known for this source changes nothing. IntegrityError where somebody loads the same at the
    same time: try again.
    """
    fresh = _fresh(matters, source)
    lives = [_life(matter, way) for matter, way in zip(fresh, importing.ways(fresh, at=at), strict=True)]
    _write(lives, source)
    sent = sum(1 for life in lives if life.way and life.way.fallback)
    return Loaded(len(lives), len(matters) - len(lives), sent)


@transaction.atomic
def load_live(matters: Sequence[History], *, source: str, at: datetime) -> Loaded:
    """As if each had just been filed: opened only; suggestions, notices and clocks follow as for any case."""
    fresh = _fresh(matters, source)
    lives = [_life(matter, None) for matter in fresh]
    _write(lives, source)
    return Loaded(len(lives), len(matters) - len(lives), 0)


def _fresh(matters: Sequence[History], source: str) -> list[History]:
    """Those that are not known yet; of two with one key the first."""
    keys = {matter.key: matter for matter in reversed(matters)}
    known = ImportedRow.objects.filter(source=source, source_id__in=list(keys)).values_list("source_id", flat=True)
    for key in known:
        del keys[key]
    return list(reversed(keys.values()))


def _life(matter: History, way: Way | None) -> Life:
    case = Case(
        uuid=uuid4(), number=new_number(matter.opened_at), type=matter.type or Case.Type.OTHER, channel=matter.channel,
        anonymous=True, imported=way is not None,
    )  # fmt: skip
    return Life(case, matter, way)


def _write(lives: Sequence[Life], source: str) -> None:
    if not lives:
        return
    _number_anew(lives)
    _insert([life.case for life in lives])
    _insert_texts(lives)
    _insert([_source_row(life, source) for life in lives])
    heads = _locked_heads({life.case.partition for life in lives})
    for life in lives:
        live(life)
    ordered = sorted(lives, key=lambda life: (life.case.partition, life.case.pk))
    _insert_events([event for life in ordered for event in life.events], heads)
    _insert([clock_row(life.case, life.running[key]) for life in lives for key in sorted(life.running)])
    for life in lives:
        rows.update(life.case, _columns(life))
    _insert([row for life in lives for row in assistance_of(life.case)])
    _insert([_suggestion(life) for life in lives if life.way])


def live(life: Life) -> None:
    """All that happened to the matter, in order, as the source tells it."""
    matter, case, way = life.matter, life.case, life.way
    title, words = life.texts["title"], life.texts["text"]
    life.happens(
        Kind.OPENED, at=matter.opened_at, type=case.type, topic=matter.topic, area=matter.area, channel=case.channel,
        urgency=case.urgency, confidential=False, anonymous=True, owner=people.centre().id, title=title.id,
        title_digest=title.digest, text=words.id, digest=words.digest,
    )  # fmt: skip
    if way is None:
        return
    if way.topic and way.topic != matter.topic:
        life.happens(Kind.CLASSIFIED, at=matter.opened_at, topic=way.topic)
    why = "fallback" if way.fallback else "suggestion"
    life.happens(Kind.ROUTED, at=matter.opened_at, unit=way.unit, assisting=list(way.assisting), why=why)
    if matter.replied_at:
        _answered(life, life.texts["answer"], matter.replied_at)


def _answered(life: Life, answer: papers.Written, at: datetime) -> None:
    life.happens(Kind.ACCEPTED, at=life.matter.opened_at, handler=None)
    life.happens(Kind.ANSWERED, at=at, text=answer.id, digest=answer.digest)
    life.happens(Kind.REVIEWED, at=at, passed=True)


# Rows -----------------------------------------------------------------------------------------------------------


def _number_anew(lives: Iterable[Life]) -> None:
    """Numbers that are taken, here or in the table, are drawn again."""
    taken = set(Case.objects.filter(number__in=[life.case.number for life in lives]).values_list("number", flat=True))
    for life in lives:
        while life.case.number in taken:
            life.case.number = new_number(life.matter.opened_at)
        taken.add(life.case.number)


def _insert_texts(lives: Sequence[Life]) -> None:
    texts = [text for life in lives for text in _texts(life)]
    stored = [papers.text_row(life.case, kind, body, shown, at) for life, kind, body, shown, at in texts]
    _insert(stored)
    for (life, kind, body, _shown, _at), row in zip(texts, stored, strict=True):
        life.texts[kind] = papers.Written(row.pk, ledger.text_digest(bytes(row.salt), body))


def _texts(life: Life) -> Iterator[tuple[Life, str, str, bool, datetime]]:
    matter = life.matter
    text = needed(matter.text or matter.title, "text")
    title = matter.title.strip()[:120] or papers.title_from(text)
    yield life, str(CaseText.Kind.TITLE), title.strip(), True, matter.opened_at
    yield life, str(CaseText.Kind.TEXT), text, True, matter.opened_at
    if life.way and matter.replied_at:
        yield life, str(CaseText.Kind.ANSWER), needed(matter.reply, "answer"), False, matter.replied_at


def _source_row(life: Life, source: str) -> ImportedRow:
    return ImportedRow(source=source, source_id=life.matter.key, case=life.case)


def _suggestion(life: Life) -> Suggestion:
    assert life.way is not None
    return Suggestion(
        case=life.case, rows=life.way.rows, probability=life.way.rows[0]["probability"],
        model="learnt" if life.way.topic else "", at=life.matter.opened_at, decided=True,
    )  # fmt: skip


def _columns(life: Life) -> dict[str, Any]:
    return columns_of(state_of(life.case), life.running) | {"length": life.case.length, "head": life.case.head}


def _locked_heads(partitions: set[int]) -> dict[int, LogHead]:
    """The ends of these partitions, locked in order to the commit."""
    found = LogHead.objects.select_for_update().filter(pk__in=partitions).order_by("partition")
    return {head.partition: head for head in found}


def _insert_events(events: Sequence[CaseEvent], heads: dict[int, LogHead]) -> None:
    _insert(events)
    for event in events:
        end = heads[event.partition]
        end.length, end.last_event = end.length + 1, event.pk
        end.head = ledger.ledger_head(end.head, event.hash)
    for end in heads.values():
        rows.update(end, {"length": end.length, "last_event": end.last_event, "head": end.head})


def _insert(found: Sequence[Assistance | Case | CaseText | CaseEvent | CaseClock | ImportedRow | Suggestion]) -> None:
    for start in range(0, len(found), SLICE):
        rows.insert(found[start : start + SLICE])
