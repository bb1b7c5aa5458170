"""The list of failed messages: for operators alone, without addresses, and each can be sent again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from qingyu.notify import operations, queries, tasks
from qingyu.notify.models import Delivery
from qingyu.notify.ports import GiveUp, TryLater
from qingyu.people.models import AdminChange, Staff, Unit
from qingyu.people.policy import viewer
from qingyu.rules.refusals import NotAllowed, NotPermitted
from tests.notify import gateway
from tests.notify.messages import AT, PHONE, SMS, planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    return Unit.objects.create(code="centre", name="热线中心", short="中心", kind="centre", path="/1/")


@pytest.fixture
def operator(unit: Unit) -> Staff:
    return _staff(unit, "operator", ["operation.read"])


@pytest.fixture
def handler(unit: Unit) -> Staff:
    return _staff(unit, "handler", ["case.read"])


def _staff(unit: Unit, username: str, permissions: list[str]) -> Staff:
    rights = {"permissions": permissions, "scope": "all"}
    return Staff.objects.create(username=username, name=username, unit=unit, rights=rights)


def _page(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def dead() -> Delivery:
    delivery = planned()
    gateway.answers.append(GiveUp("recipient_refused 550"))
    tasks.send(at=AT)
    delivery.refresh_from_db()
    return delivery


def test_a_dead_letter_is_sent_again_under_its_old_key_and_that_is_written_down(
    dead: Delivery, operator: Staff
) -> None:
    later = AT + timedelta(days=2)
    operations.resend(dead, by=operator, at=later, reason="address book mended")
    assert tasks.send(at=later) == 1
    assert [message.key for message in gateway.received] == [dead.idempotency_key] * 2
    change = AdminChange.objects.get()
    assert (change.what, change.subject, change.by) == ("resend_delivery", f"delivery:{dead.pk}", operator)


@pytest.mark.parametrize("state", ["waiting", "sent", "cancelled"])
def test_only_a_dead_letter_is_sent_again(state: str, operator: Staff) -> None:
    delivery = planned()
    Delivery.objects.update(state=state, sent_at=AT if state == "sent" else None)
    with pytest.raises(NotAllowed) as refusal:
        operations.resend(delivery, by=operator, at=AT)
    assert refusal.value.code == f"delivery_{state}"
    assert not AdminChange.objects.exists()


@pytest.mark.parametrize(("state", "allowed"), [("waiting", 1), ("dead", 1), ("sent", 0), ("cancelled", 0)])
def test_what_has_not_left_can_be_cancelled(state: str, allowed: bool, operator: Staff) -> None:
    delivery = planned()
    Delivery.objects.update(state=state, sent_at=AT if state == "sent" else None)
    if allowed:
        operations.cancel(delivery, by=operator, at=AT, reason="wrong number")
        assert Delivery.objects.get().state == "cancelled"
    else:
        with pytest.raises(NotAllowed):
            operations.cancel(delivery, by=operator, at=AT)


def test_the_standing_counts_what_waits_fails_and_is_dead(dead: Delivery) -> None:
    operations.plan([_numbered(2), _numbered(3)], at=AT)
    gateway.answers.append(TryLater("busy"))
    tasks.send(at=AT)
    operations.plan([_numbered(4)], at=AT + timedelta(minutes=5))
    assert queries.standing(at=AT + timedelta(minutes=10)) == queries.Standing(
        waiting=2, retrying=1, dead=1, oldest_seconds=600
    )


def _numbered(event: int):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    return replace(SMS, source_event=event)


def test_an_empty_house_stands_well() -> None:
    assert queries.standing(at=AT) == queries.Standing(waiting=0, retrying=0, dead=0, oldest_seconds=0)


def test_dead_letters_are_for_operators(dead: Delivery, operator: Staff, handler: Staff) -> None:
    (letter,) = queries.dead_letters(viewer(operator))
    assert (letter.id, letter.address_masked) == (dead.pk, "+86138****1234")
    assert not queries.dead_letters(viewer(operator), before=dead.pk)
    with pytest.raises(NotPermitted):
        queries.dead_letters(viewer(handler))
    with pytest.raises(NotPermitted):
        queries.delivery(viewer(handler), dead.pk)


def test_the_page_asks_who_you_are_and_what_you_may(dead: Delivery, handler: Staff) -> None:
    assert Client().get("/desk/messages/").headers["Location"].startswith("/login/")
    assert Client().post(f"/desk/messages/{dead.pk}/resend/").headers["Location"].startswith("/login/")
    assert _page(handler).get("/desk/messages/").status_code == 403
    assert _page(handler).post(f"/desk/messages/{dead.pk}/resend/").status_code == 403


def test_the_page_shows_the_cause_and_no_address(dead: Delivery, operator: Staff) -> None:
    shown = _page(operator).get("/desk/messages/").content.decode()
    assert "对方服务器没有这个地址" in shown
    assert "+86138****1234" in shown
    assert PHONE not in shown
    assert "AB23CD45" not in shown


def test_the_button_sends_again_and_a_second_press_does_no_harm(dead: Delivery, operator: Staff) -> None:
    client = _page(operator)
    for _ in range(2):
        answer = client.post(f"/desk/messages/{dead.pk}/resend/")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/messages/")
    assert Delivery.objects.get().state == "waiting"
    assert AdminChange.objects.count() == 1
    assert client.get(f"/desk/messages/{dead.pk}/resend/").status_code == 405
    assert client.post("/desk/messages/999999/resend/").status_code == 404


def test_more_than_a_page_is_turned_by_address(operator: Staff) -> None:
    operations.plan([_numbered(event) for event in range(51)], at=AT)
    Delivery.objects.update(state="dead", last_error="outcome_unknown")
    first = _page(operator).get("/desk/messages/")
    assert len(first.context["rows"]) == 50
    second = _page(operator).get(first.context["next_url"])
    assert len(second.context["rows"]) == 1
    assert _page(operator).get("/desk/messages/?before=x").status_code == 200


def test_the_empty_page_says_so(operator: Staff) -> None:
    assert "没有发送失败的消息" in _page(operator).get("/desk/messages/").content.decode()
