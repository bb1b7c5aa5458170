"""One search over all doors: the calls of a phone number stand beside its cases, as far as the viewer's rights go."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from qingyu.cases import papers
from qingyu.hotline.models import Call, Switch
from tests.followup.stories import filed
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db
PHONE = "+8619900001234"


def called(*, hidden: bool = False, talked: int = 90) -> Call:
    switch, _made = Switch.objects.get_or_create(code="test", defaults={"created_at": MONDAY})
    call = Call(switch=switch, call_ref=uuid.uuid4().hex, hidden=hidden, talked=talked, offered_at=MONDAY)
    call.seal_phone(PHONE, index=papers.blind_phone(PHONE))
    call.save()
    return call


def found(city: City, name: str, words: str = "199 0000 1234") -> str:
    client = Client()
    client.force_login(city.staff[name], backend="django.contrib.auth.backends.ModelBackend")
    return client.post("/desk/find/", {"q": words}, follow=True).content.decode()


def test_calls_stand_beside_the_cases_of_the_number(city: City) -> None:
    filed(at=MONDAY - timedelta(days=1))
    called()
    page = found(city, "agent")
    assert "其他渠道记录" in page
    assert "通话2分钟" in page
    assert page.count("data-row") == 1


def test_who_may_not_look_for_phones_sees_no_calls(city: City) -> None:
    called()
    assert "来电" not in found(city, "handler")


def test_a_call_of_which_a_report_came_is_never_found(city: City) -> None:
    called(hidden=True)
    assert "来电" not in found(city, "agent")


def test_what_a_caller_presses_afterwards_rates_the_call_once(city: City) -> None:
    from qingyu.cases.operations import Filing
    from qingyu.hotline import operations
    from tests.hotline import scenes

    at_switch = scenes.switch()
    scenes.seated(city, at_switch)
    call = scenes.talking(at_switch)
    later = MONDAY + timedelta(seconds=30)
    case = operations.file(call, Filing(text="路灯不亮", channel="phone"), viewer=city.viewer("agent"), at=later).case
    scenes.hung_up(call)
    pressed = scenes.told("rating.given", call.call_ref, 50, rating=2)
    for _ in range(2):
        operations.take_event(at_switch, pressed, at=MONDAY + timedelta(seconds=50))
    rated = case.events.get(kind="service_rated")
    assert (rated.facts["level"], rated.facts["channel"], rated.facts["service"]) == (
        "dissatisfied", "phone", f"call:{call.pk}",
    )  # fmt: skip


def test_a_rating_that_came_before_the_case_is_not_lost(city: City) -> None:
    from qingyu.cases.operations import Filing
    from qingyu.hotline import operations
    from tests.hotline import scenes

    at_switch = scenes.switch()
    scenes.seated(city, at_switch)
    call = scenes.hung_up(scenes.talking(at_switch))
    pressed = scenes.told("rating.given", call.call_ref, 45, rating=5)
    operations.take_event(at_switch, pressed, at=MONDAY + timedelta(seconds=45))
    at = MONDAY + timedelta(seconds=90)
    case = operations.file(call, Filing(text="路灯不亮", channel="phone"), viewer=city.viewer("agent"), at=at).case
    assert case.events.get(kind="service_rated").facts["level"] == "very_satisfied"
