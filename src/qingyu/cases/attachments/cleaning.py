"""What a file really is, and a copy of it without what the sender did not mean to send.

The name says nothing: the content decides. Images are drawn anew, so that the place and time a phone writes into
them, and whatever hides behind the picture, do not come along.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from threading import Lock

import puremagic
from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from qingyu.rules.refusals import NotValid

LONGEST_SIDE = 2560
MOST_PIXELS = 60_000_000
"""A small file may unfold into a picture that fills the memory; above this it is not unfolded at all."""
MOST_PIXELS_WHOLE = 20_000_000
"""The same for what must be unfolded whole: all but baseline JPEG, which is read at a fraction of its size."""
MOST_UNPACKED = 200 * 1024 * 1024
Image.MAX_IMAGE_PIXELS = MOST_PIXELS

_one_at_a_time = Lock()
"""Unfolded, a small picture takes hundreds of megabytes: two at once would take twice as many."""

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".jfif": "image/jpeg", ".png": "image/png", ".webp": "image/webp",
    ".gif": "image/gif", ".pdf": "application/pdf", ".mp3": "audio/mpeg", ".mpga": "audio/mpeg", ".m4a": "audio/mp4",
    ".wav": "audio/wav", ".docx": WORD, ".xlsx": EXCEL,
}  # fmt: skip
ACCEPT = "image/jpeg,image/png,image/webp,image/gif,application/pdf,audio/mpeg,audio/mp4,audio/wav,.m4a,.docx,.xlsx"
IMAGES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "PNG"}
OFFICE = {WORD: "word/document.xml", EXCEL: "xl/workbook.xml"}
# Names of PDF that start a program or a script when the file is opened; # may spell any of their letters.
ACTIVE = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA")


@dataclass(frozen=True)
class Clean:
    """A file that may be kept: what it is, and its content after cleaning."""

    content_type: str
    content: bytes


def clean(content: bytes) -> Clean:
    """The file as it may be kept.

    NotValid (field ``files``): file_empty, file_too_big, file_type_refused, image_broken, image_too_large,
    pdf_broken, pdf_active, document_refused.
    """
    if not content:
        raise _no("file_empty")
    if len(content) > settings.ATTACHMENT_MAX_BYTES:
        raise _no("file_too_big", megabytes=settings.ATTACHMENT_MAX_BYTES // 1024 // 1024)
    found = sniff(content)
    if found in IMAGES:
        return _image(content, IMAGES[found])
    if found == "application/pdf":
        _check_pdf(content)
    if found in OFFICE:
        _check_office(content)
    return Clean(found, content)


def sniff(content: bytes) -> str:
    """The media type by content; NotValid("file_type_refused") for all that is not on the list."""
    try:
        guesses = puremagic.magic_string(content)
    except (puremagic.PureError, ValueError):
        raise _no("file_type_refused") from None
    best = max(guess.confidence for guess in guesses)
    for guess in guesses:
        if guess.confidence == best and guess.extension in TYPES:
            return _office_type(content) if TYPES[guess.extension] in OFFICE else TYPES[guess.extension]
    raise _no("file_type_refused")


def _office_type(content: bytes) -> str:
    names = _zip_names(content)
    for content_type, part in OFFICE.items():
        if part in names:
            return content_type
    raise _no("file_type_refused")


def _image(content: bytes, form: str) -> Clean:
    try:
        with _one_at_a_time:
            drawn = _drawn(content)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise _no("image_too_large") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        raise _no("image_broken") from None
    target = io.BytesIO()
    drawn.convert("RGB" if form == "JPEG" else _mode(drawn)).save(target, form, quality=86)
    return Clean(f"image/{form.lower()}", target.getvalue())


def _drawn(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP", "GIF"]) as image:
        if image.width * image.height > _most_pixels(image):
            raise _no("image_too_large")
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        image.load()
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        ImageOps.exif_transpose(image, in_place=True)
    image.info = {}  # EXIF, colour profile, comments, text chunks
    return image


def _most_pixels(image: Image.Image) -> int:
    is_read_small = image.format == "JPEG" and not image.info.get("progressive")
    return MOST_PIXELS if is_read_small else MOST_PIXELS_WHOLE


def _mode(image: Image.Image) -> str:
    return "RGBA" if "A" in image.mode or image.mode == "P" else "RGB"


def _check_pdf(content: bytes) -> None:
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise _no("pdf_broken")
    names = re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), content)
    if any(re.search(re.escape(name) + rb"(?![A-Za-z])", names) for name in ACTIVE):
        raise _no("pdf_active")


def _check_office(content: bytes) -> None:
    names = _zip_names(content)
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _no("document_refused")


def _zip_names(content: bytes) -> set[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            rows = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise _no("document_refused") from None
    if sum(row.file_size for row in rows) > MOST_UNPACKED or len(rows) > 5000:
        raise _no("document_refused")
    return {row.filename for row in rows}


def _no(code: str, **facts: object) -> NotValid:
    return NotValid(code, field="files", **facts)
