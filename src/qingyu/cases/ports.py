"""What this app needs from above: where a request comes from."""

from __future__ import annotations

from functools import cache
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string


class SenderOf(Protocol):
    """Names the sender that bounds count by. Settings name the implementation in ``SENDER_OF``."""

    def __call__(self, request: HttpRequest) -> str: ...


@cache
def sender_of() -> SenderOf:
    """The implementation that settings name."""
    found: SenderOf = import_string(settings.SENDER_OF)
    return found
