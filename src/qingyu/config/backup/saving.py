"""``qingyu backup``: first the rows as they stand at one moment, then the files, all under one manifest."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from qingyu import __version__
from qingyu.config.backup import archive, dumping
from qingyu.config.backup.archive import BackupTrouble, Manifest
from qingyu.people import sealing

ROOM = 1.1
"""The copy needs the size of the database beside it for a moment, and the archive at most as much again."""


@dataclass(frozen=True)
class Saved:
    """What was saved, and where the keys lie that were left out (empty where they are inside)."""

    path: Path
    bytes: int
    manifest: Manifest
    keys_left_at: str
    secret_inside: bool


def save(target: Path, *, with_keys: bool, at: datetime) -> Saved:
    """One archive at ``target``, put in place at the end. The service may go on meanwhile.

    BackupTrouble("backup_exists" | "no_room" | "program_missing" | "program_failed" | "database_damaged").
    """
    target = target.expanduser().resolve()
    if target.exists():
        raise BackupTrouble("backup_exists", path=target)
    require_room(target.parent, dumping.size())
    with staging() as staged:
        dumping.dump(staged / dumping.DUMP[connection.vendor])
        _stage_files(staged, with_keys=with_keys)
        manifest = _manifest(staged, with_keys=with_keys, at=at)
        require_room(target.parent, manifest.size)
        archive.write(target, manifest, staged)
    note_backup(at)
    left = "" if with_keys else _place_of_keys()
    return Saved(target, target.stat().st_size, manifest, left, "secret-key" in manifest.members)


def note_backup(at: datetime) -> None:
    """Remembers that a backup was made, for ``qingyu check``."""
    (Path(settings.DATA_DIR) / "last-backup").write_text(at.isoformat())


def require_room(folder: Path, size: int) -> None:
    """BackupTrouble("no_room") where ``size`` bytes and a tenth do not fit."""
    if not folder.is_dir():
        raise BackupTrouble("no_folder", path=folder)
    free = shutil.disk_usage(folder).free
    if free < size * ROOM:
        raise BackupTrouble("no_room", path=folder, free=f"{free >> 20} MiB", needed=f"{int(size * ROOM) >> 20} MiB")


@contextmanager
def staging() -> Iterator[Path]:
    """A folder of the data directory for what is being put together; what a killed run left is removed first."""
    data = Path(settings.DATA_DIR)
    for left in data.glob(".staging-*"):
        if not _is_alive(left.name.split("-")[1]):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f".staging-{os.getpid()}-", dir=data))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):
        return True
    return True


def _stage_files(staged: Path, *, with_keys: bool) -> None:
    data = Path(settings.DATA_DIR)
    for folder in archive.FOLDERS:
        for path in sorted((data / folder).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                _stage(path, staged / path.relative_to(data))
    for name in archive.SECRETS + ((archive.KEYS,) if with_keys else ()):
        if (data / name).is_file() and not (name == archive.KEYS and settings.FIELD_KEYS):
            _stage(data / name, staged / name)
    if with_keys and settings.FIELD_KEYS:
        _write_private(staged / archive.KEYS, settings.FIELD_KEYS)


def _stage(path: Path, target: Path) -> None:
    """A hard link keeps the content even if the file is erased meanwhile; it is immutable and costs no room."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        os.link(path, target)
    except FileNotFoundError:
        return  # erased or moved on: where it moved to is listed after this folder
    except OSError:
        shutil.copy2(path, target)


def _write_private(path: Path, text: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def _manifest(staged: Path, *, with_keys: bool, at: datetime) -> Manifest:
    paths = sorted(path for path in staged.rglob("*") if path.is_file())
    return Manifest(
        made_at=at.isoformat(),
        program=__version__,
        database=connection.vendor,
        dump=dumping.DUMP[connection.vendor],
        keys=with_keys,
        migrations=sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations()),
        members={path.relative_to(staged).as_posix(): archive.describe(path) for path in paths},
    )


def _place_of_keys() -> str:
    return "QINGYU_FIELD_KEYS" if settings.FIELD_KEYS else str(sealing.key_file())
