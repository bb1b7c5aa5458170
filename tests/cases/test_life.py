"""A case from the first word to the archive, through the real database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qingyu.cases import operations, standing
from qingyu.cases.actors import CITIZEN
from qingyu.cases.models import CaseEvent
from qingyu.rules import ledger
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def filed(**more: object) -> operations.Opened:
    person = operations.Person(name="王晓", phone="199 0000 1234")
    filing = operations.Filing(text="楼下夜间施工到两点", channel="web", topic="city.noise.night", person=person)
    return operations.open_case(filing, by=CITIZEN, at=MONDAY)


def test_a_case_is_opened_routed_accepted_answered_reviewed_and_archived(city: City) -> None:
    case = filed().case
    operations.route(case, unit=city.unit("urban"), by=city.actor("dispatcher"), at=MONDAY + HOUR)
    operations.accept(case, by=city.actor("handler"), at=MONDAY + 2 * HOUR)
    operations.contact(case, how="phone", by=city.actor("handler"), at=MONDAY + 3 * HOUR)
    operations.answer(case, answer="已责令停工", by=city.actor("handler"), at=MONDAY + 4 * HOUR)
    operations.review(case, passed=True, by=city.actor("dispatcher"), at=MONDAY + 5 * HOUR)
    operations.follow_up(
        case, outcome="completed", contacted=True, solved="yes", satisfied="satisfied", by=city.actor("caller"),
        at=MONDAY + 6 * HOUR,
    )  # fmt: skip
    operations.archive(case, by=city.actor("caller"), at=MONDAY + 7 * HOUR)
    case.refresh_from_db()
    assert case.state == "archived"
    state, clocks = standing.replay(case)
    assert state == standing.state_of(case)
    assert clocks == standing.clocks_of(case)
    assert all(clock.in_time for clock in clocks.values())
    rows = CaseEvent.objects.filter(case=case).order_by("seq").values_list("case_id", "seq", "body", "hash")
    assert ledger.verify_chain(map(ledger.StoredEvent._make, rows), length=case.length, head=case.head) is None


def test_filing_takes_few_statements(city: City, django_assert_max_num_queries: object) -> None:
    filed()
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        filed()
