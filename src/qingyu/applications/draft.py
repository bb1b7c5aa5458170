"""An application on its way through the pages. It travels in the forms; kept under a code only where a person asks."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language

from qingyu.applications import answering
from qingyu.applications.operations import Proxy, Sending
from qingyu.cases import attachments
from qingyu.cases.attachments import Held
from qingyu.cases.operations import Person
from qingyu.rules.forms import Field, Kind
from qingyu.rules.refusals import NotValid

REACH = ("name", "phone", "email", "proxy_kind", "proxy_name", "proxy_phone")
MOST_FILES = 40
Files = dict[str, tuple[Held, ...]]


@dataclass(frozen=True)
class ApplyDraft:
    """``form``: the version of the form that was shown, 0 before any was. ``kept``: the code it is kept under."""

    key: str
    form: int = 0
    said: dict[str, str] = field(default_factory=dict)
    reach: dict[str, str] = field(default_factory=dict)
    files: Files = field(default_factory=dict)
    reviewing: bool = False
    kept: str = ""

    @classmethod
    def new(cls) -> ApplyDraft:
        return cls(uuid.uuid4().hex)

    @classmethod
    def of(cls, post: QueryDict) -> ApplyDraft:
        """What the form carries; a key that is not ours is replaced, files that are gone are left out."""
        key, form = post.get("key", ""), post.get("form", "")
        clean = {name: post.get(name, "").replace("\x00", "") for name in post}
        return cls(
            key if re.fullmatch("[0-9a-f]{32}", key) else uuid.uuid4().hex,
            int(form) if re.fullmatch("[0-9]{1,9}", form) else 0,
            {name[2:]: clean[name] for name in clean if name.startswith("f-")},
            {name: clean.get(f"r-{name}", "") for name in REACH},
            _files(post.getlist("file")), bool(post.get("reviewing")), clean.get("kept", "")[:20],
        )  # fmt: skip

    @classmethod
    def kept_as(cls, said: Mapping[str, Any], code: str) -> ApplyDraft:
        """A draft as it was kept under a code; files that are gone meanwhile are left out."""
        files = {name: tuple(_there(rows)) for name, rows in said["files"].items()}
        return cls(uuid.uuid4().hex, said["form"], said["said"], said["reach"], files, False, code)

    def keepable(self) -> dict[str, Any]:
        """As it is kept."""
        files = {name: [asdict(held) for held in rows] for name, rows in self.files.items()}
        return {"form": self.form, "said": self.said, "reach": self.reach, "files": files}

    @property
    def all_files(self) -> list[Held]:
        return [held for rows in self.files.values() for held in rows]

    @property
    def tokens(self) -> list[str]:
        """The files as the form carries them."""
        return [f"{name}|{held.token}" for name, rows in self.files.items() for held in rows]

    def with_files(self, name: str, more: Iterable[Held], *, most: int) -> ApplyDraft:
        """The same with more files for a field; a field for one file takes the newest. NotValid("too_many_files")."""
        added = tuple(more)
        rows = added[-1:] if most == 1 and added else (*self.files.get(name, ()), *added)
        if len(rows) > most or len(self.all_files) + len(added) > MOST_FILES:
            raise NotValid("too_many_files", field=name, most=most)
        return replace(self, files={**self.files, name: rows})

    def without_file(self, file_id: str) -> ApplyDraft:
        """The same without one file, which is removed."""
        for held in self.all_files:
            if held.id == file_id:
                attachments.drop(held)
        left = {name: tuple(held for held in rows if held.id != file_id) for name, rows in self.files.items()}
        return replace(self, files=left)

    @property
    def body(self) -> bytes:
        """All that was said, in one form: the same application twice has the same."""
        return json.dumps([self.said, self.reach, sorted(held.id for held in self.all_files)], sort_keys=True).encode()

    def sending(self, item: str, fields: Iterable[Field]) -> Sending:
        """The application as the operation takes it."""
        words = [one.name for one in fields if one.kind is not Kind.DOCUMENT]
        papers = [one.name for one in fields if one.kind is Kind.DOCUMENT]
        said = {name: value.strip() for name, value in self.reach.items()}
        language = get_language() or ""
        person = Person(name=said["name"], phone=said["phone"], email=said["email"], language=language)
        return Sending(
            item=item, person=person, answers={name: self.said.get(name, "") for name in words},
            documents={name: self.files.get(name, ()) for name in papers}, proxy=self._proxy(said, language),
            channel="web", form=self.form,
        )  # fmt: skip

    def _proxy(self, said: Mapping[str, str], language: str) -> Proxy | None:
        if not said["proxy_kind"]:
            return None
        who = Person(name=said["proxy_name"], phone=said["proxy_phone"], language=language)
        return Proxy(said["proxy_kind"], who, self.files.get(answering.AUTHORITY, ()))


def _files(tokens: list[str]) -> Files:
    held: Files = {}
    for text in tokens[:MOST_FILES]:
        name, _bar, token = text.partition("|")
        try:
            held[name] = (*held.get(name, ()), attachments.of_token(token))
        except NotValid:
            continue
    return held


def _there(rows: Iterable[Mapping[str, Any]]) -> list[Held]:
    found = [Held(**row) for row in rows]
    return [held for held in found if held.path.is_file()]
