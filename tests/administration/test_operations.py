"""Administrative acts: who may, what is refused, what is written down; and what a deputy sees and does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from qingyu.cases import actors
from qingyu.cases import operations as cases
from qingyu.cases import policy as case_policy
from qingyu.cases.models import Case
from qingyu.cases.operations import Filing, Person
from qingyu.people import operations, policy, queries
from qingyu.people.models import AdminChange, Deputy, Role, Staff, Unit
from qingyu.people.operations import roles
from qingyu.rules.refusals import NotPermitted, Refusal
from tests.people import City

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)  # 12:00 in the city
TODAY = date(2026, 6, 1)
DAY = timedelta(days=1)
Act = Callable[[City, Staff], Any]


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.code


def case_in_hand(city: City) -> Case:
    """A case that the handler of the urban bureau has accepted."""
    filing = Filing(
        type="help",
        channel="phone",
        text="夜里施工很吵",
        title="噪声",
        topic="city.noise",
        person=Person(phone="13800000000"),
    )
    case = cases.open_case(filing, by=city.actor("agent"), at=NOON).case
    cases.route(case, unit=city.unit("urban"), by=city.actor("dispatcher"), at=NOON)
    cases.accept(case, by=city.actor("handler"), at=NOON)
    return case


# ---------------------------------------------------------------- who may

ACTS: dict[str, Act] = {
    "hire": lambda c, by: operations.hire(username="new", name="新", unit=c.units["urban"], roles=[], by=by, at=NOON),
    "set_roles": lambda c, by: operations.set_roles(c.staff["handler"], roles=["caller"], by=by, at=NOON),
    "reset": lambda c, by: operations.reset_password(c.staff["handler"], by=by, at=NOON, reason="忘记"),
    "change_password": lambda c, by: operations.change_password(c.staff["handler"], password="x", by=by, at=NOON),
    "move": lambda c, by: operations.move(c.staff["handler"], unit=c.units["east"], by=by, at=NOON, reason="调动"),
    "leave": lambda c, by: operations.leave(c.staff["handler"], by=by, at=NOON, reason="离职"),
    "deputy": lambda c, by: operations.name_deputy(
        c.staff["handler"], deputy=c.staff["clerk"], starts=TODAY, ends=TODAY, by=by, at=NOON, reason="休假"
    ),
    "unit": lambda c, by: operations.place_unit(
        code="u", name="新", short="", kind="street", parent=None, by=by, at=NOON
    ),
    "close_unit": lambda c, by: operations.close_unit(c.units["empty"], by=by, at=NOON, reason="撤并"),
    "role": lambda c, by: operations.change_role(
        Role.objects.get(code="guide"), scope="own", codes=[], by=by, at=NOON, reason="调整"
    ),
    "add_role": lambda c, by: operations.add_role(code="r", name="新", scope="own", codes=[], by=by, at=NOON),
    "year": lambda c, by: operations.publish_year(
        c.units["urban"].calendar, year=2027, days={}, source="通知", by=by, at=NOON
    ),
}


@pytest.mark.parametrize("who", ["second_handler", "supervisor", "mayor"])
def test_an_act_asks_for_the_right_itself(city: City, who: str) -> None:
    before = AdminChange.objects.count()
    for act in ACTS.values():
        with pytest.raises(NotPermitted):
            act(city, city.staff[who])
    assert AdminChange.objects.count() == before


@pytest.mark.parametrize("name", [name for name in ACTS if name != "change_password"])
def test_the_administrator_may_and_it_is_written_down(city: City, name: str) -> None:
    ACTS[name](city, city.staff["administrator"])
    change = AdminChange.objects.latest("id")
    assert (change.by, change.at) == (city.staff["administrator"], NOON)


def test_an_administrator_who_left_may_nothing(city: City) -> None:
    by = city.staff["administrator"]
    by.is_active = False
    with pytest.raises(NotPermitted):
        ACTS["leave"](city, by)


# ---------------------------------------------------------------- what is refused

REFUSED: dict[str, tuple[Act, str]] = {
    "a name that is taken": (
        lambda c, by: operations.hire(username="clerk", name="x", unit=c.units["urban"], roles=[], by=by, at=NOON),
        "username_taken",
    ),
    "a role that is not there": (
        lambda c, by: operations.set_roles(c.staff["clerk"], roles=["x"], by=by, at=NOON),
        "role_unknown",
    ),
    "leaving without a reason": (
        lambda c, by: operations.leave(c.staff["clerk"], by=by, at=NOON, reason=" "),
        "reason_missing",
    ),
    "a reset without a reason": (
        lambda c, by: operations.reset_password(c.staff["clerk"], by=by, at=NOON, reason=""),
        "reason_missing",
    ),
    "the last administrator leaves": (
        lambda c, by: operations.leave(c.staff["administrator"], by=by, at=NOON, reason="x"),
        "last_administrator",
    ),
    "the last administrator gets other roles": (
        lambda c, by: operations.set_roles(c.staff["administrator"], roles=["mayor"], by=by, at=NOON),
        "last_administrator",
    ),
    "the role of the last administrator loses the right": (
        lambda c, by: operations.change_role(
            Role.objects.get(code="administrator"), scope="all", codes=["routes.manage"], by=by, at=NOON, reason="x"
        ),
        "last_administrator",
    ),
    "an unknown right": (
        lambda c, by: operations.change_role(
            Role.objects.get(code="guide"), scope="own", codes=["everything"], by=by, at=NOON, reason="x"
        ),
        "permission_unknown",
    ),
    "a role twice": (
        lambda c, by: operations.add_role(code="guide", name="x", scope="own", codes=[], by=by, at=NOON),
        "role_exists",
    ),
    "a unit under itself": (
        lambda c, by: operations.place_unit(
            code="east", name="x", short="", kind="district", parent=c.units["willow"], by=by, at=NOON
        ),
        "unit_under_itself",
    ),
    "a second centre": (
        lambda c, by: operations.place_unit(code="c2", name="x", short="", kind="centre", parent=None, by=by, at=NOON),
        "one_centre",
    ),
    "the centre closes": (
        lambda c, by: operations.close_unit(c.units["centre"], by=by, at=NOON, reason="x"),
        "unit_is_centre",
    ),
    "a unit with staff closes": (
        lambda c, by: operations.close_unit(c.units["urban"], by=by, at=NOON, reason="x"),
        "unit_has_staff",
    ),
    "a unit with units below closes": (
        lambda c, by: operations.close_unit(c.units["east"], by=by, at=NOON, reason="x"),
        "unit_has_units",
    ),
    "an open unit opens": (
        lambda c, by: operations.reopen_unit(c.units["urban"], by=by, at=NOON, reason="x"),
        "unit_is_open",
    ),
    "one's own deputy": (lambda c, by: named(c, by, deputy="handler"), "deputy_is_self"),
    "a deputy backwards": (lambda c, by: named(c, by, starts=TODAY, ends=TODAY - DAY), "ends_before_start"),
    "a deputy of the past": (lambda c, by: named(c, by, starts=TODAY - 9 * DAY, ends=TODAY - DAY), "ends_in_past"),
    "a deputy without reason": (lambda c, by: named(c, by, reason=""), "reason_missing"),
}


def named(city: City, by: Staff | None, *, deputy: str = "second_handler", **given: Any) -> None:
    values = {"starts": TODAY, "ends": TODAY + 2 * DAY, "reason": "年休假", **given}
    operations.name_deputy(city.staff["handler"], deputy=city.staff[deputy], by=by, at=NOON, **values)


@pytest.mark.parametrize("what", REFUSED)
def test_refused_with_its_code_and_nothing_changed(city: City, what: str) -> None:
    act, code = REFUSED[what]
    before = AdminChange.objects.count()
    assert code_of(lambda: act(city, city.staff["administrator"])) == code
    assert AdminChange.objects.count() == before
    assert roles.administrators() == 1


def test_with_a_second_administrator_the_first_may_go(city: City) -> None:
    operations.set_roles(city.staff["operator"], roles=["operator", "administrator"], by=None, at=NOON)
    operations.leave(city.staff["administrator"], by=city.staff["operator"], at=NOON, reason="退休")
    assert not Staff.objects.get(username="administrator").is_active


# ---------------------------------------------------------------- baskets, leavers, units that close


def test_a_leaver_hands_over_first(city: City) -> None:
    case, by = case_in_hand(city), city.staff["administrator"]
    leaver, colleague = city.staff["handler"], city.staff["second_handler"]
    assert code_of(lambda: operations.leave(leaver, by=by, at=NOON, reason="离职")) == "basket_not_empty"
    assert (
        code_of(lambda: operations.move(leaver, unit=city.units["east"], by=by, at=NOON, reason="x"))
        == "basket_not_empty"
    )
    given = cases.hand_over(leaver, to=colleague, by=city.actor("administrator"), at=NOON, reason="离职")
    case.refresh_from_db()
    assert (given, case.handler_id) == (1, colleague.pk)
    operations.leave(leaver, by=by, at=NOON, reason="离职")
    assert code_of(lambda: operations.leave(leaver, by=by, at=NOON, reason="离职")) == "staff_has_left"


def test_without_a_colleague_the_basket_goes_back_to_the_unit(city: City) -> None:
    case = case_in_hand(city)
    cases.hand_over(city.staff["handler"], to=None, by=city.actor("administrator"), at=NOON, reason="离职")
    case.refresh_from_db()
    assert (case.handler_id, case.owner_id) == (None, city.unit("urban"))
    operations.leave(city.staff["handler"], by=None, at=NOON, reason="离职")


def test_a_unit_with_open_cases_stays(city: City) -> None:
    filing = Filing(
        type="help",
        channel="phone",
        text="电梯坏了",
        title="电梯",
        topic="house.lift",
        person=Person(phone="13800000000"),
    )
    case = cases.open_case(filing, by=city.actor("agent"), at=NOON).case
    cases.route(case, unit=city.unit("empty"), by=city.actor("dispatcher"), at=NOON)
    assert (
        code_of(lambda: operations.close_unit(city.units["empty"], by=None, at=NOON, reason="撤并")) == "unit_has_cases"
    )


def test_a_closed_unit_takes_no_staff_and_no_units_and_opens_again(city: City) -> None:
    unit = city.units["empty"]
    operations.close_unit(unit, by=None, at=NOON, reason="撤并")
    hire = lambda: operations.hire(username="n", name="n", unit=unit, roles=[], by=None, at=NOON)  # noqa: E731
    below = lambda: operations.place_unit(code="b", name="b", short="", kind="street", parent=unit, by=None, at=NOON)  # noqa: E731
    assert [code_of(hire), code_of(below)] == ["unit_inactive", "unit_inactive"]
    operations.reopen_unit(unit, by=None, at=NOON, reason="恢复")
    hire()


def test_a_moved_unit_takes_all_below_with_it(city: City) -> None:
    operations.place_unit(
        code="east",
        name="东湖区",
        short="",
        kind="district",
        parent=city.units["urban"],
        by=None,
        at=NOON,
        reason="调整",
    )
    paths = {unit.code: unit.path for unit in Unit.objects.all()}
    assert paths["willow"].startswith(paths["east"])
    assert paths["east"].startswith(paths["urban"])
    change = AdminChange.objects.latest("id")
    assert (change.facts["before"]["parent"], change.facts["after"]["parent"]) == ("city", "urban")


def test_a_form_on_what_has_changed_meanwhile_is_refused(city: City) -> None:
    staff, subject = city.staff["clerk"], "staff:clerk"
    seen = operations.last_change(subject)
    operations.expect(staff, subject, seen=seen)
    operations.set_roles(staff, roles=["caller"], by=None, at=NOON)
    assert code_of(lambda: operations.expect(staff, subject, seen=seen)) == "row_changed_meanwhile"


def test_a_change_of_a_role_reaches_all_who_have_it(city: City) -> None:
    operations.change_role(
        Role.objects.get(code="handler"), scope="subtree", codes=["case.read"], by=None, at=NOON, reason="收紧"
    )
    rights = [Staff.objects.get(username=name).rights for name in ("handler", "second_handler", "willow_handler")]
    assert [(one["scope"], one["permissions"]) for one in rights] == [("subtree", ["case.read"])] * 3


# ---------------------------------------------------------------- deputies

ON = [
    (TODAY - DAY, False),
    (TODAY, True),
    (TODAY + 2 * DAY, True),
    (TODAY + 3 * DAY, False),
]


@pytest.mark.parametrize(("day", "stands_in"), ON)
def test_a_deputy_has_the_rights_in_these_days_and_no_longer(city: City, day: date, stands_in: bool) -> None:
    named(city, None, deputy="mayor")
    viewer = policy.viewer(city.staff["mayor"], on=day)
    assert viewer.may("case.handle") is stands_in
    assert (city.staff["handler"].pk in viewer.staff_ids) is stands_in


def test_a_right_never_holds_in_the_reach_of_another(city: City) -> None:
    """The mayor sees the whole city and handles nothing; as deputy they handle only what the absent one may."""
    named(city, None, deputy="mayor")
    mine = case_in_hand(city)
    filing = Filing(
        type="help",
        channel="phone",
        text="占道经营",
        title="占道",
        topic="city.street",
        person=Person(phone="13800000001"),
    )
    other = cases.open_case(filing, by=city.actor("agent"), at=NOON).case
    cases.route(other, unit=city.unit("willow"), by=city.actor("dispatcher"), at=NOON)
    viewer = policy.viewer(city.staff["mayor"], on=TODAY)
    kinds = case_policy.Kind
    assert case_policy.may(viewer, kinds.ANSWERED, mine)
    assert not case_policy.may(viewer, kinds.ACCEPTED, other)
    assert case_policy.may_read(viewer, other)
    assert case_policy.holds(viewer, "contact.view", mine)
    assert not case_policy.holds(viewer, "contact.view", other)


def test_a_deputy_of_another_unit_sees_and_answers_under_their_own_name(city: City) -> None:
    named(city, None, deputy="willow_handler")
    case = case_in_hand(city)
    viewer = policy.viewer(city.staff["willow_handler"], on=TODAY)
    assert set(Case.objects.filter(case_policy.visible(viewer))) == {case}
    cases.answer(case, answer="已经停工整改。", by=actors.staff(viewer), at=NOON + timedelta(hours=1))
    assert case.events.latest("seq").by_staff == city.staff["willow_handler"].pk


def test_list_and_record_agree_for_deputies(city: City) -> None:
    named(city, None, deputy="willow_handler")
    case_in_hand(city)
    for name, staff in city.staff.items():
        viewer = policy.viewer(staff, on=TODAY)
        listed = set(Case.objects.filter(case_policy.visible(viewer)))
        assert listed == {case for case in Case.objects.all() if case_policy.may_read(viewer, case)}, name


def test_nobody_stands_in_for_a_leaver_and_an_end_is_at_once(city: City) -> None:
    named(city, None)
    row = Deputy.objects.get()
    operations.end_deputy(row, by=None, at=NOON, reason="提前返岗")
    queries.forget()
    assert policy.viewer(city.staff["second_handler"], on=TODAY).sides == ()
    assert code_of(lambda: operations.end_deputy(row, by=None, at=NOON, reason="x")) == "deputy_has_ended"


def test_who_is_absent_stands_in_for_nobody(city: City) -> None:
    named(city, None)
    again = lambda: named(city, None)  # noqa: E731
    chain = lambda: operations.name_deputy(  # noqa: E731
        city.staff["clerk"], deputy=city.staff["handler"], starts=TODAY, ends=TODAY, by=None, at=NOON, reason="x"
    )
    assert [code_of(again), code_of(chain)] == ["deputy_named_already", "deputy_is_absent"]


def test_a_deputy_of_a_deputy_has_not_the_rights_of_the_first(city: City) -> None:
    operations.name_deputy(
        city.staff["administrator"], deputy=city.staff["clerk"], starts=TODAY, ends=TODAY, by=None, at=NOON, reason="x"
    )
    Deputy.objects.create(staff=city.staff["clerk"], deputy=city.staff["guide"], starts=TODAY, ends=TODAY, reason="x")
    queries.forget()
    assert policy.viewer(city.staff["clerk"], on=TODAY).may("people.manage")
    assert not policy.viewer(city.staff["guide"], on=TODAY).may("people.manage")
    operations.leave(city.staff["handler"], by=city.staff["clerk"], at=NOON, reason="离职")


def test_the_rights_of_deputies_cost_no_statement(city: City, django_assert_num_queries: Any) -> None:
    named(city, None, deputy="mayor")
    queries.units()
    policy.viewer(city.staff["mayor"], on=TODAY)
    with django_assert_num_queries(0):
        for staff in city.staff.values():
            policy.viewer(staff, on=TODAY)
