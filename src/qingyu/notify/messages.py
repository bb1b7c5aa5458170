"""What crosses the borders of this app: a message to be planned, and the same message on its way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Message:
    """What a follower asks to be delivered.

    ``source_event`` is the id of the log event that causes it, ``follower`` the name of who asks.
    ``audience`` is ``citizen``, ``unit`` or ``staff``; where one event is told to several of a kind, the code
    of each follows a colon (``unit:traffic``). ``channel`` is a code of ``Delivery.Channel``, ``address``
    what it understands. ``event_code`` names the wording, ``facts`` fill its placeholders: text, lazy
    translations, dates and times (shown in the city's time). ``purpose`` is the kind of key that seals the
    row: ``k`` as a rule, ``r`` for reports of wrongdoing.
    """

    source_event: int
    follower: str
    audience: str
    channel: str
    address: str
    event_code: str
    language: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    purpose: str = "k"

    @property
    def kind(self) -> str:
        """The audience without the code of the one addressed."""
        return self.audience.partition(":")[0]


@dataclass(frozen=True)
class Outgoing:
    """A message as a channel gets it, in clear. ``key`` stays the same however often it is tried."""

    key: str
    channel: str
    address: str = field(repr=False)
    address_masked: str
    subject: str = field(repr=False)
    body: str = field(repr=False)
    language: str
    created_at: datetime


@dataclass(frozen=True)
class Receipt:
    """What a channel says of a message it took: ``reference`` is the receiver's own name for it, if any."""

    reference: str = ""
