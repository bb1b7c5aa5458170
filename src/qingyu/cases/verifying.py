"""Whether the log is as it was written: chains of cases, columns, case rows, texts and the heads of partitions.

Cases, events and texts are read side by side in one pass each, as tuples from cursors that the database fills as we
go, so that ten million events need no more memory than ten.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any, Generic, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from qingyu.cases import papers
from qingyu.cases.models import Case, CaseEvent, CaseText, LogHead
from qingyu.rules import ledger
from qingyu.rules.ledger import StoredEvent

CHUNK = 5000
RECORDED_AT = len("2026-01-02T03:04:05.000006Z")
DIGESTS = (("title", "title_digest"), ("text", "digest"), ("place", "place_digest"))


@dataclass(frozen=True)
class Trouble:
    """The first thing found wrong in one case or partition. ``seq`` 0: no single event is to blame."""

    code: str
    number: str
    seq: int
    detail: str

    def __str__(self) -> str:
        where = f"case {self.number}" if self.number else "the log"
        event = f", event {self.seq}" if self.seq else ""
        return f"{where}{event}: {self.code} {self.detail}".rstrip()


@dataclass
class Findings:
    """How much was read, and what is wrong, in the order in which it was found."""

    cases: int = 0
    events: int = 0
    texts: int = 0
    troubles: list[Trouble] = field(default_factory=list)


class Owner(NamedTuple):
    """A case row as far as the log vouches for it."""

    case: int
    uuid: Any
    number: str
    length: int
    head: str


class Event(NamedTuple):
    """An event with the columns that repeat what its body says."""

    case: int
    seq: int
    body: str
    hash: str
    kind: str
    at: datetime
    by_kind: str
    by_staff: int | None
    partition: int
    imported: bool


class Text(NamedTuple):
    """A text and what is needed to unseal it."""

    case: int
    id: int
    kind: str
    body: str
    sealed: bytes
    salt: bytes
    uuid: Any


EVENT = ("case_id", "seq", "body", "hash", "kind", "at", "by_kind", "by_staff", "partition", "imported")
TEXT = ("case_id", "id", "kind", "body", "sealed", "salt", "uuid")
OWNER = ("id", "uuid", "number", "length", "head")
Tell = Callable[[Findings], None]
Found = TypeVar("Found", Event, Text)


class Beside(Generic[Found]):
    """Rows in the order of their cases, asked for case by case in rising order."""

    def __init__(self, rows: Iterator[Found]) -> None:
        self.groups: Iterator[tuple[int, Iterator[Found]]] = groupby(rows, key=lambda row: row.case)
        self.strays: list[int] = []
        self.next: tuple[int, Iterator[Found]] | None = next(self.groups, None)

    def of(self, case: int) -> list[Found]:
        """The rows of this case; rows of cases passed over are strays."""
        while self.next is not None and self.next[0] < case:
            self._pass_over()
        if self.next is None or self.next[0] != case:
            return []
        rows = list(self.next[1])
        self.next = next(self.groups, None)
        return rows

    def end(self) -> None:
        while self.next is not None:
            self._pass_over()

    def _pass_over(self) -> None:
        assert self.next is not None
        self.strays.append(self.next[0])
        self.next = next(self.groups, None)


def verify(*, since: date | None = None, tell: Tell = lambda found: None) -> Findings:
    """Checks everything, or only the cases in which something was recorded since a city date."""
    found = Findings()
    with transaction.atomic():
        _as_of_one_moment()
        _check_cases(since, found, tell)
        if since is None:
            _check_heads(found)
    return found


def _as_of_one_moment() -> None:
    """On PostgreSQL every statement of the check sees the same moment; on SQLite a transaction does anyway."""
    if connection.vendor == "postgresql" and not connection.savepoint_ids:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _check_cases(since: date | None, found: Findings, tell: Tell) -> None:
    cases, events = Case.objects.order_by("id"), CaseEvent.objects.order_by("case_id", "seq")
    texts = CaseText.objects.order_by("case_id", "id")
    if since is not None:
        recent = CaseEvent.objects.filter(recorded_at__gte=_start(since)).values("case_id")
        cases, events = cases.filter(pk__in=recent), events.filter(case_id__in=recent)
        texts = texts.filter(case_id__in=recent)
    owners = map(Owner._make, cases.values_list(*OWNER).iterator(chunk_size=CHUNK))
    logged = Beside(map(Event._make, events.values_list(*EVENT).iterator(chunk_size=CHUNK)))
    words = texts.values_list(*TEXT).iterator(chunk_size=CHUNK)
    spoken = Beside(map(Text._make, words))
    for owner in owners:
        _check_case(owner, logged.of(owner.case), spoken.of(owner.case), found)
        tell(found)
    logged.end()
    for case in logged.strays:
        _note(found, Trouble("case_missing", "", 0, f"events of case id {case} have no case row"))


def _start(since: date) -> datetime:
    return datetime(since.year, since.month, since.day, tzinfo=ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)


def _note(found: Findings, trouble: Trouble | None) -> None:
    if trouble is not None:
        found.troubles.append(trouble)


# One case -------------------------------------------------------------------------------------------------------


def _check_case(owner: Owner, events: list[Event], texts: list[Text], found: Findings) -> None:
    """The first thing wrong with the case is told: its chain, else a column, else a text."""
    found.cases, found.events, found.texts = found.cases + 1, found.events + len(events), found.texts + len(texts)
    problem = ledger.verify_chain(map(StoredEvent._make, (e[:4] for e in events)), length=owner.length, head=owner.head)
    if problem and not (owner.length == 0 and not events):  # a draft has no chain yet
        _note(found, Trouble(str(problem.kind), owner.number, problem.seq, problem.detail))
        return
    named = f'"case":"{owner.uuid}"'
    altered = next((event.seq for event in events if _column_altered(owner.case, named, event)), 0)
    if altered:
        _note(found, Trouble("column_altered", owner.number, altered, "a column does not repeat what the event says"))
        return
    _note(found, _text_altered(owner, events, texts))


def _column_altered(case: int, named: str, event: Event) -> bool:
    """Whether a column says other than the body. Canonical text has one spelling, so parts of it are compared."""
    body, staff = event.body, "null" if event.by_staff is None else event.by_staff
    head = f'{{"at":"{ledger.utc_text(event.at)}","by":{{"kind":"{event.by_kind}","staff":{staff},'
    before = f'"imported":{"true" if event.imported else "false"},"kind":"{event.kind}","recorded_at":"'
    after = f'","seq":{event.seq}}}'
    place = len(body) - len(before) - RECORDED_AT - len(after)
    same = body.startswith(head) and body.startswith(before, place) and body.endswith(after)
    return not (same and named in body and event.partition == case % 16)


def _text_altered(owner: Owner, events: list[Event], texts: list[Text]) -> Trouble | None:
    """Each text against the salted digest in the event that refers to it. Erased salts cannot be asked any more."""
    told = _digests(events)
    for text in texts:
        if not text.salt or text.id not in told:
            continue
        digest, seq = told[text.id]
        if ledger.text_digest(bytes(text.salt), _clear(text)) != digest:
            return Trouble("text_altered", owner.number, seq, text.kind)
    here = {text.id for text in texts}
    gone = next((seq for text_id, (_, seq) in told.items() if text_id not in here), None)
    return Trouble("text_missing", owner.number, gone, "") if gone else None


def _digests(events: list[Event]) -> dict[int, tuple[str, int]]:
    """By text id: the digest and the number of the event that refers to it."""
    told: dict[int, tuple[str, int]] = {}
    for event in events:
        if 'digest":"' in event.body:
            facts = json.loads(event.body)["facts"]
            pairs = [(facts[name], facts[digest]) for name, digest in DIGESTS if name in facts and digest in facts]
            told |= {text: (digest, event.seq) for text, digest in pairs}
    return told


def _clear(text: Text) -> str:
    if not text.sealed:
        return text.body
    return papers.read_text(CaseText(uuid=text.uuid, sealed=text.sealed))


# Partitions -----------------------------------------------------------------------------------------------------


def _check_heads(found: Findings) -> None:
    """A removed case or tail leaves its mark here: a partition's count, its last event and its chain of hashes."""
    rows = CaseEvent.objects.order_by("partition", "id").values_list("partition", "id", "hash")
    seen = {
        partition: _end_of(group)
        for partition, group in groupby(rows.iterator(chunk_size=CHUNK), key=lambda row: row[0])
    }
    for end in LogHead.objects.order_by("partition"):
        length, last, head = seen.pop(end.partition, (0, 0, ledger.GENESIS))
        if (length, last, head) != (end.length, end.last_event, end.head):
            detail = f"partition {end.partition}: expected {end.length} events, found {length}"
            _note(found, Trouble("partition_head", "", 0, detail))
    for partition in seen:
        _note(found, Trouble("partition_unknown", "", 0, f"partition {partition}"))


def _end_of(rows: Iterator[tuple[int, int, str]]) -> tuple[int, int, str]:
    length, last, head = 0, 0, ledger.GENESIS
    for _, event, one in rows:
        length, last, head = length + 1, event, ledger.ledger_head(head, one)
    return length, last, head
