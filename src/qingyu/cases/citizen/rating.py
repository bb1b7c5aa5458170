"""Whose turn it is to rate: once, and once more after the matter was taken up again."""

from __future__ import annotations

from datetime import datetime

from qingyu.cases import operations
from qingyu.cases.actors import CITIZEN
from qingyu.cases.idempotency import Call, once
from qingyu.cases.models import Case, CaseEvent
from qingyu.rules.lifecycle import Kind
from qingyu.rules.rating import Channel, Level, Rating, Turn, next_turn
from qingyu.rules.refusals import NotAllowed, NotValid

OCCASION = {Turn.FIRST: 1, Turn.SECOND: 2}
TURN = {number: turn for turn, number in OCCASION.items()}
AGAIN = (Kind.REDONE, Kind.REOPENED)


def turn(case: Case) -> Turn:
    """The turn of a rating given now. NotAllowed("rated_twice") after two, or after one with no new round since.

    One statement.
    """
    events = list(CaseEvent.objects.filter(case=case, kind__in=[Kind.RATED, *AGAIN]).order_by("seq"))
    given = [_rating(case, event) for event in events if event.kind == Kind.RATED]
    found = next_turn(given)
    if given and events[-1].kind == Kind.RATED:
        raise NotAllowed("rated_twice")
    return found


def _rating(case: Case, event: CaseEvent) -> Rating:
    facts = event.facts
    return Rating(
        case=case.number, occasion="case", turn=TURN.get(facts["occasion"], Turn.SECOND), level=Level(facts["level"]),
        channel=Channel(facts["channel"]), at=event.at,
    )  # fmt: skip


def rate(case: Case, *, level: str, text: str, channel: Channel, at: datetime) -> None:
    """Records the citizen's rating. The same one twice is one; another one at the same moment is refused as rated."""
    number = OCCASION[turn(case)]
    call = Call(f"case:{case.uuid}", "rate", str(number), f"{level}\n{text}".encode())
    try:
        once(call, lambda: _rated(case, level, text, channel, number, at), at=at)
    except NotValid as refusal:
        if refusal.code != "idempotency_mismatch":
            raise
        raise NotAllowed("rated_twice") from None


def _rated(case: Case, level: str, text: str, channel: Channel, number: int, at: datetime) -> tuple[int, str]:
    operations.rate(case, level=level, channel=channel, occasion=number, comment=text, by=CITIZEN, at=at)
    return 201, ""
