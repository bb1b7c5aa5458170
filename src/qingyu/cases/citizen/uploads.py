"""Files as they arrive with a form: no more is written to the disk than may be kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.utils.translation import gettext as _

from qingyu.cases import attachments
from qingyu.cases.ports import sender_of
from qingyu.cases.wording import sentence
from qingyu.rules.refusals import NotValid


class Enough(FileUploadHandler):
    """Lets a file through up to the limit and one piece more, so that it is seen to be too big."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= settings.ATTACHMENT_MAX_BYTES else None

    def file_complete(self, file_size: int) -> None:
        return None


def limit(request: HttpRequest) -> None:
    """Call before anything reads the body of the request."""
    request.upload_handlers.insert(0, Enough(request))


def sent_by(request: HttpRequest, form: forms.Form) -> forms.Form:
    """The form with the sender of the request told to its fields for files, which count what each has sent."""
    for field in form.fields.values():
        if isinstance(field, FilesField):
            field.sender = sender_of()(request)
    return form


class FilesInput(forms.FileInput):
    """Several files at once; the browser offers the kinds we keep."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"multiple": True, "accept": attachments.ACCEPT})


class FilesField(forms.FileField):
    """Cleans to the files that were held; each refused file is an error that names it. ``sender``: see ``sent_by``."""

    widget = FilesInput
    sender = ""

    def clean(self, data: Any, initial: object = None) -> list[attachments.Held]:
        files: list[UploadedFile[bytes]] = data if isinstance(data, list) else [data] if data else []
        if len(files) > settings.ATTACHMENT_MAX_COUNT:
            raise forms.ValidationError(too_many(), code="too_many_files")
        return _held(files, self.sender)


def too_many() -> str:
    """What to say where there are more files than fit."""
    return _("At most %(most)s files at once.") % {"most": settings.ATTACHMENT_MAX_COUNT}


def _held(files: Iterable[UploadedFile[bytes]], sender: str) -> list[attachments.Held]:
    held: list[attachments.Held] = []
    errors: list[forms.ValidationError] = []
    for file in files:
        try:
            held.append(attachments.hold(file.name or "", file.read(), sender=sender))
        except NotValid as refusal:
            text = _("%(name)s: %(trouble)s") % {"name": file.name, "trouble": sentence(refusal)}
            errors.append(forms.ValidationError(text, code=refusal.code))
    if errors:
        for one in held:
            attachments.drop(one)
        raise forms.ValidationError(errors)
    return held
