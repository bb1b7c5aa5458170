"""Files of a case: one row each, the content in the data directory, sealed where the texts of the case are."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from qingyu.cases import papers
from qingyu.cases.attachments.holding import Held, held_folder, sync_folder, write
from qingyu.cases.models import Attachment, Case
from qingyu.people import sealing
from qingyu.rules import ledger
from qingyu.rules.refusals import NotValid

MOST_OF_A_CASE = 40
SEALED = ".sealed"


def keep(case: Case, held: Sequence[Held], *, by_citizen: bool, at: datetime) -> list[Attachment]:
    """Rows for held files, in the caller's transaction; the files move once it is committed.

    After a rollback they are still only held. NotValid("too_many_files" | "file_gone").
    """
    if not held:
        return []
    if len(held) > settings.ATTACHMENT_MAX_COUNT or Attachment.objects.filter(case=case).count() >= MOST_OF_A_CASE:
        raise NotValid("too_many_files", field="files", most=settings.ATTACHMENT_MAX_COUNT)
    rows = Attachment.objects.bulk_create(_row(case, one, by_citizen, at) for one in held)
    for row in rows:
        transaction.on_commit(partial(settle, row), robust=True)
    return rows


def _row(case: Case, held: Held, by_citizen: bool, at: datetime) -> Attachment:
    try:
        content = held.path.read_bytes()
    except FileNotFoundError:
        raise NotValid("file_gone", field="files") from None
    salt, row = secrets.token_bytes(16), uuid.UUID(held.id)
    sealed = papers.is_sealed(case)
    if sealed:
        write(held.path.with_suffix(SEALED), _sealed(case, row, content))
    return Attachment(
        uuid=row, case=case, content_type=held.content_type, size=len(content), salt=salt, by_citizen=by_citizen, at=at,
        name=sealing.seal(held.name, column="attachment:name", row=row, purpose=_purpose(case)),
        path=f"{held.id[:2]}/{held.id}{SEALED if sealed else ''}", digest=ledger.content_digest(salt, content),
    )  # fmt: skip


def facts(rows: Sequence[Attachment]) -> dict[str, Any]:
    """What an event says of the files that came with it: their ids and salted digests; nothing where there are none."""
    return {"files": [row.pk for row in rows], "file_digests": [row.digest for row in rows]} if rows else {}


def settle(row: Attachment) -> None:
    """Moves a committed file from where it was held to its last place; does nothing where that is done."""
    last = place(row)
    held = held_folder() / last.name
    if held.exists():
        last.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        held.rename(last)
        sync_folder(last.parent)
    held.with_suffix("").unlink(missing_ok=True)


def place(row: Attachment) -> Path:
    """Where the file of a row lies."""
    return Path(settings.DATA_DIR) / "files" / row.path


def read(row: Attachment) -> bytes:
    """The content of a kept file. NotValid("file_gone") where it is not on the disk."""
    for path in (place(row), held_folder() / place(row).name):
        if path.is_file():
            return _clear(row, path.read_bytes())
    raise NotValid("file_gone", field="files")


def name_of(row: Attachment) -> str:
    """The name the sender gave the file."""
    return sealing.unseal(row.name, column="attachment:name", row=row.uuid)


def _sealed(case: Case, row: uuid.UUID, content: bytes) -> bytes:
    # Latin-1 maps every byte to one sign and back, so that the one way of sealing serves files too.
    return sealing.seal(content.decode("latin-1"), column="attachment:content", row=row, purpose=_purpose(case))


def _clear(row: Attachment, content: bytes) -> bytes:
    if not row.path.endswith(SEALED):
        return content
    return sealing.unseal(content, column="attachment:content", row=row.uuid).encode("latin-1")


def _purpose(case: Case) -> str:
    return "r" if case.type == Case.Type.REPORT else "k"
