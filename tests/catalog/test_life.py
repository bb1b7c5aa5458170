"""Items are added, followed by new guides, reviewed, suspended and withdrawn; nothing is edited after the fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from qingyu.catalog import operations, queries
from qingyu.catalog.models import Form, FormVersion, Item, ItemStep, ItemVersion, Material
from qingyu.catalog.operations import MaterialDraft
from qingyu.catalog.operations.drafts import draft_of
from qingyu.catalog.queries import Asked
from qingyu.rules.hours import Limit, Unit
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid
from tests.catalog.samples import FIELDS, GUIDE, PAPERS, added, draft
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = date(2026, 6, 1)


def on(days: int, code: str = "birth-card") -> queries.Guide:
    return queries.guide(code, day=TODAY + days * DAY)


def found(words: str, days: int = 0, **more: Any) -> list[str]:
    return [one.code for one in queries.found_for(Asked(words, **more), day=TODAY + days * DAY)]


def test_an_item_stands_as_it_was_written(city: City) -> None:
    added(city, by=city.viewer("handler"))
    guide = on(0)
    assert guide.offered
    assert draft_of(guide.version, list(guide.materials)) == GUIDE
    assert [paper.name for paper in guide.materials] == ["出生医学证明", "母亲身份证", "户口簿"]
    assert queries.promised(guide.version) == Limit(5, Unit.WORKING_DAY)
    assert queries.legal(guide.version) == Limit(15, Unit.WORKING_DAY)
    assert guide.item.review_due_on == date(2027, 6, 1)


def test_what_is_done_while_the_person_waits_has_no_limit(city: City) -> None:
    added(city, promised_days=0, promised_day_kind="working", legal_days=None, legal_day_kind="")
    assert (queries.promised(on(0).version), queries.legal(on(0).version)) == (None, None)


def test_an_item_is_not_there_before_its_first_day(city: City) -> None:
    operations.add(draft(city), by=None, at=MONDAY, valid_from=TODAY + 3 * DAY)
    with pytest.raises(queries.NoSuchItem):
        on(2)
    assert on(3).offered
    assert (found("出生", 2), found("出生", 3)) == ([], ["birth-card"])


def test_a_new_guide_takes_over_on_its_first_day_and_the_old_one_stays_as_it_was(city: City) -> None:
    item = added(city)
    operations.new_version(
        item, replace(GUIDE, promised_days=3, name="新生儿联办"), by=city.viewer("handler"), at=MONDAY,
        valid_from=TODAY + 7 * DAY,
    )  # fmt: skip
    assert [on(days).version.promised_days for days in (0, 6, 7, 99)] == [5, 5, 3, 3]
    assert on(6).version.name == "出生一件事联办"
    assert (found("新生儿", 6), found("新生儿", 7)) == ([], ["birth-card"])


def test_a_planned_guide_gives_way_to_one_that_begins_no_later(city: City) -> None:
    item, by = added(city), city.viewer("handler")
    for first, days in ((7, 4), (5, 3)):
        changed = replace(GUIDE, promised_days=days)
        operations.new_version(item, changed, by=by, at=MONDAY, valid_from=TODAY + first * DAY)
    assert [on(days).version.promised_days for days in (4, 5, 7, 30)] == [5, 3, 3, 3]


def test_no_guide_begins_before_today_or_before_one_that_holds(city: City) -> None:
    item = added(city)
    with pytest.raises(NotValid, match="starts_in_past"):
        operations.new_version(item, GUIDE, by=city.viewer("handler"), at=MONDAY, valid_from=TODAY - DAY)
    with pytest.raises(NotValid, match="day_before_version"):
        operations.new_version(item, GUIDE, by=None, at=MONDAY, valid_from=TODAY - DAY)


def test_who_saw_an_older_state_is_told(city: City) -> None:
    item = added(city)
    seen = item.steps_taken
    operations.review(item, by=city.viewer("handler"), at=MONDAY, seen=seen)
    with pytest.raises(NotAllowed, match="row_changed_meanwhile"):
        operations.new_version(item, GUIDE, by=city.viewer("handler"), at=MONDAY, seen=seen)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "name_missing"),
        ({"name": "长" * 201}, "text_too_long"),
        ({"conditions": "x" * 10_001}, "text_too_long"),
        ({"conditions": "\ud800"}, "text_not_unicode"),
        ({"legal_days": -1}, "days_out_of_range"),
        ({"promised_days": 4000}, "days_out_of_range"),
        ({"promised_day_kind": "monday"}, "limit_kind_missing"),
        ({"promised_day_kind": ""}, "limit_kind_missing"),
        ({"promised_days": 16}, "promised_over_legal"),
        ({"visits": 21}, "visits_out_of_range"),
        ({"materials": (MaterialDraft(" "),)}, "material_name_missing"),
        ({"materials": (MaterialDraft("户口簿"), MaterialDraft("户口簿 "))}, "material_twice"),
        ({"materials": (MaterialDraft("a", code="x"), MaterialDraft("b", code="x"))}, "material_twice"),
        ({"materials": (MaterialDraft("a", kind="paper"),)}, "field_not_valid"),
        ({"materials": (MaterialDraft("a"),) * 101}, "too_many_materials"),
        ({"code": "出生"}, "code_not_valid_for_item"),
        ({"code": "a" * 51}, "code_not_valid_for_item"),
        ({"kind": "99"}, "kind_of_item_unknown"),
        ({"subject": "cat"}, "subject_unknown"),
    ],
)
def test_what_is_not_right_is_refused_and_leaves_nothing(city: City, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(NotValid) as refusal:
        added(city, by=city.viewer("handler"), **changes)
    assert refusal.value.code == code
    assert not Item.objects.exists()


def test_owner_and_deputy_are_two_people_of_the_unit(city: City) -> None:
    handler, other = city.staff["handler"].pk, city.staff["housing_handler"].pk
    for owner, deputy, code in ((handler, handler, "same_person_twice"), (other, None, "person_of_other_unit")):
        with pytest.raises(NotValid, match=code):
            added(city, owner=owner, deputy=deputy)
    item = added(city, owner=None, deputy=None)
    operations.assign(item, owner=handler, deputy=None, by=city.viewer("supervisor"), at=MONDAY)
    assert on(0).item.owner_id == handler


@pytest.mark.parametrize("who", ["housing_handler", "supervisor", "mayor", "caller", "clerk"])
def test_only_the_own_unit_writes_guides(city: City, who: str) -> None:
    item = added(city)
    with pytest.raises(NotPermitted):
        operations.new_version(item, GUIDE, by=city.viewer(who), at=MONDAY)
    with pytest.raises(NotPermitted):
        operations.declare_form(item, FIELDS, by=city.viewer(who), at=MONDAY)
    with pytest.raises(NotPermitted):
        added(city, "other", by=city.viewer(who))


@pytest.mark.parametrize("who", ["handler", "housing_handler", "mayor"])
def test_only_a_reviewer_withdraws(city: City, who: str) -> None:
    with pytest.raises(NotPermitted):
        operations.withdraw(added(city), reason="取消", by=city.viewer(who), at=MONDAY)


def test_a_suspended_item_is_shown_but_not_offered_until_it_is_over(city: City) -> None:
    item, by = added(city), city.viewer("handler")
    operations.suspend(item, reason="系统升级", until=TODAY + 5 * DAY, by=by, at=MONDAY)
    assert [on(days).state for days in (0, 5, 6)] == ["suspended", "suspended", "in_force"]
    assert found("出生") == ["birth-card"]
    operations.resume(item, by=by, at=MONDAY)
    assert on(0).offered
    with pytest.raises(NotAllowed, match="item_not_suspended"):
        operations.resume(item, by=by, at=MONDAY)


def test_a_withdrawn_item_is_found_no_more_and_takes_no_change(city: City) -> None:
    item, by = added(city), city.viewer("supervisor")
    operations.withdraw(item, reason="法规修订", on=TODAY + 10 * DAY, by=by, at=MONDAY)
    assert [on(days).state for days in (9, 10)] == ["in_force", "withdrawn"]
    assert (found("出生", 9), found("出生", 10)) == (["birth-card"], [])
    later = MONDAY + 10 * DAY
    for act in (operations.withdraw, operations.suspend):
        with pytest.raises(NotAllowed, match="item_withdrawn"):
            act(item, reason="又来", by=by, at=later)


@pytest.mark.parametrize("act", [operations.suspend, operations.withdraw])
def test_no_state_changes_without_a_reason(city: City, act: Any) -> None:
    with pytest.raises(NotValid, match="reason_missing"):
        act(added(city), reason=" ", by=city.viewer("supervisor"), at=MONDAY)


def test_a_review_counts_for_a_year_and_a_late_one_is_counted(city: City) -> None:
    item = added(city, review_due_on=TODAY - DAY)
    added(city, "second", name="另一件事")
    assert [one.code for one in queries.stale(day=TODAY)] == ["birth-card"]
    assert queries.stale_counts(day=TODAY) == {city.unit("urban"): 1}
    operations.review(item, by=city.viewer("handler"), at=MONDAY)
    assert (on(0).item.reviewed_on, on(0).item.review_due_on) == (TODAY, date(2027, 6, 1))
    assert queries.stale_counts(day=TODAY) == {}


def test_who_began_a_form_ends_with_that_version(city: City) -> None:
    item, by = added(city), city.viewer("handler")
    first = operations.declare_form(item, FIELDS, by=by, at=MONDAY)
    operations.declare_form(item, FIELDS[:1], by=by, at=MONDAY, valid_from=TODAY + 3 * DAY)
    kept = [queries.form_for(item, day=TODAY + days * DAY) for days in (0, 2, 3)]
    assert [(one.number, len(one.fields)) for one in kept if one] == [(1, 3), (1, 3), (2, 1)]
    assert FormVersion.objects.get(pk=first.pk).fields == FIELDS
    assert Form.objects.get().name == "出生一件事联办"


def test_a_form_that_is_not_right_is_not_stored(city: City) -> None:
    item = added(city)
    with pytest.raises(NotValid, match="form_empty"):
        operations.declare_form(item, [], by=city.viewer("handler"), at=MONDAY)
    other = added(city, "other", name="另一件事")
    operations.declare_form(item, FIELDS, by=None, at=MONDAY)
    with pytest.raises(NotAllowed, match="form_code_taken"):
        operations.declare_form(other, FIELDS, code="birth-card", by=None, at=MONDAY)


@pytest.mark.parametrize("model", [ItemVersion, Material, FormVersion, ItemStep])
def test_the_database_itself_refuses_an_edit(city: City, model: Any) -> None:
    item = added(city)
    operations.declare_form(item, FIELDS, by=None, at=MONDAY)
    row = model.objects.first()
    column = {"ItemVersion": "fee", "Material": "name", "FormVersion": "fields", "ItemStep": "reason"}[model.__name__]
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{column: "篡改"})


def test_papers_of_a_version_are_its_own(city: City) -> None:
    item = added(city)
    operations.new_version(item, replace(GUIDE, materials=PAPERS[:1]), by=city.viewer("handler"), at=MONDAY)
    assert [len(queries.materials_of(version)) for version in queries.versions_of(item)] == [1, 3]
