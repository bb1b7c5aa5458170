"""Photos come to a case by its code, cleaned, and never in the place of something else."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from qingyu.cases.models import Attachment
from tests.api.doors import API, filed
from tests.people import City

pytestmark = pytest.mark.django_db


def photo() -> bytes:
    picture = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(picture, "PNG")
    return picture.getvalue()


def send(new: dict[str, str], content: bytes, *, code: str = "", key: str = "") -> HttpResponse:
    path = f"{API}/cases/{new['number']}/attachments?code={code or new['query_code']}"
    files = [SimpleUploadedFile("现场.png", content, content_type="image/png")]
    return Client().post(path, {"files": files}, headers={"Idempotency-Key": key})


def test_a_photo_is_kept(city: City) -> None:
    new = filed()
    answer = send(new, photo())
    assert answer.status_code == 201, answer.content
    assert Attachment.objects.get().content_type.startswith("image/")


def test_the_same_photo_with_the_same_key_is_kept_once(city: City) -> None:
    new, content = filed(), photo()
    assert [send(new, content, key="p1").status_code for _ in range(2)] == [201, 201]
    assert Attachment.objects.count() == 1
    assert send(new, photo() + b"x", key="p1").json()["code"] == "idempotency_mismatch"


def test_what_is_no_photo_is_refused(city: City) -> None:
    answer = send(filed(), b"#!/bin/sh\nexit 0\n")
    assert (answer.status_code, answer.json()["code"]) == (422, "file_type_refused")
    assert Attachment.objects.count() == 0


def test_a_file_past_the_limit_is_too_large(city: City, settings: object) -> None:
    settings.ATTACHMENT_MAX_BYTES = 10  # type: ignore[attr-defined]
    answer = send(filed(), photo())
    assert (answer.status_code, answer.json()["code"]) == (413, "file_too_big")


def test_a_wrong_code_keeps_nothing(city: City) -> None:
    assert send(filed(), photo(), code="23456789").status_code == 404
    assert Attachment.objects.count() == 0
