"""The agent's desk: who calls and what they filed before, what is typed is kept, filed or answered, and rung back."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from qingyu.cases.models import Case, CaseEvent
from qingyu.cases.operations.opening import query_code
from qingyu.hotline import operations, queries
from qingyu.hotline.models import AgentState, Call, CallCase, Command, Draft
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid
from tests.cases import staff_desk
from tests.hotline import scenes
from tests.hotline.scenes import SECOND, form, hung_up, seated, signed_in, switch, talking, told
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db


def test_the_call_pops_up_with_earlier_cases_before_the_first_word(city: City, call: Call) -> None:
    old = staff_desk.filed(phone=scenes.PHONE)
    page = signed_in(city).get("/hotline/").content.decode()
    assert f"/desk/cases/{old.number}/" in page
    assert "+8619900001234" in page


def test_reports_of_wrongdoing_are_never_among_the_earlier_cases(city: City, call: Call) -> None:
    report = staff_desk.filed(phone=scenes.PHONE, type="report")
    secret = staff_desk.filed(phone=scenes.PHONE, confidential=True)
    page = signed_in(city).get("/hotline/").content.decode()
    assert report.number not in page
    assert secret.number not in page


def test_what_is_typed_survives_the_closed_browser(city: City, call: Call) -> None:
    answer = signed_in(city).post(f"/hotline/calls/{call.pk}/draft/", form(text="写了一半", name="王"))
    assert answer.json()["version"] == 1
    hung_up(call)
    page = signed_in(city).get("/hotline/").content.decode()
    assert "写了一半" in page
    assert "写了一半" not in str(list(Draft.objects.values()))


def test_two_windows_do_not_overwrite_each_other(city: City, call: Call) -> None:
    browser = signed_in(city)
    browser.post(f"/hotline/calls/{call.pk}/draft/", form(text="第一个窗口"))
    late = browser.post(f"/hotline/calls/{call.pk}/draft/", form(text="另一个窗口"))
    assert (late.status_code, late.json()["code"]) == (409, "draft_changed_elsewhere")
    assert queries.typed(call).fields["text"] == "第一个窗口"


def test_filed_in_the_call_with_the_call_in_its_facts(city: City, call: Call) -> None:
    browser, sent = signed_in(city), form()
    browser.post(f"/hotline/calls/{call.pk}/draft/", form())
    for _double_click in range(2):
        assert browser.post(f"/hotline/calls/{call.pk}/file/", sent).status_code == 302
    case = Case.objects.get()
    assert (case.channel, CallCase.objects.get().case) == ("phone", case)
    assert CaseEvent.objects.get(case=case, kind="opened").facts["call"] == call.pk
    assert not Draft.objects.exists()
    page = browser.get(f"/hotline/calls/{call.pk}/").content.decode()
    assert case.number in page


def test_answered_at_once_closes_the_case_in_the_call(city: City, call: Call) -> None:
    sent = form(do="answer", answer="带身份证到任一窗口即可办理。", type="consultation")
    signed_in(city).post(f"/hotline/calls/{call.pk}/file/", sent)
    assert Case.objects.get().state == "closed"


def test_a_form_without_words_says_so_and_keeps_the_rest(city: City, call: Call) -> None:
    answer = signed_in(city).post(f"/hotline/calls/{call.pk}/file/", form(text="", address="柳岸路 5 号"))
    assert answer.status_code == 422
    assert "柳岸路 5 号" in answer.content.decode()
    assert not Case.objects.exists()


def test_nothing_leads_from_a_report_of_wrongdoing_to_the_phone(city: City, call: Call) -> None:
    operations.save_draft(call, fields=form(), version=0, viewer=city.viewer("agent"), at=MONDAY + 9 * SECOND)
    signed_in(city).post(f"/hotline/calls/{call.pk}/file/", form(type="report"))
    call.refresh_from_db()
    assert (call.hidden, call.phone_index) == (True, "")
    assert bytes(call.phone)[2:4] == b"r1"
    operations.take_event(call.switch, told("rating.given", after=50, rating=5), at=MONDAY + 50 * SECOND)
    call.refresh_from_db()
    assert call.phone_index == ""


def test_nobody_else_opens_or_writes_my_call(city: City, call: Call) -> None:
    other = signed_in(city, "dispatcher")
    assert other.get("/hotline/").status_code == 403
    with pytest.raises(NotPermitted):
        operations.save_draft(call, fields=form(), version=0, viewer=city.viewer("handler"), at=MONDAY)
    call.agent = city.staff["clerk"]
    call.save()
    browser = signed_in(city)
    assert browser.get(f"/hotline/calls/{call.pk}/").status_code == 404
    assert browser.post(f"/hotline/calls/{call.pk}/file/", form()).status_code == 404
    with pytest.raises(NotPermitted, match="not_your_call"):
        operations.wrap_up(call, viewer=city.viewer("agent"), at=MONDAY)


def test_wrapped_up_only_when_the_call_is_over_and_once(city: City, call: Call) -> None:
    viewer = city.viewer("agent")
    with pytest.raises(NotAllowed, match="call_going_on"):
        operations.wrap_up(call, viewer=viewer, at=MONDAY + 10 * SECOND)
    hung_up(call)
    assert Command.objects.filter(key=f"wrap:{call.pk}", args__reason="wrap_up").exists()
    operations.wrap_up(call, viewer=viewer, at=MONDAY + 60 * SECOND)
    assert Command.objects.filter(key=f"wrapped:{call.pk}", args__reason="").exists()
    with pytest.raises(NotAllowed, match="wrapped_already"):
        operations.wrap_up(call, viewer=viewer, at=MONDAY + 60 * SECOND)


def test_a_draft_that_was_not_filed_stays_among_the_unfinished(city: City, call: Call) -> None:
    operations.save_draft(call, fields=form(), version=0, viewer=city.viewer("agent"), at=MONDAY + 9 * SECOND)
    hung_up(call)
    operations.wrap_up(call, viewer=city.viewer("agent"), at=MONDAY + 60 * SECOND)
    page = signed_in(city).get("/hotline/").content.decode()
    assert f"/hotline/calls/{call.pk}/" in page
    signed_in(city).post(f"/hotline/calls/{call.pk}/throw-away/")
    assert not Draft.objects.exists()


def test_the_pulse_is_cheap_and_silent_until_something_changes(
    city: City, call: Call, django_assert_max_num_queries: Any
) -> None:
    browser = signed_in(city)
    seen = browser.get("/hotline/pulse/").json()["pulse"]
    with django_assert_max_num_queries(3):
        assert browser.get("/hotline/pulse/", {"seen": seen}).status_code == 204
    hung_up(call)
    assert browser.get("/hotline/pulse/", {"seen": seen}).json()["calls"] == [[str(call.pk), "ended"]]


def test_the_desk_takes_few_statements(city: City, call: Call, django_assert_max_num_queries: Any) -> None:
    browser = signed_in(city)
    browser.get("/hotline/")
    with django_assert_max_num_queries(14):
        browser.get("/hotline/")


def test_an_agent_takes_calls_pauses_and_leaves(city: City) -> None:
    switch()
    browser = signed_in(city)
    browser.post("/hotline/state/", {"state": "ready", "switch": "main", "extension": "8001"})
    browser.post("/hotline/state/", {"state": "paused", "reason": "rest"})
    assert (AgentState.objects.get().state, AgentState.objects.get().reason) == ("paused", "rest")
    browser.post("/hotline/state/", {"state": "offline"})
    names = list(Command.objects.order_by("id").values_list("name", flat=True))
    assert names == ["agent_login", "pause", "pause", "agent_logout"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"state": "asleep"}, "state_unknown"),
        ({"state": "paused", "reason": "bored"}, "pause_reason_unknown"),
        ({"state": "ready"}, "extension_missing"),
    ],
)
def test_what_an_agent_cannot_be(city: City, given: dict[str, str], code: str) -> None:
    with pytest.raises(NotValid, match=code):
        operations.agent_state(**given, viewer=city.viewer("agent"), at=MONDAY)


def test_one_extension_belongs_to_one_agent(city: City) -> None:
    at_switch = switch()
    AgentState.objects.create(
        staff=city.staff["dispatcher"], switch=at_switch, extension="8001", state="ready", since=MONDAY
    )
    with pytest.raises(NotAllowed, match="extension_taken"):
        seated(city, at_switch)


def test_nobody_leaves_in_the_middle_of_a_call(city: City, call: Call) -> None:
    with pytest.raises(NotAllowed, match="agent_busy"):
        operations.agent_state(state="offline", viewer=city.viewer("agent"), at=MONDAY + 9 * SECOND)


def test_the_figures_count_what_the_rules_count(city: City, call: Call) -> None:
    hung_up(call)
    page = signed_in(city, "supervisor").get("/hotline/figures/", {"since": "2026-06-01", "until": "2026-06-01"})
    assert "1 / 1" in page.content.decode()
    assert signed_in(city, "agent").get("/hotline/figures/").status_code == 403
    wrong = {"since": "2026-06-02", "until": "2026-06-01"}
    assert signed_in(city, "supervisor").get("/hotline/figures/", wrong).status_code == 422


def test_pressing_twice_is_pressing_once(city: City, call: Call) -> None:
    hung_up(call)
    browser = signed_in(city)
    for _double_click in range(2):
        answer = browser.post(f"/hotline/calls/{call.pk}/wrap-up/", {"key": "k" * 32}, follow=True)
        assert "已整理完毕" not in answer.content.decode()
    assert Call.objects.get().wrapped_at


def test_who_waits_is_shown_in_the_order_of_the_queue(city: City, call: Call) -> None:
    for place, ref in enumerate(("q1", "q2"), 1):
        events = [
            told("call.offered", ref, 10, caller=f"1990000777{place}"),
            told("queue.joined", ref, 10, position=place),
        ]
        operations.take_events(call.switch, events, at=MONDAY + 20 * SECOND)
    found = queries.queue(at=MONDAY + 30 * SECOND)
    assert [(one.position, one.seconds) for one in found] == [(1, 20), (2, 20)]
    assert "7771" in found[0].phone
    assert "19900007771" not in signed_in(city, "supervisor").get("/hotline/figures/").content.decode()


def test_figures_by_hour_are_two_statements(city: City, call: Call, django_assert_num_queries: Any) -> None:
    viewer = city.viewer("supervisor")
    span = {"since": MONDAY - timedelta(days=3), "until": MONDAY + timedelta(days=3)}
    for counted in (queries.by_hour, queries.by_day):
        with django_assert_num_queries(2):
            (part,) = counted(viewer, **span)
        assert (part.counts.offered, part.counts.answered) == (1, 1)


def test_a_call_that_is_long_over_shows_neither_number_nor_code(city: City, call: Call) -> None:
    browser, address = signed_in(city), f"/hotline/calls/{call.pk}/"
    browser.post(f"{address}file/", form(type="report"))
    code = query_code(Case.objects.get())
    assert code in browser.get(address).content.decode()
    CallCase.objects.update(at=MONDAY)
    assert code not in browser.get(address).content.decode()
    hung_up(call)
    browser.post(f"{address}wrap-up/", {"key": uuid.uuid4().hex})
    assert browser.get(address).status_code == 200
    Call.objects.update(wrapped_at=MONDAY)
    assert browser.get(address).status_code == 404


def test_what_was_to_be_a_report_stays_with_who_began_it(city: City, call: Call) -> None:
    viewer = city.viewer("agent")
    operations.save_draft(call, fields={"text": "有人收钱", "type": "report"}, version=0, viewer=viewer, at=MONDAY)
    hung_up(call)
    operations.make_callback(call, viewer=viewer, at=MONDAY + 50 * SECOND)
    again = talking(call.switch, "b", begin=MONDAY + 90 * SECOND)
    broken = queries.broken_off(again)
    assert broken is not None
    assert broken.text == ""
