"""Answers are written, reviewed, followed by new versions and taken out; questions nobody could answer get one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from qingyu.knowledge import operations, queries
from qingyu.knowledge.models import Answer, AnswerVersion, Helped, StaleCount, Unanswered
from qingyu.knowledge.operations import Draft
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = date(2026, 6, 1)
NOISE = Draft("夜间施工噪声谁来管", "夜间二十二时至次日六时禁止产生噪声的建筑施工。请告诉我们工地位置。")


def written(city: City, draft: Draft = NOISE, code: str = "", topic: str = "city.noise.night") -> Answer:
    return operations.write(
        draft, unit=city.unit("urban"), topic=topic, code=code, by=city.viewer("handler"), at=MONDAY
    )


def in_force(city: City, draft: Draft = NOISE, code: str = "", topic: str = "city.noise.night") -> Answer:
    answer = written(city, draft, code, topic)
    return operations.put_in_force(answer, by=city.viewer("supervisor"), at=MONDAY)


def codes(question: str, day: date = TODAY) -> list[str]:
    return [found.code for found in queries.found_for(question, day=day)]


def test_nobody_is_shown_a_draft(city: City) -> None:
    answer = written(city, code="noise")
    assert codes("夜间施工噪声") == []
    operations.put_in_force(answer, by=city.viewer("supervisor"), at=MONDAY)
    assert codes("夜间施工噪声") == ["noise"]
    assert queries.shown("noise", day=TODAY).unit == "城市管理局"


@pytest.mark.parametrize("who", ["caller", "mayor", "housing_handler", "supervisor", "dispatcher"])
def test_only_the_own_unit_writes(city: City, who: str) -> None:
    with pytest.raises(NotPermitted):
        operations.write(NOISE, unit=city.unit("urban"), by=city.viewer(who), at=MONDAY)


@pytest.mark.parametrize("who", ["handler", "agent", "caller"])
def test_only_a_reviewer_puts_in_force(city: City, who: str) -> None:
    with pytest.raises(NotPermitted):
        operations.put_in_force(written(city), by=city.viewer(who), at=MONDAY)


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (Draft(" ", "x"), "title_missing"),
        (Draft("x", " "), "text_missing"),
        (Draft("x" * 121, "x"), "text_too_long"),
        (Draft("x", "x" * 10_001), "text_too_long"),
        (Draft("x", "\ud800"), "text_not_unicode"),
        (Draft("x", "x", TODAY, TODAY - DAY), "expires_before_effective"),
    ],
)
def test_a_draft_that_is_not_right_is_refused(city: City, draft: Draft, code: str) -> None:
    with pytest.raises(NotValid) as refusal:
        written(city, draft)
    assert refusal.value.code == code
    assert not Answer.objects.exists()


def test_a_new_version_takes_over_on_its_first_day(city: City) -> None:
    answer = in_force(city, code="noise")
    draft = Draft("夜间施工噪声", "新的规定。", TODAY + 10 * DAY)
    operations.new_version(answer, draft, by=city.viewer("handler"), at=MONDAY)
    assert queries.shown("noise", day=TODAY + 20 * DAY).text == NOISE.text  # not reviewed yet
    operations.put_in_force(answer, by=city.viewer("dispatcher"), at=MONDAY)
    assert queries.shown("noise", day=TODAY + 9 * DAY).text == NOISE.text
    assert queries.shown("noise", day=TODAY + 10 * DAY).text == "新的规定。"


def test_an_expired_version_is_never_shown_and_is_listed_for_its_owner(city: City) -> None:
    in_force(city, Draft("临时停水安排", "停水三天。", None, TODAY + 2 * DAY), code="water")
    assert codes("临时停水", TODAY + 2 * DAY) == ["water"]
    assert codes("临时停水", TODAY + 3 * DAY) == []
    with pytest.raises(queries.NoSuchAnswer):
        queries.shown("water", day=TODAY + 3 * DAY)
    mine = queries.stale_on_desk(city.viewer("handler"), day=TODAY + 3 * DAY)
    assert [(one.code, one.why) for one in mine] == [("water", "expired")]
    assert queries.stale_on_desk(city.viewer("housing_handler"), day=TODAY + 3 * DAY) == []


@pytest.mark.parametrize(
    ("expires", "review", "day", "why"),
    [
        (None, None, 0, []),
        (30, None, 0, ["expiring"]),
        (31, None, 0, []),
        (None, 5, 5, []),
        (None, 5, 6, ["past_review"]),
        (3, 2, 4, ["expired"]),
    ],
)
def test_what_needs_its_owner(city: City, expires: int | None, review: int | None, day: int, why: list[str]) -> None:
    draft = Draft("标题", "正文", None, TODAY + expires * DAY if expires else None)
    answer = operations.write(
        draft, unit=city.unit("urban"), by=None, at=MONDAY, review_on=TODAY + review * DAY if review else None
    )
    operations.put_in_force(answer, by=None, at=MONDAY)
    assert [one.why for one in queries.stale(day=TODAY + day * DAY)] == why


def test_the_task_writes_down_what_is_stale_once_a_day(city: City) -> None:
    in_force(city, Draft("临时停水安排", "停水三天。", None, TODAY + 2 * DAY))
    in_force(city)
    assert operations.count_stale(at=MONDAY) == 1
    assert operations.count_stale(at=MONDAY) == 1
    row = StaleCount.objects.get()
    assert (row.day, row.in_force, row.expiring, row.expired, row.past_review) == (TODAY, 2, 1, 0, 0)


def test_what_is_taken_out_is_not_found_and_may_come_back(city: City) -> None:
    answer = in_force(city, code="noise")
    operations.withdraw(answer, reason="文件废止", by=city.viewer("handler"), at=MONDAY)
    assert codes("夜间施工噪声") == []
    with pytest.raises(NotAllowed, match="withdrawn_already"):
        operations.withdraw(answer, reason="再次", by=city.viewer("handler"), at=MONDAY)
    operations.new_version(answer, Draft("夜间施工", "新文件。"), by=city.viewer("handler"), at=MONDAY)
    assert codes("夜间施工") == []
    operations.put_in_force(answer, by=city.viewer("supervisor"), at=MONDAY)
    assert queries.shown("noise", day=TODAY).text == "新文件。"


def test_a_version_sent_back_waits_no_more(city: City) -> None:
    answer = written(city)
    operations.send_back(answer, reason="请写明依据", by=city.viewer("supervisor"), at=MONDAY)
    with pytest.raises(NotAllowed, match="nothing_to_review"):
        operations.put_in_force(answer, by=city.viewer("supervisor"), at=MONDAY)
    assert queries.counts(city.viewer("handler"), day=TODAY)["drafts"] == 1


def test_a_stale_form_changes_nothing(city: City) -> None:
    answer = written(city)
    seen = answer.steps_taken
    operations.put_in_force(answer, seen=seen, by=city.viewer("supervisor"), at=MONDAY)
    with pytest.raises(NotAllowed, match="row_changed_meanwhile"):
        operations.withdraw(answer, reason="x", seen=seen, by=city.viewer("supervisor"), at=MONDAY)


def test_versions_cannot_be_changed_in_the_database(city: City) -> None:
    written(city)
    with pytest.raises(DatabaseError), transaction.atomic():
        AnswerVersion.objects.update(text="别的话")


# Questions -----------------------------------------------------------------------------------------------------


def test_a_question_goes_to_the_unit_of_its_topic_without_a_phone(city: City) -> None:
    asked = operations.ask("电梯年检多久一次？请打13800138000", topic="house.lift", at=MONDAY)
    assert asked.unit_id == city.unit("housing")
    assert "13800138000" not in asked.text
    assert asked.due_at.date() == date(2026, 6, 4)  # three working days


def test_without_a_topic_the_centre_has_it(city: City) -> None:
    assert operations.ask("无人机可以飞吗", at=MONDAY).unit_id == city.unit("centre")


def test_the_same_question_counts_on_the_open_one(city: City) -> None:
    first = operations.ask("无人机可以飞吗", at=MONDAY)
    again = operations.ask("请问无人机可以飞吗？", at=MONDAY + DAY)
    assert (again.pk, again.asked, again.due_at) == (first.pk, 2, first.due_at)


@pytest.mark.parametrize(("days", "in_time"), [(1, True), (10, False)])
def test_a_reply_becomes_an_answer_after_its_review(city: City, days: int, in_time: bool) -> None:
    asked = operations.ask("夜市几点收摊", topic="city", at=MONDAY)
    later = MONDAY + days * DAY
    answer = operations.reply(asked, Draft("夜市收摊时间", "二十三点。"), by=city.viewer("handler"), at=later)
    asked.refresh_from_db()
    assert (asked.state, asked.in_time, asked.answer) == ("answered", in_time, answer)
    assert codes("夜市几点收摊", TODAY + days * DAY) == []
    operations.put_in_force(answer, by=city.viewer("supervisor"), at=later)
    assert codes("夜市几点收摊", TODAY + days * DAY) == [answer.code]
    with pytest.raises(NotAllowed, match="question_answered"):
        operations.reply(asked, Draft("x", "x"), by=city.viewer("handler"), at=later)


def test_a_question_is_given_on_and_keeps_its_date(city: City) -> None:
    asked = operations.ask("夜市几点收摊", at=MONDAY)
    given = operations.give(asked, unit=city.unit("urban"), by=city.viewer("dispatcher"), at=MONDAY + DAY)
    assert (given.unit_id, given.due_at) == (city.unit("urban"), asked.due_at)
    with pytest.raises(NotPermitted):
        operations.reply(given, Draft("x", "x"), by=city.viewer("agent"), at=MONDAY)
    assert [q.pk for q in queries.questions_on_desk(city.viewer("handler"))] == [asked.pk]


def test_helped_is_counted_by_day(city: City) -> None:
    in_force(city)
    version = AnswerVersion.objects.get()
    for yes in (True, True, False):
        operations.say_helped(version, yes=yes, at=MONDAY)
    assert list(Helped.objects.values_list("day", "yes", "no")) == [(TODAY, 2, 1)]
    assert Unanswered.objects.count() == 0
