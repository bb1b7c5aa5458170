"""Sending: each try is marked before it is made; nothing is lost; nothing is knowingly sent twice."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from qingyu.notify import operations, states, tasks
from qingyu.notify.models import Delivery
from qingyu.notify.ports import ChannelDown, GiveUp, TryLater
from tests.notify import gateway
from tests.notify.messages import AT, EMAIL, SMS, planned

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_a_message_goes_out_once_and_says_when() -> None:
    delivery = planned()
    assert tasks.send(at=AT) == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.sent_at) == ("sent", 1, AT)
    assert tasks.send(at=AT + timedelta(days=9)) == 0
    assert len(gateway.received) == 1


def test_a_message_that_is_not_due_waits() -> None:
    planned()
    assert tasks.send(at=AT - MINUTE) == 0
    assert not gateway.received


def test_a_message_is_tried_eight_times_with_growing_pauses_and_is_then_dead() -> None:
    delivery, at = planned(), AT
    gateway.answers.extend(TryLater("busy") for _ in range(8))
    for pause in states.PAUSES:
        assert tasks.send(at=at) == 0
        delivery.refresh_from_db()
        assert (delivery.state, delivery.last_error, delivery.next_at) == ("waiting", "busy", at + pause)
        assert tasks.send(at=at + pause - timedelta(seconds=1)) == 0
        at += pause
    tasks.send(at=at)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("dead", 8)
    assert len({message.key for message in gateway.received}) == 1
    assert len(gateway.received) == 8


def test_a_refused_address_is_dead_after_one_try() -> None:
    delivery = planned()
    gateway.answers.append(GiveUp("recipient_refused 550"))
    tasks.send(at=AT)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.last_error) == ("dead", 1, "recipient_refused 550")


def test_a_failure_stops_no_other_message() -> None:
    operations.plan([replace(SMS, source_event=number) for number in (1, 2, 3)], at=AT)
    gateway.answers.extend([TryLater("busy"), ValueError("13800001234 is odd"), None])
    assert tasks.send(at=AT) == 1
    errors = Delivery.objects.order_by("source_event").values_list("state", "last_error")
    assert list(errors) == [("waiting", "busy"), ("waiting", "fault ValueError"), ("sent", "")]


def test_a_fault_is_logged_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    planned()
    gateway.answers.append(ValueError("13800001234 is odd"))
    tasks.send(at=AT)
    assert "ValueError" in caplog.text
    assert "13800001234" not in caplog.text


def test_a_channel_that_is_down_costs_one_try_and_holds_up_no_other_channel() -> None:
    operations.plan([replace(SMS, source_event=number) for number in range(5)], at=AT)
    planned(EMAIL)
    gateway.answers.append(ChannelDown("server_unreachable"))
    assert tasks.send(at=AT) == 1
    assert sorted(Delivery.objects.filter(channel="sms").values_list("attempts", flat=True)) == [
        0,
        0,
        0,
        0,
        1,
    ]
    assert Delivery.objects.get(channel="email").state == "sent"


def test_a_channel_that_cannot_be_made_costs_no_try(settings: object) -> None:
    settings.SMS_URL = "carrier-pigeon:"  # type: ignore[attr-defined]
    delivery = planned()
    assert tasks.send(at=AT) == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("waiting", 0)


def test_death_between_sending_and_marking_sends_once_more_under_the_same_key() -> None:
    delivery = planned()
    gateway.answers.append(gateway.Killed())
    with pytest.raises(gateway.Killed):
        tasks.send(at=AT)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("waiting", 1)
    assert tasks.send(at=AT + MINUTE) == 0  # still lent to the one that died
    assert tasks.send(at=AT + states.LEASE) == 1
    first, second = gateway.received
    assert first.key == second.key == delivery.idempotency_key


def test_a_message_that_kills_its_sender_every_time_is_dead_in_the_end() -> None:
    delivery, at = planned(), AT
    for _ in range(states.MOST_ATTEMPTS):
        gateway.answers.append(gateway.Killed())
        with pytest.raises(gateway.Killed):
            tasks.send(at=at)
        at += states.LEASE
    assert tasks.send(at=at) == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_error) == ("dead", "outcome_unknown")
    assert len(gateway.received) == states.MOST_ATTEMPTS


def test_a_try_that_ends_late_does_not_touch_the_next_one() -> None:
    planned()
    slow = operations.take(Delivery.objects.get().pk, at=AT)
    assert slow is not None
    quick = operations.take(slow.pk, at=AT + states.LEASE)
    assert quick is not None
    operations.mark_failed(slow, code="busy", at=AT)
    operations.mark_dead(slow, code="refused")
    assert Delivery.objects.values_list("state", "attempts", "last_error").get() == ("waiting", 2, "")


def test_what_was_cancelled_on_its_way_out_still_says_that_it_left() -> None:
    delivery = planned()
    taken = operations.take(delivery.pk, at=AT)
    assert taken is not None
    operations.cancel(delivery, by=None, at=AT)
    operations.mark_sent(taken, at=AT)
    delivery.refresh_from_db()
    assert delivery.state == "sent"


def test_a_cancelled_message_is_not_sent() -> None:
    operations.cancel(planned(), by=None, at=AT)
    assert tasks.send(at=AT) == 0
    assert not gateway.received


def test_an_inbox_message_has_arrived_by_being_there() -> None:
    delivery = planned(channel="inbox", audience="unit:traffic", event_code="routed", address="traffic")
    assert tasks.send(at=AT) == 1
    delivery.refresh_from_db()
    assert delivery.state == "sent"


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_message_once() -> None:
    operations.plan([replace(SMS, source_event=number) for number in range(40)], at=AT)
    begin, sent = threading.Barrier(2), []

    def work() -> None:
        begin.wait()
        sent.append(tasks.send(at=AT))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(sent) == 40
    assert len({message.key for message in gateway.received}) == len(gateway.received) == 40
