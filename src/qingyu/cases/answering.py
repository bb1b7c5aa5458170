"""What the answers below need of the case line: ``knowledge.ports.Desk``."""

from __future__ import annotations

from datetime import date

from qingyu.cases import limits
from qingyu.cases.dispatch import routing
from qingyu.cases.topics import by_code, full_name
from qingyu.people import queries as people
from qingyu.rules.hours import Limit


class Desk:
    """Topics, routes and limits as cases have them."""

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
