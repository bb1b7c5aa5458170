"""A call for every answer; its end, its tries, and what its answers demand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from qingyu.cases import operations
from qingyu.cases.actors import CITIZEN
from qingyu.cases.models import Case, CaseEvent
from qingyu.followup import operations as calls
from qingyu.followup import timing
from qingyu.followup.models import FollowUpPlan, PendingAct, Rating
from qingyu.followup.operations import Call
from qingyu.followup.tasks import apply_answers
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid
from tests.followup.stories import CLOSED, HOUR, answer, closed, filed, follow
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db
GOOD = Call("completed", True, "yes", "satisfied")
BAD = Call("completed", True, "no", "dissatisfied", "还在吵")


def plan_of(case: Case) -> FollowUpPlan:
    return FollowUpPlan.objects.filter(case=case).latest("round")


def kinds(case: Case) -> list[str]:
    return list(CaseEvent.objects.filter(case=case).order_by("seq").values_list("kind", flat=True))


def test_an_answer_that_passed_is_a_call_to_make_by_the_end_of_the_third_working_day(city: City) -> None:
    case = closed(city)
    follow()
    plan = plan_of(case)
    assert (plan.state, plan.round, plan.attempts, plan.next_try) == ("waiting", 1, 0, CLOSED)
    assert plan.due_at == datetime(2026, 6, 4, 15, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("contact", "state"),
    [
        ({}, "waiting"),
        ({"phone": "", "email": "a@example.org"}, "not_reachable"),
        ({"phone": ""}, "not_reachable"),
    ],
)
def test_who_left_no_phone_number_is_not_called(city: City, contact: dict[str, str], state: str) -> None:
    case = closed(city, **contact)
    follow()
    assert plan_of(case).state == state


def test_who_cannot_be_reached_is_archived_when_the_limit_ends(city: City) -> None:
    case = closed(city, phone="")
    follow()
    assert apply_answers(at=CLOSED + timedelta(days=1)) == 0
    assert apply_answers(at=CLOSED + timedelta(days=5)) == 1
    assert apply_answers(at=CLOSED + timedelta(days=5)) == 0
    assert kinds(case)[-1] == "archived"
    assert CaseEvent.objects.filter(case=case).latest("seq").facts["why"] == "not_reachable"


def test_loaded_history_is_passed_over(city: City) -> None:
    case = closed(city, imported=True)
    follow()
    assert not FollowUpPlan.objects.filter(case=case).exists()


def test_a_case_settled_at_once_is_followed_up_too(city: City) -> None:
    case = filed()
    operations.answer_at_once(case, answer="可在窗口办理", by=city.actor("agent"), at=MONDAY + HOUR)
    follow()
    assert plan_of(case).state == "waiting"


@pytest.mark.parametrize(
    ("call", "conclusion", "state", "last"),
    [
        (GOOD, "archive", "done", "archived"),
        (BAD, "redo", "done", "redone"),
        (Call("completed", True, "partly", "basically_satisfied"), "archive", "done", "archived"),
        (Call("completed", False, "yes", "very_dissatisfied"), "redo", "done", "redone"),
        (Call("no_answer"), "", "waiting", "followed_up"),
        (Call("refused"), "archive", "given_up", "archived"),
        (Call("asked_not_to"), "archive", "given_up", "archived"),
        (Call("number_invalid"), "archive", "given_up", "archived"),
    ],
)
def test_what_a_call_demands(city: City, call: Call, conclusion: str, state: str, last: str) -> None:
    case = closed(city)
    follow()
    done = calls.make_call(case, call, viewer=city.viewer("caller"), at=CLOSED + HOUR)
    follow()
    assert done == conclusion
    assert kinds(case)[-1] == last
    assert (plan_of(case).state, plan_of(case).attempts, plan_of(case).outcome) == (state, 1, call.outcome)
    assert apply_answers(at=CLOSED + 2 * HOUR) == 0


def test_after_three_calls_that_nobody_took_the_case_is_archived(city: City) -> None:
    case, at = closed(city), CLOSED
    for attempt in (1, 2, 3):
        follow()
        plan = plan_of(case)
        assert (plan.state, plan.attempts) == ("waiting", attempt - 1)
        at = max(at, plan.next_try) + timedelta(minutes=1)
        calls.make_call(case, Call("no_answer"), viewer=city.viewer("caller"), at=at)
    follow()
    assert kinds(case)[-1] == "archived"
    assert plan_of(case).state == "given_up"


def test_what_is_done_again_is_followed_up_again(city: City) -> None:
    case = closed(city)
    follow()
    calls.make_call(case, BAD, viewer=city.viewer("caller"), at=CLOSED + HOUR)
    redone = CaseEvent.objects.filter(case=case).latest("seq")
    assert redone.facts["why"] == "unsolved"
    assert redone.facts["cause"] == CaseEvent.objects.get(case=case, kind="followed_up").pk
    answer(city, case, at=CLOSED + timedelta(days=1))
    follow()
    assert list(FollowUpPlan.objects.filter(case=case).order_by("round").values_list("round", "state")) == [
        (1, "done"), (2, "waiting"),
    ]  # fmt: skip


def test_an_answer_given_through_another_door_is_applied_once(city: City) -> None:
    case = closed(city)
    follow()
    operations.follow_up(
        case, outcome="completed", contacted=True, solved="no", satisfied="dissatisfied", by=city.actor("caller"),
        at=CLOSED + HOUR,
    )  # fmt: skip
    follow()
    assert apply_answers(at=CLOSED + 2 * HOUR) == 1
    assert apply_answers(at=CLOSED + 3 * HOUR) == 0
    assert kinds(case)[-2:] == ["followed_up", "redone"]


def test_a_bad_rating_is_done_again_once_a_round(city: City) -> None:
    case = closed(city)
    operations.rate(case, level="very_dissatisfied", channel="mobile", occasion=1, by=CITIZEN, at=CLOSED + HOUR)
    with pytest.raises(NotAllowed, match="rated_twice"):
        operations.rate(case, level="dissatisfied", channel="mobile", occasion=2, by=CITIZEN, at=CLOSED + 2 * HOUR)
    follow()
    assert Rating.objects.values_list("level", "occasion", "round").get() == ("very_dissatisfied", 1, 1)
    assert PendingAct.objects.get().why == "bad_rating"
    assert apply_answers(at=CLOSED + 3 * HOUR) == 1
    case.refresh_from_db()
    assert (case.state, case.round) == ("handling", 2)
    follow()
    assert plan_of(case).state == "over"


@pytest.mark.parametrize(("level", "channel"), [("satisfied", "web"), ("dissatisfied", "system_default")])
def test_a_good_rating_and_one_that_a_system_filled_in_demand_nothing(city: City, level: str, channel: str) -> None:
    case = closed(city)
    operations.rate(case, level=level, channel=channel, occasion=1, by=CITIZEN, at=CLOSED + HOUR)
    follow()
    assert not PendingAct.objects.exists()
    assert Rating.objects.count() == 1


def test_a_bad_rating_after_the_archive_is_left_to_a_person(city: City) -> None:
    case = closed(city)
    follow()
    calls.make_call(case, GOOD, viewer=city.viewer("caller"), at=CLOSED + HOUR)
    operations.rate(case, level="dissatisfied", channel="web", occasion=1, by=CITIZEN, at=CLOSED + 2 * HOUR)
    follow()
    assert apply_answers(at=CLOSED + 3 * HOUR) == 1
    assert PendingAct.objects.filter(what="redo").values_list("state", "code").get() == ("refused", "already_ended")


def test_two_callers_never_get_the_same_call(city: City) -> None:
    closed(city)
    closed(city)
    follow()
    first = calls.take_next(viewer=city.viewer("caller"), at=CLOSED)
    again = calls.take_next(viewer=city.viewer("caller"), at=CLOSED)
    assert first is not None
    assert again is not None
    assert first.pk == again.pk
    other = FollowUpPlan.objects.exclude(pk=first.pk).get()
    other.claimed_by, other.claimed_until = city.staff["supervisor"], CLOSED + HOUR
    other.save()
    calls.put_back(viewer=city.viewer("caller"), at=CLOSED)
    with pytest.raises(NotAllowed, match="call_taken"):
        calls.take(other.case, viewer=city.viewer("caller"), at=CLOSED)
    with pytest.raises(NotAllowed, match="call_taken"):
        calls.make_call(other.case, GOOD, viewer=city.viewer("caller"), at=CLOSED)


def test_a_call_just_written_down_is_not_handed_out_before_the_attempt_is_counted(city: City) -> None:
    case = closed(city)
    follow()
    calls.take_next(viewer=city.viewer("caller"), at=CLOSED)
    calls.make_call(case, Call("no_answer"), viewer=city.viewer("caller"), at=CLOSED)
    assert calls.take_next(viewer=city.viewer("caller"), at=CLOSED) is None


def test_nobody_is_called_again_before_the_time_for_it_has_come(city: City) -> None:
    case = closed(city)
    follow()
    caller = city.viewer("caller")
    calls.make_call(case, Call("no_answer"), viewer=caller, at=CLOSED)
    follow()
    again = plan_of(case).next_try
    assert again == timing.next_try(CLOSED, attempts=1, zone=CITY_TIME)
    early = again - timedelta(seconds=1)
    assert calls.take_next(viewer=caller, at=early) is None
    with pytest.raises(NotAllowed, match="call_too_early"):
        calls.take(case, viewer=caller, at=early)
    with pytest.raises(NotAllowed, match="call_too_early"):
        calls.make_call(case, GOOD, viewer=caller, at=early)
    taken = calls.take_next(viewer=caller, at=again)
    assert taken is not None
    assert taken.case_id == case.pk


def test_the_next_try_stands_at_once_though_the_worker_rests(city: City) -> None:
    case = closed(city)
    follow()
    calls.make_call(case, Call("no_answer"), viewer=city.viewer("caller"), at=CLOSED)
    assert calls.take_next(viewer=city.viewer("caller"), at=CLOSED + timing.CLAIM + timedelta(minutes=1)) is None


@pytest.mark.parametrize("name", ["handler", "mayor", "agent"])
def test_only_callers_take_calls(city: City, name: str) -> None:
    case = closed(city)
    follow()
    with pytest.raises(NotPermitted):
        calls.take_next(viewer=city.viewer(name), at=CLOSED)
    with pytest.raises(NotPermitted):
        calls.make_call(case, GOOD, viewer=city.viewer(name), at=CLOSED)
    assert kinds(case)[-1] == "reviewed"


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (Call("completed"), "contacted_missing"),
        (Call("completed", True), "solved_missing"),
        (Call("completed", True, "yes"), "satisfied_missing"),
        (Call("no_answer", True, "yes", "satisfied"), "answers_without_call"),
        (Call("perhaps"), "outcome_unknown"),
    ],
)
def test_half_a_call_is_refused(city: City, call: Call, code: str) -> None:
    case = closed(city)
    follow()
    with pytest.raises(NotValid, match=code):
        calls.make_call(case, call, viewer=city.viewer("caller"), at=CLOSED)
    assert kinds(case)[-1] == "reviewed"


CITY_TIME = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("called", "attempts", "expected"),
    [
        ("2026-06-01 10:00", 1, "2026-06-01 14:00"),
        ("2026-06-01 17:30", 1, "2026-06-02 09:00"),
        ("2026-06-01 14:00", 2, "2026-06-02 11:00"),
        ("2026-06-01 02:00", 1, "2026-06-01 09:00"),
        ("2026-06-01 16:00", 1, "2026-06-01 20:00"),
    ],
)
def test_we_try_again_at_another_time_of_day_and_never_at_night(called: str, attempts: int, expected: str) -> None:
    at = datetime.fromisoformat(called).replace(tzinfo=CITY_TIME).astimezone(UTC)
    found = timing.next_try(at, attempts=attempts, zone=CITY_TIME)
    assert found == datetime.fromisoformat(expected).replace(tzinfo=CITY_TIME)


def test_plans_do_not_depend_on_where_batches_are_cut(city: City, monkeypatch: Any) -> None:
    from qingyu.cases.models import Position
    from qingyu.followup.followers import Plans
    from tests.lives import live

    for seed in range(30):
        live(city, 7_000 + seed, steps=24)
    monkeypatch.setattr(Plans, "batch", 1)
    follow()
    single = _rows()
    for model in (FollowUpPlan, PendingAct, Rating, Position):
        model.objects.all().delete()
    monkeypatch.setattr(Plans, "batch", 500)
    follow()
    assert single[0]
    assert _rows() == single


def _rows() -> tuple[list[Any], ...]:
    plans = FollowUpPlan.objects.order_by("case_id", "round").values_list(
        "case_id", "round", "state", "due_at", "next_try", "attempts", "outcome", "outcome_at", "ended_at"
    )
    acts = PendingAct.objects.order_by("cause").values_list("cause", "case_id", "round", "what", "why", "state")
    ratings = Rating.objects.order_by("source_event").values_list("source_event", "round", "level", "occasion")
    return list(plans), list(acts), list(ratings)
