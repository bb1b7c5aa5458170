"""``qingyu restore``: into a fresh installation only. Files first, rows last: one that was cut is repeated."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from qingyu.config import serving, working
from qingyu.config.backup import archive, dumping
from qingyu.config.backup.archive import KEYS, BackupTrouble, Manifest
from qingyu.config.backup.saving import require_room, staging
from qingyu.people import sealing
from qingyu.people.models import FieldKey

OWN_TABLES = ("cases_case", "people_unit", "people_staff")
"""A database in which none of these has a row is fresh."""


@dataclass(frozen=True)
class Restored:
    """What came back; ``keys_missing`` are ids of keys without which the service refuses to start."""

    manifest: Manifest
    files: int
    keys_missing: list[str]


def restore(source: Path) -> Restored:
    """Brings an installation back from its archive.

    BackupTrouble("no_backup" | "backup_damaged" | "backup_of_newer" | "other_database" | "not_fresh" | "no_room" |
    "worker_running" | "keys_differ" | "program_missing" | "program_failed").
    """
    manifest = archive.read_manifest(source.expanduser().resolve())
    _require_fit(manifest)
    require_fresh()
    require_room(Path(settings.DATA_DIR), 2 * manifest.size)
    with staging() as staged:
        archive.unpack(source, manifest, staged)
        _place_keys(staged)
        files = _place_files(staged)
        dumping.load(staged / manifest.dump)
    return Restored(manifest, files, missing_keys())


def _require_fit(manifest: Manifest) -> None:
    if manifest.database != connection.vendor:
        raise BackupTrouble("other_database", theirs=manifest.database, ours=connection.vendor)
    on_disk = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    serving.require_known([(app, name) for app, name in manifest.migrations], on_disk)


def require_fresh() -> None:
    """BackupTrouble("not_fresh") where anything would be overwritten, ("worker_running") where somebody works on it."""
    beat = working.last_beat()
    if beat is not None and (datetime.now(UTC) - beat).total_seconds() < 3 * working.BEAT:
        raise BackupTrouble("worker_running")
    if connection.vendor == "sqlite" and not Path(settings.DATABASES["default"]["NAME"]).exists():
        return
    tables = set(connection.introspection.table_names())
    for table in OWN_TABLES:
        if table in tables and _has_rows(table):
            raise BackupTrouble("not_fresh", table=table)


def _has_rows(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608  one of the names above
        return cursor.fetchone() is not None


def _place_keys(staged: Path) -> None:
    """Keys from the archive; those of another installation are never overwritten."""
    theirs, ours = staged / KEYS, sealing.key_file()
    if not theirs.exists():
        return
    if ours.exists() and ours.read_text().split() != theirs.read_text().split():
        raise BackupTrouble("keys_differ", path=ours)
    _move(theirs, ours)


def _place_files(staged: Path) -> int:
    """Moves uploads, models and the secret to their places; how many there were."""
    data, moved = Path(settings.DATA_DIR), 0
    for folder in archive.FOLDERS:
        for path in sorted((staged / folder).rglob("*")):
            if path.is_file():
                _move(path, data / path.relative_to(staged))
                moved += 1
    for name in archive.SECRETS:
        if (staged / name).exists():
            _move(staged / name, data / name)
    return moved


def _move(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.replace(path, target)


def missing_keys() -> list[str]:
    """Ids of the keys that the restored rows were sealed with and that are not here, or not the same."""
    sealing.ring.cache_clear()
    try:
        have = {key_id: sealing.check_value(key) for key_id, key in sealing.ring().keys.items()}
    except sealing.KeyTrouble:
        have = {}
    known = FieldKey.objects.order_by("key_id").values_list("key_id", "check_value")
    return [key_id for key_id, value in known if have.get(key_id) != value]


def run(*arguments: str) -> int:
    """Exit code of one command of ours, in a process that has read the restored secret."""
    return subprocess.run([sys.executable, "-m", "qingyu", *arguments]).returncode
