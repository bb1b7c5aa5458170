"""What log lines never show: capabilities that stand in a few URLs, and values of rows that a database quotes."""

from __future__ import annotations

import logging
import re

_CAPABILITY = re.compile(r"((?:[?&]code=)|(?:/rate/)|(?:/t/))[^/\s&\"']+")
_PLACE = re.compile(r"([?&](?:lat|lon)=)[^&\s\"']+")  # where somebody is who looks for a point
# PostgreSQL quotes the row under DETAIL and below; a value may have lines of its own, so all goes up to the next trace.
_ROW = re.compile(
    r"^[ |]*DETAIL:.*?(?=^[ |]*(?:Traceback \(most recent|The above exception|During handling of)|\Z)",
    re.MULTILINE | re.DOTALL,
)


def masked(text: str) -> str:
    """The text with ``***`` for the secret part of a capability URL, and without quoted rows."""
    if not _may_hold(text):
        return text
    return _ROW.sub("DETAIL: ***\n", _PLACE.sub(r"\1***", _CAPABILITY.sub(r"\1***", text)))


def _may_hold(text: str) -> bool:
    return any(part in text for part in ("code=", "/rate/", "/t/", "DETAIL:", "lat=", "lon="))


class MaskCapabilities(logging.Filter):
    """Masks a record's text."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if _may_hold(message):
            record.msg, record.args = masked(message), None
        return True


class Lines(logging.Formatter):
    """Masks all that is written: the text, and the exception below it."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record)).rstrip("\n")
