"""One line on standard output for each message. Texts hold query codes, so they stay out."""

from __future__ import annotations

import sys

from qingyu.notify.messages import Outgoing, Receipt


class ConsoleChannel:
    """Says that a message would have gone, to a masked address. Whole messages: use ``file:``."""

    def send(self, message: Outgoing) -> Receipt:
        """Prints channel, masked address, subject and key."""
        line = f"[{message.channel}] {message.address_masked}: {message.subject} ({message.key})"
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        return Receipt()

    def close(self) -> None:
        """Nothing to free."""
