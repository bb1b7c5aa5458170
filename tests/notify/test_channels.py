"""Files are whole or absent; the console shows nothing that opens a case; URLs choose the channel."""

from __future__ import annotations

import email
import email.policy
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from qingyu.notify import channels, checks, tasks
from qingyu.notify.channels.files import FileChannel
from qingyu.notify.channels.mail import options
from qingyu.notify.messages import Outgoing
from qingyu.notify.ports import ChannelDown
from tests.notify.messages import AT, EMAIL, MAIL, PHONE, planned

MESSAGE = Outgoing(
    key="0123abcd", channel="sms", address=PHONE, address_masked="+86138****1234", subject="诉求",
    body="https://x.example/?code=AB23CD45", language="zh-hans", created_at=AT,
)  # fmt: skip


@pytest.mark.django_db
def test_mail_in_a_file_is_a_letter_anyone_can_open(tmp_path: Path) -> None:
    delivery = planned(EMAIL)
    tasks.send(at=AT)
    (path,) = (tmp_path / "outbox").iterdir()
    letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert path.name == f"{delivery.idempotency_key}.eml"
    assert letter["To"] == MAIL
    assert "26040112345676" in letter["Subject"]
    assert letter["Message-ID"] == f"<{delivery.idempotency_key}@localhost>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "AB23CD45" in letter.get_content()


def test_a_second_try_replaces_the_file_of_the_first(tmp_path: Path) -> None:
    for _ in range(2):
        FileChannel(tmp_path).send(MESSAGE)
    (path,) = tmp_path.iterdir()
    assert json.loads(path.read_text())["to"] == PHONE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_finished_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ChannelDown) as trouble:
        FileChannel(tmp_path).send(MESSAGE)
    assert trouble.value.code == "file 28"
    assert not list(tmp_path.iterdir())


def test_a_place_that_is_no_folder_is_a_channel_down(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("in the way")
    with pytest.raises(ChannelDown):
        FileChannel(tmp_path / "outbox").send(MESSAGE)


def test_the_console_shows_neither_address_nor_code(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.SMS_URL = "console:"
    channels.make("sms").send(MESSAGE)
    shown = capsys.readouterr().out
    assert "+86138****1234" in shown
    assert PHONE not in shown
    assert "AB23CD45" not in shown


def test_a_message_in_a_traceback_shows_neither_address_nor_text() -> None:
    assert PHONE not in repr(MESSAGE)
    assert "AB23CD45" not in repr(MESSAGE)


@pytest.mark.parametrize(
    ("url", "host", "port", "ssl", "tls"),
    [
        ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, False, False),
        ("smtp://localhost", "localhost", 25, False, False),
        ("smtp://mail.example.org", "mail.example.org", 25, False, True),
        ("smtp://mail.example.org:587?starttls=off", "mail.example.org", 587, False, False),
        ("smtp://127.0.0.1?starttls=on", "127.0.0.1", 25, False, True),
        ("smtps://me:p%40ss@mail.example.org", "mail.example.org", 465, True, False),
    ],
)
def test_a_mail_url_says_how_to_connect(url: str, host: str, port: int, ssl: bool, tls: bool) -> None:
    read = options(url)
    assert (read["host"], read["port"], read["use_ssl"], read["use_tls"]) == (host, port, ssl, tls)
    assert read["password"] == ("p@ss" if "p%40ss" in url else "")


@pytest.mark.parametrize("url", ["", "pigeon:", "smtp:", "smtp://host:port", "python:no.such.Channel", "python:x"])
def test_a_wrong_url_is_told_at_start_without_its_password(settings: Any, url: str) -> None:
    settings.EMAIL_URL = url
    (error,) = checks.channel_urls(None)
    assert error.id == "notify.E001"
    assert "QINGYU_EMAIL_URL" in error.msg


def test_text_messages_do_not_go_by_mail(settings: Any) -> None:
    settings.SMS_URL = "smtp://localhost"
    with pytest.raises(channels.UnknownChannel):
        channels.make("sms")


def test_a_public_desk_that_mails_to_the_console_is_warned(settings: Any) -> None:
    settings.EMAIL_URL, settings.PUBLIC_URL = "console:", "https://qingyu.example.org"
    assert [found.id for found in checks.channel_urls(None)] == ["notify.W001"]
