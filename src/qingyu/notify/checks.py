"""System checks: a channel that cannot be made is told at start, not at the first message."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from qingyu.notify import channels


@register()
def channel_urls(app_configs: Any, **_kwargs: Any) -> list[CheckMessage]:
    """notify.E001: a channel URL makes no sense; notify.W001: a public desk sends mail to the console."""
    found: list[CheckMessage] = []
    for name in ("email", "sms"):
        try:
            channels.make(name).close()
        except channels.UnknownChannel as trouble:
            found.append(Error(str(trouble), id="notify.E001"))
    if channels.url("email").startswith("console") and settings.PUBLIC_URL.startswith("https://"):
        found.append(Warning("QINGYU_EMAIL_URL is console: nobody gets any mail", id="notify.W001"))
    return found
