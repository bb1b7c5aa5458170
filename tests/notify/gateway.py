"""A gateway for text messages under the control of a test: what it got, and what it answers next."""

from __future__ import annotations

from qingyu.notify.messages import Outgoing, Receipt

received: list[Outgoing] = []
answers: list[BaseException | None] = []


class Killed(BaseException):
    """The process ends here, as by a signal: nothing after it runs."""


def reset() -> None:
    received.clear()
    answers.clear()


class Gateway:
    """Takes a message and then raises the next answer, if there is one: taken, yet never marked as sent."""

    def send(self, message: Outgoing) -> Receipt:
        received.append(message)
        answer = answers.pop(0) if answers else None
        if answer is not None:
            raise answer
        return Receipt(reference=message.key)

    def close(self) -> None:
        pass
