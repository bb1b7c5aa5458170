"""Coming in and going out: sign-in, lock-out, the first change of password, who am I; doors say who may pass."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.people import City

pytestmark = pytest.mark.django_db
PASSWORD = "晴川-test-2026"


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: str) -> object:
    return client.post("/login/", {"username": username, "password": password, **more})


def test_signing_in_leads_to_the_desk(city: City, client: Client) -> None:
    response = sign_in(client, "handler")
    assert (response.status_code, response["Location"]) == (302, "/desk/")
    assert client.get("/desk/").status_code == 200


def test_signing_in_leads_back_to_where_one_wanted_to_go(city: City, client: Client) -> None:
    asked = client.get("/desk/dispatch/?skip=1")
    assert asked["Location"] == "/login/?next=/desk/dispatch/%3Fskip%3D1"
    assert sign_in(client, "dispatcher", next="/desk/dispatch/?skip=1")["Location"] == "/desk/dispatch/?skip=1"


def test_signing_in_never_leads_to_another_house(city: City, client: Client) -> None:
    assert sign_in(client, "handler", next="https://elsewhere.example/")["Location"] == "/desk/"


@pytest.mark.parametrize(("username", "password"), [("handler", "wrong"), ("nobody", PASSWORD), ("handler", "")])
def test_a_wrong_password_and_an_unknown_account_read_the_same(
    city: City, client: Client, username: str, password: str
) -> None:
    response = sign_in(client, username, password)
    assert response.status_code == 422
    words = "请输入密码" if not password else "账号或密码不对"
    assert words in response.content.decode()


def test_who_has_left_cannot_come_in(city: City, client: Client) -> None:
    city.staff["handler"].is_active = False
    city.staff["handler"].save()
    assert sign_in(client, "handler").status_code == 422


def test_five_wrong_passwords_stop_the_account_even_for_the_right_one(city: City, client: Client) -> None:
    for _ in range(5):
        sign_in(client, "handler", "wrong")
    stopped = sign_in(client, "handler")
    assert stopped.status_code in (403, 429)
    assert "登录暂时停止" in stopped.content.decode()
    assert sign_in(Client(), "dispatcher").status_code == 302


def test_the_first_sign_in_opens_nothing_before_the_password_is_changed(city: City, client: Client) -> None:
    staff = city.staff["handler"]
    staff.must_change_password = True
    staff.save()
    assert sign_in(client, "handler")["Location"] == "/password/"
    assert client.get("/desk/")["Location"] == "/password/"
    fields = {"old": PASSWORD, "password": "柳岸-垂钓-七九二三四", "again": "柳岸-垂钓-七九二三四"}
    assert client.post("/password/", {**fields, "password": "12345", "again": "12345"}).status_code == 422
    assert client.post("/password/", fields)["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200, "the session goes on"
    assert sign_in(Client(), "handler", "柳岸-垂钓-七九二三四").status_code == 302


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"old": "wrong"}, "原密码不对"),
        ({"again": "别的-密码-七九二三四"}, "不一致"),
        ({"password": PASSWORD, "again": PASSWORD}, "不能与原密码相同"),
    ],
)
def test_a_password_that_cannot_be_says_why(city: City, client: Client, change: dict[str, str], words: str) -> None:
    sign_in(client, "handler")
    fields = {"old": PASSWORD, "password": "柳岸-垂钓-七九二三四", "again": "柳岸-垂钓-七九二三四", **change}
    response = client.post("/password/", fields)
    assert response.status_code == 422
    assert words in response.content.decode()


def test_signing_out_is_a_post(city: City, client: Client) -> None:
    sign_in(client, "handler")
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").status_code == 302
    assert client.get("/desk/").status_code == 302


def test_who_am_i_tells_unit_roles_and_rights(city: City, client: Client) -> None:
    sign_in(client, "handler")
    html = client.get("/me/").content.decode()
    assert "城市管理局" in html
    assert "承办人" in html
    assert "办理本单位工单" in html


def test_the_sign_in_page_keeps_to_the_way_a_person_reads(client: Client) -> None:
    client.cookies["qingyu_mode"] = "elder"
    page = client.get("/login/").content.decode()
    assert 'data-mode="elder"' in page
    assert 'value="normal"' in page
