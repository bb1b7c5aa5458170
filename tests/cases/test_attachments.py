"""Files are told by their content, cleaned, kept on disk and opened only by those who may."""

from __future__ import annotations

import io
import os
import struct
import wave
import zipfile
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.test import Client, TestCase
from PIL import Image

from qingyu.cases import attachments, operations
from qingyu.cases.actors import CITIZEN
from qingyu.cases.attachments import cleaning, holding
from qingyu.cases.attachments.cleaning import LONGEST_SIDE
from qingyu.cases.attachments.holding import held_folder, plain_name
from qingyu.cases.attachments.keeping import place
from qingyu.cases.models import Attachment, Case, CaseEvent
from qingyu.rules import ledger
from qingyu.rules.refusals import NotValid
from tests.people import MONDAY, City

HOUR = timedelta(hours=1)
SENDER = "192.0.2.7"


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, settings: LazySettings) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def picture(form: str = "JPEG", size: tuple[int, int] = (60, 40), **more: object) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, (10, 120, 90)).save(target, form, **more)
    return target.getvalue()


def sound() -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\1" * 400)
    return target.getvalue()


def archive(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        for name in names:
            file.writestr(name, "<a/>")
    return target.getvalue()


def pdf(inside: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog " + inside + b" >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def huge_png() -> bytes:
    """A few hundred bytes that unfold into 40,000 by 40,000 dots."""
    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 40_001)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )


GOOD = {
    "jpeg": (picture(), "image/jpeg"),
    "png": (picture("PNG"), "image/png"),
    "webp": (picture("WEBP"), "image/webp"),
    "gif becomes png": (picture("GIF"), "image/png"),
    "pdf": (pdf(), "application/pdf"),
    "wav": (sound(), "audio/wav"),
    "mp3 with tags": (b"ID3\x04\0\0\0\0\0\0\xff\xfb\x90\0" + b"\0" * 500, "audio/mpeg"),
    "mp3": (b"\xff\xfb\x90\0" + b"\0" * 500, "audio/mpeg"),
    "m4a": (b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom" + b"\0" * 60, "audio/mp4"),
    "docx": (archive("[Content_Types].xml", "word/document.xml"), attachments.cleaning.WORD),
    "xlsx": (archive("[Content_Types].xml", "xl/workbook.xml"), attachments.cleaning.EXCEL),
}
BAD = {
    "nothing": (b"", "file_empty"),
    "too big": (b"\xff\xd8\xff" + b"\0" * (10 * 1024 * 1024), "file_too_big"),
    "a program named photo.jpg": (b"MZ\x90\0" + b"\0" * 500, "file_type_refused"),
    "a program for Linux": (b"\x7fELF\x02\x01\x01" + b"\0" * 200, "file_type_refused"),
    "a page": (b"<!doctype html><script>alert(1)</script>", "file_type_refused"),
    "a drawing with a script": (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "file_type_refused"),
    "plain words": (b"hello", "file_type_refused"),
    "an archive": (archive("a.txt"), "file_type_refused"),
    "a bomb": (huge_png(), "image_too_large"),
    "half a photo": (picture(size=(400, 400))[:900], "image_broken"),
    "a photo's head alone": (b"\xff\xd8\xff\xe0\0\x10JFIF" + b"\0" * 50, "image_broken"),
    "half a pdf": (pdf()[:30], "pdf_broken"),
    "a pdf with a script": (pdf(b"/OpenAction << /S /JavaScript /JS (app.alert) >>"), "pdf_active"),
    "a pdf with a hidden script": (pdf(b"/OpenAction << /S /J#61vaScript >>"), "pdf_active"),
    "a pdf that starts a program": (pdf(b"/A << /S /Launch /F (cmd.exe) >>"), "pdf_active"),
    "macros": (archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "document_refused"),
    "no content types": (archive("word/document.xml"), "document_refused"),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_people_have_is_taken(name: str) -> None:
    content, content_type = GOOD[name]
    assert attachments.clean(content).content_type == content_type


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_what_it_says_is_refused(name: str) -> None:
    content, code = BAD[name]
    with pytest.raises(NotValid) as refusal:
        attachments.clean(content)
    assert refusal.value.code == code
    assert refusal.value.field == "files"


def test_a_photo_loses_its_hidden_data_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "maker"
    exif.get_ifd(0x8825)[1] = "N"
    original = picture(size=(80, 40), exif=exif.tobytes(), comment=b"secret words", icc_profile=b"profile" * 20)
    cleaned = attachments.clean(original).content
    with Image.open(io.BytesIO(cleaned)) as image:
        assert image.size == (40, 80)
        assert not image.getexif()
        assert not {"exif", "comment", "icc_profile", "xmp"} & set(image.info)
    assert b"secret words" not in cleaned
    assert b"maker" not in cleaned


def test_what_hides_behind_a_picture_does_not_come_along() -> None:
    assert b"hidden" not in attachments.clean(picture("PNG") + b"hidden" * 50).content


def test_a_large_photo_is_made_smaller() -> None:
    cleaned = attachments.clean(picture(size=(4000, 3000))).content
    with Image.open(io.BytesIO(cleaned)) as image:
        assert max(image.size) == LONGEST_SIDE


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("照片.jpg", "照片.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\我家.png", "我家.png"),
        ('a"b<c>.pdf', "abc.pdf"),
        ("\u202egpj.exe\n", "gpj.exe"),
        ("...", "file"),
        ("", "file"),
        ("长" * 300 + ".jpg", "长" * 117 + ".jpg"),
    ],
)
def test_names_of_files_mean_nothing_to_a_program(given: str, kept: str) -> None:
    assert plain_name(given) == kept


def test_a_token_of_somebody_else_names_no_file() -> None:
    held = attachments.hold("a.jpg", picture(), sender=SENDER)
    assert attachments.of_token(held.token) == held
    for token in ("", "x", held.token[:-2] + "AA"):
        with pytest.raises(NotValid, match="file_gone"):
            attachments.of_token(token)
    attachments.drop(held)
    with pytest.raises(NotValid, match="file_gone"):
        attachments.of_token(held.token)


# With a case ----------------------------------------------------------------------------------------------------


def filed(*held: attachments.Held, **more: object) -> Case:
    """A case with these files, committed as far as files are concerned."""
    filing = operations.Filing(text="路灯不亮", channel="web", files=tuple(held), **more)  # type: ignore[arg-type]
    with TestCase.captureOnCommitCallbacks(execute=True):
        return operations.open_case(filing, by=CITIZEN, at=MONDAY).case


@pytest.mark.django_db
def test_files_come_with_the_opening_and_lie_outside_the_web_root(city: City, data_dir: Path) -> None:
    held = attachments.hold("灯.jpg", picture(), sender=SENDER)
    case = filed(held)
    row = Attachment.objects.get(case=case)
    event = CaseEvent.objects.get(case=case)
    assert event.facts["files"] == [row.pk]
    assert event.facts["file_digests"] == [ledger.content_digest(bytes(row.salt), attachments.read(row))]
    assert attachments.name_of(row) == "灯.jpg"
    assert "灯" not in event.body
    assert place(row).is_file()
    assert place(row).stat().st_mode & 0o077 == 0
    assert not list(held_folder().iterdir())


@pytest.mark.django_db
@pytest.mark.parametrize("more", [{"type": "report"}, {"confidential": True}])
def test_files_of_sealed_cases_are_sealed(city: City, more: dict[str, object]) -> None:
    case = filed(attachments.hold("a.png", picture("PNG"), sender=SENDER), **more)
    row = Attachment.objects.get(case=case)
    assert b"PNG" not in place(row).read_bytes()
    assert attachments.read(row).startswith(b"\x89PNG")
    assert not list(held_folder().iterdir())


@pytest.mark.django_db
def test_after_a_rollback_the_file_is_only_held(city: City) -> None:
    held = attachments.hold("a.jpg", picture(), sender=SENDER)
    filing = operations.Filing(text="路灯不亮", channel="web", confidential=True, files=(held,))
    with transaction.atomic():
        operations.open_case(filing, by=CITIZEN, at=MONDAY)
        transaction.set_rollback(True)
    assert not Attachment.objects.exists()
    assert attachments.of_token(held.token).path.read_bytes().startswith(b"\xff\xd8")
    case = filed(held, confidential=True)
    assert attachments.read(Attachment.objects.get(case=case)).startswith(b"\xff\xd8")


@pytest.mark.django_db
def test_what_nobody_kept_is_swept_after_a_day(city: City) -> None:
    kept, forgotten, fresh = (attachments.hold(f"{name}.jpg", picture(), sender=SENDER) for name in "abc")
    row = Attachment.objects.get(case=filed(kept))
    place(row).rename(held_folder() / kept.id)  # as if the power had failed between commit and move
    old = (datetime.now(UTC) - timedelta(days=2)).timestamp()
    for held in (kept, forgotten):
        os.utime(held.path, (old, old))
    assert attachments.read(row)
    assert attachments.sweep(at=datetime.now(UTC)) == 2
    assert place(row).is_file()
    assert [path.name for path in held_folder().iterdir()] == [fresh.id]


@pytest.mark.django_db
def test_more_files_than_allowed_are_refused(city: City) -> None:
    held = [attachments.hold("a.jpg", picture(), sender=SENDER) for _ in range(6)]
    with pytest.raises(NotValid, match="too_many_files"):
        filed(*held)
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_files_are_added_by_citizens_and_noted_by_staff(city: City) -> None:
    case = filed()
    operations.attach(case, files=[attachments.hold("a.jpg", picture(), sender=SENDER)], by=CITIZEN, at=MONDAY + HOUR)
    operations.attach(
        case, files=[attachments.hold("b.pdf", pdf(), sender=SENDER)], by=city.actor("dispatcher"), at=MONDAY + 2 * HOUR
    )
    assert list(case.events.order_by("seq").values_list("kind", flat=True)) == ["opened", "added", "noted"]
    assert list(Attachment.objects.order_by("pk").values_list("by_citizen", flat=True)) == [True, False]
    with pytest.raises(NotValid, match="text_missing"):
        operations.attach(case, files=[], by=CITIZEN, at=MONDAY + 3 * HOUR)


@pytest.mark.django_db
def test_files_are_served_to_those_who_may_see_the_case(city: City, client: Client) -> None:
    case = filed(attachments.hold("报告 1.pdf", pdf(), sender=SENDER))
    row = Attachment.objects.get(case=case)
    own, staff = f"/track/files/{row.uuid}/", f"/desk/files/{row.uuid}/"
    assert client.get(own).status_code == 404
    client.get("/track/", {"number": case.number, "code": operations.opening.query_code(case)})
    answer = client.get(own)
    assert b"".join(answer.streaming_content) == pdf()  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert "no-store" in answer["Cache-Control"]
    assert client.get(staff).status_code == 302
    for name, status in {"dispatcher": 200, "housing_handler": 404, "guide": 403}.items():
        client.force_login(city.staff[name], backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(staff).status_code == status, name


@pytest.mark.django_db
def test_the_file_of_another_case_is_not_served(city: City, client: Client) -> None:
    mine, theirs = filed(), filed(attachments.hold("a.jpg", picture(), sender=SENDER))
    row = Attachment.objects.get(case=theirs)
    client.get("/track/", {"number": mine.number, "code": operations.opening.query_code(mine)})
    assert client.get(f"/track/files/{row.uuid}/").status_code == 404


def test_pictures_are_unfolded_one_after_the_other() -> None:
    done: list[cleaning.Clean] = []
    threads = [Thread(target=lambda: done.append(cleaning.clean(picture("PNG")))) for _ in range(3)]
    with cleaning._one_at_a_time:
        for thread in threads:
            thread.start()
        cleaning.clean(sound())  # what is no picture waits for none
        threads[0].join(timeout=0.2)
        assert done == []
    for thread in threads:
        thread.join(timeout=20)
    assert len(done) == 3


@pytest.mark.parametrize("limit", ["MOST_HELD_FILES", "MOST_HELD_BYTES"])
def test_what_is_held_has_an_end(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(holding, limit, 1)
    attachments.hold("a.jpg", picture(), sender=SENDER)
    with pytest.raises(NotValid, match="no_room_for_files"):
        attachments.hold("b.jpg", picture(), sender=SENDER)


@pytest.mark.parametrize("limit", ["MOST_FILES_OF_ONE", "MOST_BYTES_OF_ONE"])
def test_one_sender_does_not_take_the_room_of_all_others(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(holding, limit, 1)
    attachments.hold("a.jpg", picture(), sender=SENDER)
    with pytest.raises(NotValid, match="too_many_held"):
        attachments.hold("b.jpg", picture(), sender=SENDER)
    attachments.hold("c.jpg", picture(), sender="192.0.2.8")


def test_a_file_that_found_its_case_or_was_taken_back_no_longer_counts_for_its_sender(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "MOST_FILES_OF_ONE", 1)
    attachments.drop(attachments.hold("a.jpg", picture(), sender=SENDER))
    filed(attachments.hold("b.jpg", picture(), sender=SENDER))
    attachments.hold("c.jpg", picture(), sender=SENDER)


def test_senders_are_not_named_on_the_disk_and_are_forgotten_with_their_files(data_dir: Path) -> None:
    attachments.drop(attachments.hold("a.jpg", picture(), sender=SENDER))
    assert SENDER not in str(list((data_dir / "senders").iterdir()))
    attachments.sweep(at=MONDAY)
    assert not list((data_dir / "senders").iterdir())


def test_no_file_takes_the_last_room_of_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding.settings, "ATTACHMENT_LEAST_FREE", 2**60)
    with pytest.raises(NotValid, match="no_room_for_files"):
        attachments.hold("a.jpg", picture(), sender=SENDER)


@pytest.mark.parametrize(
    ("content", "refused"),
    [(picture("PNG"), True), (picture(progressive=True), True), (picture(), False)],
    ids=["png", "progressive", "baseline"],
)
def test_only_what_is_read_small_may_be_very_large(
    monkeypatch: pytest.MonkeyPatch, content: bytes, refused: bool
) -> None:
    monkeypatch.setattr(cleaning, "MOST_PIXELS_WHOLE", 1000)
    if not refused:
        assert attachments.clean(content).content_type == "image/jpeg"
        return
    with pytest.raises(NotValid, match="image_too_large"):
        attachments.clean(content)
