"""The secret of this installation, made once in the data directory, readable by its owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def local_secret(path: Path) -> str:
    """The text in ``path``; made at first use with mode 0600. Two starts at once agree on one value."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _wait_for(path)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    return path.read_text()


def _wait_for(path: Path) -> str:
    for _attempt in range(200):
        text = path.read_text().strip()
        if text:
            return text
        os.sched_yield()
    raise SystemExit(f"{path} is empty: restore it from your backup, or remove it to make a new secret")
