"""The pages of the desk: what stands in them, for whom, and how much they ask of the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from qingyu.cases import operations
from qingyu.cases.actors import CITIZEN
from qingyu.cases.models import Case, SavedAnswer, Suggestion, ViewLog
from qingyu.people.models import AdminChange
from tests.cases import staff_desk as desk
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db
Queries = Callable[[int], Any]


def many(city: City, count: int) -> list[Case]:
    return [desk.accepted(city, at=MONDAY, phone=f"1990000{1000 + n}") for n in range(count)]


def test_a_basket_of_fifty_takes_six_statements(city: City, django_assert_max_num_queries: Queries) -> None:
    many(city, 52)
    client = desk.signed_in(city, "handler")
    client.get("/desk/?basket=working")
    with django_assert_max_num_queries(6):
        html = client.get("/desk/?basket=working").content.decode()
    assert html.count("data-row") == 50
    assert "page=2" in html


@pytest.mark.parametrize(
    ("who", "before"), [("dispatcher", "filed"), ("handler", "accepted"), ("supervisor", "closed")]
)
def test_a_case_takes_fifteen_statements(
    city: City, django_assert_max_num_queries: Queries, who: str, before: str
) -> None:
    desk.filed()
    case = desk.filed() if before == "filed" else getattr(desk, before)(city)
    client = desk.signed_in(city, who)
    client.get(desk.page(case))
    with django_assert_max_num_queries(15):
        assert client.get(desk.page(case)).status_code == 200


def test_an_empty_basket_says_so(city: City) -> None:
    assert "都已处理完" in desk.signed_in(city, "handler").get("/desk/").content.decode()


BASKETS = {
    "handler": {"new", "working", "mine", "late", "open", "closed"},
    "dispatcher": {"received", "disputed", "review", "late", "open", "closed"},
    "supervisor": {"disputed", "review", "extension", "late", "open", "closed"},
    "agent": {"received", "late", "open", "closed"},
    "guide": set(),
    "administrator": set(),
}  # fmt: skip


@pytest.mark.parametrize("who", BASKETS)
def test_everybody_has_the_baskets_of_their_work(city: City, who: str) -> None:
    html = desk.signed_in(city, who).get("/desk/").content.decode()
    known = {name for names in BASKETS.values() for name in names}
    assert {name for name in known if f'href="/desk/?basket={name}"' in html} == BASKETS[who]


def test_the_desk_opens_with_the_first_basket_that_holds_something(city: City) -> None:
    case = desk.accepted(city)
    assert case.number in desk.signed_in(city, "handler").get("/desk/").content.decode()


@pytest.mark.parametrize(
    ("narrowing", "found"),
    [
        ("topic=city.noise.night", True), ("topic=house.lift", False), ("area=990102001000", False),
        ("words=夜间施工", False), ("state=accepted", True), ("state=closed", False), ("type=other", True),
        ("owner=x", True), ("page=zz", True),
    ],
)  # fmt: skip
def test_a_list_can_be_narrowed(city: City, narrowing: str, found: bool) -> None:
    case = desk.accepted(city)
    html = desk.signed_in(city, "handler").get(f"/desk/?basket=working&{narrowing}").content.decode()
    assert (case.number in html) is found


def test_another_unit_does_not_learn_that_a_case_exists(city: City) -> None:
    case, client = desk.accepted(city), desk.signed_in(city, "housing_handler")
    assert case.number not in client.get("/desk/?basket=open").content.decode()
    for place in ("", "print/", "answer/"):
        assert client.get(desk.page(case) + place).status_code == 404
    assert client.get("/desk/cases/26060100000000/").status_code == 404
    assert desk.send(client, case, "answer", answer="x").status_code == 404
    assert client.post(f"{desk.page(case)}contact-in-clear/", {"purpose": "回电"}).status_code == 404


def test_the_page_of_a_case_begins_with_the_persons_words(city: City) -> None:
    case = desk.accepted(city)
    html = desk.signed_in(city, "handler").get(desk.page(case)).content.decode()
    places = [html.index(words) for words in (desk.WORDS, "现在要做什么", "办理经过", "计时项", "王**")]
    assert places == sorted(places)
    assert desk.PHONE not in html


def test_identity_in_clear_needs_a_purpose_and_is_written_down(city: City) -> None:
    case, client = desk.accepted(city), desk.signed_in(city, "handler")
    address = f"{desk.page(case)}contact-in-clear/"
    assert client.post(address, {"purpose": " "}).status_code == 422
    assert not ViewLog.objects.exists()
    shown = client.post(address, {"purpose": "回电"})
    assert desk.PHONE in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    row = ViewLog.objects.get()
    assert (row.staff, row.purpose, row.fields) == (city.staff["handler"], "回电", ["name", "phone"])
    assert desk.PHONE not in client.get(desk.page(case)).content.decode()


def test_identity_in_clear_is_not_for_everybody(city: City) -> None:
    case = desk.accepted(city)
    for who in ("mayor", "supervisor"):
        client = desk.signed_in(city, who)
        assert "查看完整信息" not in client.get(desk.page(case)).content.decode()
        assert client.post(f"{desk.page(case)}contact-in-clear/", {"purpose": "看看"}).status_code == 403


def test_who_made_a_report_stays_unknown_even_to_those_who_may_see_contacts(city: City) -> None:
    case = desk.filed(type="report", text="举报某工地行贿")
    client = desk.signed_in(city, "dispatcher")
    assert client.post(f"{desk.page(case)}contact-in-clear/", {"purpose": "回电"}).status_code == 403


def test_a_lost_code_is_read_out_after_two_matching_facts(city: City) -> None:
    case, client = desk.filed(), desk.signed_in(city, "agent")
    wrong = client.post(f"{desk.page(case)}code/", {"phone": desk.PHONE, "fact": "2026-05-01"})
    assert wrong.status_code == 422
    right = client.post(f"{desk.page(case)}code/", {"phone": desk.PHONE, "fact": "2026-06-01"})
    assert operations.opening.query_code(case) in right.content.decode()


def test_earlier_cases_of_the_phone_are_shown_but_never_reports(city: City) -> None:
    earlier, report = desk.filed(text="以前的事情很久了"), desk.filed(type="report", text="举报某工地行贿")
    case = desk.filed()
    client = desk.signed_in(city, "dispatcher")
    html = client.get(desk.page(case)).content.decode()
    assert earlier.number in html
    assert report.number not in html
    assert earlier.number not in client.get(desk.page(report)).content.decode()


def test_saved_answers_stand_beside_the_answer(city: City) -> None:
    SavedAnswer.objects.create(title="夜间施工", text="依据噪声法，夜间不得施工。")
    case = desk.accepted(city)
    assert "夜间不得施工" in desk.signed_in(city, "handler").get(desk.page(case)).content.decode()


def test_the_printed_case_names_who_printed_it(city: City) -> None:
    html = desk.signed_in(city, "handler").get(f"{desk.page(desk.accepted(city))}print/").content.decode()
    assert "打印人：测试handler" in html
    assert desk.PHONE not in html


# ---------------------------------------------------------------- dispatch


def suggestion(city: City, case: Case) -> None:
    guesses = [("house.lift", "housing", 0.82), ("city.noise", "urban", 0.1), ("city.street", "willow", 0.05)]
    rows = [
        {"topic": topic, "topic_name": topic, "unit": city.unit(unit), "unit_name": unit, "assisting": [],
         "why": "exact", "probability": probability, "words": ["夜间施工"]}
        for topic, unit, probability in guesses
    ]  # fmt: skip
    Suggestion.objects.create(case=case, rows=rows, probability=0.82, at=MONDAY)


def test_one_key_accepts_a_suggestion_and_the_next_case_comes(city: City) -> None:
    case, second = desk.filed(), desk.filed(at=MONDAY + timedelta(hours=1), text="第二件")
    suggestion(city, case)
    client = desk.signed_in(city, "dispatcher")
    html = client.get("/desk/dispatch/").content.decode()
    assert "<mark>夜间施工</mark>" in html
    assert "把握 82%" in html
    for key in "123":
        assert f'data-key="{key}"' in html
    response = desk.send(client, case, "route", pick=1, unit="", **{"from": "dispatch"})
    assert response["Location"] == "/desk/dispatch/"
    case.refresh_from_db()
    assert (case.state, case.owner_id, case.topic) == ("dispatched", city.unit("housing"), "house.lift")
    assert case.events.get(kind="routed").facts["why"] == "suggestion"
    assert second.number in client.get("/desk/dispatch/").content.decode()


def test_a_suggestion_somebody_else_has_taken_brings_the_next_case(city: City) -> None:
    case, client = desk.filed(), desk.signed_in(city, "dispatcher")
    seen = case.length
    operations.route(case, unit=city.unit("urban"), by=city.actor("dispatcher"), at=MONDAY)
    body = {"seen": seen, "key": "k", "pick": "1", "unit": "", "from": "dispatch"}
    response = client.post(f"{desk.page(case)}route/", body)
    assert response["Location"] == "/desk/dispatch/"
    assert "刚刚已由他人处理" in client.get("/desk/dispatch/").content.decode()


def test_without_a_suggestion_the_dispatch_table_speaks(city: City) -> None:
    case = desk.filed()
    html = desk.signed_in(city, "dispatcher").get("/desk/dispatch/").content.decode()
    assert case.number in html
    assert "派单目录" in html


def test_a_case_can_be_put_off(city: City) -> None:
    first, second = desk.filed(), desk.filed(at=MONDAY + timedelta(hours=1))
    client = desk.signed_in(city, "dispatcher")
    assert second.number in client.get("/desk/dispatch/?skip=1").content.decode()
    assert first.number in client.get("/desk/dispatch/?skip=9").content.decode()


def test_words_in_the_text_are_shown_as_words(city: City) -> None:
    desk.filed(text="<script>alert(1)</script> 夜间施工 & 噪声")
    html = desk.signed_in(city, "dispatcher").get("/desk/dispatch/").content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


# ---------------------------------------------------------------- filing for a caller


def form(**fields: str) -> dict[str, str]:
    return {"key": "n" * 32, "phone": "199 0000 1234", "name": "王晓明", "text": desk.WORDS, "urgency": "general",
            "channel": "phone", "topic": "city.noise.night", "do": "file", **fields}  # fmt: skip


def test_an_agent_files_and_reads_out_number_and_code(city: City) -> None:
    client = desk.signed_in(city, "agent")
    response = client.post("/desk/new/", form())
    case = Case.objects.get()
    assert response.status_code == 201
    assert case.number in response.content.decode()
    assert operations.opening.query_code(case) in response.content.decode()
    assert (case.channel, case.events.get().by_staff) == ("phone", city.staff["agent"].pk)


def test_a_double_click_files_one_case_and_shows_the_same_number(city: City) -> None:
    client = desk.signed_in(city, "agent")
    assert client.post("/desk/new/", form()).content.count(b"slip-number") == 2
    again = client.post("/desk/new/", form())
    assert Case.objects.get().number in again.content.decode()


def test_what_is_answered_at_once_is_filed_and_closed(city: City) -> None:
    desk.signed_in(city, "agent").post("/desk/new/", form(do="answer", answer="夜间不得施工"))
    assert Case.objects.get().state == "closed"


@pytest.mark.parametrize(
    "wrong", [{"text": " "}, {"phone": "12"}, {"do": "answer", "answer": ""}, {"topic": "labour.wages", "phone": ""}]
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(city: City, wrong: dict[str, str]) -> None:
    response = desk.signed_in(city, "agent").post("/desk/new/", form(**wrong))
    assert response.status_code == 422
    assert not Case.objects.exists()
    assert "王晓明" in response.content.decode()


def test_the_callers_earlier_cases_are_looked_up_and_what_is_typed_stays(city: City) -> None:
    earlier = desk.filed(text="以前的事情很久了")
    html = desk.signed_in(city, "agent").post("/desk/new/", form(do="look", text="写了一半")).content.decode()
    assert earlier.number in html
    assert "写了一半" in html


def test_a_guide_may_file_but_reads_no_cases(city: City) -> None:
    client = desk.signed_in(city, "guide")
    desk.filed(text="以前的事情很久了")
    assert client.post("/desk/new/", form()).status_code == 201
    assert "以前的事情" not in client.post("/desk/new/", form(do="look")).content.decode()
    assert client.get(desk.page(Case.objects.first())).status_code == 403  # type: ignore[arg-type]


# ---------------------------------------------------------------- finding


def test_a_number_opens_the_case(city: City) -> None:
    case = desk.filed()
    assert desk.signed_in(city, "agent").post("/desk/find/", {"q": case.number})["Location"] == desk.page(case)


@pytest.mark.parametrize("sought", ["199 0000 1234", "1234"])
def test_a_phone_finds_for_those_who_may(city: City, sought: str) -> None:
    desk.filed()
    desk.filed()
    assert desk.signed_in(city, "agent").post("/desk/find/", {"q": sought}).content.count(b"data-row") == 2
    assert desk.signed_in(city, "supervisor").post("/desk/find/", {"q": sought}).content.count(b"data-row") == 0


def test_a_phone_number_in_an_address_is_not_looked_up(city: City) -> None:
    desk.filed()
    client = desk.signed_in(city, "agent")
    response = client.get("/desk/find/", {"q": desk.PHONE})
    assert (response.status_code, response["Location"]) == (302, "/desk/find/")


# ---------------------------------------------------------------- taking a list out


def test_an_export_holds_what_the_policy_shows_and_says_who_took_it(city: City) -> None:
    import io

    import openpyxl

    desk.filed(text='=HYPERLINK("http://x.example","y") 电话19900005678', title="=cmd|calc 19900005678")
    secret = desk.filed(text="不要说出去", confidential=True)
    client = desk.signed_in(city, "dispatcher")
    assert client.post("/desk/export/?basket=open", {"purpose": ""}).status_code == 422
    response = client.post("/desk/export/?basket=open", {"purpose": "月度分析"})
    body = b"".join(response.streaming_content)
    rows = [list(row) for row in openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows()]
    cells = [str(cell.value or "") for row in rows for cell in row]
    assert "测试dispatcher" in cells[0]
    assert "月度分析" in cells[0]
    assert all(cell.data_type != "f" for row in rows for cell in row)
    assert any(cell.startswith("'=cmd") for cell in cells)
    assert not any("19900005678" in cell or desk.PHONE in cell or "不要说出去" in cell for cell in cells)
    assert secret.number in cells
    change = AdminChange.objects.get(what="export")
    assert (change.by, change.reason, change.facts["rows"]) == (city.staff["dispatcher"], "月度分析", 2)


def test_an_export_never_holds_the_words_of_a_report(city: City) -> None:
    import io

    import openpyxl

    report = desk.filed(type="report", text="举报某工地行贿", title="某工地行贿")
    response = desk.signed_in(city, "dispatcher").post("/desk/export/?basket=open", {"purpose": "月度分析"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    cells = [str(cell.value or "") for row in sheet.iter_rows() for cell in row]
    assert report.number in cells
    assert not any("工地" in cell for cell in cells)


def test_an_export_is_not_for_everybody(city: City) -> None:
    assert desk.signed_in(city, "handler").get("/desk/export/").status_code == 403


def test_time_left_is_told_in_one_figure() -> None:
    from qingyu.cases.staff import showing

    told = [showing.span(timedelta(minutes=m)) for m in (0, 59, 60, 47 * 60, 48 * 60, 10 * 24 * 60)]
    assert told == ["1 分钟", "59 分钟", "1 小时", "47 小时", "2 天", "10 天"]


def test_a_case_the_citizen_has_added_to_shows_it_below_the_words(city: City) -> None:
    case = desk.filed()
    operations.add(case, text="补充：每天都这样", by=CITIZEN, at=datetime.now(UTC))
    html = desk.signed_in(city, "dispatcher").get(desk.page(case)).content.decode()
    assert html.index("补充：每天都这样") < html.index("现在要做什么")
