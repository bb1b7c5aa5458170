"""Who is told of what: every event has its messages, in their words, to the right address."""

from __future__ import annotations

from typing import Any

import pytest

from qingyu.cases import operations, tokens
from qingyu.cases.actors import CITIZEN
from qingyu.cases.models import CaseClock
from qingyu.cases.operations.opening import query_code
from qingyu.followup import notices
from qingyu.notify import wording
from qingyu.notify.models import Delivery
from qingyu.rules.lifecycle import Kind
from tests.followup.stories import CLOSED, HOUR, answer, closed, filed, follow
from tests.lives import live
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str, str]]:
    rows = Delivery.objects.order_by("source_event", "audience")
    return [(row.event_code, row.audience, row.channel) for row in rows]


def test_a_case_from_filing_to_answer_is_told_to_person_and_unit(city: City) -> None:
    case = closed(city)
    follow()
    assert told() == [
        ("opened", "citizen", "sms"),
        ("routed", "citizen", "sms"), ("routed", "unit:urban", "inbox"),
        ("answered", "unit:centre", "inbox"),
        ("closed", "citizen", "sms"),
    ]  # fmt: skip
    opened, last = Delivery.objects.get(event_code="opened"), Delivery.objects.get(event_code="closed")
    assert f"number={case.number}&code={query_code(case)}" in opened.clear("body")
    assert f"/rate/{tokens.rating_token(case)}/" in last.clear("body")
    assert opened.clear("address") == "+8619900001234"
    assert opened.address_masked == "+861990****1234" or "****" in opened.address_masked


def test_nothing_is_told_twice(city: City) -> None:
    from qingyu.cases.models import Position

    closed(city)
    follow()
    before = told()
    Position.objects.filter(follower="notices").update(event=0)
    follow()
    assert told() == before


def test_who_left_a_mail_address_gets_a_mail_and_who_left_nothing_gets_nothing(city: City) -> None:
    filed(phone="", email="wang@example.org")
    filed(phone="")
    follow()
    assert told() == [("opened", "citizen", "email")]


def test_loaded_history_tells_nobody(city: City) -> None:
    closed(city, imported=True)
    follow()
    assert told() == []


def test_doing_again_urging_and_pressing_are_told_with_the_new_date(city: City) -> None:
    case = closed(city)
    operations.redo(case, why="unsolved", by=city.actor("caller"), at=CLOSED + HOUR)
    operations.urge(case, by=CITIZEN, at=CLOSED + 2 * HOUR)
    operations.press(case, comment="请抓紧", by=city.actor("supervisor"), at=CLOSED + 3 * HOUR)
    follow()
    assert told()[5:] == [
        ("redone", "citizen", "sms"), ("redone", "unit:urban", "inbox"),
        ("urged", "citizen", "sms"), ("urged", "unit:urban", "inbox"),
        ("pressed", "unit:urban", "inbox"),
    ]  # fmt: skip
    assert "6月8日" in Delivery.objects.get(event_code="redone", channel="sms").clear("body")


def test_a_refusal_names_its_reason(city: City) -> None:
    case = filed()
    operations.refuse(case, reason="beyond_duty", by=city.actor("dispatcher"), at=MONDAY + HOUR)
    follow()
    assert "beyond_duty" in Delivery.objects.get(event_code="refused").clear("body")


def test_the_person_hears_only_of_the_promise_being_late(city: City) -> None:
    case = filed()
    operations.route(case, unit=city.unit("urban"), by=city.actor("dispatcher"), at=MONDAY + HOUR)
    for kind in ("contact", "handle"):
        clock = CaseClock.objects.get(case=case, kind=kind)
        operations.mark_overdue(clock, at=clock.due_at + HOUR)
    follow()
    late = [row for row in told() if row[0] == "overdue"]
    assert late == [
        ("overdue", "unit:urban", "inbox"),
        ("overdue", "citizen", "sms"),
        ("overdue", "unit:urban", "inbox"),
    ]


def test_a_report_of_wrongdoing_is_sealed_with_its_own_key(city: City) -> None:
    person = operations.Person(name="王晓", phone="19900001234")
    filing = operations.Filing(text="举报", channel="web", type="report", person=person)
    operations.open_case(filing, by=CITIZEN, at=MONDAY)
    follow()
    row = Delivery.objects.get()
    assert bytes(row.body)[:1] != b""
    assert row.clear("address") == "+8619900001234"


@pytest.mark.parametrize(
    ("table", "audience"),
    [(notices.CITIZEN, "citizen"), (notices.UNIT, "unit"), (notices.CENTRE, "unit")],
    ids=["citizen", "unit", "centre"],
)
def test_tables_name_kinds_and_wordings_that_exist(table: dict[str, Any], audience: str) -> None:
    for kind, choice in table.items():
        assert Kind(kind)
        if isinstance(choice, str):
            assert wording.needs(choice, audience) <= {*notices.FACTS, "link"}


def test_any_life_can_be_told(city: City) -> None:
    for seed in range(40):
        live(city, 9_000 + seed, steps=20)
    follow()
    from qingyu.cases.models import Position

    assert not Position.objects.exclude(failures=0).exists()
    assert Delivery.objects.count() > 100
    assert not Delivery.objects.filter(state="dead").exists()


def test_the_second_answer_is_told_as_the_first(city: City) -> None:
    case = closed(city)
    operations.redo(case, why="unsolved", by=city.actor("caller"), at=CLOSED + HOUR)
    answer(city, case, at=CLOSED + 5 * HOUR)
    follow()
    assert [row for row in told() if row[0] == "closed"] == [("closed", "citizen", "sms")] * 2
