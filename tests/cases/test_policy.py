"""One policy decides lists and single records: for every role over every life, both say the same."""

from __future__ import annotations

import pytest

from qingyu.cases import actors, operations, policy, queries, standing
from qingyu.cases.models import Case, CaseEvent
from qingyu.rules.lifecycle import Kind
from qingyu.rules.refusals import NotPermitted
from tests.lives import live
from tests.people import City

pytestmark = pytest.mark.django_db


def test_list_and_record_agree_for_every_member_of_staff(city: City) -> None:
    cases = [live(city, seed, steps=5) for seed in range(40)]
    for name in city.staff:
        viewer = city.viewer(name)
        listed = set(Case.objects.filter(policy.visible(viewer)).values_list("pk", flat=True))
        read = {case.pk for case in cases if policy.may_read(viewer, case)}
        assert listed == read, name


def test_reports_are_seen_by_the_centre_and_the_unit_that_handles_them_alone(city: City) -> None:
    filing = operations.Filing(text="有人收钱办事", channel="web", type="report")
    case = operations.open_case(filing, by=actors.CITIZEN, at=live(city, 3).opened_at).case
    operations.route(case, unit=city.unit("urban"), by=city.actor("dispatcher"), at=case.opened_at)
    allowed = {name for name in city.staff if policy.may_read(city.viewer(name), case)}
    assert allowed == {"dispatcher", "supervisor", "handler", "second_handler", "clerk"}


def test_what_a_person_may_do_is_what_the_log_lets_them_do(city: City) -> None:
    case = live(city, 7, steps=0)
    for name in city.staff:
        if Kind.ROUTED in policy.actions(city.viewer(name), case, standing.state_of(case)):
            continue
        with pytest.raises(NotPermitted):
            operations.route(case, unit=city.unit("urban"), by=city.actor(name), at=case.opened_at)
    assert CaseEvent.objects.filter(case=case).count() == 1


def test_a_citizen_can_do_nothing_but_what_is_theirs(city: City) -> None:
    case = live(city, 7, steps=0)
    with pytest.raises(NotPermitted):
        operations.route(case, unit=city.unit("urban"), by=actors.CITIZEN, at=case.opened_at)


def test_existence_is_not_told_to_who_may_not_see(city: City) -> None:
    case = live(city, 7, steps=0)
    with pytest.raises(queries.NoSuchCase):
        queries.case_for(city.viewer("willow_handler"), case.number)


def test_a_wrong_code_and_a_wrong_number_say_the_same(city: City) -> None:
    case = live(city, 7, steps=0)
    codes = []
    for number, code in [(case.number, "AAAA2222"), ("26060112345678", "AAAA2222"), ("nonsense", "")]:
        with pytest.raises(NotPermitted) as refusal:
            queries.case_of_citizen(number, code)
        codes.append(refusal.value.code)
    assert codes == ["code_wrong"] * 3
