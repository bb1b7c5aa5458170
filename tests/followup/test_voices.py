"""What people say of a service: counted once, seen by whom it concerns, and put right where it was poor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from qingyu.cases import actors, operations
from qingyu.cases.actors import CITIZEN
from qingyu.cases.models import Case
from qingyu.followup import voices
from qingyu.followup.models import Mention, PendingAct, Rating
from qingyu.followup.tasks import apply_answers
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid
from tests.followup.stories import CLOSED, HOUR, answer, closed, filed, follow
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db


def say(case: Case, level: str, service: str = "stage:received", *, words: str = "") -> None:
    operations.rate_service(
        case, service=service, level=level, channel="web", comment=words, by=CITIZEN, at=MONDAY + HOUR
    )


def test_a_service_is_rated_once_whatever_becomes_of_the_matter(city: City) -> None:
    case = filed()
    say(case, "satisfied")
    say(case, "very_satisfied", "call:17")
    with pytest.raises(NotAllowed, match="rated_twice"):
        say(case, "dissatisfied")
    follow()
    assert list(Rating.objects.order_by("id").values_list("service", "level", "unit__code")) == [
        ("stage:received", "satisfied", "centre"), ("call:17", "very_satisfied", "centre"),
    ]  # fmt: skip
    case.refresh_from_db()
    assert (case.state, case.round) == ("received", 1)


@pytest.mark.parametrize("service", ["", "stage:", "window:3", "stage:" + "x" * 41, "stage:a b", "stage:received\n"])
def test_what_is_no_service_is_not_rated(city: City, service: str) -> None:
    with pytest.raises(NotValid, match="rated_service_unknown"):
        say(filed(), "satisfied", service)


def test_a_poor_service_opens_a_case_of_its_own_once_at_the_unit_that_served(city: City) -> None:
    case = filed()
    operations.route(case, unit=city.unit("urban"), by=city.actor("dispatcher"), at=MONDAY)
    say(case, "very_dissatisfied", "stage:dispatched", words="电话里态度很差")
    follow()
    assert [apply_answers(at=MONDAY + 2 * HOUR) for _ in range(2)] == [1, 0]
    mending = Case.objects.exclude(pk=case.pk).get()
    assert (mending.type, mending.state, mending.lead_id) == ("complaint", "dispatched", city.unit("urban"))
    assert mending.events.get(seq=1).facts["mends"] == case.pk
    assert "电话里态度很差" in mending.texts.get(kind="text").body
    assert mending.due_at is not None
    case.refresh_from_db()
    assert case.state == "dispatched"


def test_the_mending_case_is_rated_a_second_time_at_its_end(city: City) -> None:
    case = filed()
    operations.route(case, unit=city.unit("urban"), by=city.actor("dispatcher"), at=MONDAY)
    say(case, "dissatisfied", "stage:dispatched")
    follow()
    apply_answers(at=MONDAY + 2 * HOUR)
    mending = Case.objects.exclude(pk=case.pk).get()
    operations.accept(mending, by=city.actor("handler"), at=MONDAY + 3 * HOUR)
    answer(city, mending, at=MONDAY + 5 * HOUR)
    operations.rate(mending, level="satisfied", channel="sms", occasion=1, by=CITIZEN, at=MONDAY + 6 * HOUR)
    follow()
    assert list(Rating.objects.order_by("id").values_list("level", flat=True)) == ["dissatisfied", "satisfied"]


def test_who_mends_a_report_of_wrongdoing_learns_as_little_as_before(city: City) -> None:
    person = operations.Person(name="王晓", phone="19900001234")
    filing = operations.Filing(text="举报", channel="web", type="report", person=person)
    case = operations.open_case(filing, by=CITIZEN, at=MONDAY).case
    say(case, "dissatisfied")
    follow()
    apply_answers(at=MONDAY + HOUR)
    assert Case.objects.exclude(pk=case.pk).get().type == "report"


def test_what_a_system_filled_in_opens_nothing(city: City) -> None:
    case = filed()
    operations.rate_service(
        case, service="call:1", level="dissatisfied", channel="system_default", by=actors.SYSTEM, at=MONDAY
    )
    follow()
    assert not PendingAct.objects.exists()
    assert voices.ratings(city.viewer("supervisor"), which=voices.ALL, at=MONDAY) == []


def test_staff_without_the_right_rate_nothing(city: City) -> None:
    with pytest.raises(NotPermitted):
        operations.rate_service(
            filed(), service="call:1", level="satisfied", channel="web", by=city.actor("handler"), at=MONDAY
        )


def naming(city: City, name: str, **more: Any) -> Case:
    filing = operations.Filing(text="窗口的同志耐心帮我", channel="letter", type="praise", **more)
    facts = {"staff": city.staff[name].pk}
    unit = city.unit("urban")
    return operations.handle_at_once(filing, answer="谢谢", by=city.actor("agent"), at=MONDAY, unit=unit, **facts).case


def test_whom_a_complaint_names_reads_it_where_they_may_read_the_case(city: City) -> None:
    told = operations.Filing(text="窗口的人骂我", channel="letter", type="complaint")
    facts = {"staff": city.staff["clerk"].pk}
    case = operations.open_case(told, by=city.actor("agent"), at=MONDAY, **facts).case
    follow()
    assert voices.naming(city.viewer("clerk")) == []
    assert voices.named(city.viewer("clerk"), at=MONDAY) == 0
    operations.route(case, unit=city.unit("urban"), by=city.actor("dispatcher"), at=MONDAY)
    assert [voice.number for voice in voices.naming(city.viewer("clerk"))] == [case.number]


def test_whom_a_letter_names_reads_it_and_nobody_else_does_there(city: City) -> None:
    case = naming(city, "clerk")
    naming(city, "clerk", confidential=True)
    follow()
    assert Mention.objects.count() == 2
    found = voices.naming(city.viewer("clerk"))
    assert [(voice.number, voice.words, voice.type) for voice in found] == [
        (case.number, "窗口的同志耐心帮我", "praise")
    ]
    assert voices.named(city.viewer("clerk"), at=MONDAY) == 1
    assert voices.naming(city.viewer("handler")) == []


def test_ratings_are_seen_as_far_as_cases_are_and_poor_ones_by_themselves(
    city: City, django_assert_max_num_queries: Any
) -> None:
    case = closed(city)
    operations.rate(
        case, level="dissatisfied", channel="web", occasion=1, comment="没解决", by=CITIZEN, at=CLOSED + HOUR
    )
    say(filed(), "satisfied")
    follow()
    at = CLOSED + 2 * HOUR
    with django_assert_max_num_queries(5):
        found = voices.ratings(city.viewer("supervisor"), which=voices.ALL, at=at)
    assert [(voice.level, voice.words, voice.put_right) for voice in found] == [
        ("dissatisfied", "没解决", "waiting"), ("satisfied", "", ""),
    ]  # fmt: skip
    assert [voice.level for voice in voices.ratings(city.viewer("handler"), which=voices.ALL, at=at)] == [
        "dissatisfied"
    ]
    assert voices.ratings(city.viewer("housing_handler"), which=voices.ALL, at=at) == []
    assert len(voices.ratings(city.viewer("supervisor"), which=voices.POOR, at=at)) == 1
    assert voices.ratings(city.viewer("supervisor"), which=voices.ALL, at=at + timedelta(days=91)) == []


def test_what_people_say_is_shown_as_words_and_never_as_markup(city: City, client: Client) -> None:
    case = closed(city, title="<script>alert('1')</script>{}")
    words = "<img src=x onerror=y>\r\n第二行{0}" + "长" * 400
    at = CLOSED + HOUR
    operations.rate(case, level="dissatisfied", channel="web", occasion=1, comment=words, by=CITIZEN, at=at)
    follow()
    Rating.objects.update(at=datetime.now(UTC))
    client.force_login(city.staff["supervisor"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/desk/voices/?show=poor").content.decode()
    assert "&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;{}</a>" in page
    assert "&lt;img src=x onerror=y&gt;<br>第二行{0}长" in page
    assert "长...</blockquote>" in page


@pytest.mark.parametrize("show", ["all", "poor", "me", "nonsense"])
def test_the_page_shows_them(city: City, show: str) -> None:
    naming(city, "handler")
    say(filed(), "dissatisfied", words="等了很久")
    follow()
    client = Client()
    client.force_login(city.staff["handler"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/desk/voices/?show={show}")
    assert page.status_code == 200
    assert ("窗口的同志耐心帮我" in page.content.decode()) == (show == "me")
    assert "等了很久" not in page.content.decode()  # a case of the centre


def test_a_member_of_staff_cannot_use_the_link_of_a_person(city: City) -> None:
    from qingyu.cases.tokens import rating_token

    case = closed(city)
    client = Client()
    client.force_login(city.staff["handler"], backend="django.contrib.auth.backends.ModelBackend")
    link = f"/rate/{rating_token(case)}/"
    assert client.get(link).status_code == 403
    assert client.post(link, {"level": "very_satisfied"}).status_code == 403
    assert not case.events.filter(kind="rated").exists()
    assert Client().post(link, {"level": "satisfied"}).status_code == 302
    assert Client().post(link, {"level": "dissatisfied"}).status_code == 200
    assert case.events.filter(kind="rated").count() == 1


def test_before_there_is_an_answer_the_link_asks_about_the_service(city: City) -> None:
    from qingyu.cases.tokens import rating_token

    case = filed()
    link = f"/rate/{rating_token(case)}/"
    assert "到目前为止" in Client().get(link).content.decode()
    assert Client().post(link, {"level": "satisfied"}).status_code == 302
    assert Client().get(link).status_code == 200
    assert [event.facts["service"] for event in case.events.filter(kind="service_rated")] == ["stage:received"]


def test_the_api_rates_by_the_same_link(city: City) -> None:
    from qingyu.cases.tokens import rating_token

    case = closed(city)
    body = {"token": rating_token(case), "level": "satisfied", "comment": "好"}
    first, second = (Client().post("/api/v1/ratings", body, content_type="application/json") for _ in range(2))
    assert (first.status_code, first.json()["rated"], second.status_code) == (201, "outcome", 409)
    staff = Client()
    staff.force_login(city.staff["handler"], backend="django.contrib.auth.backends.ModelBackend")
    assert staff.post("/api/v1/ratings", body, content_type="application/json").status_code == 403
    wrong = Client().post("/api/v1/ratings", {**body, "token": "x"}, content_type="application/json")
    assert wrong.status_code in (403, 404)
