"""What could not be done: a case with its cause, limits of its own, and only two ways to end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from qingyu.cases import following
from qingyu.cases import operations as cases
from qingyu.cases.actors import CITIZEN
from qingyu.cases.models import Case, CaseEvent, TimeLimit
from qingyu.catalog.models import Item
from qingyu.hall.facilities import listening as reads
from qingyu.hall.models import Heard
from qingyu.hall.operations import listening
from qingyu.hall.operations.listening import Matter
from qingyu.people import policy
from qingyu.people import queries as remembered
from qingyu.people.operations import hire
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid
from tests.api.doors import Caller, signed_in
from tests.hall.places import Place, build_place
from tests.hall.test_pages import as_staff, key_of
from tests.people import MONDAY, City

WORDS = "让我开一个开不出来的证明，跑了三次。"


@pytest.fixture
def place(city: City) -> Place:
    Item.objects.create(
        code="1144", name="居住证明开具", unit=city.units["housing"], owner=city.staff["housing_handler"],
        review_due_on=date(2027, 1, 1),
    )  # fmt: skip
    return build_place(city)


def heard(place: Place, city: City, cause: str = "material", unit: str | None = "housing") -> Case:
    matter = Matter(cause, WORDS, item="1144", unit=city.unit(unit) if unit else None)
    return listening.enter(place.floor.windows["3"], matter, by=city.actor("clerk"), at=MONDAY).case


def test_the_item_is_named_by_code_or_full_name_and_what_is_none_never_enters_an_event(
    place: Place, city: City
) -> None:
    window, by = place.floor.windows["3"], city.actor("clerk")
    named = listening.enter(window, Matter("material", WORDS, item=" 居住证明开具 "), by=by, at=MONDAY).case
    assert named.events.get(seq=1).facts["item"] == "1144"
    with pytest.raises(NotValid, match="listening_item_unknown"):
        listening.enter(window, Matter("material", WORDS, item="张三的居住证明"), by=by, at=MONDAY)
    page = as_staff(city, "clerk")
    address = "/hall/demo/window/3/listening/"
    form = {"cause": "material", "text": WORDS, "item": "张三", "key": key_of(page.get(address).content.decode())}
    wrong = page.post(address, form)
    assert wrong.status_code == 422
    assert "没有这个名称或编码的事项" in wrong.content.decode()
    assert WORDS in wrong.content.decode()


def follow() -> None:
    following.catch_up(at=MONDAY)


def test_it_is_a_case_of_its_own_with_its_cause_and_its_own_limit(place: Place, city: City) -> None:
    TimeLimit.objects.create(
        preset="test", city="", clock="handle", door="listening", amount=2, unit="working_day", in_force=True,
        valid_from=date(2026, 1, 1),
    )  # fmt: skip
    remembered.forget()
    case = heard(place, city)
    assert (case.type, case.channel, case.door, case.owner_id) == (
        "complaint",
        "window",
        "listening",
        city.unit("housing"),
    )
    facts = CaseEvent.objects.get(kind="opened").facts
    assert {name: facts[name] for name in ("listening", "hall", "window", "item")} == {
        "listening": "material", "hall": "demo", "window": "3", "item": "1144",
    }  # fmt: skip
    assert case.clocks.get(kind="handle").limit == "2 working_day"


def test_without_a_unit_the_centre_has_it(place: Place, city: City) -> None:
    assert heard(place, city, unit=None).state == "received"


def test_who_where_and_what_is_refused(place: Place, city: City) -> None:
    for window, name, cause, code in (
        ("1", "clerk", "material", "no_listening_window"), ("3", "willow_handler", "material", "hall_window_denied"),
        ("3", "clerk", "weather", "cause_unknown"),
    ):  # fmt: skip
        with pytest.raises((NotAllowed, NotPermitted, NotValid)) as refusal:
            listening.enter(place.floor.windows[window], Matter(cause, WORDS), by=city.actor(name), at=MONDAY)
        assert refusal.value.code == code
    assert not Case.objects.exists()


def test_it_ends_only_in_a_change_or_a_reasoned_no(place: Place, city: City) -> None:
    case, waiting = heard(place, city), heard(place, city, unit=None)
    cases.accept(case, by=city.actor("housing_handler"), at=MONDAY)
    for given, code in (
        ({}, "ending_missing"), ({"ending": "perhaps"}, "ending_missing"), ({"ending": "no"}, "legal_basis_missing"),
    ):  # fmt: skip
        with pytest.raises(NotValid) as refusal:
            cases.answer(case, answer="已告知", by=city.actor("housing_handler"), at=MONDAY, **given)
        assert refusal.value.code == code
        with pytest.raises(NotValid):
            cases.answer_at_once(waiting, answer="已告知", by=city.actor("dispatcher"), at=MONDAY, **given)


def test_other_cases_need_no_ending(city: City) -> None:
    case = cases.open_case(cases.Filing(text="路灯不亮", channel="web"), by=CITIZEN, at=MONDAY).case
    cases.answer_at_once(case, answer="已修", by=city.actor("dispatcher"), at=MONDAY)
    assert "ending" not in CaseEvent.objects.get(kind="answered_at_once").facts


def test_it_is_counted_by_cause_and_by_what_came_of_it(place: Place, city: City) -> None:
    changed, no, still = heard(place, city), heard(place, city, "attitude"), heard(place, city)
    handler = city.actor("housing_handler")
    for case, given in ((changed, {"ending": "changed"}), (no, {"ending": "no", "legal_basis": "条例第三条"})):
        cases.accept(case, by=handler, at=MONDAY)
        cases.answer(case, answer="改了", by=handler, at=MONDAY, **given)
        cases.review(case, passed=True, by=city.actor("dispatcher"), at=MONDAY)
    cases.refuse(heard(place, city, "other", unit=None), reason="beyond_duty", by=city.actor("dispatcher"), at=MONDAY)
    follow()
    figures = reads.figures(place.hall, first=MONDAY.date(), last=MONDAY.date())
    by_cause = {line.code: (line.heard, line.open, line.changed, line.no) for line in figures.causes if line.heard}
    assert by_cause == {"material": (2, 1, 1, 0), "attitude": (1, 0, 0, 1), "other": (1, 0, 0, 1)}
    assert (figures.whole.heard, figures.whole.open) == (4, 1)
    assert {line.code: line.heard for line in figures.units} == {"housing": 3, "": 1}
    assert "条例第三条" in no.texts.get(kind="answer").body
    assert still.state == "dispatched"


def test_what_is_redone_is_open_again_and_a_rebuild_counts_the_same(place: Place, city: City) -> None:
    case, handler = heard(place, city), city.actor("housing_handler")
    cases.accept(case, by=handler, at=MONDAY)
    cases.answer(case, answer="改了", ending="changed", by=handler, at=MONDAY)
    cases.review(case, passed=True, by=city.actor("dispatcher"), at=MONDAY)
    follow()
    assert Heard.objects.get().ending == "changed"
    cases.redo(case, why="unsolved", by=city.actor("dispatcher"), at=MONDAY + timedelta(hours=1), comment="没改")
    heard(place, city, "system_down")
    follow()
    assert Heard.objects.get(case=case).ending == ""
    before = list(Heard.objects.order_by("pk").values())
    following.start_again("listening")
    assert not Heard.objects.exists()
    follow()
    assert list(Heard.objects.order_by("pk").values()) == before


def test_the_form_takes_it_once_and_keeps_the_words_when_refused(place: Place, city: City) -> None:
    clerk, address = as_staff(city, "clerk"), "/hall/demo/window/3/listening/"
    page = clerk.get(address).content.decode()
    form = {"key": key_of(page), "cause": "material", "text": WORDS, "unit": str(city.unit("housing")), "phone": "12"}
    refused = clerk.post(address, form)
    assert refused.status_code == 422
    assert WORDS in refused.content.decode()
    form["phone"] = "13800138000"
    assert [clerk.post(address, form).status_code for _ in range(2)] == [302, 302]
    assert Case.objects.count() == 1
    assert clerk.post(address, {"key": "k"}).status_code == 422
    assert "办不成" in clerk.get("/hall/demo/window/3/").content.decode()
    assert clerk.post("/hall/demo/window/1/listening/", form | {"key": "z"}).status_code == 422


def test_the_answer_form_asks_how_it_ended_only_here(place: Place, city: City) -> None:
    case = heard(place, city)
    cases.accept(case, by=city.actor("housing_handler"), at=MONDAY)
    handler = as_staff(city, "housing_handler")
    address = f"/desk/cases/{case.number}/answer/"
    page = handler.get(f"/desk/cases/{case.number}/").content.decode()
    assert 'name="ending"' in page
    form = {"seen": case.length, "key": "k", "answer": "改了", "ending": "", "legal_basis": ""}
    assert handler.post(address, form).status_code == 422
    assert handler.post(address, form | {"ending": "changed", "key": "k2"}).status_code == 303
    assert CaseEvent.objects.get(kind="answered").facts["ending"] == "changed"


def test_the_page_of_figures(place: Place, city: City, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    heard(place, city)
    follow()
    supervisor = as_staff(city, "supervisor")
    day = MONDAY.date()
    supervisor.get("/hall/demo/listening/")
    with django_assert_max_num_queries(8):
        page = supervisor.get(f"/hall/demo/listening/?from={day}&to={day}").content.decode()
    assert "材料开不出来" in page
    for wrong in ("?from=nonsense", "?from=2026-06-02&to=2026-06-01", "?from=2020-01-01&to=2026-01-01"):
        assert supervisor.get(f"/hall/demo/listening/{wrong}").status_code == 422


def test_a_number_stands_only_where_the_case_may_be_seen(place: Place, city: City) -> None:
    theirs, own = heard(place, city), heard(place, city, unit="urban")
    follow()
    at = datetime(2026, 1, 1, tzinfo=UTC)
    runs_it = hire(username="runs_it", name="厅长", unit=city.units["urban"], roles=["hall_manager"], by=None, at=at)[0]
    found = reads.latest(policy.viewer(runs_it), place.floor.hall, first=MONDAY.date(), last=MONDAY.date())
    assert sorted(number for _heard, number in found) == ["", own.number]
    everything = reads.latest(city.viewer("supervisor"), place.floor.hall, first=MONDAY.date(), last=MONDAY.date())
    assert {number for _heard, number in everything} == {theirs.number, own.number}


def test_names_of_units_and_numbers_are_shown_as_words_and_never_as_markup(place: Place, city: City) -> None:
    city.units["urban"].name = "<b>城管</b>{}"
    city.units["urban"].save()
    remembered.forget()
    case = heard(place, city, unit="urban")
    follow()
    browser = as_staff(city, "supervisor")
    days = f"from={MONDAY:%Y-%m-%d}&to={MONDAY:%Y-%m-%d}"
    page = browser.get(f"/hall/demo/listening/?{days}").content.decode()
    assert '<th scope="row">&lt;b&gt;城管&lt;/b&gt;{}</th><td class="num">1</td>' in page
    assert f'<a class="code" href="/desk/cases/{case.number}/">{case.number}</a>' in page


# JSON ------------------------------------------------------------------------------------------------------------


def test_all_of_it_as_json(place: Place, city: City) -> None:
    clerk, anyone = signed_in("clerk"), Caller()
    listed = anyone.get("/halls/demo/facilities").json()
    assert [one["code"] for one in listed] == ["stool-1", "printer-a", "seats", "aed", "listen"]
    first = anyone.post("/facilities/printer-a/reports", {"trouble": "broken"}, Idempotency_Key="a1234567")
    again = anyone.post("/facilities/printer-a/reports", {"trouble": "broken"}, Idempotency_Key="a1234567")
    assert first.status_code == 201
    assert first.json() == again.json()
    assert anyone.post("/facilities/printer-a/reports", {"trouble": "broken"}).json()["joined"]
    assert anyone.post("/facilities/printer-a/in-order", {}).status_code == 401
    assert clerk.post("/facilities/printer-a/in-order", {"note": "换了硒鼓"}).json()["state"] == "in_order"
    assert clerk.post("/facilities/printer-a/out-of-use", {"note": ""}).status_code == 422
    ticked = clerk.post("/halls/demo/rounds/opening", {"facility": "stool-1", "said": "missing"})
    assert "stool-1" not in ticked.json()["left"]
    assert clerk.get("/halls/demo/rounds/opening").json()["done_at"] is None
    taken = clerk.post("/halls/demo/windows/3/listening", {"cause": "too_slow", "text": WORDS, "unit": "housing"})
    assert (taken.status_code, taken.json()["owner"]) == (201, "housing")
    assert clerk.get("/halls/demo/listening").status_code == 403
    follow()
    figures = signed_in("supervisor").get("/halls/demo/listening").json()
    assert figures["whole"]["heard"] == 1
    assert anyone.get("/halls/nowhere/facilities").status_code == 404
