"""Who did not get through is rung back: whom, when, how often, and what counts as kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from qingyu.hotline import operations, queries
from qingyu.hotline.models import Call, CallBack, Command, Draft
from qingyu.rules.refusals import NotAllowed
from tests.hotline import scenes
from tests.hotline.scenes import SECOND, form, hung_up, signed_in, talking, told
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db


def missed(city: City) -> CallBack:
    at_switch = scenes.switch()
    scenes.seated(city, at_switch)
    events = [told("call.offered", caller=scenes.PHONE), told("queue.joined", after=1), told("call.ended", after=30)]
    operations.take_events(at_switch, events, at=MONDAY + 30 * SECOND)
    return CallBack.objects.get()


def lost(call: Call) -> Call:
    event = told("call.ended", call.call_ref, 40, talk=34, reason="lost")
    operations.take_event(call.switch, event, at=MONDAY + 40 * SECOND)
    call.refresh_from_db()
    return call


def test_a_caller_cut_off_mid_sentence_is_rung_back_with_what_was_typed(city: City, call: Call) -> None:
    viewer = city.viewer("agent")
    operations.save_draft(call, fields=form(text="我家楼上"), version=0, viewer=viewer, at=MONDAY + 9 * SECOND)
    hung_up(call)
    owed = operations.make_callback(call, viewer=viewer, at=MONDAY + 50 * SECOND)
    tried = operations.ring(owed, viewer=viewer, at=MONDAY + 50 * SECOND)
    order = next(one for one in operations.fetch(call.switch, at=MONDAY + 51 * SECOND) if one.name == "dial")
    assert order.args["number"] == "+8619900001234"
    result = told("outbound.result", order.args["call_ref"], 60, result="answered")
    operations.take_event(call.switch, result, at=MONDAY + 60 * SECOND)
    tried = queries.call_for(viewer, tried.pk, at=MONDAY)
    assert (tried.state, queries.typed(tried).fields["text"]) == ("talking", "我家楼上")
    assert CallBack.objects.get().state == "reached"
    assert kept(city) == (1, 0)
    signed_in(city).post(f"/hotline/calls/{tried.pk}/file/", form())
    assert not Draft.objects.exists()


def test_three_tries_with_time_between_then_it_is_given_up(city: City) -> None:
    owed, viewer, at = missed(city), city.viewer("agent"), MONDAY + timedelta(minutes=1)
    for _try in range(3):
        tried = operations.ring(owed, viewer=viewer, at=at)
        operations.note_result(tried, result="no_answer", viewer=viewer, at=at + 20 * SECOND)
        with pytest.raises(NotAllowed):
            operations.ring(owed, viewer=viewer, at=at + 30 * SECOND)
        at += timedelta(minutes=11)
    owed.refresh_from_db()
    assert (owed.state, owed.attempts) == ("given_up", 3)


def test_a_dial_that_no_switch_fetched_is_a_try_that_failed(city: City) -> None:
    owed, viewer = missed(city), city.viewer("agent")
    operations.ring(owed, viewer=viewer, at=MONDAY + timedelta(minutes=1))
    assert operations.expire(at=MONDAY + timedelta(minutes=3)) == 1
    owed.refresh_from_db()
    assert (owed.state, owed.outcome) == ("waiting", "failed")
    assert bytes(Command.objects.get(name="dial").number) == b""


def test_two_agents_do_not_ring_the_same_caller(city: City) -> None:
    owed, viewer, at = missed(city), city.viewer("agent"), MONDAY + timedelta(minutes=1)
    operations.ring(owed, viewer=viewer, at=at)
    with pytest.raises(NotAllowed, match="callback_taken"):
        operations.ring(owed, viewer=viewer, at=at)


def test_who_calls_again_and_is_answered_is_not_rung_back(city: City) -> None:
    owed = missed(city)
    talking(owed.call.switch, "b", begin=MONDAY + timedelta(minutes=5))
    owed.refresh_from_db()
    assert owed.state == "called_again"


def test_the_list_of_call_backs_shows_masked_numbers(city: City) -> None:
    missed(city)
    page = signed_in(city).get("/hotline/call-backs/").content.decode()
    assert "1234" in page
    assert "19900001234" not in page


def test_a_number_that_is_none_is_neither_shown_nor_taken_for_markup(city: City) -> None:
    at_switch = scenes.switch()
    scenes.seated(city, at_switch)
    hostile = told("call.offered", caller="<script>alert(1)</script>")
    events = [hostile, told("queue.joined", after=1), told("call.ended", after=30)]
    operations.take_events(at_switch, events, at=MONDAY + 30 * SECOND)
    owed = CallBack.objects.get()
    page = signed_in(city).get("/hotline/call-backs/").content.decode()
    assert "alert(1)" not in page
    assert f'action="/hotline/call-backs/{owed.pk}/ring/"' in page
    assert f'action="/hotline/call-backs/{owed.pk}/settle/"' in page
    CallBack.objects.update(outcome="busy", next_try=datetime.now(UTC) + timedelta(minutes=9))
    assert "占线 · " in signed_in(city).get("/hotline/call-backs/").content.decode()
    reader = signed_in(city, "supervisor").get("/hotline/call-backs/").content.decode()
    assert "/ring/" not in reader


def test_a_call_whose_line_broke_stands_among_those_to_ring_back(city: City, call: Call) -> None:
    operations.save_draft(call, fields=form(text="写了一半"), version=0, viewer=city.viewer("agent"), at=MONDAY)
    lost(call)
    owed = CallBack.objects.get()
    assert (owed.why, owed.call) == ("cut_off", call)
    assert "通话中断" in signed_in(city).get("/hotline/call-backs/").content.decode()
    assert "写了一半" in signed_in(city).get("/hotline/").content.decode()


def test_a_call_of_which_a_case_came_may_break(city: City, call: Call) -> None:
    signed_in(city).post(f"/hotline/calls/{call.pk}/file/", form())
    lost(call)
    assert not CallBack.objects.exists()


def test_a_call_left_in_the_middle_is_owed_after_a_while_and_once(city: City, call: Call) -> None:
    """The caller hung up and the agent's browser closed: nobody presses anything, and the caller is rung back."""
    operations.save_draft(call, fields=form(), version=0, viewer=city.viewer("agent"), at=MONDAY + 9 * SECOND)
    hung_up(call)
    assert operations.owe_cut_off(at=MONDAY + 60 * SECOND) == 0  # the agent may be writing it up
    assert operations.owe_cut_off(at=MONDAY + timedelta(minutes=5)) == 1
    assert operations.owe_cut_off(at=MONDAY + timedelta(minutes=5)) == 0
    assert (CallBack.objects.get().why, CallBack.objects.get().due_at) == (
        "cut_off",
        MONDAY + timedelta(minutes=30, seconds=40),
    )


@pytest.mark.parametrize("done", ["filed", "thrown away", "wrapped up", "nothing typed"])
def test_who_was_not_left_in_the_middle_is_owed_nothing(city: City, call: Call, done: str) -> None:
    browser, viewer = signed_in(city), city.viewer("agent")
    if done != "nothing typed":
        operations.save_draft(call, fields=form(), version=0, viewer=viewer, at=MONDAY + 9 * SECOND)
    hung_up(call)
    if done == "filed":
        browser.post(f"/hotline/calls/{call.pk}/file/", form())
    elif done == "thrown away":
        browser.post(f"/hotline/calls/{call.pk}/throw-away/")
    elif done == "wrapped up":
        operations.wrap_up(call, viewer=viewer, at=MONDAY + 60 * SECOND)
    assert operations.owe_cut_off(at=MONDAY + timedelta(minutes=10)) == 0


def kept(city: City) -> tuple[int, int]:
    """Call-backs of which a call tells, and those that somebody says were made."""
    span = {"since": MONDAY - timedelta(days=1), "until": MONDAY + timedelta(days=1)}
    found = queries.counts(city.viewer("supervisor"), **span)
    return found.kept, found.kept_by_word


def test_a_result_that_an_agent_enters_is_a_word_until_the_switch_tells_it(city: City) -> None:
    owed, viewer = missed(city), city.viewer("agent")
    scenes.seated(city, owed.call.switch)
    tried = operations.ring(owed, viewer=viewer, at=MONDAY + 60 * SECOND)
    operations.note_result(tried, result="answered", viewer=viewer, at=MONDAY + 70 * SECOND)
    assert kept(city) == (0, 1)
    told_late = told("outbound.result", tried.call_ref, 69, result="answered")
    operations.take_event(owed.call.switch, told_late, at=MONDAY + 80 * SECOND)
    assert kept(city) == (1, 0)


def test_who_calls_again_and_is_answered_needs_nobodys_word(city: City) -> None:
    owed = missed(city)
    scenes.talking(owed.call.switch, "again", begin=MONDAY + 300 * SECOND)
    assert CallBack.objects.get().state == "called_again"
    assert kept(city) == (1, 0)


def test_who_is_said_to_be_reached_is_not_rung_for_the_other_times(city: City) -> None:
    """Nor do those call-backs count as kept: no call tells of it."""
    owed = missed(city)
    again = [told("call.offered", "b", 60, caller=scenes.PHONE), told("queue.abandoned", "b", 90, hold=30)]
    operations.take_events(owed.call.switch, [*again, told("call.ended", "b", 90)], at=MONDAY + 90 * SECOND)
    assert CallBack.objects.filter(state="waiting").count() == 2
    operations.settle(owed, outcome="reached", viewer=city.viewer("supervisor"), at=MONDAY + 120 * SECOND)
    assert set(CallBack.objects.values_list("state", flat=True)) == {"reached"}
    assert kept(city) == (0, 2)
