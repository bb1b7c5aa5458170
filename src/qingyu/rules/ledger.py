"""The hash chain of a case: canonical text, hashes, the heads of partitions, the daily root, verification.

An event is stored as canonical text and sealed with SHA-256 over the previous hash and that text. Whoever
alters, removes, adds or swaps a stored event breaks the chain at that event; whoever rewrites a whole chain
no longer meets the head held in the case row, in the ledger of the partition and in the published daily root.
The body itself must name its case and its sequence number: the chain knows nothing else of them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum, StrEnum
from typing import NamedTuple
from uuid import UUID

from qingyu.rules.refusals import NotValid

GENESIS = "0" * 64
"""What stands before the first event of a case and before the first head of a partition."""

HASH_LENGTH = len(GENESIS)
LEAST_SALT = 16
"""Bytes. Below this a digest of a short text (a phone number) could be guessed from the salt's space."""


class ProblemKind(StrEnum):
    """What ``verify_chain`` can find."""

    BODY_ALTERED = "body_altered"
    HASH_ALTERED = "hash_altered"
    GAP = "gap"
    ORDER = "order"
    LENGTH = "length"
    HEAD = "head"


@dataclass(frozen=True, slots=True)
class Problem:
    """The first thing wrong with a chain. ``seq`` is the event to look at; ``detail`` is for the operator."""

    kind: ProblemKind
    case: int | str
    seq: int
    detail: str


class StoredEvent(NamedTuple):
    """One stored event, as few columns as verification needs.

    A named tuple and not a dataclass, because a million of them are made straight from database rows
    (``map(StoredEvent._make, rows)``). ``seq`` counts from 1 within the case.
    """

    case: int | str
    seq: int
    body: str
    hash: str


# Canonical text

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
_AS_THEY_ARE = frozenset({str, int, bool, type(None)})


def canonical(facts: Mapping[str, object]) -> str:
    """The one JSON text of ``facts``: keys sorted by code point, no spaces, not ASCII-escaped, no floats.

    Times become UTC text with microseconds ("2026-01-02T03:04:05.000006Z"), dates ISO text, UUIDs their
    text, enum members the text of their value. Tuples and lists are alike. Raises ``NotValid`` with
    ``float_in_facts``, ``time_without_zone``, ``key_not_text``, ``text_not_unicode`` or
    ``kind_of_fact_unknown``; ``field`` is the path.
    """
    text = _ENCODER.encode(_plain(facts, ""))
    if not text.isascii():
        _refuse_surrogates(text)
    return text


def _plain(value: object, path: str) -> object:
    # By exact type: an IntEnum is an int too and would be written as a bare digit.
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Mapping):
        return {_key(key, path): _plain(inner, f"{path}.{key}".lstrip(".")) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner, f"{path}[{place}]") for place, inner in enumerate(value)]
    return _as_text(value, path)


def _as_text(value: object, path: str) -> str:
    if isinstance(value, datetime):
        return utc_text(value, field=path)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    code = "float_in_facts" if isinstance(value, float) else "kind_of_fact_unknown"
    raise NotValid(code, field=path, found=type(value).__name__)


def _key(key: object, path: str) -> str:
    if type(key) is not str:
        raise NotValid("key_not_text", field=path, found=type(key).__name__)
    return key


def _refuse_surrogates(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NotValid("text_not_unicode", position=error.start) from error


def utc_text(moment: datetime, *, field: str = "") -> str:
    """``moment`` as "YYYY-MM-DDThh:mm:ss.ffffffZ". ``NotValid("time_without_zone")`` for a naive time."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise NotValid("time_without_zone", field=field)
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


# Hashes


def event_hash(body: str, previous: str) -> str:
    """SHA-256 (hex) over the previous hash (``GENESIS`` for the first event) and the canonical ``body``.

    The previous hash has a fixed length, so that no two pairs give the same bytes.
    """
    return _link(previous, body)


def ledger_head(previous_head: str, event_hash: str) -> str:
    """The head of a partition after one more event, in the order of the partition's ids."""
    return _link(previous_head, event_hash)


def _link(previous: str, text: str) -> str:
    if len(previous) != HASH_LENGTH:
        raise NotValid("hash_not_valid", field="previous", length=len(previous))
    return hashlib.sha256((previous + text).encode()).hexdigest()


def partition_head(hashes: Iterable[str], *, start: str = GENESIS) -> str:
    """The head of a partition after all ``hashes``; ``start`` is a head already proven."""
    head = start
    for one in hashes:
        head = ledger_head(head, one)
    return head


def daily_root(heads: Iterable[str]) -> str:
    """One hash over the heads of all partitions at the end of a day, whatever their order.

    Print it, post it or send it elsewhere: from then on the day cannot be rewritten unseen.
    """
    return hashlib.sha256("\n".join(sorted(heads)).encode()).hexdigest()


def text_digest(salt: bytes, text: str) -> str:
    """What an event says of a text: HMAC-SHA256 (hex). With the salt erased nothing can be guessed."""
    return content_digest(salt, text.encode())


def content_digest(salt: bytes, content: bytes) -> str:
    """The same for an attachment. ``NotValid("salt_too_short")`` below 16 bytes."""
    if len(salt) < LEAST_SALT:
        raise NotValid("salt_too_short", field="salt", least=LEAST_SALT)
    return hmac.new(salt, content, hashlib.sha256).hexdigest()


# Verification


def verify_chain(events: Iterable[StoredEvent], *, length: int, head: str) -> Problem | None:
    """The first problem of one case's events in stored order, or ``None``.

    ``length`` and ``head`` come from the case row. ``gap``: a number is missing; ``order``: events are
    swapped, doubled or another case's; ``body_altered`` and ``hash_altered``: body and hash no longer fit,
    and the next hash (or the head) tells which of the two is still the old one; ``length``: more or fewer
    events than the row says; ``head``: a chain sound in itself that is not the one sealed.
    """
    iterator = iter(events)
    previous, expected, case, sha256 = GENESIS, 0, None, hashlib.sha256
    for event in iterator:
        expected += 1
        owner, seq, body, stored = event
        if case is None:
            case = owner
        if seq != expected or owner != case:
            return _misplaced(event, iterator, case=case, expected=expected)
        digest = sha256((previous + body).encode()).hexdigest()
        if digest != stored:
            return _broken(event, next(iterator, None), digest=digest, head=head)
        previous = stored
    return _end(case, expected, previous, length=length, head=head)


def _misplaced(event: StoredEvent, rest: Iterator[StoredEvent], *, case: int | str, expected: int) -> Problem:
    if event.case != case:
        return Problem(ProblemKind.ORDER, case, expected, f"an event of case {event.case} stands here")
    detail = f"expected event {expected}, found {event.seq}"
    if event.seq < expected or any(later.seq == expected for later in rest):
        return Problem(ProblemKind.ORDER, case, expected, detail)
    return Problem(ProblemKind.GAP, case, expected, detail)


def _broken(event: StoredEvent, following: StoredEvent | None, *, digest: str, head: str) -> Problem:
    """The next link was made from the true hash: if that is what the body gives, the hash was altered.

    An event rewritten together with its own hash cannot be told from an altered successor: then the problem
    names the successor, the first place where the two do not meet.
    """
    sealed = following.hash if following else head
    from_body = event_hash(following.body, digest) if following else digest
    kind = ProblemKind.HASH_ALTERED if from_body == sealed else ProblemKind.BODY_ALTERED
    return Problem(kind, event.case, event.seq, f"expected hash {digest}, found {event.hash}")


def _end(case: int | str | None, found: int, last: str, *, length: int, head: str) -> Problem | None:
    name = "" if case is None else case
    if found != length:
        seq = min(found, length) + 1
        return Problem(ProblemKind.LENGTH, name, seq, f"expected {length} events, found {found}")
    if last != head:
        return Problem(ProblemKind.HEAD, name, found, f"expected head {head}, found {last}")
    return None
