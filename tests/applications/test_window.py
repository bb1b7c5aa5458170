"""Begun online, finished at a window: the ticket goes on with the case that is there; what pages cost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from qingyu.applications import operations
from qingyu.cases.models import Case, ViewLog
from qingyu.cases.operations.opening import query_code
from qingyu.desk import handover
from qingyu.hall import operations as hall
from qingyu.rules.refusals import NotAllowed, NotPermitted
from tests.applications.scenes import item, sent
from tests.hall.floors import build_floor
from tests.people import City

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


def called(city: City) -> Any:
    """A window of the hall at which somebody stands."""
    floor = build_floor(city, opened=NOW - timedelta(minutes=9))
    floor.issue("A", at=NOW - timedelta(minutes=8))
    window = floor.windows["1"]
    hall.call_next(window, by=city.actor("clerk"), at=NOW - timedelta(minutes=5))
    return window


def test_the_ticket_ends_with_the_application_and_opens_no_other_case(city: City) -> None:
    item(city)
    case, window, clerk = sent(at=NOW - timedelta(days=1)), called(city), city.actor("clerk")
    handover.go_on(window, number=case.number, proof=query_code(case), by=clerk, at=NOW)
    case.refresh_from_db()
    assert (case.stage, case.application.handovers.get().ticket) == ("at_window", hall_ticket(window))
    operations.correct(case, text="原件已核对", by=clerk, at=NOW)
    done = hall.finish(window, by=clerk, at=NOW + timedelta(minutes=2))
    assert (done.case_id, Case.objects.count()) == (case.pk, 1)
    assert case.events.get(kind="window_taken").facts["waited"] == 180  # three minutes from the ticket to the call


def hall_ticket(window: Any) -> int:
    from qingyu.hall import queries

    ticket = queries.at_window(window)
    assert ticket is not None
    return int(ticket.pk)


@pytest.mark.parametrize("proof", ["13912345678", "139 1234 5678"])
def test_the_phone_of_the_person_proves_it_too(city: City, proof: str) -> None:
    item(city)
    case, window = sent(at=NOW - timedelta(days=1)), called(city)
    assert handover.go_on(window, number=case.number, proof=proof, by=city.actor("clerk"), at=NOW).pk == case.pk


@pytest.mark.parametrize("proof", ["22222222", "13900000000", ""])
def test_a_wrong_proof_opens_nothing(city: City, proof: str) -> None:
    item(city)
    case, window = sent(at=NOW - timedelta(days=1)), called(city)
    with pytest.raises(NotPermitted):
        handover.go_on(window, number=case.number, proof=proof, by=city.actor("clerk"), at=NOW)
    case.refresh_from_db()
    assert case.stage == "precheck"


def test_whoever_guesses_at_a_window_leaves_a_trace_and_is_stopped(city: City) -> None:
    item(city)
    case, window, clerk = sent(at=NOW - timedelta(days=1)), called(city), city.actor("clerk")
    codes = []
    for n in range(handover.WRONG_PROOFS_A_DAY + 1):
        with pytest.raises(NotPermitted) as refusal:
            handover.go_on(window, number=case.number, proof=f"1390000000{n % 10}", by=clerk, at=NOW)
        codes.append(refusal.value.code)
    assert codes == ["code_wrong"] * handover.WRONG_PROOFS_A_DAY + ["too_many_requests"]
    assert ViewLog.objects.filter(case=case, staff=city.staff["clerk"]).count() == handover.WRONG_PROOFS_A_DAY
    later = NOW + timedelta(days=1, minutes=1)
    assert handover.go_on(window, number=case.number, proof=query_code(case), by=clerk, at=later).pk == case.pk


def test_what_has_been_taken_up_already_is_not_begun_again(city: City) -> None:
    item(city)
    case, window = sent(at=NOW - timedelta(days=1)), called(city)
    operations.admit(case, by=city.actor("handler"), at=NOW)
    with pytest.raises(NotAllowed) as refusal:
        handover.go_on(window, number=case.number, proof=query_code(case), by=city.actor("clerk"), at=NOW)
    assert refusal.value.code == "not_at_this_stage"


def test_the_page_at_the_window_opens_the_application(city: City) -> None:
    item(city)
    case, client = sent(at=NOW - timedelta(days=1)), Client()
    called(city)
    client.force_login(city.staff["clerk"])
    address = "/desk/hall/demo/window/1/application/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"number": case.number, "proof": "22222222"}).status_code == 403
    done = client.post(address, {"number": case.number, "proof": query_code(case)})
    assert done.url == f"/desk/cases/{case.number}/"
    assert "李小禾" in client.get(done.url).content.decode()


def test_what_the_pages_cost(city: City, django_assert_max_num_queries: Any) -> None:
    item(city)
    with django_assert_max_num_queries(42):
        case = sent(at=NOW - timedelta(days=1))
    client, desk = Client(), Client()
    client.get("/track/", {"number": case.number, "code": query_code(case)})
    desk.force_login(city.staff["handler"])
    desk.get(f"/desk/cases/{case.number}/")
    with django_assert_max_num_queries(16):
        client.get("/track/")
    with django_assert_max_num_queries(34):
        desk.get(f"/desk/cases/{case.number}/")
    with django_assert_max_num_queries(12):
        client.get("/apply/birth-card/")


def test_a_clerk_who_guesses_is_told_to_stop_and_the_next_window_goes_on(city: City) -> None:
    item(city)
    case, (one, other) = sent(at=NOW - timedelta(days=1)), (Client(), Client())
    called(city)
    one.force_login(city.staff["clerk"])
    other.force_login(city.staff["willow_handler"])
    address, wrong = "/desk/hall/demo/window/1/application/", {"number": case.number, "proof": "22222222"}
    told = {one.post(address, wrong).content for _try in range(handover.WRONG_PROOFS_A_DAY)}
    last = one.post(address, {"number": case.number, "proof": query_code(case)})
    assert last.status_code in (403, 429)
    assert last.content not in told
    assert other.post(address, wrong).status_code == 403, "another member of staff at the same address is not held up"
