"""A request on its way through the pages. It travels in the forms themselves: nothing is stored before it is sent."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import get_language

from qingyu.cases import attachments
from qingyu.cases.operations import Filing, Person, Place
from qingyu.rules.refusals import NotValid

STEPS = ("words", "where", "kind", "reach", "check")
FIELDS = {
    "words": ("text",),
    "where": ("area", "address", "lat", "lon"),
    "kind": ("type", "topic", "confidential"),
    "reach": ("name", "phone", "email"),
    "check": (),
}
ALL = tuple(name for names in FIELDS.values() for name in names)


@dataclass(frozen=True)
class Draft:
    """``key`` makes sending it twice one request; ``reviewing``: the person has seen all answers once."""

    key: str
    values: dict[str, str] = field(default_factory=dict)
    files: tuple[attachments.Held, ...] = ()
    reviewing: bool = False

    @classmethod
    def new(cls) -> Draft:
        return cls(uuid.uuid4().hex)

    @classmethod
    def of(cls, post: QueryDict) -> Draft:
        """What the form carries; a key that is not ours is replaced, files that are gone are left out."""
        key = post.get("key", "")
        values = {name: post.get(name, "").replace("\x00", "") for name in ALL}
        key = key if re.fullmatch("[0-9a-f]{32}", key) else uuid.uuid4().hex
        return cls(key, values, _files(post.getlist("file")), bool(post.get("reviewing")))

    def with_files(self, more: list[attachments.Held]) -> Draft:
        """The same with more files; NotValid("too_many_files") above the limit."""
        if len(self.files) + len(more) > settings.ATTACHMENT_MAX_COUNT:
            raise NotValid("too_many_files", field="files", most=settings.ATTACHMENT_MAX_COUNT)
        return replace(self, files=(*self.files, *more))

    def without_file(self, file_id: str) -> Draft:
        """The same without one file, which is removed."""
        for held in self.files:
            if held.id == file_id:
                attachments.drop(held)
        return replace(self, files=tuple(held for held in self.files if held.id != file_id))

    @property
    def body(self) -> bytes:
        """All that was said, in one form: the same request twice has the same."""
        return json.dumps([self.values, [held.id for held in self.files]], sort_keys=True).encode()

    def filing(self) -> Filing:
        """The request as the operation takes it; all steps must be valid."""
        said = self.values
        place = Place(said["address"], said["area"], _degrees(said["lat"]), _degrees(said["lon"]))
        return Filing(
            text=said["text"], channel="web", type=said["type"], topic=said["topic"], place=place,
            person=self.person(), confidential=bool(said["confidential"]), files=self.files,
        )  # fmt: skip

    def person(self) -> Person | None:
        """None for somebody who told nothing of themselves."""
        said = {name: self.values[name].strip() for name in FIELDS["reach"]}
        return Person(**said, language=get_language() or "") if any(said.values()) else None


def _files(tokens: list[str]) -> tuple[attachments.Held, ...]:
    held = []
    for token in tokens[: settings.ATTACHMENT_MAX_COUNT]:
        try:
            held.append(attachments.of_token(token))
        except NotValid:
            continue
    return tuple(held)


def _degrees(text: str) -> float | None:
    return float(text) if text else None
