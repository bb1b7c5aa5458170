"""The administrator's pages: who comes in, what a form does, twice, too late, and wrongly."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from qingyu.cases.models import Notice, Route, SavedAnswer, TimeLimit, Topic
from qingyu.desk.administration import labels
from qingyu.desk.administration.urls import urlpatterns
from qingyu.people import operations, queries
from qingyu.people.models import AdminChange, Deputy, Staff, Unit
from tests.people import City

BACKEND = "django.contrib.auth.backends.ModelBackend"
NOW = datetime.now(UTC)
TODAY = queries.city_day(NOW)


def signed_in(city: City, name: str) -> Client:
    client = Client()
    client.force_login(city.staff[name], backend=BACKEND)
    return client


def posted(client: Client, url: str, **data: Any) -> Any:
    """Opens the form, sends it with its hidden fields and what is filled in; what is left out stays as shown."""
    form = client.get(url).context["form"]
    given = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    return client.post(url, {"reason": "日常维护", **given, **data})


def addresses(city: City) -> dict[str, str]:
    """Every page by the name of its address."""
    person = city.staff["handler"].pk
    named = {"code": "urban", "pk": person, "year": 2026, "preset": "test"}
    rows = {
        "admin_role": {"code": "handler"},
        "admin_calendar": {"code": "city"},
        "admin_publish": {"code": "city"},
        "admin_route_end": {"pk": Route.objects.earliest("id").pk},
        "admin_topic": {"pk": Topic.objects.earliest("id").pk},
        "admin_notice": {"pk": Notice.objects.earliest("id").pk},
        "admin_answer": {"pk": SavedAnswer.objects.earliest("id").pk},
        "admin_limit_end": {"pk": TimeLimit.objects.earliest("id").pk},
        "admin_limit_check": {"pk": TimeLimit.objects.earliest("id").pk},
        "admin_deputy_end": {"deputy": Deputy.objects.earliest("id").pk},
    }
    found = {}
    for pattern in urlpatterns:
        wanted = get_resolver().reverse_dict.getlist(pattern.name)[0][0][0][1]
        values = {**named, **rows.get(pattern.name, {})}
        found[pattern.name] = reverse(pattern.name, kwargs={name: values[name] for name in wanted})
    return found


@pytest.fixture
def furnished(city: City) -> City:
    """With one row of everything that has a page."""
    SavedAnswer.objects.create(title="停水", text="正在抢修。")
    operations.name_deputy(
        city.staff["handler"], deputy=city.staff["clerk"], starts=TODAY, ends=TODAY, by=None, at=NOW, reason="休假"
    )
    return city


# What each page costs in statements, sign-in (session and person) included; the tables in memory are warm.
STATEMENTS = {
    "admin_desk": 8,
    "admin_changes": 4,
    "admin_staff": 6,
    "admin_hire": 3,
    "admin_person": 7,
    "admin_units": 4,
    "admin_unit": 6,
    "admin_unit_close": 8,
    "admin_roles": 3,
    "admin_role": 6,
    "admin_routes": 6,
    "admin_limits": 5,
    "admin_preset": 3,
    "admin_calendar": 8,
    "admin_publish": 7,
    "admin_topics": 4,
    "admin_notices": 3,
    "admin_answers": 4,
}


def test_every_page_opens_for_the_administrator_at_its_price(furnished: City) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(furnished, "administrator")
    for name, url in addresses(furnished).items():
        assert client.get(url).status_code in (200, 302), name
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        assert len(asked) <= STATEMENTS.get(name, 8), (name, len(asked))


@pytest.mark.parametrize("who", ["handler", "supervisor", "mayor"])
def test_nobody_else_comes_in(furnished: City, who: str) -> None:
    client = signed_in(furnished, who)
    for name, url in addresses(furnished).items():
        assert client.get(url).status_code == 403, name
        assert client.post(url, {"reason": "x"}).status_code in (403, 405), name


def test_the_operator_sees_calendars_and_nothing_else(furnished: City) -> None:
    client = signed_in(furnished, "operator")
    opened = {name for name, url in addresses(furnished).items() if client.get(url).status_code in (200, 302)}
    assert opened == {"admin_desk", "admin_calendars", "admin_calendar", "admin_publish"}


def test_a_stranger_is_led_to_sign_in(furnished: City) -> None:
    for name, url in addresses(furnished).items():
        assert Client().get(url)["Location"].startswith("/login/"), name


# ---------------------------------------------------------------- people


def test_a_new_person_gets_a_password_that_is_shown_once(city: City) -> None:
    client, url = signed_in(city, "administrator"), reverse("admin_hire")
    form = client.get(url).context["form"]
    data = {
        "key": form["key"].value(),
        "seen": 0,
        "name": "新同事",
        "username": "xin",
        "unit": "urban",
        "roles": ["handler"],
    }
    shown = client.post(url, data)
    password = re.search(r'id="one-time">([^<]+)<', shown.content.decode())
    assert password
    assert shown["Cache-Control"] == "no-store"
    person = Staff.objects.get(username="xin")
    assert person.check_password(password[1])
    again = client.post(url, data, follow=True)
    assert password[1] not in again.content.decode()
    assert Staff.objects.filter(username="xin").count() == 1
    assert "密码只显示一次" in again.content.decode()


WRONG = [
    ("admin_hire", {"name": "", "username": "张三", "unit": "", "roles": []}, {"name", "username", "unit", "roles"}),
    ("admin_hire", {"name": "x", "username": "clerk", "unit": "urban", "roles": ["handler"]}, {"username"}),
    ("admin_unit_new", {"name": "x", "code": "urban", "kind": "street"}, {"code"}),
    ("admin_unit_new", {"name": "x", "code": "c2", "kind": "centre"}, {"kind"}),
    ("admin_role_new", {"name": "x", "code": "guide", "scope": "own"}, {"code"}),
    ("admin_route_new", {"lead": "urban", "valid_from": "2020-01-01"}, {"valid_from"}),
    ("admin_route_new", {"lead": "urban", "valid_from": "soon"}, {"valid_from"}),
    ("admin_limit_own", {"clock": "handle", "amount": 0, "unit": "hour", "starts": TODAY}, {"amount"}),
    ("admin_limit_own", {"clock": "handle", "amount": 9999, "unit": "working_day", "starts": TODAY}, {"amount"}),
    ("admin_topic_new", {"name": "x", "code": "city"}, {"code"}),
    ("admin_notice_new", {"name": "x", "group": "refuse", "code": "beyond_duty"}, {"code"}),
    ("admin_answer_new", {"title": "", "text": ""}, {"title", "text"}),
    (
        "admin_hire",
        {"name": "x", "username": "n", "unit": "urban", "roles": ["handler"], "reason": "长" * 301},
        {"reason"},
    ),
]


def test_what_is_wrong_stands_at_its_field_in_words(city: City) -> None:
    client = signed_in(city, "administrator")
    before = AdminChange.objects.count()
    for name, data, fields in WRONG:
        answer = posted(client, reverse(name), **data)
        assert answer.status_code == 422, (name, data)
        assert set(answer.context["form"].errors) == fields, (name, data)
        assert 'class="error-summary"' in answer.content.decode()
    assert AdminChange.objects.count() == before


def test_a_refusal_of_a_rule_is_told_and_what_was_typed_stays(city: City) -> None:
    client = signed_in(city, "administrator")
    answer = posted(client, reverse("admin_person_leave", args=[city.staff["administrator"].pk]), reason="我要退休了")
    assert answer.status_code == 409
    assert "没有人能管理人员" in answer.content.decode()
    assert "我要退休了" in answer.content.decode()


def test_a_form_that_was_overtaken_shows_what_was_done_and_works_the_second_time(city: City) -> None:
    client, url = signed_in(city, "administrator"), reverse("admin_unit", args=["urban"])
    form = client.get(url).context["form"]
    operations.place_unit(
        code="urban",
        name="城管局",
        short="城管",
        kind="department",
        parent=city.units["city"],
        by=None,
        at=NOW,
        reason="改名",
    )
    data = {n: form[n].value() or "" for n in form.fields} | {"name": "城市管理委员会", "reason": "机构改革"}
    late = client.post(url, data)
    assert late.status_code == 409
    assert "城管局" in late.content.decode()
    assert "城市管理委员会" in late.content.decode()
    fresh = late.context["form"]
    again = client.post(url, {n: fresh[n].value() or "" for n in fresh.fields})
    assert again.status_code == 303
    assert Unit.objects.get(code="urban").name == "城市管理委员会"


def test_the_same_form_twice_is_one_act(city: City) -> None:
    client, url = signed_in(city, "administrator"), reverse("admin_route_new")
    form = client.get(url).context["form"]
    data = {"key": form["key"].value(), "lead": "housing", "valid_from": TODAY, "reason": "新职责"}
    assert [client.post(url, data).status_code for _ in range(2)] == [303, 303]
    assert Route.objects.filter(lead__code="housing", valid_from=TODAY).count() == 1


def test_a_deputy_comes_in_by_the_door_while_the_dates_hold(city: City) -> None:
    client, administrator = signed_in(city, "guide"), signed_in(city, "administrator")
    assert client.get(reverse("admin_desk")).status_code == 403
    url = reverse("admin_deputy", args=[city.staff["administrator"].pk])
    named = posted(administrator, url, deputy="guide", starts=TODAY, ends=TODAY + timedelta(days=3))
    assert named.status_code == 303
    queries.forget()
    assert client.get(reverse("admin_desk")).status_code == 200
    ended = reverse("admin_deputy_end", args=[city.staff["administrator"].pk, Deputy.objects.get().pk])
    assert posted(administrator, ended).status_code == 303
    queries.forget()
    assert client.get(reverse("admin_desk")).status_code == 403


def test_the_deputy_answers_form_posts_like_the_absent_one(city: City) -> None:
    operations.name_deputy(
        city.staff["administrator"],
        deputy=city.staff["guide"],
        starts=TODAY,
        ends=TODAY,
        by=None,
        at=NOW,
        reason="休假",
    )
    queries.forget()
    client = signed_in(city, "guide")
    assert (
        posted(client, reverse("admin_person_roles", args=[city.staff["mayor"].pk]), roles=["mayor"]).status_code == 303
    )
    assert AdminChange.objects.filter(what="set_roles").latest("id").by == city.staff["guide"]


# ---------------------------------------------------------------- policy


@pytest.mark.parametrize(
    ("topic", "area", "unit", "why"),
    [
        ("city.noise", "", "城市管理局", "上级"),
        ("city.street", "990102001000", "柳岸街道办事处", ""),
        ("labour.wages", "990102001000", "东湖区人民政府", ""),
        ("", "", "住房和城乡建设局", ""),
    ],
)
def test_who_gets_this(city: City, topic: str, area: str, unit: str, why: str) -> None:
    client = signed_in(city, "administrator")
    page = client.get(reverse("admin_routes"), {"try-topic": topic, "try-area": area, "try-on": TODAY.isoformat()})
    assert page.context["answer"]["lead"].name == unit
    assert unit in page.content.decode()


def test_units_without_staff_and_topics_without_route_stand_on_top(city: City) -> None:
    client = signed_in(city, "administrator")
    assert "空编办公室" in client.get(reverse("admin_desk")).context["warnings"][1].names
    assert "欠薪" in client.get(reverse("admin_routes")).context["warnings"][0].names


def test_publishing_by_the_page_is_told_and_counted(city: City) -> None:
    client = signed_in(city, "operator")
    url = reverse("admin_publish", args=["city", 2031])
    assert posted(client, url, days="2031-13-01,no,x", source="通知").status_code == 422
    done = posted(client, url, days="2031-01-01,否,元旦", source="通知")
    assert (done.status_code, done["Location"]) == (303, reverse("admin_calendar", args=["city", 2031]))
    assert "元旦" in client.get(done["Location"]).content.decode()


def test_the_record_shows_who_what_why_before_and_after(city: City) -> None:
    client = signed_in(city, "administrator")
    url = reverse("admin_unit", args=["urban"])
    posted(client, url, name="城市管理委员会", reason="机构改革")
    page = client.get(reverse("admin_changes"), {"subject": "unit", "words": "urban"}).content.decode()
    for words in ("测试administrator", "机构改革", "城市管理局", "城市管理委员会"):
        assert words in page


def test_every_act_that_is_recorded_has_its_words() -> None:
    from pathlib import Path

    import qingyu

    text = "\n".join(path.read_text(encoding="utf-8") for path in Path(qingyu.__file__).parent.rglob("*.py"))
    used = set(re.findall(r'(?:note_change|_note)\(\s*"(\w+)"', text))
    assert used <= set(labels.ACTS), used - set(labels.ACTS)
