"""The rows: a consistent copy while writers go on, and how it is put back. One pair of functions per database."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection

from qingyu.config import parents
from qingyu.config.backup.archive import BackupTrouble, sync_folder

DUMP = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}


def dump(target: Path) -> None:
    """A consistent copy of the database at ``target``; followers and citizens go on meanwhile."""
    (_dump_sqlite if connection.vendor == "sqlite" else _dump_postgresql)(target)


def load(source: Path) -> None:
    """Puts the copy in the place of this (fresh) database: whole or not at all."""
    (_load_sqlite if connection.vendor == "sqlite" else _load_postgresql)(source)


def size() -> int:
    """Bytes the database takes now, about what its copy will take."""
    if connection.vendor == "sqlite":
        path = Path(settings.DATABASES["default"]["NAME"])
        return path.stat().st_size if path.exists() else 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _dump_sqlite(target: Path) -> None:
    """VACUUM INTO reads one snapshot, so writers go on in the write-ahead log and never make it start again."""
    path = settings.DATABASES["default"]["NAME"]
    with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=60, isolation_level=None)) as source:
        source.execute("VACUUM INTO ?", (str(target),))
    with closing(sqlite3.connect(target)) as copy:
        found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise BackupTrouble("database_damaged", words=found)
    os.chmod(target, 0o600)


def _load_sqlite(source: Path) -> None:
    connection.close()
    path = Path(settings.DATABASES["default"]["NAME"])
    path.parent.mkdir(parents=True, exist_ok=True)
    for rest in ("-wal", "-shm"):
        path.with_name(path.name + rest).unlink(missing_ok=True)
    beside = path.with_name(f".{path.name}.restored")
    shutil.copyfile(source, beside)
    os.chmod(beside, 0o600)
    with open(beside, "rb+") as file:
        os.fsync(file.fileno())
    os.replace(beside, path)
    sync_folder(path.parent)


def _dump_postgresql(target: Path) -> None:
    _run("pg_dump", "--format=custom", "--compress=0", "--no-owner", "--no-acl", f"--file={target}")
    os.chmod(target, 0o600)


def _load_postgresql(source: Path) -> None:
    connection.close()
    name = settings.DATABASES["default"]["NAME"]
    whole = ["--single-transaction", "--exit-on-error", "--clean", "--if-exists", "--no-owner", "--no-acl"]
    _run("pg_restore", *whole, f"--dbname={name}", str(source))


def _run(program: str, *arguments: str) -> None:
    """BackupTrouble("program_missing" | "program_failed") with the program's own words."""
    if shutil.which(program) is None:
        raise BackupTrouble("program_missing", program=program)
    command, ending = [program, "--no-password", *arguments], parents.before_exec()
    done = subprocess.run(command, env=_environment(), capture_output=True, text=True, preexec_fn=ending)
    if done.returncode:
        raise BackupTrouble("program_failed", program=program, words=" ".join(done.stderr.split())[-500:])


def _environment() -> dict[str, str]:
    """Whom to connect to, where no other process can read the password (as it could on a command line)."""
    database = settings.DATABASES["default"]
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
    given = {variable: str(database[name]) for name, variable in names.items() if database.get(name)}
    ssl = {f"PG{name.upper()}": str(value) for name, value in database["OPTIONS"].items() if name.startswith("ssl")}
    return {**os.environ, **given, **ssl}
