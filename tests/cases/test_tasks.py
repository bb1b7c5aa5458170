"""Time passing is an event too: what the worker does to cases because nobody did anything, each thing once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from qingyu.cases import log, operations, standing, tasks
from qingyu.cases.actors import CITIZEN
from qingyu.cases.models import Case, CaseClock, IdempotencyKey
from qingyu.people import operations as people
from qingyu.people import queries
from qingyu.people.models import WorkingCalendar
from qingyu.rules import lifecycle
from qingyu.rules.lifecycle import Kind
from qingyu.rules.refusals import NotAllowed
from tests.people import MONDAY, City, nine_o_clock

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def filed(at: datetime = MONDAY) -> Case:
    person = operations.Person(name="王晓", phone="199 0000 1234")
    filing = operations.Filing(text="楼下夜间施工到两点", channel="web", topic="city.noise.night", person=person)
    return operations.open_case(filing, by=CITIZEN, at=at).case


def routed(city: City, at: datetime = MONDAY) -> Case:
    case = filed(at)
    operations.route(case, unit=city.unit("urban"), by=city.actor("dispatcher"), at=at)
    return case


def handled(city: City, at: datetime = MONDAY) -> Case:
    case = routed(city, at)
    operations.accept(case, by=city.actor("handler"), at=at)
    operations.contact(case, how="phone", by=city.actor("handler"), at=at)
    return case


def asked(city: City, at: datetime = MONDAY) -> Case:
    case = handled(city, at)
    operations.ask(case, question="哪一栋？", reason="details_needed", by=city.actor("handler"), at=at)
    return case


def clock(case: Case, kind: str) -> CaseClock:
    return case.clocks.filter(kind=kind).order_by("-round", "-pk")[0]


def kinds(case: Case) -> list[str]:
    return list(case.events.order_by("seq").values_list("kind", flat=True))


def sound(case: Case) -> bool:
    """Whether the rows of the case are what its events say."""
    fresh = Case.objects.get(pk=case.pk)
    return standing.replay(fresh) == (standing.state_of(fresh), standing.clocks_of(fresh))


# --- silence


def test_silence_past_the_sign_limit_accepts_once(city: City) -> None:
    case = routed(city)
    end = clock(case, "sign").due_at
    assert tasks.accept_silently(at=end) == 0
    assert tasks.accept_silently(at=end + timedelta(milliseconds=500)) == 0
    assert tasks.accept_silently(at=end + timedelta(seconds=1)) == 1
    assert tasks.accept_silently(at=end + HOUR) == 0
    case.refresh_from_db()
    assert case.state == "accepted"
    assert clock(case, "sign").in_time is False
    assert sound(case)


def test_silence_does_not_accept_what_was_returned_nor_what_was_accepted(city: City) -> None:
    returned, accepted = routed(city), handled(city)
    operations.return_(
        returned, reason="not_our_duty", legal_basis="条例第三条", comment="非本单位职责", by=city.actor("handler"),
        at=MONDAY + HOUR,
    )  # fmt: skip
    assert tasks.accept_silently(at=MONDAY + 9 * DAY) == 0
    assert "auto_accepted" not in kinds(returned) + kinds(accepted)


def test_loaded_history_is_not_accepted_warned_of_or_marked(city: City) -> None:
    case = routed(city)
    CaseClock.objects.filter(case=case).update(imported=True)
    later = MONDAY + 30 * DAY
    assert tasks.accept_silently(at=later) + tasks.warn_and_mark_overdue(at=later) == 0


def test_a_unit_that_has_just_got_the_case_is_not_taken_for_silent(city: City) -> None:
    """The worker read the row; meanwhile the case was passed on to another unit, whose time has only begun."""
    case = routed(city)
    at = clock(case, "sign").due_at + HOUR
    operations.return_(
        case, reason="not_our_duty", legal_basis="条例第三条", comment="非本单位职责",
        by=city.actor("handler"), at=MONDAY,
    )  # fmt: skip
    operations.arbitrate(
        case, upheld=True, reason="经研究", unit=city.unit("housing"), by=city.actor("dispatcher"), at=at
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="too_early"):
        operations.accept_silently(case, at=at)


def test_a_designated_unit_cannot_return_the_case(city: City) -> None:
    case = routed(city)
    words = {"reason": "not_our_duty", "legal_basis": "条例第三条", "comment": "非本单位职责"}
    operations.return_(case, by=city.actor("handler"), at=MONDAY + HOUR, **words)
    operations.arbitrate(
        case, upheld=True, reason="经研究", unit=city.unit("housing"), by=city.actor("dispatcher"), at=MONDAY + 2 * HOUR
    )  # fmt: skip
    assert case.designated
    assert Kind.RETURNED not in lifecycle.allowed(standing.state_of(case))
    with pytest.raises(NotAllowed, match="unit_designated"):
        operations.return_(case, by=city.actor("housing_handler"), at=MONDAY + 3 * HOUR, **words)
    assert Case.objects.get(pk=case.pk).designated
    assert sound(case)


# --- warnings and marks


def test_a_clock_is_warned_of_once_and_marked_once(city: City) -> None:
    case = handled(city)
    handle = clock(case, "handle")
    assert tasks.warn_and_mark_overdue(at=handle.warn_at - timedelta(seconds=1)) == 0
    assert tasks.warn_and_mark_overdue(at=handle.warn_at) == 1
    assert tasks.warn_and_mark_overdue(at=handle.warn_at + HOUR) == 0
    assert tasks.warn_and_mark_overdue(at=handle.due_at + timedelta(milliseconds=900)) == 0
    assert tasks.warn_and_mark_overdue(at=handle.due_at + timedelta(seconds=1)) == 1
    assert tasks.warn_and_mark_overdue(at=handle.due_at + 9 * DAY) == 0
    assert kinds(case)[-2:] == ["warned", "overdue"]
    assert sound(case)


def test_what_was_missed_while_the_worker_stood_still_is_marked_and_not_warned_of(city: City) -> None:
    case = handled(city)
    assert tasks.warn_and_mark_overdue(at=MONDAY + 30 * DAY) == 1
    assert kinds(case)[-1] == "overdue"
    assert clock(case, "handle").warned_at == MONDAY + 30 * DAY


def test_every_running_clock_of_a_case_is_marked(city: City) -> None:
    case = routed(city)
    operations.accept(case, by=city.actor("handler"), at=MONDAY)
    assert tasks.warn_and_mark_overdue(at=MONDAY + 30 * DAY) == 2
    marked = case.clocks.exclude(overdue_at=None).values_list("kind", flat=True)
    assert sorted(marked) == ["contact", "handle"]


def test_a_sign_clock_is_not_marked_but_accepted(city: City) -> None:
    case = routed(city)
    tasks.warn_and_mark_overdue(at=MONDAY + 30 * DAY)
    assert clock(case, "sign").overdue_at is None
    assert tasks.accept_silently(at=MONDAY + 30 * DAY) == 1


def test_what_rests_or_has_stopped_is_not_marked(city: City) -> None:
    case = asked(city)
    assert tasks.warn_and_mark_overdue(at=MONDAY + 30 * DAY) == 0
    operations.answer(case, answer="已处理", by=city.actor("handler"), at=MONDAY + HOUR)
    assert tasks.warn_and_mark_overdue(at=MONDAY + 30 * DAY) == 1
    assert clock(case, "handle").overdue_at is None
    assert clock(case, "review").overdue_at is not None


def test_two_workers_mark_a_clock_once(city: City) -> None:
    case = handled(city)
    row = clock(case, "handle")
    at = row.due_at + HOUR
    operations.mark_overdue(row, at=at)
    with pytest.raises(NotAllowed, match="marked_already"):
        operations.mark_overdue(clock(case, "handle"), at=at)
    with pytest.raises(NotAllowed, match="marked_already"):
        operations.warn(clock(case, "handle"), at=at)
    assert kinds(case).count("overdue") == 1


def test_an_extension_granted_late_takes_the_mark_away_and_it_comes_again(city: City) -> None:
    case = handled(city)
    end = clock(case, "handle").due_at
    operations.extend(case, reason="complex", comment="情况复杂", by=city.actor("handler"), at=end)
    assert tasks.warn_and_mark_overdue(at=end + HOUR) == 1
    operations.decide_extension(case, approved=True, by=city.actor("supervisor"), at=end + 2 * HOUR)
    handle = clock(case, "handle")
    assert (handle.overdue_at, handle.warned_at, handle.limit) == (None, None, "10 working_day")
    assert tasks.warn_and_mark_overdue(at=handle.warn_at) == 1
    assert tasks.warn_and_mark_overdue(at=handle.due_at + HOUR) == 1
    assert sound(case)


# --- rests


def test_a_rest_ends_when_it_has_lasted_as_long_as_it_may(city: City) -> None:
    case = asked(city)
    until = clock(case, "handle").pause_until
    assert until is not None
    assert tasks.end_pauses(at=until) == 0
    assert tasks.end_pauses(at=until + timedelta(milliseconds=500)) == 0
    assert tasks.end_pauses(at=until + timedelta(seconds=1)) == 1
    assert tasks.end_pauses(at=until + DAY) == 0
    case.refresh_from_db()
    assert case.state == "handling"
    assert clock(case, "handle").paused_at is None
    assert sound(case)


def test_a_worker_that_comes_late_gives_no_more_than_the_longest_rest(city: City) -> None:
    punctual, late = asked(city), asked(city)
    until = clock(late, "handle").pause_until
    assert until is not None
    operations.resume(punctual, at=until + timedelta(seconds=1))
    operations.resume(late, at=until + 4 * DAY)
    assert clock(late, "handle").due_at == clock(punctual, "handle").due_at


def test_a_new_question_is_not_ended_by_the_end_of_the_old_one(city: City) -> None:
    case = asked(city)
    until = clock(case, "handle").pause_until
    assert until is not None
    operations.reply(case, text="三栋", by=CITIZEN, at=until)
    operations.ask(case, question="几层？", reason="details_needed", by=city.actor("handler"), at=until + HOUR)
    with pytest.raises(NotAllowed, match="too_early"):
        operations.resume(case, at=until + 2 * HOUR)
    assert tasks.end_pauses(at=until + 2 * HOUR) == 0


# --- a year's calendar arrives

LATE = nine_o_clock(date(2026, 12, 30))
HOLIDAYS = {date(2027, 1, 1): (False, "元旦"), date(2027, 1, 2): (False, "元旦"), date(2027, 1, 3): (False, "元旦")}
KNOWN_AT = LATE + HOUR


def publish(year: int = 2027) -> None:
    calendar = WorkingCalendar.objects.get(code="city")
    days = {day.replace(year=year): works for day, works in HOLIDAYS.items()}
    people.publish_year(calendar, year=year, days=days, source="test", by=None, at=KNOWN_AT)
    queries.forget()


def last_day(case: Case) -> date:
    return (clock(case, "handle").due_at + timedelta(hours=8)).date()


def test_provisional_dates_are_counted_anew_once_the_list_of_the_year_is_known(city: City) -> None:
    case = handled(city, LATE)
    assert (last_day(case), case.provisional) == (date(2027, 1, 6), True)
    assert tasks.reschedule_provisional(at=KNOWN_AT) == 0
    publish()
    assert tasks.reschedule_provisional(at=KNOWN_AT) == 1
    case.refresh_from_db()
    assert (last_day(case), case.provisional) == (date(2027, 1, 7), False)
    assert case.due_at == clock(case, "handle").due_at
    assert tasks.reschedule_provisional(at=KNOWN_AT + HOUR) == 0
    assert kinds(case).count("rescheduled") == 1
    assert sound(case)


def test_a_list_that_changes_nothing_makes_the_date_certain(city: City) -> None:
    case = handled(city, LATE)
    calendar = WorkingCalendar.objects.get(code="city")
    people.publish_year(calendar, year=2027, days={}, source="test", by=None, at=KNOWN_AT)
    queries.forget()
    assert tasks.reschedule_provisional(at=KNOWN_AT) == 1
    case.refresh_from_db()
    assert (last_day(case), case.provisional) == (date(2027, 1, 6), False)


def test_a_date_that_rests_or_was_extended_is_counted_with_all_that_happened(city: City) -> None:
    resting, extended = asked(city, LATE), handled(city, LATE)
    operations.extend(extended, reason="complex", comment="情况复杂", by=city.actor("handler"), at=LATE + HOUR)
    operations.decide_extension(extended, approved=True, by=city.actor("supervisor"), at=LATE + 2 * HOUR)
    publish()
    assert tasks.reschedule_provisional(at=LATE + 3 * HOUR) == 2
    assert [last_day(resting), last_day(extended)] == [date(2027, 1, 7), date(2027, 1, 14)]
    assert clock(resting, "handle").paused_at == LATE
    assert sound(resting)
    assert sound(extended)


def test_what_has_stopped_is_judged_by_what_was_known(city: City) -> None:
    case = handled(city, LATE)
    operations.answer(case, answer="已处理", by=city.actor("handler"), at=LATE + HOUR)
    publish()
    assert tasks.reschedule_provisional(at=LATE + 2 * HOUR) == 0
    operations.review(case, passed=False, comment="请补充", by=city.actor("dispatcher"), at=LATE + 3 * HOUR)
    assert tasks.reschedule_provisional(at=LATE + 4 * HOUR) == 1
    assert last_day(case) == date(2027, 1, 7)


def test_years_still_unknown_do_not_stand_in_the_way_of_those_that_are_known(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch is made of what can be counted, not of the first rows that happen to be provisional."""
    monkeypatch.setattr(tasks, "BATCH", 1)
    unknown = handled(city, nine_o_clock(date(2027, 12, 30)))
    known = handled(city, LATE)
    publish()
    assert clock(unknown, "handle").provisional
    assert tasks.reschedule_provisional(at=LATE + HOUR) == 1
    assert not clock(known, "handle").provisional
    assert tasks.reschedule_provisional(at=LATE + HOUR) == 0


def test_rows_to_which_nothing_can_be_done_starve_no_others(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run looks at two rows; the refused ones in front are passed, and the next run goes on behind them."""
    monkeypatch.setattr(tasks, "BATCH", 1)
    monkeypatch.setattr(tasks, "LOOK", 2)
    monkeypatch.setitem(tasks._looked, "case", 0)
    cases = [handled(city, LATE) for _ in range(5)]
    stuck = {case.pk for case in cases[:3]}
    publish()
    reschedule = operations.reschedule

    def refused(clock: CaseClock, *, at: datetime) -> bool:
        return clock.case_id not in stuck and reschedule(clock, at=at)

    monkeypatch.setattr(tasks.operations, "reschedule", refused)
    assert sum(tasks.reschedule_provisional(at=LATE + HOUR) for _ in range(6)) == 2
    assert [clock(case, "handle").provisional for case in cases] == [True, True, True, False, False]
    stuck.clear()
    assert sum(tasks.reschedule_provisional(at=LATE + HOUR) for _ in range(6)) == 3


def test_a_date_that_moved_while_it_was_counted_is_counted_from_what_it_is_now(city: City) -> None:
    """The row in the worker's hand is old: the case was extended after it was read."""
    case = handled(city, LATE)
    stale = clock(case, "handle")
    operations.extend(case, reason="complex", comment="情况复杂", by=city.actor("handler"), at=LATE + HOUR)
    operations.decide_extension(case, approved=True, by=city.actor("supervisor"), at=LATE + 2 * HOUR)
    publish()
    assert operations.reschedule(stale, at=LATE + 3 * HOUR)
    assert last_day(case) == date(2027, 1, 14)
    assert sound(case)


# --- others


def test_somebody_who_was_quicker_is_no_trouble(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of two cases is taken up while the worker is on its way; the other is accepted all the same."""
    first, second = routed(city), routed(city)
    at = clock(second, "sign").due_at + HOUR
    accept = operations.accept_silently

    def with_a_rival(case: Case, *, at: datetime) -> None:
        if case.pk == first.pk:
            operations.accept(Case.objects.get(pk=case.pk), by=city.actor("handler"), at=at)
        accept(case, at=at)

    monkeypatch.setattr(tasks.operations, "accept_silently", with_a_rival)
    assert tasks.accept_silently(at=at) == 1
    assert kinds(first)[-1] == "accepted"
    assert kinds(second)[-1] == "auto_accepted"


def test_keys_are_kept_for_two_days(city: City) -> None:
    for hours in (1, 47, 49):
        IdempotencyKey.objects.create(
            caller="c", route="r", key=str(hours), digest="0" * 64, created_at=MONDAY - hours * HOUR
        )  # fmt: skip
    assert tasks.forget_keys(at=MONDAY) == 1
    assert sorted(IdempotencyKey.objects.values_list("key", flat=True)) == ["1", "47"]


def test_an_event_before_the_filing_is_refused(city: City) -> None:
    case = filed()
    with pytest.raises(NotAllowed, match="before_opening"):
        log.record(case, Kind.AUTO_ACCEPTED, by=city.actor("dispatcher"), at=MONDAY - HOUR)
