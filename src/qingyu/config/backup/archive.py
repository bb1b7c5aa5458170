"""The archive: a gzipped tar whose first member, ``manifest.json``, names every other with size and SHA-256."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from qingyu.rules.refusals import Refusal

FORMAT = 1
MANIFEST = "manifest.json"
FOLDERS = ("held", "files", "models", "outbox")
"""Folders of the data directory that belong to the data. ``held`` first: files move from there to ``files``."""
SECRETS = ("secret-key", "demo-logins.json")
KEYS = "field-keys"
BLOCK = 1024 * 1024


class BackupTrouble(Refusal):
    """Saving or restoring cannot be done; the code has its words in ``config.troubles``."""


@dataclass(frozen=True)
class Member:
    """One file in the archive: bytes and SHA-256 in hex."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What an archive holds. ``database`` is sqlite or postgresql, ``dump`` the member with its rows."""

    made_at: str
    program: str
    database: str
    dump: str
    keys: bool
    migrations: list[list[str]]
    members: dict[str, Member] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def size(self) -> int:
        """Bytes that everything takes when unpacked."""
        return sum(member.size for member in self.members.values())


def sync_folder(folder: Path) -> None:
    """Have the folder's names on the disk, so that a rename outlives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def describe(path: Path) -> Member:
    """Size and hash of a file."""
    with open(path, "rb") as file:
        return Member(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def write(target: Path, manifest: Manifest, staged: Path) -> None:
    """Writes the archive of all files in ``staged`` beside ``target``, then puts it in place: whole or not at all."""
    draft = target.with_name(f".{target.name}.draft")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw:
            _pack(raw, manifest, staged)
            raw.flush()
            os.fsync(raw.fileno())
        os.replace(draft, target)
        sync_folder(target.parent)
    finally:
        draft.unlink(missing_ok=True)


def _pack(raw: IO[bytes], manifest: Manifest, staged: Path) -> None:
    with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=3) as tar:
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(text), 0o600
        tar.addfile(entry, io.BytesIO(text))
        for name in manifest.members:
            tar.add(staged / name, arcname=name, recursive=False, filter=_plain)


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Hard links are stored as the files they are; whose they were here means nothing elsewhere."""
    entry.type, entry.uid, entry.gid, entry.uname, entry.gname = tarfile.REGTYPE, 0, 0, "", ""
    return entry


def read_manifest(archive: Path) -> Manifest:
    """The manifest. BackupTrouble("no_backup" | "backup_of_newer")."""
    try:
        with tarfile.open(archive, "r:gz") as tar:
            first = tar.next()
            content = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
            found: dict[str, Any] = json.loads(content.read()) if content else {}
    except (OSError, EOFError, tarfile.TarError, ValueError) as error:
        raise BackupTrouble("no_backup", path=archive, words=error) from None
    if not found:
        raise BackupTrouble("no_backup", path=archive, words="no manifest")
    if found["format"] > FORMAT:
        raise BackupTrouble("backup_of_newer", migrations=f"format {found['format']}")
    members = {_safe(name): Member(**member) for name, member in found.pop("members").items()}
    return Manifest(**found, members=members)


def _safe(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise BackupTrouble("backup_damaged", name=name)
    return name


def unpack(archive: Path, manifest: Manifest, folder: Path) -> None:
    """Puts every member into ``folder``, checking size and hash of each. BackupTrouble("backup_damaged")."""
    waiting = dict(manifest.members)
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for entry in tar:
                if entry.name in waiting and entry.isfile():
                    _unpack(tar, entry, waiting.pop(entry.name), folder)
    except (EOFError, tarfile.TarError, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise BackupTrouble("backup_damaged", name=f"{archive.name}: {error}") from None
    if waiting:
        raise BackupTrouble("backup_damaged", name=next(iter(waiting)))


def _unpack(tar: tarfile.TarFile, entry: tarfile.TarInfo, member: Member, folder: Path) -> None:
    source = tar.extractfile(entry)
    target = folder / entry.name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while source is not None and (block := source.read(BLOCK)):
            digest.update(block)
            size += file.write(block)
        file.flush()
        os.fsync(file.fileno())
    if (size, digest.hexdigest()) != (member.size, member.sha256):
        raise BackupTrouble("backup_damaged", name=entry.name)
