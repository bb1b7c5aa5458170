"""The secret of this installation, made once in the data directory, readable by its owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def local_secret(path: Path) -> str:
    """The text in ``path``; made at first use with mode 0600. Two starts at once agree on one value."""
    try:
        return _made(path)
    except FileExistsError:
        return _wait_for(path)
    except OSError as error:
        raise SystemExit(
            f"qingyu: the data directory {path.parent} cannot be written ({error.strerror}): "
            "make it belong to this user, or name another with --data-dir or QINGYU_DATA_DIR"
        ) from None


def _made(path: Path) -> str:
    """A new secret under a name of its own, then put in place by a link, so that nobody ever reads half of it."""
    if path.exists():
        raise FileExistsError
    draft, text = path.with_name(f".secret-{os.getpid()}"), secrets.token_urlsafe(48)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return text


def _wait_for(path: Path) -> str:
    try:
        text = path.read_text().strip()
    except OSError as error:
        raise SystemExit(f"qingyu: {path} cannot be read: {error.strerror}") from None
    if not text:
        raise SystemExit(f"qingyu: {path} is empty: restore it from your backup, or remove it to make a new secret")
    return text
