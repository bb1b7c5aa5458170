"""The pages of facilities without a browser: one press without typing, rounds that keep every tick, photos."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from qingyu.cases import attachments
from qingyu.cases.actors import CITIZEN
from qingyu.cases.attachments.cleaning import LONGEST_SIDE
from qingyu.cases.models import Attachment, Case
from qingyu.hall.models import FacilityEvent, FacilityFault, Round
from qingyu.hall.operations import facilities
from tests.hall.places import Place, build_place, photo
from tests.hall.test_pages import as_staff, key_of
from tests.people import City

ROUND = "/hall/demo/rounds/opening/"


@pytest.fixture
def place(city: City, settings: LazySettings, tmp_path) -> Place:  # type: ignore[no-untyped-def]
    settings.DATA_DIR = tmp_path
    return build_place(city)


def file(content: bytes, name: str = "p.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def kept() -> Image.Image:
    return Image.open(io.BytesIO(attachments.read(Attachment.objects.get())))


# The QR code -----------------------------------------------------------------------------------------------------


def test_a_fault_is_told_by_one_button_and_twice_is_once(place: Place, client: Client) -> None:
    page = client.get("/f/printer-a/").content.decode()
    assert page.count('name="trouble"') == 4
    assert "<script" not in page.split("</head>")[1]
    form = {"trouble": "broken", "key": key_of(page)}
    answers = [client.post("/f/printer-a/", form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Case.objects.count() == 1
    assert FacilityFault.objects.get().reports == 1
    assert Case.objects.get().number in answers[0].content.decode()
    assert "谢谢" in answers[1].content.decode()
    assert "有人反映" not in client.get("/hall/demo/").content.decode()
    assert "损坏" in client.get("/hall/demo/").content.decode()


def test_somebody_else_who_presses_is_counted_and_gets_no_code_of_the_case(place: Place, client: Client) -> None:
    client.post("/f/printer-a/", {"trouble": "broken", "key": "a"})
    second = client.post("/f/printer-a/", {"trouble": "broken", "key": "b"}).content.decode()
    assert "已有2人反映" in second
    assert "/track/" not in second.split("<main")[1]
    assert Case.objects.get().number not in second


def test_three_languages(place: Place, client: Client) -> None:
    for language, words in (("zh-hans", "有什么问题"), ("zh-hant", "有什麼問題"), ("en", "what is wrong?")):
        client.cookies["django_language"] = language
        assert words in client.get("/f/printer-a/").content.decode()


def test_what_cannot_be_taken_is_said_and_nothing_is_lost(place: Place, client: Client) -> None:
    button = "请按下其中一个按钮"
    for given, words in (
        ({"trouble": "explode"}, button),
        ({}, button),
        ({"trouble": "broken", "phone": "12"}, "电话"),
    ):
        answer = client.post("/f/printer-a/", given | {"key": "k"})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert given.get("phone", "") in answer.content.decode()
    assert not Case.objects.exists()


def test_a_facility_that_is_none_is_404(place: Place, client: Client) -> None:
    assert client.get("/f/nothing/").status_code == 404


# Photos ----------------------------------------------------------------------------------------------------------


NO_PHOTOS = [b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n", b"hello", b"MZ\x90\0" + b"\0" * 400, photo()[:300]]


def test_a_photo_that_is_no_photo_is_refused_in_words(place: Place, client: Client) -> None:
    for content in NO_PHOTOS:
        form = {"trouble": "broken", "key": "k", "phone": "13800138000", "photo": file(content)}
        answer = client.post("/f/printer-a/", form)
        assert answer.status_code == 422
        assert "这不是照片" in answer.content.decode()
        assert "13800138000" in answer.content.decode()
    assert not Case.objects.exists()


def test_a_photo_that_lies_on_its_head_is_turned_and_loses_place_and_time(place: Place, client: Client) -> None:
    picture = Image.new("RGB", (80, 40), "white")
    picture.putpixel((0, 0), (0, 0, 0))
    picture.paste((0, 0, 0), (0, 0, 30, 15))
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    exif[0x010F] = "a maker"
    target = io.BytesIO()
    picture.save(target, "JPEG", exif=exif, quality=95)
    client.post("/f/printer-a/", {"trouble": "broken", "key": "k", "photo": file(target.getvalue())})
    found = kept()
    assert not found.getexif()
    assert found.size == (80, 40)
    assert found.getpixel((75, 37))[0] < 60 < 200 < found.getpixel((4, 4))[0]  # type: ignore[index, operator]


def test_a_photo_of_forty_megapixels_is_made_smaller(place: Place, client: Client) -> None:
    large = photo((8000, 5000), quality=30)
    assert client.post("/f/printer-a/", {"trouble": "broken", "key": "k", "photo": file(large)}).status_code == 201
    assert max(kept().size) <= LONGEST_SIDE


def test_a_picture_of_forty_megapixels_that_must_be_unfolded_whole_is_refused_in_words(
    place: Place, client: Client
) -> None:
    target = io.BytesIO()
    Image.new("1", (8000, 5000)).save(target, "PNG")
    answer = client.post("/f/printer-a/", {"trouble": "broken", "key": "k", "photo": file(target.getvalue(), "p.png")})
    assert answer.status_code == 422
    assert "像素太多" in answer.content.decode()
    assert not Case.objects.exists()


# The round -------------------------------------------------------------------------------------------------------


def tick(client: Client, code: str, said: str, key: str = "", **more: object) -> object:
    return client.post(ROUND, {"facility": code, "said": said, "key": key or f"{code}{said}", **more})


def test_a_round_from_the_first_tick_to_done(place: Place, city: City) -> None:
    guide = as_staff(city, "clerk")
    assert "stool-1" in guide.get(ROUND).content.decode()
    assert tick(guide, "stool-1", "missing", photo=file(photo())).status_code == 303  # type: ignore[attr-defined]
    assert tick(guide, "seats", "in_order", count="38").status_code == 303  # type: ignore[attr-defined]
    assert sorted(FacilityFault.objects.values_list("facility__code", "trouble")) == [
        ("seats", "missing"), ("stool-1", "missing"),
    ]  # fmt: skip
    assert place.fresh("seats").counted == 38
    assert "38" in Case.objects.get(title__body__contains="座椅").texts.get(kind="text").body
    assert Round.objects.get().done_at is None
    page = guide.get(ROUND).content.decode()
    rest = re.findall(r'name="rest" value="([^"]+)"', page)
    for number, codes in enumerate([*rest, "printer-a", "aed", "listen"]):
        guide.post(ROUND, {"rest": codes, "key": f"r{number}", "place": "1"})
    found = Round.objects.get()
    assert found.done_at is not None
    assert found.staff == city.staff["clerk"]
    assert Attachment.objects.count() == 1


def test_what_was_ticked_stays_when_something_is_refused(place: Place, city: City) -> None:
    guide = as_staff(city, "clerk")
    tick(guide, "aed", "in_order")
    bad = tick(guide, "stool-1", "missing", photo=file(b"no photo"))
    assert bad.status_code == 422  # type: ignore[attr-defined]
    page = bad.content.decode()  # type: ignore[attr-defined]
    assert "这不是照片" in page
    assert "之前勾选的都已保存" in page
    assert "round-again" in page  # what was pressed is marked
    assert FacilityEvent.objects.get().facility.code == "aed"
    assert tick(guide, "seats", "in_order", count="many").status_code == 422  # type: ignore[attr-defined]
    assert 'value="many"' in tick(guide, "seats", "in_order", count="many").content.decode()  # type: ignore[attr-defined]
    assert tick(guide, "nothing", "in_order").status_code == 422  # type: ignore[attr-defined]


def test_the_same_tick_twice_is_one_and_one_round_holds_a_day(place: Place, city: City) -> None:
    guide, other = as_staff(city, "clerk"), as_staff(city, "clerk")
    for client in (guide, guide, other):
        tick(client, "stool-1", "missing", key="one")
    assert FacilityFault.objects.get().reports == 1
    assert Round.objects.count() == 1


def test_seeing_it_in_order_in_a_round_ends_the_fault(place: Place, city: City) -> None:
    facilities.report(place.fresh("stool-1"), trouble="missing", by=CITIZEN, at=datetime.now(UTC))
    tick(as_staff(city, "clerk"), "stool-1", "in_order")
    assert Case.objects.get().state == "closed"


MAY_COME_IN = [
    ("rounds/opening", "clerk", 200), ("rounds/opening", "guide", 403), ("rounds/opening", "mayor", 403),
    ("rounds/teatime", "clerk", 404), ("facilities", "clerk", 200), ("facilities", "willow_handler", 403),
    ("facilities/stool-1", "second_handler", 200), ("facilities/stool-1", "willow_handler", 403),
    ("facilities/codes", "clerk", 403), ("window/3/listening", "clerk", 200), ("listening", "clerk", 403),
    ("listening", "supervisor", 200),
]  # fmt: skip


def test_who_may_come_in(place: Place, city: City) -> None:
    for path, name, status in MAY_COME_IN:
        assert as_staff(city, name).get(f"/hall/demo/{path}/").status_code == status, (path, name)
        assert Client().get(f"/hall/demo/{path}/").status_code == 302


def test_the_manager_sees_what_to_do_and_prints_the_codes(place: Place, city: City) -> None:
    place.hall.unit = city.units["east"]
    place.hall.save()
    facilities.report(place.fresh("aed"), trouble="missing", by=CITIZEN, at=datetime.now(UTC))
    manager = as_staff(city, "hall_manager")
    for path in ("manager", "facilities"):
        assert "自动体外除颤器" in manager.get(f"/hall/demo/{path}/").content.decode()
    codes = manager.get("/hall/demo/facilities/codes/").content.decode()
    assert codes.count("<svg") >= 5
    assert manager.get("/desk/hall/").status_code == 200


def test_a_person_mends_it_on_its_page(place: Place, city: City) -> None:
    facilities.report(place.fresh("printer-a"), trouble="broken", by=CITIZEN, at=datetime.now(UTC))
    clerk, address = as_staff(city, "clerk"), "/hall/demo/facilities/printer-a/"
    page = clerk.get(address).content.decode()
    assert Case.objects.get().number in page
    done = clerk.post(address, {"do": "in_order", "note": "换了硒鼓", "key": key_of(page)})
    assert done.status_code == 302
    assert "换了硒鼓" in clerk.get(address).content.decode()
    refused = clerk.post(address, {"do": "out_of_use", "note": "", "key": "x"})
    assert refused.status_code == 422


def test_statements_of_the_pages(place: Place, city: City, client: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    guide = as_staff(city, "clerk")
    for address, who, most in (("/f/aed/", client, 1), (ROUND, guide, 10), ("/hall/demo/facilities/", guide, 12)):
        who.get(address)
        with django_assert_max_num_queries(most):
            assert who.get(address).status_code == 200
