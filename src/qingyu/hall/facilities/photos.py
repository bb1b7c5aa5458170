"""One photo of a fault: told by its content, turned upright, without place and time, held until a case keeps it."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile

from qingyu.cases import attachments
from qingyu.rules.refusals import NotValid

NO_PHOTO = frozenset({"file_type_refused", "image_broken", "pdf_broken", "pdf_active", "document_refused"})
ACCEPT = "image/jpeg,image/png,image/webp"


def hold(file: UploadedFile[bytes] | None, *, sender: str) -> attachments.Held | None:
    """The photo, checked and cleaned; None where none was sent.

    NotValid (field ``photo``): not_a_photo, photo_too_large (more points than can be unfolded), file_empty,
    file_too_big, too_many_held, no_room_for_files.
    """
    if not file:
        return None
    try:
        held = attachments.hold(file.name or "", file.read(), sender=sender)
    except NotValid as refusal:
        code = _code(refusal.code)
        raise NotValid(code, field="photo", **_figures(refusal)) from None
    if not held.content_type.startswith("image/"):
        attachments.drop(held)
        raise NotValid("not_a_photo", field="photo")
    return held


def _code(code: str) -> str:
    if code in NO_PHOTO:
        return "not_a_photo"
    return "photo_too_large" if code == "image_too_large" else code


def _figures(refusal: NotValid) -> dict[str, object]:
    return {name: value for name, value in refusal.facts.items() if name == "megabytes"}
