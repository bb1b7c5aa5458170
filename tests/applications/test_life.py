"""From three photos to the result, and every way an application may go besides."""

from __future__ import annotations

import pytest

from qingyu.applications import operations, tasks
from qingyu.applications.models import Application, Handover
from qingyu.assessment.followers import Facts
from qingyu.assessment.models import UnitDay
from qingyu.cases import standing
from qingyu.cases.actors import CITIZEN
from qingyu.cases.models import Case, Contact
from qingyu.cases.operations import Person
from qingyu.cases.operations import withdraw as take_back
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid
from tests.applications.scenes import ANSWERS, CODE, PERSON, day, held, item, sending, sent
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db


def due(case: Case, kind: str) -> str:
    clock = next(clock for clock in standing.clocks_of(case).values() if clock.kind == kind)
    return f"{clock.due_at:%m-%d}"


def refused(code: str, act: object, *args: object, **kwargs: object) -> None:
    with pytest.raises((NotAllowed, NotValid, NotPermitted)) as refusal:
        act(*args, **kwargs)  # type: ignore[operator]
    assert refusal.value.code == code


def test_from_three_photos_to_the_result(city: City) -> None:
    item(city)
    case = sent()
    assert (case.state, case.stage, case.item, case.channel) == ("dispatched", "precheck", CODE, "web")
    assert (case.owner_id, case.handler_id) == (city.unit("urban"), city.staff["handler"].pk)
    assert due(case, "accept") == "06-08"
    assert f"{case.due_at:%m-%d}" == "06-08"
    handler = city.actor("handler")
    operations.admit(case, by=handler, at=day(2))
    assert (case.state, case.stage, due(case, "handle"), due(case, "legal")) == (
        "handling",
        "handling",
        "06-05",
        "07-01",
    )
    operations.decide(case, granted=True, by=handler, at=day(3))
    assert (case.stage, due(case, "issue")) == ("decided", "06-17")
    result = operations.issue(case, how="online", by=handler, at=day(4))
    assert (case.state, case.stage, result.name, len(result.code)) == ("closed", "issued", "生育服务卡", 12)
    assert [event.kind for event in case.events.order_by("seq")] == [
        "opened", "submitted", "admitted", "decided", "issued",
    ]  # fmt: skip


def test_the_log_holds_neither_answers_nor_names(city: City) -> None:
    item(city)
    case = sent()
    bodies = "".join(case.events.values_list("body", flat=True))
    row = case.application.answers.get()
    for word in (ANSWERS["child"], ANSWERS["parent_id"], PERSON.name, PERSON.phone):
        assert word not in bodies
        assert word.encode() not in bytes(row.values)


def test_replaying_gives_the_row_at_every_stage(city: City) -> None:
    item(city)
    case, handler = sent(), city.actor("handler")
    for act in (
        lambda: operations.ask_correction(case, missing="户口簿不清楚", fields=["book_photo"], by=handler, at=day(2)),
        lambda: operations.correct(case, documents={"book_photo": (held(),)}, by=CITIZEN, at=day(4)),
        lambda: operations.admit(case, by=handler, at=day(5)),
        lambda: operations.begin_special(case, procedure="expert_review", days=5, reason="评审", by=handler, at=day(8)),
        lambda: operations.end_special(case, by=handler, at=day(11)),
        lambda: operations.decide(case, granted=False, reason="条件不符", by=handler, at=day(12)),
        lambda: operations.issue(case, how="post", by=handler, at=day(15)),
    ):
        act()
        assert standing.replay(case) == (standing.state_of(case), standing.clocks_of(case))


def test_everything_missing_is_told_once_and_time_rests_until_it_has_come(city: City) -> None:
    item(city)
    case, handler = sent(), city.actor("handler")
    operations.ask_correction(case, missing="户口簿照片看不清", fields=["book_photo"], by=handler, at=day(3))
    assert (case.state, case.stage, due(case, "correct")) == ("waiting", "correcting", "06-25")
    refused("correction_incomplete", operations.correct, case, text="好的", by=CITIZEN, at=day(10))
    refused("correction_empty", operations.correct, case, by=CITIZEN, at=day(10))
    operations.correct(case, documents={"book_photo": (held(),)}, by=CITIZEN, at=day(10))
    assert (case.state, case.stage, due(case, "accept")) == ("dispatched", "precheck", "06-15")
    assert case.application.documents.filter(field="book_photo").count() == 2
    assert case.application.documents.filter(field="book_photo", replaced_at=None).count() == 1
    refused("correction_asked_already", operations.ask_correction, case, missing="还有", by=handler, at=day(11))
    refused("not_permitted", operations.permit_correction, case, reason="确有必要", by=handler, at=day(11))
    operations.permit_correction(case, reason="第一次遗漏", by=city.actor("supervisor"), at=day(11))
    operations.ask_correction(case, missing="还有", by=handler, at=day(11))
    assert case.corrections == 2


def test_corrected_answers_are_a_new_row_and_must_fit_the_form(city: City) -> None:
    item(city)
    case, handler = sent(), city.actor("handler")
    operations.ask_correction(case, missing="日期", fields=["born"], by=handler, at=day(2))
    refused("in_the_future", operations.correct, case, answers={"born": "2027-01-01"}, by=CITIZEN, at=day(3))
    operations.correct(case, answers={"born": "2026-05-19"}, by=CITIZEN, at=day(3))
    assert [row.number for row in case.application.answers.order_by("number")] == [1, 2]


def test_silence_admits_counted_from_the_day_the_papers_came(city: City) -> None:
    item(city)
    case = sent()
    assert tasks.admit_silently(at=day(8)) == 0
    assert tasks.admit_silently(at=day(9)) == 1
    case.refresh_from_db()
    clocks = {clock.kind: clock for clock in standing.clocks_of(case).values()}
    assert (case.stage, clocks["accept"].in_time, due(case, "handle"), due(case, "legal")) == (
        "handling", False, "06-04", "06-30",
    )  # fmt: skip
    assert clocks["handle"].started_at == MONDAY
    refused("not_in_this_state", operations.ask_correction, case, missing="x", by=city.actor("handler"), at=day(9))


def test_a_correction_notice_after_the_fifth_day_comes_too_late(city: City) -> None:
    item(city)
    case = sent()
    refused("correction_too_late", operations.ask_correction, case, missing="x", by=city.actor("handler"), at=day(9))


def test_what_is_not_corrected_in_time_lapses(city: City) -> None:
    item(city)
    case = sent()
    operations.ask_correction(case, missing="x", by=city.actor("handler"), at=day(2))
    assert tasks.lapse(at=day(23)) == 0
    assert tasks.lapse(at=day(25)) == 1
    case.refresh_from_db()
    assert (case.state, case.stage) == ("withdrawn", "lapsed")


def test_a_special_procedure_is_not_counted_and_an_extension_comes_once(city: City) -> None:
    item(city)
    case, handler, supervisor = sent(), city.actor("handler"), city.actor("supervisor")
    operations.admit(case, by=handler, at=day(2))
    operations.begin_special(case, procedure="hearing", days=10, reason="听证", by=handler, at=day(3))
    assert (case.stage, due(case, "special")) == ("special", "06-17")
    refused("not_at_this_stage", operations.decide, case, granted=True, by=handler, at=day(4))
    operations.end_special(case, by=handler, at=day(10))
    assert (due(case, "handle"), due(case, "legal")) == ("06-12", "07-08")
    from qingyu.cases.operations import decide_extension, extend

    extend(case, reason="complex", comment="复杂", by=handler, at=day(11))
    decide_extension(case, approved=True, by=supervisor, at=day(11))
    assert (due(case, "handle"), due(case, "legal")) == ("06-29", "07-22")
    refused("extended_once", extend, case, reason="complex", comment="复杂", by=handler, at=day(12))


def test_refusing_needs_a_reason_and_not_taking_up_too(city: City) -> None:
    item(city)
    case, handler = sent(), city.actor("handler")
    refused("reason_missing", operations.not_admit, case, reason=" ", by=handler, at=day(2))
    operations.not_admit(case, reason="不属于本机关职权，请到民政局办理", by=handler, at=day(2))
    assert (case.state, case.stage) == ("refused", "not_admitted")
    other = sent(at=day(3))
    operations.admit(other, by=handler, at=day(3))
    refused("reason_missing", operations.decide, other, granted=False, by=handler, at=day(3))


def test_a_silent_owner_is_followed_by_the_deputy_and_then_by_a_supervisor(city: City) -> None:
    item(city)
    case = sent()
    assert tasks.call_deputies(at=day(1, 23)) == 0
    assert tasks.call_deputies(at=day(2, 9)) == 1
    case.refresh_from_db()
    assert case.handler_id == city.staff["second_handler"].pk
    assert tasks.call_deputies(at=day(2, 10)) == 0
    assert tasks.call_deputies(at=day(3, 10)) == 1
    assert tasks.call_deputies(at=day(5)) == 0
    kinds = list(case.events.order_by("seq").values_list("kind", flat=True))
    assert kinds == ["opened", "submitted", "deputy_called", "supervisor_called"]
    Facts().follow(list(case.events.order_by("seq")))
    assert UnitDay.objects.get(measure="owner_silent").count == 1


def test_who_has_spoken_is_not_silent(city: City) -> None:
    item(city)
    case = sent()
    operations.admit(case, by=city.actor("handler"), at=day(1, 15))
    assert tasks.call_deputies(at=day(8)) == 0


def test_begun_online_finished_at_the_window_under_one_number(city: City) -> None:
    item(city)
    case, clerk = sent(), city.actor("clerk")
    refused("no_handover", operations.take_at_window, case, unit=city.unit("housing"), by=clerk, at=day(2))
    operations.choose_window(case, by=CITIZEN, at=day(2))
    assert (case.state, case.stage) == ("waiting", "at_window")
    operations.take_at_window(case, unit=city.unit("housing"), ticket=7, hall="demo", by=clerk, at=day(3))
    assert case.assisting_ids == (city.unit("housing"),)
    operations.take_at_window(case, unit=city.unit("housing"), ticket=7, hall="demo", by=clerk, at=day(3))
    operations.correct(case, text="原件已核对", by=clerk, at=day(3))
    assert (case.stage, Handover.objects.get().ended_at is not None) == ("precheck", True)
    operations.admit(case, by=clerk, at=day(3))
    operations.decide(case, granted=True, by=clerk, at=day(3))
    operations.issue(case, how="window", by=clerk, at=day(3))
    assert case.events.filter(kind="window_taken").count() == 1
    assert case.stage == "issued"


def test_the_same_application_sent_twice_is_one_while_it_is_open(city: City) -> None:
    item(city)
    first = operations.send(sending(), by=CITIZEN, at=MONDAY)
    second = operations.send(sending(), by=CITIZEN, at=day(2))
    assert (second.case.pk, second.query_code, second.again) == (first.case.pk, first.query_code, True)
    other = operations.send(sending(answers={**ANSWERS, "child": "李小麦"}), by=CITIZEN, at=day(2))
    assert other.case.pk != first.case.pk
    take_back(first.case, by=CITIZEN, at=day(3))
    third = operations.send(sending(), by=CITIZEN, at=day(3))
    assert not third.again
    assert Case.objects.count() == Application.objects.count() == 3


def test_a_proxy_acts_for_somebody_else_with_authority(city: City) -> None:
    item(city)
    daughter = Person(name="李麦", phone="13800001111")
    proxy = operations.Proxy("family", daughter)
    refused("authority_missing", operations.send, sending(proxy=proxy), by=CITIZEN, at=MONDAY)
    case = sent(proxy=operations.Proxy("family", daughter, (held("委托书.jpg"),)))
    assert case.contacts.filter(role=Contact.Role.PROXY).count() == 1
    assert case.application.documents.filter(field="_authority").count() == 1
    assert case.events.get(seq=1).facts["filed"] == "proxy"


WRONG = [
    ("field_missing", {"answers": {**ANSWERS, "child": ""}}),
    ("in_the_future", {"answers": {**ANSWERS, "born": "2026-07-01"}}),
    ("choice_unknown", {"answers": {**ANSWERS, "order": "9"}}),
    ("resident_id_not_valid", {"answers": {**ANSWERS, "parent_id": "110105194912310021"}}),
    ("field_missing", {"documents": {}}),
    ("applicant_name_missing", {"person": Person(phone="13912345678")}),
    ("applicant_phone_missing", {"person": Person(name="李禾")}),
    ("phone_not_valid", {"person": Person(name="李禾", phone="12")}),
    ("item_unknown", {"item": "nothing"}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "other"), WRONG)
def test_what_does_not_fit_is_refused_and_nothing_is_stored(city: City, code: str, other: dict[str, object]) -> None:
    item(city)
    refused(code, operations.send, sending(**other), by=CITIZEN, at=MONDAY)
    assert not Case.objects.exists()


def test_an_item_that_is_withdrawn_takes_no_more_and_keeps_what_is_open(city: City) -> None:
    made = item(city)
    case = sent()
    made.withdrawn_on = day(2).date()
    made.save()
    refused("item_withdrawn", operations.send, sending(answers={**ANSWERS, "child": "新"}), by=CITIZEN, at=day(2))
    operations.admit(case, by=city.actor("handler"), at=day(3))
    operations.decide(case, granted=True, by=city.actor("handler"), at=day(3))
    assert case.application.version.item_id == made.pk


def test_requests_know_nothing_of_applications_and_the_other_way_round(city: City) -> None:
    item(city)
    case, handler = sent(), city.actor("handler")
    from qingyu.cases import operations as cases

    refused("not_at_this_stage", cases.accept, case, by=handler, at=day(2))
    filing = cases.Filing(text="路灯坏了", channel="web")
    request = cases.open_case(filing, by=CITIZEN, at=MONDAY).case
    cases.route(request, unit=city.unit("urban"), by=city.actor("dispatcher"), at=MONDAY)
    with pytest.raises(Application.DoesNotExist):
        operations.admit(request, by=handler, at=day(2))


def test_every_event_of_an_application_is_told_to_the_person_in_words(city: City) -> None:
    from qingyu.notify.models import Delivery
    from tests.followup.stories import follow

    item(city)
    case, handler = sent(), city.actor("handler")
    operations.ask_correction(case, missing="户口簿", by=handler, at=day(2))
    operations.choose_window(case, by=CITIZEN, at=day(3))
    operations.correct(case, text="原件已核对", by=handler, at=day(4))
    operations.admit(case, by=handler, at=day(4))
    operations.begin_special(case, procedure="hearing", days=5, reason="听证", by=handler, at=day(5))
    operations.end_special(case, by=handler, at=day(8))
    operations.decide(case, granted=True, by=handler, at=day(8))
    operations.issue(case, how="online", by=handler, at=day(9))
    follow()
    told = Delivery.objects.filter(audience="citizen").order_by("source_event").values_list("event_code", flat=True)
    assert list(told) == ["applied", "correction", "window", "admitted", "special", "decided", "issued"]
    assert "2026年6月24日" in Delivery.objects.get(event_code="window").clear("body")


def test_an_application_counts_for_its_unit_like_every_case(city: City) -> None:
    from qingyu.assessment.models import CaseFact
    from tests.followup.stories import follow

    item(city)
    case, handler = sent(), city.actor("handler")
    operations.admit(case, by=handler, at=day(2))
    operations.decide(case, granted=True, by=handler, at=day(3))
    operations.issue(case, how="online", by=handler, at=day(4))
    follow()
    fact = CaseFact.objects.get(case_id=case.pk)
    assert (fact.unit_id, fact.signed, fact.answered, fact.channel) == (
        city.unit("urban"), "in_time", "in_time", "web",
    )  # fmt: skip
