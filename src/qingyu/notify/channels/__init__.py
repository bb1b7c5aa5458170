"""The channels and how settings choose them.

A channel is chosen by a URL: ``console:``, ``file:`` (``DATA_DIR/outbox``), ``file:/a/folder``, for mail also
``smtp://`` and ``smtps://``, or ``python:`` and the dotted name of a ``notify.ports.Channel``.
``EMAIL_URL`` is for mail, ``SMS_URL`` for text messages.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

from qingyu.notify.channels.console import ConsoleChannel
from qingyu.notify.channels.files import FileChannel
from qingyu.notify.channels.inbox import InboxChannel
from qingyu.notify.channels.mail import SmtpChannel
from qingyu.notify.ports import Channel


class UnknownChannel(ValueError):
    """A channel URL that says nothing known; the message names the setting, never a password."""


def url(name: str) -> str:
    """The URL in force for a channel."""
    if name == "email":
        return str(settings.EMAIL_URL)
    if name == "sms":
        return str(getattr(settings, "SMS_URL", "") or "file:")
    return f"{name}:"


def make(name: str) -> Channel:
    """A fresh channel for one run. UnknownChannel where its URL makes no sense."""
    text = url(name)
    scheme = text.partition(":")[0]
    maker = _MAKERS.get(scheme)
    if maker is None or (scheme.startswith("smtp") and name != "email"):
        raise UnknownChannel(f"QINGYU_{name.upper()}_URL: {scheme!r} is no way to send this")
    try:
        return maker(text)
    except (ValueError, ImportError) as error:
        raise UnknownChannel(f"QINGYU_{name.upper()}_URL: {type(error).__name__}") from None


def _files(text: str) -> Channel:
    folder = urlsplit(text).path
    return FileChannel(Path(folder) if folder else Path(settings.DATA_DIR) / "outbox")


def _own(text: str) -> Channel:
    channel: Channel = import_string(text.partition(":")[2])()
    return channel


_MAKERS: dict[str, Callable[[str], Channel]] = {
    "console": lambda _text: ConsoleChannel(),
    "inbox": lambda _text: InboxChannel(),
    "file": _files,
    "smtp": SmtpChannel,
    "smtps": SmtpChannel,
    "python": _own,
}
