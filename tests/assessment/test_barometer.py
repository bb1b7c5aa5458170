"""The barometer: right figures on the right day, small numbers guarded, the same through every door."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import gettext

from qingyu.assessment import periods, queries, wording
from qingyu.assessment.folding import Measure
from qingyu.assessment.followers import Facts
from qingyu.assessment.models import CaseFact, UnitDay
from qingyu.cases import importing, operations
from qingyu.cases.actors import CITIZEN
from qingyu.cases.models import Case, CaseClock, CaseEvent, Notice
from qingyu.cases.operations import importing as loading
from qingyu.people import queries as people
from qingyu.rules.refusals import NotValid
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
JUNE = (date(2026, 6, 1), date(2026, 6, 30))
DUE = date(2026, 6, 8)  # five working days after Monday the first


def filed() -> Case:
    person = operations.Person(name="王晓", phone="19900001234")
    filing = operations.Filing(text="楼下夜间施工", channel="web", topic="city.noise.night", person=person)
    return operations.open_case(filing, by=CITIZEN, at=MONDAY).case


def routed(city: City) -> Case:
    case = filed()
    operations.route(case, unit=city.unit("urban"), by=city.actor("dispatcher"), at=MONDAY + HOUR)
    return case


def closed(city: City, *, days: int = 0, contact: bool = True) -> Case:
    case, later = routed(city), MONDAY + timedelta(days=days)
    operations.accept(case, by=city.actor("handler"), at=MONDAY + 2 * HOUR)
    if contact:
        operations.contact(case, how="phone", by=city.actor("handler"), at=MONDAY + 3 * HOUR)
    operations.answer(case, answer="已处理", by=city.actor("handler"), at=later + 4 * HOUR)
    operations.review(case, passed=True, by=city.actor("dispatcher"), at=later + 5 * HOUR)
    return case


def called(
    city: City, case: Case, solved: str, satisfied: str, *, at: datetime, contacted: bool = True
) -> None:  # fmt: skip
    operations.follow_up(
        case, outcome="completed", contacted=contacted, solved=solved, satisfied=satisfied, by=city.actor("caller"),
        at=at,
    )  # fmt: skip


def count(today: date = date(2026, 6, 30)) -> dict[str, queries.UnitReading]:
    follower = Facts()
    follower.clear()
    for partition in range(16):
        follower.follow(list(CaseEvent.objects.filter(partition=partition).order_by("id")))
    return {unit.head.code: unit for unit in queries.barometer(start=JUNE[0], end=JUNE[1], today=today).units}


def days_of(measure: str) -> dict[date, int]:
    return dict(UnitDay.objects.filter(measure=measure).values_list("day", "count"))


# ---------------------------------------------------------------- what counts, and when


@pytest.mark.parametrize(
    ("days", "contact", "responded", "answered"),
    [(0, True, 1, 1), (0, False, 0, 1), (9, True, 0, 0)],
    ids=["all in time", "never contacted", "answered late"],
)
def test_a_response_is_accepted_contacted_and_answered_in_time(
    city: City, days: int, contact: bool, responded: int, answered: int
) -> None:
    closed(city, days=days, contact=contact)
    count()
    assert days_of(Measure.HANDLING_DUE) == {DUE: 1}
    assert days_of(Measure.RESPONDED_IN_TIME) == ({DUE: 1} if responded else {})
    assert days_of(Measure.ANSWERED_IN_TIME) == ({DUE: 1} if answered else {})


@pytest.mark.parametrize(
    ("entered", "says", "responded"),
    [(True, True, 1), (True, False, 0), (False, True, 0), (False, False, 0)],
    ids=["both say so", "the person denies it", "the unit entered none in time", "neither"],
)
def test_the_word_of_the_person_called_counts_before_the_entry_of_the_unit(
    city: City, entered: bool, says: bool, responded: int
) -> None:
    case = closed(city, contact=entered)
    called(city, case, "yes", "satisfied", contacted=says, at=MONDAY + DAY)
    count()
    assert days_of(Measure.RESPONDED_IN_TIME) == ({DUE: 1} if responded else {})
    assert days_of(Measure.HANDLING_DUE) == days_of(Measure.ANSWERED_IN_TIME) == {DUE: 1}


def test_a_denial_holds_for_its_own_round(city: City) -> None:
    case = closed(city)
    called(city, case, "no", "dissatisfied", contacted=False, at=MONDAY + DAY)
    operations.redo(case, why="unsolved", by=city.actor("caller"), at=MONDAY + DAY + HOUR)
    operations.answer(case, answer="再次处理", by=city.actor("handler"), at=MONDAY + 2 * DAY)
    operations.review(case, passed=True, by=city.actor("dispatcher"), at=MONDAY + 2 * DAY + HOUR)
    called(city, case, "yes", "satisfied", at=MONDAY + 3 * DAY)
    count()
    assert [fact.denied for fact in CaseFact.objects.order_by("round")] == [True, False]


def test_history_counts_for_units_and_not_for_what_the_desk_did(city: City) -> None:
    matter = importing.History(
        key="1", title="路灯不亮", text="楼下路灯不亮", opened_at=MONDAY, reply="已修好", replied_at=MONDAY + 3 * HOUR,
        type="complaint", topic="city.noise.night",
    )  # fmt: skip
    loading.load_answered([matter], source="old", at=MONDAY + 30 * DAY)
    found = count()
    measures = set(UnitDay.objects.values_list("measure", flat=True))
    assert measures == {Measure.HANDLING_DUE, Measure.ANSWERED_IN_TIME, Measure.RESPONDED_IN_TIME, Measure.LOADED}
    assert len(found) == 1
    assert queries.barometer(start=JUNE[0], end=JUNE[1], today=JUNE[1]).loaded


def test_what_still_runs_counts_once_its_day_is_over(city: City) -> None:
    for _ in range(5):
        routed(city)
    assert "urban" not in count(today=DUE)
    assert count(today=DUE + DAY)["urban"].readings["response_rate"].percent == 0


def test_a_pause_and_an_extension_move_the_day(city: City) -> None:
    case = routed(city)
    operations.accept(case, by=city.actor("handler"), at=MONDAY + 2 * HOUR)
    operations.ask(case, question="哪一栋？", reason="details_needed", by=city.actor("handler"), at=MONDAY + 3 * HOUR)
    count()
    assert days_of(Measure.STILL_RUNNING) == {}
    operations.reply(case, text="三栋", by=CITIZEN, at=MONDAY + 2 * DAY)
    operations.extend(case, reason="complex", comment="复杂", by=city.actor("handler"), at=MONDAY + 3 * DAY)
    operations.decide_extension(case, approved=True, by=city.actor("supervisor"), at=MONDAY + 3 * DAY + HOUR)
    count()
    due = CaseClock.objects.get(case=case, kind="handle").due_at
    assert days_of(Measure.STILL_RUNNING) == {(due + 8 * HOUR).date(): 1}
    assert due > datetime(2026, 6, 15, tzinfo=UTC)


def test_the_last_answer_counts_and_only_that(city: City) -> None:
    case = closed(city)
    called(city, case, "no", "dissatisfied", at=MONDAY + DAY)
    count()
    assert days_of("solved_no") == {date(2026, 6, 2): 1}
    operations.redo(case, why="unsolved", by=city.actor("caller"), at=MONDAY + DAY + HOUR)
    operations.answer(case, answer="再次处理", by=city.actor("handler"), at=MONDAY + 2 * DAY)
    operations.review(case, passed=True, by=city.actor("dispatcher"), at=MONDAY + 2 * DAY + HOUR)
    called(city, case, "yes", "satisfied", at=MONDAY + 3 * DAY)
    count()
    assert days_of("solved_no") == {}
    assert days_of("solved_yes") == {date(2026, 6, 4): 1}
    assert days_of("said_satisfied") == {date(2026, 6, 4): 1}
    assert days_of(Measure.HANDLING_DUE) == {DUE: 1, date(2026, 6, 9): 1}
    assert days_of(Measure.SENT_BACK) == {date(2026, 6, 1): 1}


def test_what_is_taken_back_or_refused_is_left_out_and_named(city: City) -> None:
    for _ in range(5):
        closed(city)
        operations.withdraw(routed(city), by=CITIZEN, at=MONDAY + DAY)
    operations.refuse(filed(), reason="beyond_duty", by=city.actor("dispatcher"), at=MONDAY + HOUR)
    reading = count()["urban"].readings["response_rate"]
    assert (reading.numerator, reading.denominator, reading.percent) == (5, 5, Decimal("100.0"))
    assert (reading.excluded, reading.before) == (5, Decimal("50.0"))
    assert set(CaseFact.objects.exclude(excluded="").values_list("excluded", flat=True)) == {"withdrawn", "refused"}


def test_a_question_asked_too_late_hides_no_miss(city: City) -> None:
    for asked in (DAY, 8 * DAY):
        case = routed(city)
        operations.accept(case, by=city.actor("handler"), at=MONDAY + 2 * HOUR)
        operations.ask(case, question="哪一栋？", reason="details_needed", by=city.actor("handler"), at=MONDAY + asked)
    count()
    assert days_of(Measure.STILL_RUNNING) == {DUE: 1}


@pytest.mark.parametrize(
    ("answered", "taken_back", "counted"),
    [(4 * HOUR, DAY, {"excluded_due": 1, "excluded_responded": 1}), (8 * DAY, 9 * DAY, {"handling_due": 1}),
     (None, 9 * DAY, {"handling_due": 1})],
    ids=["answered in time", "answered late", "never answered"],
)  # fmt: skip
@pytest.mark.parametrize("how", ["withdrawn", "ended by the centre"])
def test_taking_a_case_back_hides_no_miss_and_the_rate_with_it_knows_an_answer(
    city: City, how: str, answered: timedelta | None, taken_back: timedelta, counted: dict[str, int]
) -> None:
    case = routed(city)
    operations.accept(case, by=city.actor("handler"), at=MONDAY + 2 * HOUR)
    operations.contact(case, how="phone", by=city.actor("handler"), at=MONDAY + 3 * HOUR)
    if answered:
        operations.answer(case, answer="已处理", by=city.actor("handler"), at=MONDAY + answered)
    if how == "withdrawn":
        operations.withdraw(case, by=CITIZEN, at=MONDAY + taken_back)
    else:
        reason = Notice.objects.filter(group=Notice.Group.CLOSE).values_list("code", flat=True)[0]
        operations.close(case, reason=reason, comment="终止", by=city.actor("dispatcher"), at=MONDAY + taken_back)
    count()
    rates = (Measure.HANDLING_DUE, Measure.STILL_RUNNING, Measure.RESPONDED_IN_TIME, Measure.EXCLUDED_DUE,
             Measure.EXCLUDED_RESPONDED)  # fmt: skip
    found = UnitDay.objects.filter(measure__in=rates).values_list("measure", "count")
    assert dict(found) == counted


def test_an_early_answer_waits_for_its_due_date_like_all_others(city: City) -> None:
    for _ in range(5):
        closed(city)
        operations.withdraw(routed(city), by=CITIZEN, at=MONDAY + DAY)
    assert "urban" not in count(today=DUE)
    reading = count(today=DUE + DAY)["urban"].readings["response_rate"]
    assert (reading.denominator, reading.excluded) == (5, 5)


def test_a_rating_comes_through_a_known_channel(city: City) -> None:
    with pytest.raises(NotValid, match="channel_unknown"):
        operations.rate(closed(city), level="satisfied", channel="rumour", occasion=1, by=CITIZEN, at=MONDAY + DAY)


def test_a_return_that_is_upheld_leaves_the_first_unit_free(city: City) -> None:
    case = routed(city)
    operations.return_(
        case,
        reason="not_our_duty",
        legal_basis="第三条",
        comment="非本单位职责",
        by=city.actor("handler"),
        at=MONDAY + 2 * HOUR,
    )
    operations.arbitrate(
        case, upheld=True, reason="属实", unit=city.unit("housing"), by=city.actor("dispatcher"), at=MONDAY + 3 * HOUR
    )
    count()
    rows = set(UnitDay.objects.values_list("unit__code", "measure", "count"))
    assert rows == {
        ("urban", "routed", 1), ("urban", "returned", 1), ("urban", "accepted_in_time", 1),
        ("housing", "routed", 1), ("housing", "still_running", 1),
    }  # fmt: skip


def test_ratings_of_a_system_do_not_count_and_the_last_counts_before_earlier_ones(city: City) -> None:
    case = closed(city)
    for level, channel in (("very_satisfied", "system_default"), ("dissatisfied", "web")):
        operations.rate(case, level=level, channel=channel, occasion=1, by=CITIZEN, at=MONDAY + 6 * HOUR)
    count()
    assert days_of("rated_dissatisfied") == {date(2026, 6, 1): 1}
    operations.redo(case, why="unsolved", by=city.actor("caller"), at=MONDAY + DAY)
    operations.answer(case, answer="再次处理", by=city.actor("handler"), at=MONDAY + 2 * DAY)
    operations.review(case, passed=True, by=city.actor("dispatcher"), at=MONDAY + 2 * DAY + HOUR)
    operations.rate(case, level="satisfied", channel="mobile", occasion=2, by=CITIZEN, at=MONDAY + 3 * DAY)
    count()
    assert days_of("rated_satisfied") == {date(2026, 6, 4): 1}
    assert days_of("rated_dissatisfied") == days_of("rated_very_satisfied") == {}


# ---------------------------------------------------------------- what is shown


def put(city: City, unit: str, day: date = DUE, **counts: int) -> None:
    rows = [UnitDay(unit_id=city.unit(unit), day=day, measure=name, count=number) for name, number in counts.items()]
    UnitDay.objects.bulk_create(rows)


@pytest.mark.parametrize(
    ("due", "certainty", "percent"),
    [(0, "no_data", None), (4, "suppressed", None), (5, "uncertain", Decimal("80.0")),
     (29, "uncertain", Decimal("96.6")), (30, "sure", Decimal("96.7"))],
)  # fmt: skip
def test_small_numbers_are_guarded(city: City, due: int, certainty: str, percent: Decimal | None) -> None:
    if due:
        put(city, "urban", handling_due=due, responded_in_time=due - 1)
    found = queries.barometer(start=JUNE[0], end=JUNE[1], today=JUNE[1])
    whole = found.whole.readings["response_rate"]
    assert (whole.certainty, whole.percent) == (certainty, percent)
    assert (whole.denominator is None) == (percent is None)
    assert [unit.head.code for unit in found.units] == (["urban"] if due else [])


@pytest.mark.parametrize(
    ("good", "weather", "band"),
    [(100, "sun", "excellent"), (90, "sun", "excellent"), (89, "partly", "good"), (70, "cloud", "fair"),
     (60, "rain", "weak"), (59, "heavy", "poor"), (0, "heavy", "poor")],
)  # fmt: skip
def test_points_make_the_weather(city: City, good: int, weather: str, band: str) -> None:
    bad = 100 - good
    put(city, "urban", handling_due=100, responded_in_time=good, solved_yes=good, solved_no=bad,
        said_satisfied=good, said_dissatisfied=bad)  # fmt: skip
    unit = queries.barometer(start=JUNE[0], end=JUNE[1], today=JUNE[1]).units[0]
    assert (unit.points, unit.weather, unit.band) == (good, weather, band)


def test_what_is_too_little_to_be_shown_gives_its_weight_to_no_other_rate(city: City) -> None:
    put(city, "urban", handling_due=5, responded_in_time=5, said_dissatisfied=4)
    unit = queries.barometer(start=JUNE[0], end=JUNE[1], today=JUNE[1]).units[0]
    assert (unit.points, unit.weather, unit.readings["response_rate"].percent) == (None, "none", 100)
    assert wording.sentence(unit) == gettext("Not shown: too few cases")


def test_the_city_counts_where_it_has_cases_and_is_not_missed_where_it_has_none(city: City) -> None:
    office = next(info for info in people.units().values() if info.kind == "city")
    put(city, "urban", handling_due=10)
    found = queries.barometer(start=JUNE[0], end=JUNE[1], today=JUNE[1])
    assert [unit.head.code for unit in found.units] == ["urban"]
    assert office.name not in found.silent
    UnitDay.objects.create(unit_id=office.id, day=DUE, measure="handling_due", count=10)
    found = queries.barometer(start=JUNE[0], end=JUNE[1], today=JUNE[1])
    assert [unit.head.code for unit in found.units] == [office.code, "urban"]
    assert found.whole.readings["response_rate"].denominator == 20


def test_partly_solved_counts_half_and_the_range_is_shown(city: City) -> None:
    put(city, "urban", solved_yes=40, solved_partly=40, solved_no=20)
    reading = queries.barometer(start=JUNE[0], end=JUNE[1], today=JUNE[1]).units[0].readings["resolution_rate"]
    assert (reading.numerator, reading.denominator, reading.percent) == (60, 100, Decimal("60.0"))
    assert reading.low is not None
    assert reading.high is not None
    assert reading.low < 60 < reading.high


def test_a_unit_is_read_with_all_below_it_and_the_days_are_inclusive(city: City) -> None:
    put(city, "willow", JUNE[0], handling_due=10, responded_in_time=5)
    put(city, "willow", JUNE[1], handling_due=10, responded_in_time=5)
    put(city, "willow", JUNE[1] + DAY, handling_due=10)
    put(city, "urban", handling_due=10)
    found = queries.barometer(start=JUNE[0], end=JUNE[1], today=JUNE[1] + DAY, unit="east")
    assert found.whole.readings["response_rate"].denominator == 20
    assert [unit.head.code for unit in found.units] == ["willow"]


@pytest.mark.parametrize(
    ("start", "end", "unit", "code"),
    [(date(2026, 6, 2), date(2026, 6, 1), "", "from_after_to"),
     (date(2024, 1, 1), date(2026, 6, 1), "", "span_too_long"),
     (*JUNE, "nowhere", "unit_unknown")],
)  # fmt: skip
def test_senseless_questions_are_refused(city: City, start: date, end: date, unit: str, code: str) -> None:
    with pytest.raises(NotValid, match=code):
        queries.barometer(start=start, end=end, today=end, unit=unit)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [("2026-02", date(2026, 2, 1), date(2026, 2, 28)), ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
     ("2026-12", date(2026, 12, 1), date(2026, 12, 31))],
)  # fmt: skip
def test_a_month_has_its_days(text: str, start: date, end: date) -> None:
    assert periods.month(text) == periods.Period(text, start, end)


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-1", "0000-01", "last", "2026-06-01"])
def test_what_is_no_month_is_refused_or_means_the_last_30_days(text: str) -> None:
    with pytest.raises(NotValid, match="month_not_valid"):
        periods.month(text)
    assert periods.chosen(text, date(2026, 6, 30)) == periods.Period("last30", date(2026, 6, 1), date(2026, 6, 30))
