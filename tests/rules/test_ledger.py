"""The chain of a case names the first event that was touched."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyu.rules import ledger
from qingyu.rules.ledger import GENESIS, StoredEvent, canonical, event_hash, verify_chain
from qingyu.rules.refusals import NotValid

SHANGHAI = timezone(timedelta(hours=8))


class Colour(StrEnum):
    RED = "red"


class Digit(IntEnum):
    ONE = 1


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({}, "{}"),
        ({"b": 1, "a": 2}, '{"a":2,"b":1}'),
        ({"unit": "市水务局"}, '{"unit":"市水务局"}'),
        ({"at": datetime(2026, 1, 2, 3, 4, 5, 6, UTC)}, '{"at":"2026-01-02T03:04:05.000006Z"}'),
        ({"at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=SHANGHAI)}, '{"at":"2026-01-01T19:04:05.000000Z"}'),
        ({"day": date(2026, 1, 2)}, '{"day":"2026-01-02"}'),
        ({"id": UUID(int=1)}, '{"id":"00000000-0000-0000-0000-000000000001"}'),
        ({"level": Colour.RED, "digit": Digit.ONE}, '{"digit":"1","level":"red"}'),
        ({"yes": True, "none": None, "list": (1, [2])}, '{"list":[1,[2]],"none":null,"yes":true}'),
        ({"in": {"b": 1, "a": "\n\u0000"}}, '{"in":{"a":"\\n\\u0000","b":1}}'),
    ],
)
def test_canonical_text(facts: dict[str, object], text: str) -> None:
    assert canonical(facts) == text


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"a": {"b": [0, 1.5]}}, "float_in_facts", "a.b[1]"),
        ({"a": float("nan")}, "float_in_facts", "a"),
        ({"a": Decimal(1)}, "kind_of_fact_unknown", "a"),
        ({"a": b"x"}, "kind_of_fact_unknown", "a"),
        ({"a": {1, 2}}, "kind_of_fact_unknown", "a"),
        ({"at": datetime(2026, 1, 2)}, "time_without_zone", "at"),
        ({"a": {1: 2}}, "key_not_text", "a"),
        ({"a": "\ud800"}, "text_not_unicode", ""),
    ],
)
def test_what_has_no_canonical_text_is_refused(facts: dict[str, object], code: str, field: str) -> None:
    with pytest.raises(NotValid) as refused:
        canonical(facts)
    assert (refused.value.code, refused.value.field) == (code, field)


texts = st.text(st.characters(codec="utf-8"), max_size=6)
scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | texts
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
bags = st.dictionaries(texts, trees, max_size=4)


@given(bags)
def test_canonical_text_reads_back_and_is_its_own_canonical_text(facts: dict[str, Any]) -> None:
    text = canonical(facts)
    assert json.loads(text) == facts
    assert canonical(json.loads(text)) == text
    assert canonical(dict(reversed(list(facts.items())))) == text


def test_hashes_are_sha_256_over_the_previous_hash_and_the_text() -> None:
    assert event_hash("{}", GENESIS) == "5508d2b710e64bc470079e1b211d9c58e21011e59d0559e422345dc19d659a75"
    assert event_hash("{}", GENESIS) == ledger.ledger_head(GENESIS, "{}")


def chain(bodies: list[str], case: str = "c") -> list[StoredEvent]:
    events, previous = [], GENESIS
    for seq, body in enumerate(bodies, 1):
        previous = event_hash(body, previous)
        events.append(StoredEvent(case, seq, body, previous))
    return events


BODIES = [canonical({"case": "c", "seq": seq, "kind": "noted"}) for seq in range(1, 6)]
SOUND = chain(BODIES)
HEAD = SOUND[-1].hash


def found(events: list[StoredEvent], *, length: int = 5, head: str = HEAD) -> tuple[str, int] | None:
    problem = verify_chain(events, length=length, head=head)
    return (problem.kind.value, problem.seq) if problem else None


def test_a_sound_chain_has_no_problem() -> None:
    assert found(SOUND) is None
    assert verify_chain([], length=0, head=GENESIS) is None


@pytest.mark.parametrize("seq", [1, 3, 5])
def test_an_altered_body_is_named(seq: int) -> None:
    events = [event._replace(body=event.body + " ") if event.seq == seq else event for event in SOUND]
    assert found(events) == ("body_altered", seq)


@pytest.mark.parametrize("seq", [1, 3, 5])
def test_an_altered_hash_is_named(seq: int) -> None:
    events = [event._replace(hash="f" * 64) if event.seq == seq else event for event in SOUND]
    assert found(events) == ("hash_altered", seq)


@pytest.mark.parametrize("seq", [1, 3])
def test_a_body_altered_with_its_own_hash_made_anew_is_named_by_its_successor(seq: int) -> None:
    before = SOUND[seq - 2].hash if seq > 1 else GENESIS
    forged = StoredEvent("c", seq, "{}", event_hash("{}", before))
    events = [forged if event.seq == seq else event for event in SOUND]
    assert found(events) == ("body_altered", seq + 1)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (SOUND[:2] + SOUND[3:], ("gap", 3)),
        (SOUND[1:], ("gap", 1)),
        ([SOUND[0], SOUND[2], SOUND[1], *SOUND[3:]], ("order", 2)),
        ([SOUND[0], SOUND[0], *SOUND[1:]], ("order", 2)),
        ([*SOUND[:2], SOUND[2]._replace(case="d"), *SOUND[3:]], ("order", 3)),
        (SOUND[:4], ("length", 5)),
        (SOUND[:0], ("length", 1)),
        ([*SOUND, StoredEvent("c", 6, "{}", event_hash("{}", HEAD))], ("length", 6)),
        (chain([*BODIES[:4], "{}"]), ("head", 5)),
    ],
)
def test_what_is_removed_added_or_moved_is_named(events: list[StoredEvent], expected: tuple[str, int]) -> None:
    assert found(events) == expected


def test_a_problem_names_the_case_and_what_was_expected() -> None:
    problem = verify_chain(SOUND[:4], length=5, head=HEAD)
    assert problem is not None
    assert (problem.case, problem.detail) == ("c", "expected 5 events, found 4")


@given(st.lists(texts, min_size=1, max_size=8), st.data())
def test_any_single_change_is_found(bodies: list[str], data: st.DataObject) -> None:
    events = chain(bodies)
    place = data.draw(st.integers(0, len(events) - 1))
    other = data.draw(texts.filter(lambda text: text != bodies[place]))
    altered = [*events[:place], events[place]._replace(body=other), *events[place + 1 :]]
    problem = verify_chain(altered, length=len(events), head=events[-1].hash)
    assert problem is not None
    assert (problem.kind, problem.seq) == ("body_altered", place + 1)


def test_a_removed_case_changes_the_head_of_its_partition() -> None:
    hashes = [event.hash for event in SOUND]
    whole = ledger.partition_head(hashes)
    assert ledger.partition_head(hashes[:2] + hashes[3:]) != whole
    assert ledger.partition_head(hashes[2:], start=ledger.partition_head(hashes[:2])) == whole
    assert ledger.partition_head([]) == GENESIS


def test_the_daily_root_does_not_depend_on_the_order_but_on_every_head() -> None:
    heads = [ledger.partition_head([event.hash]) for event in SOUND]
    assert ledger.daily_root(heads) == ledger.daily_root(reversed(heads))
    assert ledger.daily_root(heads) != ledger.daily_root(heads[:-1])
    assert ledger.daily_root([*heads, heads[0]]) != ledger.daily_root(heads)


def test_a_hash_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(NotValid, match="hash_not_valid"):
        event_hash("{}", "0")


def test_a_digest_depends_on_its_salt_and_refuses_a_short_one() -> None:
    one, other = bytes(16), bytes([1]) * 16
    assert ledger.text_digest(one, "井盖") != ledger.text_digest(other, "井盖")
    assert ledger.text_digest(one, "井盖") == ledger.content_digest(one, "井盖".encode())
    with pytest.raises(NotValid, match="salt_too_short"):
        ledger.text_digest(b"short", "井盖")
