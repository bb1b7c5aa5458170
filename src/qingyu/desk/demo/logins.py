"""The logins of the demo city: random, kept in the data directory for its owner alone."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from pathlib import Path
from typing import TypedDict

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher

ROUNDS = 20_000
"""Slow hashing guards what people can guess; nobody guesses 120 bits of chance. The first sign-in hashes anew."""


class Login(TypedDict):
    username: str
    password: str


def path() -> Path:
    """Where they are kept."""
    return Path(settings.DATA_DIR) / "demo-logins.json"


def read() -> dict[str, Login]:
    """{role: {username, password}}; empty where there are none."""
    try:
        found: dict[str, Login] = json.loads(path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def write(logins: dict[str, Login]) -> None:
    """Whole or not at all, readable by the owner alone (0600)."""
    handle, name = tempfile.mkstemp(dir=path().parent, prefix=".demo-logins")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(logins, file, ensure_ascii=False, indent=1)
    os.replace(name, path())


def new_password() -> str:
    """Fifteen bytes of chance in twenty characters."""
    return secrets.token_urlsafe(15)


def hashed(password: str) -> str:
    """A password of ``new_password`` as it is stored: by the hasher of the house, in fewer rounds."""
    hasher = get_hasher()
    fewer = {"iterations": ROUNDS} if isinstance(hasher, PBKDF2PasswordHasher) else {}
    return hasher.encode(password, hasher.salt(), **fewer)
