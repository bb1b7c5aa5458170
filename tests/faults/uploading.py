"""A citizen hands in a photograph with the first step of the filing form."""

from __future__ import annotations

import io
import os
import uuid

from PIL import Image

from tests.faults.citizens import Answer, ask
from tools.server import Installation


def photograph(side: int) -> bytes:
    """A picture of noise, which nothing compresses: about three bytes a point."""
    picture, file = Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)), io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def upload(house: Installation, content: bytes) -> Answer:
    """The answer to the step with words and one file."""
    boundary, lines = uuid.uuid4().hex, []
    for name, value in {"step": "words", "do": "next", "text": "楼下施工到半夜，见照片。"}.items():
        lines += [f"--{boundary}", f'Content-Disposition: form-data; name="{name}"', "", value]
    lines += [
        f"--{boundary}",
        'Content-Disposition: form-data; name="files"; filename="a.png"',
        "Content-Type: image/png",
    ]
    body = "\r\n".join([*lines, "", ""]).encode() + content + f"\r\n--{boundary}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Accept-Language": "zh-CN"}
    return ask(house, "POST", "/file/", body, headers)
