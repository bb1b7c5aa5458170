"""Mail over SMTP. What the server answers is kept as a code: its words may repeat the address."""

from __future__ import annotations

import ipaddress
import smtplib
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from qingyu.notify.messages import Outgoing, Receipt
from qingyu.notify.ports import ChannelDown, ChannelTrouble, GiveUp, TryLater

TIMEOUT = 15  # seconds for each answer of the server


class SmtpChannel:
    """``smtp://user:password@host:port`` or ``smtps://...``; one connection serves a whole run.

    ``smtp://`` asks for STARTTLS unless the host is this machine; ``?starttls=on`` or ``off`` decides.
    """

    def __init__(self, url: str) -> None:
        self.backend = EmailBackend(fail_silently=False, timeout=TIMEOUT, **options(url))

    def send(self, message: Outgoing) -> Receipt:
        """Hands the message over; 4xx is TryLater, 5xx GiveUp, a server out of reach ChannelDown."""
        try:
            self.backend.open()  # opened by us, it stays open for the next message
            self.backend.send_messages([mail(message)])
        except Exception as error:
            self.close()
            raise _trouble(error) from None
        return Receipt(reference=message_id(message))

    def close(self) -> None:
        """Ends the connection."""
        try:
            self.backend.close()
        except (OSError, smtplib.SMTPException):
            self.backend.connection = None


def options(url: str) -> dict[str, Any]:
    """What Django's mail backend needs to know; ValueError for a URL that names no host or a wrong port."""
    parts = urlsplit(url)
    if not parts.hostname:
        raise ValueError("no host")
    secure = parts.scheme == "smtps"
    return {
        "host": parts.hostname,
        "port": parts.port or (465 if secure else 25),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": secure,
        "use_tls": not secure and _starttls(parts),
    }


def _starttls(parts: SplitResult) -> bool:
    asked = parse_qs(parts.query).get("starttls", [""])[0]
    return asked == "on" if asked in ("on", "off") else not _is_this_machine(parts.hostname or "")


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def message_id(message: Outgoing) -> str:
    """The same for every try of a message."""
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{message.key}@{host}>"


def mail(message: Outgoing) -> EmailMessage:
    """The message as mail: plain text, marked as automatic so that no out-of-office note comes back."""
    headers = {
        "Message-ID": message_id(message),
        "Idempotency-Key": message.key,
        "Date": format_datetime(message.created_at),
        "Auto-Submitted": "auto-generated",
        "Content-Language": message.language,
    }
    return EmailMessage(
        subject=" ".join(message.subject.split()),
        body=message.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.address],
        headers=headers,
    )


def _trouble(error: Exception) -> ChannelTrouble:
    match error:
        case smtplib.SMTPRecipientsRefused():
            codes = [code for code, _words in error.recipients.values()]
            return _by_code("recipient_refused", max(codes, default=550))
        case smtplib.SMTPDataError():
            return _by_code("message_refused", error.smtp_code)
        case smtplib.SMTPResponseException():  # greeting, sign-in or sender: nothing of this message's own
            return ChannelDown(f"server_refused {error.smtp_code}")
        case OSError():  # smtplib's other errors too
            return ChannelDown(f"server_unreachable {type(error).__name__}"[:60])
        case ValueError():  # an address or a header that cannot be written
            return GiveUp("message_malformed")
        case _:
            return TryLater(f"fault {type(error).__name__}"[:60])


def _by_code(what: str, code: int) -> ChannelTrouble:
    return GiveUp(f"{what} {code}") if code >= 500 else TryLater(f"{what} {code}")
