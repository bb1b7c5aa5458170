"""One at a time over all processes of an installation: a second worker finds the place taken and goes on."""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

if sys.platform != "win32":
    import fcntl

LOCKS = 7411
"""First half of our advisory locks on PostgreSQL; the second is made from the name."""


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether nobody else holds ``name``; if so it is ours until the block ends or this process dies.

    PostgreSQL keeps it with the session (so connect to the server itself or to a pooler in session mode);
    with SQLite all processes are on one machine, and a file in the data directory is locked.
    """
    with _of_session(name) if connection.vendor == "postgresql" else _of_file(name) as ours:
        yield ours


@contextmanager
def _of_session(name: str) -> Iterator[bool]:
    key = (LOCKS, zlib.crc32(name.encode()) - 2**31)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s::int, %s::int)", key)
        ours = bool(cursor.fetchone()[0])
    try:
        yield ours
    finally:
        if ours and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s::int, %s::int)", key)


@contextmanager
def _of_file(name: str) -> Iterator[bool]:
    folder = Path(settings.DATA_DIR) / "locks"
    folder.mkdir(exist_ok=True, mode=0o700)
    handle = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _lock(handle)
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    if sys.platform != "win32":  # which is for trying things out: one worker is assumed there
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
