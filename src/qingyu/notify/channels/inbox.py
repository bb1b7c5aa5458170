"""The inbox of the house: the delivery's own row is the message, there is nowhere else to carry it."""

from __future__ import annotations

from qingyu.notify.messages import Outgoing, Receipt


class InboxChannel:
    """Takes everything; readers find their rows by audience."""

    def send(self, message: Outgoing) -> Receipt:
        """Has arrived by being there."""
        return Receipt(reference=message.key)

    def close(self) -> None:
        """Nothing to free."""
