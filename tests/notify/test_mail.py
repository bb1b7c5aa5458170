"""Mail against a real server on this machine: taken, refused for now, refused for good, and out of reach."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from qingyu.notify import operations, states, tasks
from qingyu.notify.models import Delivery
from tests.notify.messages import AT, EMAIL, MAIL, planned

pytestmark = pytest.mark.django_db


class Postbox:
    """Keeps what it is handed; answers what a test tells it to."""

    def __init__(self) -> None:
        self.letters: list[Envelope] = []
        self.peers: set[object] = set()
        self.to_sender = self.to_recipient = self.to_content = "250 OK"

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_sender.startswith("250"):
            envelope.mail_from = address
        return self.to_sender

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.letters.append(envelope)
        self.peers.add(session.peer)
        return self.to_content


@pytest.fixture
def postbox(settings: Any) -> Iterator[Postbox]:
    box = Postbox()
    server = Controller(box, hostname="127.0.0.1", port=_free_port())
    server.start()
    settings.EMAIL_URL = f"smtp://127.0.0.1:{server.port}"
    yield box
    server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def test_a_letter_arrives_whole(postbox: Postbox) -> None:
    delivery = planned(EMAIL)
    assert tasks.send(at=AT) == 1
    (envelope,) = postbox.letters
    letter = email.message_from_bytes(bytes(envelope.content or b""), policy=email.policy.default)
    assert envelope.rcpt_tos == [MAIL]
    assert letter["Subject"] == "您的诉求 26040112345676 已收到"
    assert letter["Idempotency-Key"] == delivery.idempotency_key
    assert letter["Date"] == "Wed, 01 Apr 2026 02:00:00 +0000"
    assert "code=AB23CD45" in letter.get_content()


def test_a_run_needs_one_connection(postbox: Postbox) -> None:
    operations.plan([replace(EMAIL, source_event=number) for number in range(5)], at=AT)
    assert tasks.send(at=AT) == 5
    assert len(postbox.peers) == 1


@pytest.mark.parametrize(
    ("answers", "state", "error"),
    [
        ({"to_recipient": "550 wang@example.org unknown"}, "dead", "recipient_refused 550"),
        ({"to_recipient": "450 wang@example.org greylisted"}, "waiting", "recipient_refused 450"),
        ({"to_content": "554 looks like spam"}, "dead", "message_refused 554"),
        ({"to_content": "451 try later"}, "waiting", "message_refused 451"),
        ({"to_sender": "530 sign in first"}, "waiting", "server_refused 530"),
    ],
)
def test_what_the_server_answers_decides(postbox: Postbox, answers: dict[str, str], state: str, error: str) -> None:
    vars(postbox).update(answers)
    delivery = planned(EMAIL)
    assert tasks.send(at=AT) == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_error) == (state, error)


def test_a_refused_letter_does_not_spoil_the_next(postbox: Postbox) -> None:
    operations.plan([replace(EMAIL, source_event=number) for number in (1, 2)], at=AT)
    postbox.to_content = "554 looks like spam"
    tasks.send(at=AT)
    postbox.to_content = "250 OK"
    operations.plan([replace(EMAIL, source_event=3)], at=AT)
    assert tasks.send(at=AT) == 1
    assert Delivery.objects.filter(state="dead").count() == 2


def test_later_tries_carry_the_same_message_id(postbox: Postbox) -> None:
    planned(EMAIL)
    postbox.to_content = "451 try later"
    tasks.send(at=AT)
    postbox.to_content = "250 OK"
    tasks.send(at=AT + states.PAUSES[0])
    ids = [email.message_from_bytes(bytes(letter.content or b""))["Message-ID"] for letter in postbox.letters]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_a_server_out_of_reach_costs_one_try_a_run(settings: Any) -> None:
    settings.EMAIL_URL = f"smtp://127.0.0.1:{_free_port()}"
    operations.plan([replace(EMAIL, source_event=number) for number in (1, 2)], at=AT)
    assert tasks.send(at=AT) == 0
    rows = Delivery.objects.order_by("pk").values_list("attempts", "last_error")
    assert list(rows) == [(1, "server_unreachable ConnectionRefusedError"), (0, "")]
