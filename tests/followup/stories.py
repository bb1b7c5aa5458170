"""Cases that have come as far as follow-up begins, and the worker's turn."""

from __future__ import annotations

from datetime import datetime, timedelta

from qingyu.cases import following, operations
from qingyu.cases.actors import CITIZEN
from qingyu.cases.models import Case
from tests.people import MONDAY, City

HOUR = timedelta(hours=1)
CLOSED = MONDAY + 5 * HOUR


def filed(
    *,
    phone: str = "199 0000 1234",
    email: str = "",
    at: datetime = MONDAY,
    imported: bool = False,
    confidential: bool = False,
    title: str = "",
) -> Case:
    reachable = bool(phone or email)
    person = operations.Person(name="王晓", phone=phone, email=email) if reachable else None
    filing = operations.Filing(
        text="楼下夜间施工到两点",
        channel="web",
        topic="city.noise.night",
        person=person,
        imported=imported,
        confidential=confidential,
        title=title,
    )
    return operations.open_case(filing, by=CITIZEN, at=at).case


def closed(city: City, **more: object) -> Case:
    """Filed on Monday at nine, answered and passed by two in the afternoon."""
    case = filed(**more)  # type: ignore[arg-type]
    operations.route(case, unit=city.unit("urban"), by=city.actor("dispatcher"), at=MONDAY + HOUR)
    operations.accept(case, by=city.actor("handler"), at=MONDAY + 2 * HOUR)
    operations.contact(case, how="phone", by=city.actor("handler"), at=MONDAY + 3 * HOUR)
    answer(city, case, at=MONDAY + 4 * HOUR)
    return case


def answer(city: City, case: Case, *, at: datetime) -> None:
    """Answered, and passed an hour later."""
    operations.answer(case, answer="已责令停工", by=city.actor("handler"), at=at)
    operations.review(case, passed=True, by=city.actor("dispatcher"), at=at + HOUR)


def follow(at: datetime = CLOSED) -> None:
    """Lets the followers read all there is."""
    while following.catch_up(at=at):
        pass
