"""A citizen files a request: one question a page, nothing typed is lost, sent once."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from qingyu.cases import papers
from qingyu.cases.models import Attachment, Case, CaseText, Contact
from tests.cases.door import ANSWERS, file, filled_in, hidden, step
from tests.people import City

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, settings: LazySettings) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def photo(name: str = "灯.jpg") -> SimpleUploadedFile:
    target = io.BytesIO()
    Image.new("RGB", (30, 20)).save(target, "JPEG")
    return SimpleUploadedFile(name, target.getvalue(), "image/jpeg")


def test_a_named_person_files_and_gets_number_and_code(city: City, client: Client) -> None:
    number, code = file(client)
    case = Case.objects.get(number=number)
    assert (case.state, case.type, case.area, case.channel) == ("received", "complaint", "990102001000", "web")
    assert not case.anonymous
    contact = Contact.objects.get(case=case)
    assert papers.clear_field(contact, "phone") == "+8619900001234"
    assert contact.language == "zh-hans"
    assert CaseText.objects.get(case=case, kind="place").body == "柳岸路 1 号"
    assert len(code) == 8


def test_an_anonymous_person_files_and_leaves_nothing(city: City, client: Client) -> None:
    number, _code = file(client, name="", phone="")
    assert Case.objects.get(number=number).anonymous
    assert not Contact.objects.exists()


def test_nothing_is_stored_before_the_last_button(city: City, client: Client) -> None:
    filled_in(client)
    assert not Case.objects.exists()
    assert not CaseText.objects.exists()


def test_the_last_page_shows_every_answer(city: City, client: Client) -> None:
    said = filled_in(client, confidential="on").content.decode()
    for words in ("楼下夜间施工到两点", "柳岸街道", "柳岸路 1 号", "我要投诉，保密", "王晓", "199 0000 1234"):
        assert words in said


BAD = [
    ("words", {"text": ""}, "请写一写是什么事"),
    ("words", {"text": "   \n"}, "请写一写是什么事"),
    ("words", {"text": "字" * 10_001}, "您写了 10001 个字"),
    ("where", {"area": "990000000000"}, "id_area_error"),
    ("where", {"address": "路" * 301}, "请写短一些"),
    ("where", {"lat": "91"}, ""),
    ("where", {"lat": "north"}, ""),
    ("kind", {"type": ""}, "请选择一项"),
    ("kind", {"type": "wish"}, "请从列表中选择"),
    ("reach", {"phone": "123"}, "电话号码不正确"),
    ("reach", {"phone": "<b>"}, "电话号码不正确"),
    ("reach", {"email": "name@"}, "邮箱地址不正确"),
]


@pytest.mark.parametrize(("where", "answers", "words"), BAD)
def test_what_is_not_right_is_said_at_the_field_and_kept(
    city: City, client: Client, where: str, answers: dict[str, str], words: str
) -> None:
    page = client.get("/file/")
    for name, given in ANSWERS.items():
        page = step(client, page, **{**given, **(answers if name == where else {})})
        if name == where:
            break
    assert page.status_code == 422
    assert words in page.content.decode()
    assert page.context["step"] == where
    for name, value in answers.items():
        assert page.context["form"][name].value() == value
    assert not Case.objects.exists()


def test_words_of_ten_thousand_letters_travel_through_all_pages(city: City, client: Client) -> None:
    text = ("一行\r\n" * 2500)[:10_000].strip()
    number, _code = file(client, text=text)
    stored = CaseText.objects.get(case__number=number, kind="text").body
    assert stored.replace("\r\n", "\n") == text.replace("\r\n", "\n")


def test_words_are_never_taken_for_markup(city: City, client: Client) -> None:
    assert b"<script>alert(1)" not in filled_in(client, text='<script>alert(1)</script>"').content
    number, _code = file(client, text='<script>alert(1)</script>"')
    assert b"<script>alert(1)" not in client.get("/track/").content
    assert CaseText.objects.get(case__number=number, kind="text").body == '<script>alert(1)</script>"'


def test_a_topic_that_needs_a_contact_says_so_before_and_after(city: City, client: Client) -> None:
    page = client.get("/file/")
    for name in ("words", "where"):
        page = step(client, page, **ANSWERS[name])
    page = client.post("/file/", {**hidden(page), "type": "help", "topic": "labour.wages", "do": "next"})
    page = step(client, page, type="help", topic="labour.wages") if page.context["step"] == "kind" else page
    assert page.context["form"].needed
    page = step(client, page, name="王晓", phone="", email="")
    assert page.status_code == 422
    assert "需要留下电话或邮箱" in page.content.decode()
    page = step(client, page, name="王晓", phone="", email="wang@example.cn")
    assert step(client, page, "send").status_code == 302
    assert not Case.objects.get().anonymous


def test_the_topics_offered_fit_the_words(city: City, client: Client) -> None:
    from qingyu.cases.models import Topic
    from qingyu.people import queries

    Topic.objects.filter(code="city.noise.night").update(words=["夜间施工", "噪声"])
    queries.forget()
    page = client.get("/file/")
    for name in ("words", "where"):
        page = step(client, page, **ANSWERS[name])
    assert [code for code, _name in page.context["form"].fields["topic"].choices] == ["city.noise.night", ""]
    page = step(client, page, type="complaint", topic="city.noise.night")
    page = step(client, page, **ANSWERS["reach"])
    assert "城乡建设 / 噪声 / 夜间施工" in page.content.decode()
    step(client, page, "send")
    assert Case.objects.get().topic == "city.noise.night"


def test_going_back_and_changing_an_answer_loses_nothing(city: City, client: Client) -> None:
    page = filled_in(client)
    page = step(client, page, "go:where")
    assert page.context["form"]["address"].value() == "柳岸路 1 号"
    page = step(client, page, area="990102000000", address="湖滨路")
    assert page.context["step"] == "check"
    page = step(client, page, "go:kind")
    page = step(client, page, "back", type="help")
    assert page.context["step"] == "where"
    assert hidden(page)["type"] == ["help"]
    step(client, step(client, page, area="990102000000", address="湖滨路"), "send")
    case = Case.objects.get()
    assert (case.type, case.area) == ("help", "990102000000")


def test_a_double_click_files_one_request(city: City, client: Client) -> None:
    page = filled_in(client)
    answers = [step(client, page, "send") for _ in range(3)]
    assert {answer.status_code for answer in answers} == {302}
    assert Case.objects.count() == 1


def test_the_same_form_with_other_words_is_not_a_second_request(city: City, client: Client) -> None:
    page = filled_in(client)
    step(client, page, "send")
    again = client.post("/file/", {**hidden(page), "text": "别的事", "do": "send"})
    assert again.status_code == 422
    assert "已经提交过了" in again.content.decode()
    assert Case.objects.count() == 1


def test_a_page_open_too_long_keeps_everything_and_asks_for_one_more_press(city: City) -> None:
    client = Client(enforce_csrf_checks=True)
    page = filled_in(client)
    stale = step(client, page, "send", csrfmiddlewaretoken="x" * 64)
    assert stale.status_code == 422
    assert "内容都还在" in stale.content.decode()
    assert not Case.objects.exists()
    token = stale.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert step(client, stale, "send", csrfmiddlewaretoken=token).status_code == 302
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("button", "sign"),
    [
        ({"mode": "elder"}, 'data-mode="elder"'),
        ({"contrast": "high"}, 'data-contrast="high"'),
        ({"language": "en"}, 'lang="en"'),
    ],
)
def test_other_type_contrast_or_language_in_the_middle_loses_nothing(
    city: City, client: Client, button: dict[str, str], sign: str
) -> None:
    page = step(client, client.get("/file/"), **ANSWERS["words"])
    page = client.post("/file/", {**hidden(page), "address": "柳岸路", **button})
    assert sign in page.content.decode()
    if "language" not in button:  # the same button leads back
        assert f'name="{next(iter(button))}" value="normal"' in page.content.decode()
    assert page.context["step"] == "where"
    assert page.context["form"]["address"].value() == "柳岸路"
    assert sign in client.get("/").content.decode()
    step(client, step(client, step(client, step(client, page), type="help")), "send")
    assert CaseText.objects.get(kind="text").body == "楼下夜间施工到两点"


def test_files_go_along_and_can_be_taken_out(city: City, client: Client) -> None:
    page = step(client, client.get("/file/"), text="灯不亮", files=[photo("a.jpg"), photo("b.jpg")])
    assert len(hidden(page)["file"]) == 2
    page = step(client, page, "back")
    first = page.context["draft"].files[0]
    page = step(client, page, f"remove:{first.id}", text="灯不亮")
    assert not first.path.exists()
    page = step(client, page, text="灯不亮", files=[photo("c.jpg")])
    page = step(client, step(client, step(client, page), type="help"))
    assert "b.jpg\nc.jpg" in page.content.decode()
    step(client, page, "send")
    assert Attachment.objects.count() == 2


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([SimpleUploadedFile("a.jpg", b"MZ" + b"\0" * 300)], "a.jpg：不能接收这种文件"),
        ([SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + b"\0" * (11 * 1024 * 1024))], "a.jpg：文件太大"),
        ([photo(f"{name}.jpg") for name in "abcdef"], "一次最多 5 个文件"),
    ],
)
def test_files_that_cannot_be_taken_are_named(city: City, client: Client, files: list[Any], words: str) -> None:
    page = step(client, client.get("/file/"), text="灯不亮", files=files)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert page.context["form"]["text"].value() == "灯不亮"
    assert "file" not in hidden(page)


def test_an_empty_file_is_refused_in_words(city: City, client: Client) -> None:
    page = step(client, client.get("/file/"), text="灯不亮", files=[SimpleUploadedFile("a.jpg", b"")])
    assert "a.jpg：文件是空的" in page.content.decode()


def test_nobody_brings_files_by_a_made_up_token(city: City, client: Client) -> None:
    page = filled_in(client)
    client.post("/file/", {**hidden(page), "file": ["made-up"], "do": "send"})
    assert not Attachment.objects.exists()


def test_addresses_never_hold_code_or_phone(city: City, client: Client) -> None:
    answer = step(client, filled_in(client), "send")
    assert answer["Location"] == "/file/done/"
    done = client.get("/file/done/")
    assert "no-store" in done["Cache-Control"]
    assert done["Referrer-Policy"] == "no-referrer"
    cookie = client.cookies["qingyu_case"]
    assert cookie["httponly"]
    assert cookie["max-age"] == 1800


def test_the_slip_is_printable_and_carries_a_picture_of_the_address(city: City, client: Client) -> None:
    number, code = file(client)
    slip = client.get("/file/slip/").content.decode()
    assert number in slip
    assert code in slip
    assert "<svg" in slip
    assert "style=" not in slip


def test_without_a_filed_request_the_number_page_leads_to_tracking(city: City, client: Client) -> None:
    assert client.get("/file/done/")["Location"] == "/track/"


@pytest.mark.parametrize("path", ["/", "/help/", "/privacy/", "/file/", "/track/", "/track/lost/", "/track/lost/sent/"])
@pytest.mark.parametrize(("language", "words"), [("zh-hans", "有人为您服务"), ("en", "A person will help you")])
def test_every_page_offers_a_person_in_both_languages(
    city: City, client: Client, path: str, language: str, words: str
) -> None:
    client.cookies["django_language"] = language
    answer = client.get(path)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert "tel:12345" in answer.content.decode()


def test_filing_costs_few_statements(city: City, client: Client, django_assert_max_num_queries: Any) -> None:
    file(client)
    page = filled_in(client)
    with django_assert_max_num_queries(16):
        step(client, page, "send")
