"""What the answers below need of the case line: ``knowledge.ports.House``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from qingyu.cases import idempotency, limits, wording
from qingyu.cases.dispatch import routing
from qingyu.cases.topics import by_code, full_name
from qingyu.knowledge.ports import Sent
from qingyu.people import queries as people
from qingyu.rules.hours import Limit
from qingyu.rules.refusals import Refusal


class Desk:
    """Topics, routes, limits, sentences and keys as cases have them."""

    def once(self, sent: Sent, act: Callable[[], tuple[int, str]], *, at: datetime) -> tuple[int, str]:
        return idempotency.once(idempotency.Call(sent.caller, sent.route, sent.key, sent.body), act, at=at)

    def sentence(self, refusal: Refusal) -> str:
        return wording.sentence(refusal)

    def topics(self) -> list[tuple[str, str]]:
        return [(code, full_name(code)) for code in by_code()]

    def topic_name(self, code: str) -> str:
        return full_name(code)

    def unit_for(self, topic: str, *, on: date) -> int:
        return routing.destination(topic=topic, area="", on=on).unit if topic else people.centre().id

    def question_limit(self, *, on: date) -> Limit:
        limit = limits.CaseTerms(type="", urgency="", day=on).limit("question")
        assert limit is not None  # the last resort holds one
        return limit
