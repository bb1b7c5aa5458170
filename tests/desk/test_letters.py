"""A paper letter: a photo, the person, the window and the unit; praise reaches whom it names."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from qingyu.cases import attachments, operations
from qingyu.cases.models import Case
from qingyu.desk.letters.entering import Letter, enter
from qingyu.rules.refusals import NotAllowed, NotValid
from tests.followup.stories import follow
from tests.hall.floors import build_floor
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def letter(city: City, settings: Any, tmp_path: Any) -> Letter:
    settings.DATA_DIR = tmp_path
    build_floor(city)
    photo = attachments.hold("信.jpg", picture(), sender="test")
    person = operations.Person(name="周老太", address="柳岸街道1号")
    return Letter(text="感谢2号窗口", type="praise", received=TODAY, photos=[photo], person=person, window="demo/2")


def test_praise_is_passed_on_at_once_and_is_the_units(city: City, letter: Letter) -> None:
    full = replace(letter, staff="测试clerk", level="very_satisfied")
    case = enter(full, by=city.actor("agent"), at=MONDAY).case
    assert (case.type, case.channel, case.state, case.owner_id) == ("praise", "letter", "closed", city.unit("urban"))
    facts = case.events.get(seq=1).facts
    assert (facts["hall"], facts["window"], facts["staff"]) == ("demo", "2", city.staff["clerk"].pk)
    rated = case.events.get(kind="service_rated")
    assert (rated.facts["level"], rated.facts["channel"], rated.by_staff) == (
        "very_satisfied", "paper", city.staff["agent"].pk,
    )  # fmt: skip
    assert case.attachments.count() == 1
    follow()
    client = Client()
    client.force_login(city.staff["clerk"], backend="django.contrib.auth.backends.ModelBackend")
    assert "感谢2号窗口" in client.get("/desk/voices/?show=me").content.decode()


def test_a_complaint_waits_for_dispatch_and_counts_from_the_day_it_came(city: City, letter: Letter) -> None:
    came = TODAY - timedelta(days=3)
    case = enter(replace(letter, type="complaint", received=came), by=city.actor("agent"), at=MONDAY).case
    assert (case.state, case.opened_at) == ("received", datetime(2026, 5, 29, 4, tzinfo=UTC))
    assert case.events.get(seq=1).recorded_at > case.opened_at


def test_who_may_dispatch_sends_it_to_the_unit_it_names(city: City, letter: Letter) -> None:
    case = enter(replace(letter, type="complaint"), by=city.actor("dispatcher"), at=MONDAY).case
    assert (case.state, case.lead_id) == ("dispatched", city.unit("urban"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"photos": []}, "photo_missing"),
        ({"received": TODAY + timedelta(days=1)}, "received_in_future"),
        ({"window": "demo/99"}, "window_unknown"),
        ({"window": "nowhere/1"}, "window_unknown"),
        ({"staff": "没有这个人"}, "staff_unknown"),
        ({"staff": "测试agent"}, "staff_unknown"),  # of another unit than the window's
        ({"text": "  "}, "text_missing"),
        ({"level": "5"}, "level_unknown"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_kept(
    city: City, letter: Letter, change: dict[str, Any], code: str
) -> None:
    with pytest.raises(NotValid, match=code):
        enter(replace(letter, **change), by=city.actor("dispatcher"), at=MONDAY)
    assert not Case.objects.exists()


def test_two_of_one_name_need_their_unit(city: City, letter: Letter) -> None:
    from qingyu.people.models import Staff

    Staff.objects.filter(username="handler").update(name="测试clerk")
    with pytest.raises(NotValid, match="staff_ambiguous"):
        enter(replace(letter, staff="测试clerk"), by=city.actor("agent"), at=MONDAY)


def test_whom_a_letter_names_does_not_enter_it(city: City, letter: Letter) -> None:
    with pytest.raises(NotAllowed, match="own_letter"):
        enter(replace(letter, staff="测试clerk"), by=city.actor("clerk"), at=MONDAY)


def test_the_page_keeps_the_photo_through_a_refusal_and_enters_once(city: City, letter: Letter) -> None:
    client = Client()
    client.force_login(city.staff["agent"], backend="django.contrib.auth.backends.ModelBackend")
    form = {"key": "a" * 32, "received": "2026-06-01", "type": "praise", "text": "", "window": "demo/2"}
    photo = SimpleUploadedFile("信.jpg", picture(), "image/jpeg")
    refused = client.post("/desk/letter/", {**form, "files": photo})
    assert refused.status_code == 422
    token = refused.context["photos"][0].token
    whole = {**form, "key": "b" * 32, "text": "谢谢", "kept": token}
    answers = [client.post("/desk/letter/", whole) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert Case.objects.count() == 1
    assert Case.objects.get().attachments.count() == 1


def test_what_is_no_photo_is_told_by_its_name(city: City, letter: Letter) -> None:
    client = Client()
    client.force_login(city.staff["agent"], backend="django.contrib.auth.backends.ModelBackend")
    wrong = SimpleUploadedFile("信.jpg", b"MZ not a picture", "image/jpeg")
    form = {"key": "c" * 32, "received": "2026-06-01", "type": "praise", "text": "谢谢", "files": wrong}
    page = client.post("/desk/letter/", form)
    assert page.status_code == 422
    assert "信.jpg" in page.content.decode()
    assert not Case.objects.exists()
