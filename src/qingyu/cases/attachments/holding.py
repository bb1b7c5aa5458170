"""Files that have come in but do not belong to a case yet: checked, cleaned, on disk for a day at most."""

from __future__ import annotations

import os
import re
import shutil
import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core import signing

from qingyu.cases.attachments.cleaning import clean
from qingyu.cases.models import Attachment
from qingyu.people import sealing
from qingyu.rules.refusals import NotValid

HELD_FOR = timedelta(hours=24)
LONGEST_NAME = 120
MOST_HELD_BYTES = 4 * 1024**3
MOST_HELD_FILES = 20_000
MOST_BYTES_OF_ONE = 1024**3
MOST_FILES_OF_ONE = 400
"""Of one sender: an office or a mobile network sends for many people, and still leaves room for all others."""
SALT = "qingyu.held-file"


@dataclass(frozen=True)
class Held:
    """A checked file on disk. ``token`` names it in a form; nobody can name a file that was not given to them."""

    id: str
    name: str
    content_type: str
    size: int

    @property
    def token(self) -> str:
        return signing.dumps(asdict(self), salt=SALT, compress=True)

    @property
    def path(self) -> Path:
        return held_folder() / self.id


def held_folder() -> Path:
    """Where held files lie: outside the web root, on the same disk as the kept ones."""
    return Path(settings.DATA_DIR) / "held"


def hold(name: str, content: bytes, *, sender: str) -> Held:
    """Checks and cleans a file and writes it down. ``sender`` is whoever the bounds count by, such as an address.

    NotValid as ``cleaning.clean`` has it, "too_many_held" of this sender, or "no_room_for_files".
    """
    if not has_room():
        raise NotValid("no_room_for_files", field="files")
    marks = _marks_of(sender)
    if not _may_send(marks):
        raise NotValid("too_many_held", field="files")
    found = clean(content)
    held = Held(uuid.uuid4().hex, plain_name(name), found.content_type, len(found.content))
    write(held.path, found.content)
    _mark(marks, held)
    return held


def _marks_of(sender: str) -> Path:
    """A folder with an empty file for each file the sender has sent; who it was cannot be read from its name."""
    return Path(settings.DATA_DIR) / "senders" / sealing.blind(sender or "unknown", column="held:sender")


def _may_send(marks: Path) -> bool:
    sizes = [_size(path) for mark in marks.glob("*") if (path := held_folder() / mark.name).exists()]
    return len(sizes) < MOST_FILES_OF_ONE and sum(sizes) < MOST_BYTES_OF_ONE


def _mark(marks: Path, held: Held) -> None:
    marks.mkdir(parents=True, exist_ok=True, mode=0o700)
    (marks / held.id).touch(mode=0o600)


def has_room() -> bool:
    """Whether the disk has room left and what is held so far is within bounds: anybody may send files."""
    if shutil.disk_usage(settings.DATA_DIR).free < settings.ATTACHMENT_LEAST_FREE:
        return False
    sizes = [_size(path) for path in held_folder().glob("*")]
    return len(sizes) < MOST_HELD_FILES and sum(sizes) < MOST_HELD_BYTES


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0  # it has just been kept or swept away


def of_token(token: str) -> Held:
    """The file a form names; NotValid("file_gone") where the token is not ours, too old, or its file is not there."""
    try:
        held = Held(**signing.loads(token, salt=SALT, max_age=HELD_FOR))
    except (signing.BadSignature, TypeError):
        raise NotValid("file_gone", field="files") from None
    if not held.path.is_file():
        raise NotValid("file_gone", field="files")
    return held


def drop(held: Held) -> None:
    """The person has taken the file out of the form again."""
    held.path.unlink(missing_ok=True)


def hold_until(held: Held, until: datetime) -> None:
    """Keeps a held file longer than a day: for a request that is half-filled. ``sweep`` counts from this instant."""
    with suppress(FileNotFoundError):
        instant = (until - HELD_FOR).timestamp()
        os.utime(held.path, (instant, instant))


def plain_name(name: str) -> str:
    """A file name without folders and signs that could mean something to a program."""
    last = re.split(r"[\\/]", name)[-1]
    clean_name = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*').strip(". ")
    stem, dot, ending = clean_name.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending)]}{dot}{ending[:10]}" if stem else clean_name[:LONGEST_NAME] or "file"


def write(path: Path, content: bytes) -> None:
    """All or nothing: a temporary neighbour, flushed to the disk, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """The rename itself reaches the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(*, at: datetime) -> int:
    """Held files older than a day: those of a case go to their place, the others are removed. A scheduled task."""
    from qingyu.cases.attachments.keeping import settle

    oldest, done = (at - HELD_FOR).timestamp(), 0
    for path in sorted(held_folder().glob("*")):
        if path.stat().st_mtime < oldest:
            row = _row_of(path.stem)
            settle(row) if row else path.unlink(missing_ok=True)
            done += 1
    _forget_senders()
    return done


def _forget_senders() -> None:
    """Marks of files that are held no more, and senders of none."""
    for marks in (Path(settings.DATA_DIR) / "senders").glob("*"):
        for mark in marks.glob("*"):
            if not (held_folder() / mark.name).exists():
                mark.unlink(missing_ok=True)
        with suppress(OSError):  # somebody is sending just now
            marks.rmdir()


def _row_of(name: str) -> Attachment | None:
    try:
        return Attachment.objects.filter(uuid=uuid.UUID(name)).first()
    except ValueError:
        return None
