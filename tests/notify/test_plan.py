"""Planning: one row for one event, follower, audience and channel; nothing personal in clear."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from qingyu.notify import addresses, operations
from qingyu.notify.models import Delivery
from qingyu.people.sealing import KeyTrouble
from qingyu.rules.refusals import NotValid
from tests.notify.messages import AT, EMAIL, FACTS, MAIL, PHONE, SMS, planned

pytestmark = pytest.mark.django_db


def test_planning_the_same_event_again_changes_nothing() -> None:
    first = planned()
    operations.plan([SMS, SMS, replace(SMS, language="en")], at=AT)
    assert Delivery.objects.get() == first
    assert bytes(Delivery.objects.get().body) == bytes(first.body)


@pytest.mark.parametrize(
    "change",
    [
        {"source_event": 2},
        {"follower": "plans"},
        {"channel": "inbox"},
        {"audience": "unit", "event_code": "routed"},
    ],
)
def test_another_event_follower_audience_or_channel_is_another_delivery(change: dict[str, object]) -> None:
    operations.plan([SMS, replace(SMS, **change)], at=AT)
    assert Delivery.objects.count() == 2
    assert Delivery.objects.values("idempotency_key").distinct().count() == 2


def test_two_units_may_be_told_of_one_event() -> None:
    operations.plan(
        [replace(SMS, audience=f"unit:{code}", event_code="routed") for code in ("traffic", "water")], at=AT
    )
    assert Delivery.objects.count() == 2


def test_nothing_personal_stands_in_clear() -> None:
    operations.plan([SMS, EMAIL], at=AT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM notify_delivery")
        stored = repr([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()])
    for secret in (PHONE, "13800001234", MAIL, "AB23CD45", FACTS["number"]):
        assert secret not in stored


def test_the_sealed_columns_open_for_their_own_row_alone() -> None:
    one, other = planned(), planned(source_event=2)
    assert one.clear("address") == PHONE
    assert "AB23CD45" in one.clear("body")
    one.address = other.address
    with pytest.raises(KeyTrouble):
        one.clear("address")


def test_messages_about_reports_of_wrongdoing_are_sealed_with_their_own_key() -> None:
    assert b"r1" in bytes(planned(purpose="r").address)[:4]
    assert b"k1" in bytes(planned(source_event=2).address)[:4]


@pytest.mark.parametrize(
    ("channel", "address", "error"),
    [
        ("sms", "", "address_missing"),
        ("sms", "abc", "address_unusable"),
        ("sms", "138 0000 1234", "address_unusable"),
        ("email", "nobody", "address_unusable"),
        ("email", "a@b.example\nBcc: c@d.example", "address_unusable"),
    ],
)
def test_an_address_nobody_can_use_is_a_dead_letter_at_once(channel: str, address: str, error: str) -> None:
    delivery = planned(channel=channel, address=address)
    assert (delivery.state, delivery.last_error, delivery.attempts) == ("dead", error, 0)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"event_code": "no_such_thing"}, "wording_unknown"),
        ({"audience": "press"}, "wording_unknown"),
        ({"facts": {"number": "1"}}, "fact_missing"),
        ({"channel": "pigeon"}, "channel_unknown"),
    ],
)
def test_a_fault_of_the_follower_is_told_and_writes_nothing(change: dict[str, object], code: str) -> None:
    with pytest.raises(NotValid) as refusal:
        operations.plan([EMAIL, replace(SMS, **change)], at=AT)
    assert refusal.value.code == code
    assert not Delivery.objects.exists()


def test_the_key_is_that_of_the_message_and_its_text() -> None:
    key = planned().idempotency_key
    Delivery.objects.all().delete()
    assert planned().idempotency_key == key
    Delivery.objects.all().delete()
    assert planned(facts={**FACTS, "number": "26040100000012"}).idempotency_key != key


def test_the_database_knows_no_other_state_and_no_sent_without_its_time() -> None:
    delivery = planned()
    for change in ({"state": "lost"}, {"state": "sent"}, {"sent_at": AT}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delivery.objects.filter(pk=delivery.pk).update(**change)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("13800001234", "138****1234"),
        ("+8613800001234", "+86138****1234"),
        ("wang@example.org", "w***@example.org"),
        ("12345", "***"),
        ("", ""),
    ],
)
def test_addresses_are_shown_masked(address: str, shown: str) -> None:
    assert addresses.masked(address) == shown


@given(st.from_regex(r"\+?\d{10,15}", fullmatch=True))
def test_a_masked_phone_hides_four_digits(phone: str) -> None:
    assert phone not in addresses.masked(phone)
    assert addresses.masked(phone).count("*") == 4
