"""How a rule says no: by a named exception that carries a code, never by ``False``."""

from __future__ import annotations


class Refusal(Exception):
    """A rule said no. ``code`` is stable and machine readable; doors turn it into words.

    ``facts`` are the figures a sentence about the refusal needs (a limit, a count, a date).
    """

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class NotAllowed(Refusal):
    """The act is understood but a rule forbids it here and now (HTTP 409)."""


class NotValid(Refusal):
    """What was handed in breaks a rule of form (HTTP 422). ``field`` names the culprit."""

    def __init__(self, code: str, /, *, field: str = "", **facts: object) -> None:
        super().__init__(code, **facts)
        self.field = field


class NotPermitted(Refusal):
    """The person who asks has no right to this (HTTP 403)."""
