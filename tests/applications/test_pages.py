"""What a person sees and sends, from the first question to the result; and what staff see of it."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from qingyu.applications import operations
from qingyu.applications.models import Application, Result
from qingyu.cases import attachments
from qingyu.cases.actors import CITIZEN
from qingyu.cases.models import Case, ViewLog
from qingyu.cases.operations.opening import query_code
from tests.applications.scenes import ANSWERS, CODE, FIELDS, change_form, item, photo, sent
from tests.people import City

pytestmark = pytest.mark.django_db
PASSWORD = "晴川-test-2026"


def fields(html: str) -> dict[str, list[str]]:
    """The hidden fields of a page: what its form would send."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r'<input type="hidden"[^>]*>', html):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        found.setdefault(name[1], []).append(value[1] if value else "")
    found.pop("csrfmiddlewaretoken", None)
    return found


def post(client: Client, page: Any, **given: Any) -> Any:
    """Sends the form of a page on."""
    data = fields(page.content.decode()) | {"do": "next"} | given
    return client.post(f"/apply/{CODE}/", data)


def words(**other: str) -> dict[str, str]:
    return {f"f-{name}": value for name, value in (ANSWERS | other).items()}


def file(name: str = "照片.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or photo(), content_type="image/jpeg")


REACH = {"r-name": "李禾", "r-phone": "13912345678"}


def walked(client: Client) -> Any:
    """The last look before sending."""
    page = post(client, client.get(f"/apply/{CODE}/"), **words())
    page = post(client, page, **{"f-id_photo": file(), "f-book_photo": file("户口簿.jpg")})
    return post(client, page, **REACH)


def test_a_person_applies_and_gets_a_receipt(city: City, client: Client) -> None:
    item(city)
    last = walked(client)
    assert last.status_code == 200
    assert "户口簿.jpg" in last.content.decode()
    done = post(client, last, do="send")
    assert done.status_code == 302, done.content.decode()
    receipt = client.get(done.url)
    html = receipt.content.decode()
    case = Case.objects.get()
    assert query_code(case) in html
    assert "城市管理局" in html
    assert "测试second_handler" in html
    assert case.application.documents.count() == 2
    assert client.get("/track/").status_code == 200


def test_the_same_form_sent_twice_is_one_application(city: City, client: Client) -> None:
    item(city)
    last = walked(client)
    assert post(client, last, do="send").url == post(client, last, do="send").url
    assert Case.objects.count() == 1


def test_the_same_answers_in_a_new_form_show_the_open_application(city: City, client: Client) -> None:
    item(city)
    post(client, walked(client), do="send")
    again = post(client, walked(client), do="send")
    assert again.url == "/apply/receipt/again/"
    assert Case.objects.count() == 1
    assert client.get(again.url).status_code == 200


def test_photos_that_have_arrived_survive_what_is_wrong_beside_them(city: City, client: Client) -> None:
    item(city)
    page = post(client, client.get(f"/apply/{CODE}/"), **words())
    refused = post(client, page, **{"f-id_photo": file(), "f-book_photo": file("不是照片.jpg", b"plain words")})
    html = refused.content.decode()
    assert refused.status_code == 422
    assert "照片.jpg" in html
    assert "不是照片.jpg" in html
    assert len(fields(html)["file"]) == 1
    page = post(client, refused, **{"f-book_photo": file("户口簿.jpg")})
    assert post(client, post(client, page, **REACH), do="send").status_code == 302


BAD_PHOTOS = [
    ("no photo", b"these are words"), ("empty", b""), ("a broken one", photo()[:40]),
]  # fmt: skip


@pytest.mark.parametrize(("why", "content"), BAD_PHOTOS)
def test_a_photo_that_is_none_is_refused_in_a_sentence(city: City, client: Client, why: str, content: bytes) -> None:
    item(city)
    page = post(client, client.get(f"/apply/{CODE}/"), **words())
    refused = post(client, page, **{"f-id_photo": SimpleUploadedFile("x.jpg", content)})
    assert refused.status_code == 422
    assert "x.jpg" in refused.content.decode() or not content


def test_forty_megapixels_are_made_small_and_upside_down_is_turned(city: City, client: Client) -> None:
    item(city)
    target = io.BytesIO()
    picture = Image.new("RGB", (7300, 5480), "white")
    picture.paste("black", (0, 0, 7300, 2740))  # the dark half is on top; the camera was held upside down
    exif = Image.Exif()
    exif[0x0112] = 3
    picture.save(target, "JPEG", quality=60, exif=exif)
    page = post(client, client.get(f"/apply/{CODE}/"), **words())
    photos = {"f-id_photo": file("大.jpg", target.getvalue()), "f-book_photo": file()}
    done = post(client, post(client, post(client, page, **photos), **REACH), do="send")
    assert done.status_code == 302
    row = Application.objects.get().documents.get(field="id_photo").attachment
    kept = Image.open(io.BytesIO(attachments.read(row)))
    assert max(kept.size) <= 4096
    assert kept.getpixel((10, 10)) > (200, 200, 200)
    assert not kept.getexif()


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(city: City, client: Client) -> None:
    item(city)
    refused = post(client, client.get(f"/apply/{CODE}/"), **words(parent_id="123", child=""))
    html = refused.content.decode()
    assert refused.status_code == 422
    assert "error-summary" in html
    assert 'value="123"' in html
    assert 'value="2026-05-20"' in html


def test_a_form_that_changed_under_a_half_filled_one_asks_only_what_is_new(city: City, client: Client) -> None:
    made = item(city)
    page = post(client, client.get(f"/apply/{CODE}/"), **words())
    page = post(client, page, **{"f-id_photo": file(), "f-book_photo": file("户口簿.jpg")})
    weeks = {"name": "weeks", "label": "孕周", "type": "number", "required": True, "min": 1, "max": 45}
    change_form(made, [*FIELDS[:3], weeks, *FIELDS[3:]], on=datetime.now(UTC).date())
    changed = post(client, page, **REACH)
    html = changed.content.decode()
    assert "field-changed" in html
    assert 'value="李小禾"' in html
    assert len(fields(html)["file"]) == 2
    page = post(client, changed, **words(), **{"f-weeks": "38"})
    page = post(client, post(client, page), **REACH)
    done = post(client, page, do="send")
    assert done.status_code == 302, re.findall("error[^<]*<[^<]*", done.content.decode())
    assert Application.objects.get().form.number == 2


def test_an_item_withdrawn_keeps_what_was_half_filled_and_names_a_person(city: City, client: Client) -> None:
    made = item(city)
    page = post(client, client.get(f"/apply/{CODE}/"), **words())
    made.withdrawn_on = made.versions.get().valid_from
    made.state_reason = "由新事项替代"
    made.save()
    shut = post(client, page, **{"f-id_photo": file()})
    html = shut.content.decode()
    assert shut.status_code == 409
    assert "由新事项替代" in html
    assert "0571-88886666" in html
    code = re.search(r'slip-number code">([^<]+)<', html)[1]
    made.withdrawn_on = None
    made.save()
    back = client.post("/apply/continue/", {"code": code.lower()})
    assert 'value="李小禾"' in back.content.decode()
    assert len(fields(back.content.decode())["file"]) == 1
    assert client.get(f"/apply/{CODE}/").status_code == 200


def test_half_filled_is_kept_under_a_code_and_a_wrong_code_opens_nothing(city: City, client: Client) -> None:
    item(city)
    page = post(client, client.get(f"/apply/{CODE}/"), **words(), do="keep")
    code = re.search(r'id="code">([^<]+)<', page.content.decode())[1]
    assert 'value="李小禾"' in client.post("/apply/continue/", {"code": code}).content.decode()
    assert client.post("/apply/continue/", {"code": "2222222222"}).status_code == 403
    assert not Case.objects.exists()


def test_the_tracking_page_tells_each_stage(city: City, client: Client) -> None:
    item(city)
    now, handler = datetime.now(UTC), city.actor("handler")
    case = sent(at=now)
    client.post("/track/", {"number": case.number, "code": query_code(case)})
    operations.ask_correction(case, missing="户口簿第二页看不清", fields=["book_photo"], by=handler, at=now)
    html = client.get("/track/").content.decode()
    assert "户口簿第二页看不清" in html
    page = client.get("/track/application/correct/")
    data = fields(page.content.decode())
    refused = client.post("/track/application/correct/", data | {"text": ""})
    assert refused.status_code == 422
    done = client.post("/track/application/correct/", data | {"f-book_photo": file("新.jpg"), "key": "k2"})
    assert done.status_code == 302, done.content.decode()
    case.refresh_from_db()
    assert case.stage == "precheck"
    operations.admit(case, by=handler, at=now)
    operations.decide(case, granted=True, by=handler, at=now)
    result = operations.issue(case, how="online", by=handler, at=now)
    html = client.get("/track/").content.decode()
    assert result.code[:4] in html
    assert "<svg" in html


def test_a_result_is_verified_by_its_code_and_names_are_masked(city: City, client: Client) -> None:
    item(city)
    case, handler = sent(), city.actor("handler")
    at = case.opened_at
    operations.admit(case, by=handler, at=at)
    operations.decide(case, granted=True, by=handler, at=at)
    result = operations.issue(case, how="online", by=handler, at=at)
    html = client.get("/verify/", {"code": result.code.lower()}).content.decode()
    assert "生育服务卡" in html
    assert "李*" in html
    assert "李禾" not in html
    assert client.post("/verify/", {"code": "222222222222"}).status_code == 404
    assert Result.objects.count() == 1


def signed_in(city: City, name: str) -> Client:
    client = Client()
    client.force_login(city.staff[name])
    return client


def act(client: Client, case: Case, name: str, **given: Any) -> Any:
    case.refresh_from_db()
    data = {"seen": case.length, "key": f"{name}{case.length}".ljust(32, "0")} | given
    return client.post(f"/desk/cases/{case.number}/{name}/", data)


def test_staff_check_decide_and_issue_on_the_page_of_the_case(city: City) -> None:
    item(city)
    case, desk = sent(), signed_in(city, "handler")
    html = desk.get(f"/desk/cases/{case.number}/").content.decode()
    assert "李小禾" in html
    assert "11010519491231002X" not in html
    assert act(desk, case, "admit").status_code == 303
    assert act(desk, case, "decide", reason="").status_code == 303
    assert act(desk, case, "issue", how="").status_code == 422
    assert act(desk, case, "issue", how="online").status_code == 303
    case.refresh_from_db()
    assert case.stage == "issued"


def test_papers_open_through_the_policy_and_every_look_is_written_down(city: City) -> None:
    item(city)
    case = sent()
    paper = case.application.documents.first().attachment.uuid
    assert signed_in(city, "willow_handler").get(f"/desk/files/{paper}/").status_code == 404
    desk = signed_in(city, "handler")
    assert desk.get(f"/desk/files/{paper}/?look").status_code == 200
    assert ViewLog.objects.get().fields == [f"file:{paper}"]
    shown = desk.post(f"/desk/applications/{case.number}/in-clear/", {"purpose": "核对证件"})
    assert "11010519491231002X" in shown.content.decode()
    assert ViewLog.objects.count() == 2
    assert desk.post(f"/desk/applications/{case.number}/in-clear/", {"purpose": " "}).status_code == 422


@pytest.mark.parametrize(
    ("who", "confidential", "opens"),
    [("handler", False, True), ("supervisor", False, True), ("agent", False, True), ("mayor", False, False),
     ("handler", True, False), ("supervisor", True, True)],
)  # fmt: skip
def test_papers_open_to_those_who_work_on_it_or_may_know_the_person(
    city: City, who: str, confidential: bool, opens: bool
) -> None:
    item(city)
    case = sent()
    Case.objects.filter(pk=case.pk).update(confidential=confidential)
    paper, desk = case.application.documents.first().attachment.uuid, signed_in(city, who)
    assert desk.get(f"/desk/files/{paper}/?look").status_code == (200 if opens else 404)
    html = desk.get(f"/desk/cases/{case.number}/").content.decode()
    assert (f"/desk/files/{paper}/" in html) is ("李小禾" in html) is opens
    assert ViewLog.objects.exists() is opens


def test_those_of_another_unit_see_nothing_of_it(city: City) -> None:
    item(city)
    case = sent()
    assert signed_in(city, "willow_handler").get(f"/desk/cases/{case.number}/").status_code == 404
    assert act(signed_in(city, "mayor"), case, "admit").status_code == 403


def test_a_citizen_may_choose_a_window(city: City, client: Client) -> None:
    item(city)
    case = sent(at=datetime.now(UTC))
    client.post("/track/", {"number": case.number, "code": query_code(case)})
    data = fields(client.get("/track/application/window/").content.decode())
    assert client.post("/track/application/window/", data | {"text": "我不会用手机"}).status_code == 302
    case.refresh_from_db()
    assert case.stage == "at_window"
    assert "我不会用手机" in client.get("/track/").content.decode()
    assert operations.take_at_window(case, unit=city.unit("urban"), by=city.actor("clerk"), at=case.last_at).taken_at
    assert CITIZEN.kind == "citizen"
