"""What this app needs from outside: something that carries a message away."""

from __future__ import annotations

from typing import Protocol

from qingyu.notify.messages import Outgoing, Receipt


class ChannelTrouble(Exception):
    """A message was not taken. ``code`` is stored and shown to operators: no personal data in it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TryLater(ChannelTrouble):
    """This message cannot go now; trying again may help."""


class ChannelDown(TryLater):
    """Nothing can go through this channel now; the rest of the run leaves it alone."""


class GiveUp(ChannelTrouble):
    """This message will never go: the address or the message itself is refused."""


class Channel(Protocol):
    """Carries messages away. Made anew for each run of the sender and closed at its end."""

    def send(self, message: Outgoing) -> Receipt:
        """Hands the message over or raises ``TryLater``, ``ChannelDown`` or ``GiveUp``.

        Must hand ``message.key`` on, so that a receiver can tell a second try from a second message.
        """
        ...

    def close(self) -> None:
        """Frees connections; never raises."""
        ...
