"""The log is the truth: whatever lawful life a case has had, its events alone give exactly its rows."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingyu.cases import standing
from qingyu.cases.models import Assistance, CaseEvent, Contact, LogHead
from qingyu.rules import ledger
from qingyu.rules.lifecycle import OPEN_STATES
from tests.lives import live
from tests.people import City

pytestmark = pytest.mark.django_db


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9))
def test_replaying_the_events_gives_exactly_the_row_and_its_clocks(city: City, seed: int) -> None:
    case = live(city, seed)
    state, clocks = standing.replay(case)
    assert standing.columns_of(state, clocks) == {
        name: getattr(case, name) for name in standing.columns_of(state, clocks)
    }
    assert clocks == standing.clocks_of(case)
    helping = Assistance.objects.filter(case=case).values_list("unit_id", "of_open")
    assert sorted(helping) == sorted((unit, case.state in OPEN_STATES) for unit in state.assisting)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9))
def test_the_chain_of_a_life_is_sound_and_repeats_in_the_columns(city: City, seed: int) -> None:
    case = live(city, seed)
    events = list(CaseEvent.objects.filter(case=case).order_by("seq"))
    stored = (ledger.StoredEvent(event.case_id, event.seq, event.body, event.hash) for event in events)
    assert ledger.verify_chain(stored, length=case.length, head=case.head) is None
    for event in events:
        assert event.content["kind"] == event.kind
        assert event.content["at"] == ledger.utc_text(event.at)
        assert event.content["seq"] == event.seq
        assert event.content["case"] == str(case.uuid)


def test_no_event_holds_words_or_identity(city: City) -> None:
    for seed in range(12):
        case = live(city, seed)
        phones = [bytes(contact.phone) for contact in Contact.objects.filter(case=case)]
        for event in CaseEvent.objects.filter(case=case):
            assert not any("\u4e00" <= sign <= "\u9fff" for sign in event.body), json.loads(event.body)
            assert "199" not in str(event.facts.get("phone", ""))
        assert all(b"199" not in phone for phone in phones)


def test_the_heads_of_the_partitions_follow_the_hashes(city: City) -> None:
    for seed in range(5):
        live(city, seed)
    for head in LogHead.objects.all():
        hashes = CaseEvent.objects.filter(partition=head.partition).order_by("id").values_list("hash", flat=True)
        assert ledger.partition_head(hashes) == head.head
        assert len(hashes) == head.length


@pytest.mark.parametrize("sql", ["UPDATE cases_caseevent SET kind = 'x'", "DELETE FROM cases_caseevent"])
def test_the_database_itself_refuses_to_alter_or_delete_events(city: City, sql: str) -> None:
    live(city, 1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
