"""One request of the demo city and what people do to it, each through the real operation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from qingyu.cases import operations
from qingyu.cases.actors import CITIZEN, Actor
from qingyu.cases.dispatch import routing
from qingyu.cases.dispatch.suggesting import city_day
from qingyu.cases.models import Case
from qingyu.desk.demo import hours
from qingyu.desk.demo.cast import Cast
from qingyu.people import queries as people
from qingyu.rules.rating import Outcome, of_stars

BY_CITIZENS = ("web", "app", "social", "open311")
# The grounds of the demo's notices are finer than the outcomes that count.
OUTCOMES = {
    "completed": Outcome.COMPLETED, "declined": Outcome.REFUSED, "opted_out": Outcome.ASKED_NOT_TO,
    "no_answer": Outcome.NO_ANSWER, "busy": Outcome.NO_ANSWER, "call_later": Outcome.NO_ANSWER,
    "invalid_number": Outcome.NUMBER_INVALID, "wrong_person": Outcome.NUMBER_INVALID,
}  # fmt: skip


@dataclass
class Tale:
    """``at`` is the time of the act that comes next; ``now`` ends the tale. Times in UTC."""

    record: dict[str, Any]
    chance: Random
    cast: Cast
    now: datetime
    at: datetime
    case: Case | None = None

    @property
    def details(self) -> dict[str, Any]:
        found: dict[str, Any] = self.record["details"]
        return found

    @property
    def opened(self) -> Case:
        assert self.case is not None, "not opened yet"
        return self.case

    # Time

    def later(self, least: float, most: float) -> datetime:
        """So many minutes on, by a citizen at any hour."""
        at = self.at + timedelta(minutes=self.chance.uniform(least, most))
        self.at = hours.before_now(at, last=self.at, now=self.now)
        return self.at

    def office(self, least: float, most: float) -> datetime:
        """So many minutes on, by staff in office hours; what is urgent is done at any hour."""
        at = self.at + timedelta(minutes=self.chance.uniform(least, most))
        if self.record["urgency"] == "general":
            at = hours.in_office(at, self.chance)
        self.at = hours.before_now(at, last=self.at, now=self.now)
        return self.at

    def towards(self, due: datetime | None, least: float, most: float) -> datetime:
        """After a part (0 to 1; more is late) of the time that is left until ``due``."""
        share = self.chance.uniform(least, most)
        wanted = self.at + ((due or self.at) - self.at) * share
        if self.record["urgency"] == "general" and share < 1:
            wanted = min(hours.in_office(wanted, self.chance), due or wanted)
        self.at = hours.before_now(max(wanted, self.at + timedelta(minutes=1)), last=self.at, now=self.now)
        return self.at

    def past(self, due: datetime | None, *, seconds: float) -> datetime:
        """So long after ``due``."""
        wanted = max(due or self.at, self.at) + timedelta(seconds=seconds)
        self.at = hours.before_now(wanted, last=self.at, now=self.now)
        return self.at

    def at_least(self, wanted: datetime) -> datetime:
        """Not before ``wanted``."""
        self.at = hours.before_now(max(wanted, self.at), last=self.at, now=self.now)
        return self.at

    def due(self, kind: str) -> datetime | None:
        """When the running clock of that kind falls due; mostly the case row itself tells."""
        if self.opened.next_clock == kind:
            return self.opened.next_due_at
        if kind == "handle":
            return self.opened.due_at
        found = self.opened.clocks.filter(kind=kind, stop="").order_by("-round", "-pk").first()
        return found.due_at if found else None

    # People

    def by(self, role: str) -> Actor:
        return self.cast.one(role, self.chance)

    def handler(self) -> Actor:
        """Who has the case in its lead unit."""
        mates = self.cast.handlers[self.opened.lead_id or 0]
        return next((one for one in mates if one.staff_id == self.opened.handler_id), mates[0])

    def caller(self) -> Actor:
        """Who makes the follow-up call: a supervisor about a report of wrongdoing, which callers may not read."""
        return self.by("supervisor" if self.opened.type == Case.Type.REPORT else "caller")

    def filer(self) -> Actor:
        return CITIZEN if self.record["channel"] in BY_CITIZENS else self.by("agent")

    # Acts

    def open(self) -> None:
        record = self.record
        person = operations.Person(**record["person"]) if record["person"] else None
        place = operations.Place(
            address=record["place"] or "", area=record["area"], lat=record["lat"], lon=record["lon"]
        )
        told = record["topic"] if record["story"] == "answered_at_once" else ""
        filing = operations.Filing(
            text=record["text"], title=record["title"], channel=record["channel"], type=record["type"], topic=told,
            urgency=record["urgency"], place=place, person=person, confidential=record["confidential"],
        )  # fmt: skip
        self.case = operations.open_case(filing, by=self.filer(), at=self.at).case

    def route(self, unit: str = "") -> None:
        """A dispatcher names the topic and sends the case to the unit of the routing table, or to ``unit``."""
        case, by = self.opened, self.by("dispatcher")
        operations.classify(case, topic=self.record["topic"], by=by, at=self.at)
        goal = self.goal()
        lead = people.unit_ids()[unit] if unit else goal.unit
        assisting = tuple(other for other in goal.assisting if other != lead)
        why = "person" if unit else ("fallback" if goal.why == "fallback" else "route")
        operations.route(case, unit=lead, assisting=assisting, why=why, by=by, at=self.at)

    def goal(self) -> routing.Destination:
        day = city_day(self.opened)
        return routing.destination(topic=self.record["topic"], area=self.record["area"], on=day)

    def return_(self) -> None:
        told = self.details
        operations.return_(
            self.opened, reason=told["reason"], legal_basis=told["basis"], comment=told["basis"],
            by=self.handler(), at=self.at,
        )  # fmt: skip

    def arbitrate(self, *, unit: int | None) -> None:
        operations.arbitrate(
            self.opened, upheld=unit is not None, unit=unit, reason=self.details["decision"],
            by=self.by("dispatcher"), at=self.at,
        )  # fmt: skip

    def follow_up(self, answers: dict[str, Any]) -> None:
        stars = answers["satisfied"]
        operations.follow_up(
            self.opened, outcome=OUTCOMES[answers["outcome"]], contacted=answers["contacted"],
            solved=answers["solved"] or "",
            satisfied=str(of_stars(stars)) if stars else "", by=self.caller(), at=self.at,
            comment=self.details.get("remark", ""),
        )  # fmt: skip

    def rate(self, stars: int) -> None:
        occasion = operations.rating_occasion(self.opened)
        operations.rate(
            self.opened, level=str(of_stars(stars)), channel="web", occasion=occasion, by=CITIZEN, at=self.at
        )  # fmt: skip
