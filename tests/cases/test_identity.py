"""Who learns who a person is: reports and confidential cases stay with the centre, guesses are counted."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest

from qingyu.cases import operations, queries, search
from qingyu.cases.actors import CITIZEN
from qingyu.cases.followers import SearchIndex
from qingyu.cases.models import Case, CaseEvent, SearchEntry, ViewLog
from qingyu.cases.operations import identity
from qingyu.followup import queries as calls
from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotPermitted
from tests.cases import staff_desk as desk
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db
SEALED = {"report": {"type": "report"}, "confidential": {"confidential": True}, "ordinary": {}}
KNOW = {
    "report": {"supervisor"},
    "confidential": {"agent", "dispatcher", "caller", "supervisor"},
    "ordinary": {"agent", "dispatcher", "caller", "handler", "second_handler", "clerk"},
}  # fmt: skip


@pytest.mark.parametrize("kind", SEALED)
def test_in_clear_only_with_the_right_for_this_kind_of_case(city: City, kind: str) -> None:
    case = desk.accepted(city, **SEALED[kind])
    assert {name for name in city.staff if identity.may_know(city.viewer(name), case)} == KNOW[kind]


@pytest.mark.parametrize("kind", ["report", "confidential"])
def test_the_unit_does_not_even_see_a_masked_identity(city: City, kind: str) -> None:
    case = desk.accepted(city, **SEALED[kind])
    handler, supervisor = city.viewer("handler"), city.viewer("supervisor")
    assert calls.sheet(case, viewer=handler, at=MONDAY).person == {}
    assert calls.sheet(case, viewer=supervisor, at=MONDAY).person["phone"] == "199****1234"
    client = desk.signed_in(city, "handler")
    for place in ("", "print/"):
        html = client.get(desk.page(case) + place).content.decode()
        assert "王**" not in html
        assert "199****1234" not in html
    assert "身份在此不显示" in client.get(desk.page(case)).content.decode()
    assert client.post(f"{desk.page(case)}contact-in-clear/", {"purpose": "回电"}).status_code == 403
    assert "199****1234" in desk.signed_in(city, "supervisor").get(desk.page(case)).content.decode()


def guess(case: Case, viewer: Viewer, phone: str, *, at: datetime = MONDAY) -> str:
    try:
        return identity.reveal_code(case, viewer=viewer, phone=phone, matching_fact="2026-06-01", at=at)
    except NotPermitted as refusal:
        return refusal.code


def test_wrong_facts_are_written_down_and_end_after_five(city: City) -> None:
    case, agent = desk.filed(), city.viewer("agent")
    assert [guess(case, agent, "19900009999") for _ in range(6)] == ["facts_do_not_match"] * 5 + ["too_many_requests"]
    assert list(ViewLog.objects.values_list("fields", "purpose")) == [([], identity.REFUSED)] * 5
    assert guess(case, agent, desk.PHONE) == "too_many_requests"
    assert guess(case, agent, desk.PHONE, at=MONDAY + timedelta(hours=25)) == operations.opening.query_code(case)


def test_a_refused_guess_stays_written_down(city: City) -> None:
    case = desk.filed()
    desk.signed_in(city, "agent").post(f"{desk.page(case)}code/", {"phone": "19900009999", "fact": "2026-06-01"})
    assert ViewLog.objects.filter(case=case, purpose=identity.REFUSED).count() == 1


def test_the_code_of_a_report_is_for_those_who_may_know_its_person(city: City) -> None:
    report = desk.filed(type="report")
    assert guess(report, city.viewer("dispatcher"), desk.PHONE) == "not_permitted"
    assert not ViewLog.objects.exists()


def test_a_phone_leads_to_no_sealed_case(city: City) -> None:
    ordinary, sealed = desk.filed(), [desk.filed(confidential=True), desk.filed(type="report")]
    dispatcher = city.viewer("dispatcher")
    assert [row.number for row in search.find(dispatcher, desk.PHONE)] == [ordinary.number]
    client = desk.signed_in(city, "dispatcher")
    html = client.get(desk.page(ordinary)).content.decode()
    assert not any(case.number in html for case in sealed)
    assert ordinary.number not in client.get(desk.page(sealed[0])).content.decode()


def test_a_deputy_finds_by_phone_only_where_that_person_reads(city: City) -> None:
    case = desk.routed(city)
    reader = Viewer(staff_id=1, unit_id=1, permissions=frozenset({"case.read"}), reach=None)
    finder = Viewer(
        staff_id=2, unit_id=2, permissions=frozenset({"case.read", "contact.find"}),
        reach=frozenset({city.unit("housing")}),
    )  # fmt: skip
    deputy = Viewer(1, 1, reader.permissions | finder.permissions, None, (reader, finder))
    assert search.find(deputy, desk.PHONE) == []
    assert [row.number for row in search.find(deputy, case.number)] == [case.number]


def test_words_in_an_address_are_never_looked_up_as_a_phone(city: City) -> None:
    case = desk.filed()
    client = desk.signed_in(city, "dispatcher")
    assert case.number not in client.get(f"/desk/?basket=open&words={desk.PHONE}").content.decode()
    assert case.number in client.get(f"/desk/?basket=open&words={case.number}").content.decode()


def indexed(case: Case) -> bool:
    """Whether the words of the answer are found once the index has read all that happened."""
    SearchIndex().follow(list(CaseEvent.objects.filter(case=case)))
    return SearchEntry.objects.filter(case=case, terms__contains=search.terms("责令")[0]).exists()


@pytest.mark.parametrize("end", ["withdraw", "close"])
def test_an_answer_that_did_not_pass_stays_inside(city: City, end: str) -> None:
    case = desk.answered(city)
    operations.review(case, passed=False, comment="没有说清", by=city.actor("dispatcher"), at=MONDAY + 4 * desk.HOUR)
    if end == "withdraw":
        operations.withdraw(case, by=CITIZEN, at=MONDAY + 5 * desk.HOUR)
    else:
        operations.close(
            case, reason="no_basis", comment="结束", by=city.actor("dispatcher"), at=MONDAY + 5 * desk.HOUR
        )
    assert queries.public_view(case, at=MONDAY + 6 * desk.HOUR).answer == ""
    assert not indexed(case)


def test_the_answer_that_passed_is_shown_and_found(city: City) -> None:
    case = desk.closed(city)
    assert queries.public_view(case, at=MONDAY + 6 * desk.HOUR).answer == "已责令停工"
    assert indexed(case)


def test_an_export_is_narrowed_by_words_too(city: City) -> None:
    import openpyxl

    cases = [desk.filed(), desk.filed()]
    client = desk.signed_in(city, "dispatcher")
    answer = client.post(f"/desk/export/?basket=open&words={cases[0].number}", {"purpose": "分析"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row]
    assert cases[0].number in cells
    assert cases[1].number not in cells


def test_a_deputy_who_may_not_export_is_told_so(city: City) -> None:
    from qingyu.people import operations as people
    from qingyu.people import queries as queries_of_people

    today = datetime.now(UTC)
    people.name_deputy(
        city.staff["dispatcher"], deputy=city.staff["caller"], starts=queries_of_people.city_day(today),
        ends=queries_of_people.city_day(today) + timedelta(days=2), by=None, at=today, reason="休假",
    )  # fmt: skip
    answer = desk.signed_in(city, "caller").post("/desk/export/?basket=open", {"purpose": "分析"})
    assert answer.status_code == 403
    assert "没有" in answer.content.decode()
