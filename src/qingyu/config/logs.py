"""Capabilities stand in a few URLs (a query code, a rating token, a ticket): log lines never show them."""

from __future__ import annotations

import logging
import re

_CAPABILITY = re.compile(r"((?:[?&]code=)|(?:/rate/)|(?:/t/))[^/\s&\"']+")


class MaskCapabilities(logging.Filter):
    """Replaces the secret part of a capability URL by ``***`` in a record's text."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if "code=" in message or "/rate/" in message or "/t/" in message:
            record.msg, record.args = _CAPABILITY.sub(r"\1***", message), None
        return True
