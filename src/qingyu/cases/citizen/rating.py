"""The citizen's rating of the outcome, or of a service before it: the same one twice is one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qingyu.cases import operations
from qingyu.cases.actors import CITIZEN
from qingyu.cases.idempotency import Call, once
from qingyu.cases.models import Case
from qingyu.rules.rating import Channel
from qingyu.rules.refusals import NotAllowed, NotValid

RATEABLE = (Case.State.CLOSED, Case.State.ARCHIVED)


@dataclass(frozen=True)
class Question:
    """What is asked now: the outcome for the ``occasion``-th time, or the ``service`` so far (``stage:STATE``)."""

    occasion: int
    service: str = ""

    @property
    def name(self) -> str:
        return self.service or str(self.occasion)


def question(case: Case) -> Question:
    """What a person may rate now. NotAllowed("rated_twice") where they have."""
    if case.state in RATEABLE:
        return Question(operations.rating_occasion(case))
    service = f"stage:{case.state}"
    operations.check_unrated(case, service)
    return Question(1, service)


def rate(case: Case, *, level: str, text: str, channel: Channel, at: datetime, asked: Question | None = None) -> None:
    """Records the citizen's rating. Another one at the same moment is refused as "rated_twice"."""
    asked = asked or Question(operations.rating_occasion(case))
    call = Call(f"case:{case.uuid}", "rate", asked.name, f"{level}\n{text}".encode())
    try:
        once(call, lambda: _rated(case, level, text, channel, asked, at), at=at)
    except NotValid as refusal:
        if refusal.code != "idempotency_mismatch":
            raise
        raise NotAllowed("rated_twice") from None


def _rated(case: Case, level: str, text: str, channel: Channel, asked: Question, at: datetime) -> tuple[int, str]:
    if asked.service:
        operations.rate_service(
            case, service=asked.service, level=level, channel=channel, comment=text, by=CITIZEN, at=at
        )
    else:
        operations.rate(case, level=level, channel=channel, occasion=asked.occasion, comment=text, by=CITIZEN, at=at)
    return 201, ""
