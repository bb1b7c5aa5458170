"""Where a setting comes from: a flag, the environment ``QINGYU_*``, or ``qingyu.toml``, in that order.

Flags are written into the environment by the command before settings load, so two sources remain here.
Secrets may also be given as files (``QINGYU_SECRET_KEY_FILE``).
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def _toml() -> dict[str, Any]:
    path = Path(os.environ.get("QINGYU_CONFIG", "qingyu.toml"))
    if not path.is_file():
        return {}
    return tomllib.loads(path.read_text(encoding="utf-8"))


_FILE = _toml()


def option(name: str, default: str = "") -> str:
    """The text value of ``QINGYU_<name>``; an empty value counts as not given."""
    value = os.environ.get(f"QINGYU_{name}") or _from_file(name)
    if value:
        return value
    return str(_FILE.get(name.lower(), default))


def _from_file(name: str) -> str:
    path = os.environ.get(f"QINGYU_{name}_FILE")
    return Path(path).read_text(encoding="utf-8").strip() if path else ""


def numbers(name: str, default: int) -> int:
    """The whole number of ``QINGYU_<name>``; anything else is a clear error that names the option."""
    text = option(name, str(default))
    try:
        return int(text)
    except ValueError:
        raise SystemExit(f"QINGYU_{name} must be a whole number, not {text!r}") from None


def words(name: str, default: str = "") -> list[str]:
    """The comma separated values of ``QINGYU_<name>``."""
    return [word.strip() for word in option(name, default).split(",") if word.strip()]


def database(url: str) -> dict[str, Any]:
    """Django's database dictionary for ``sqlite:///path`` or ``postgresql://user:password@host/name``."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(url.removeprefix("sqlite://").removeprefix("/") or ":memory:")
    if parts.scheme in ("postgresql", "postgres"):
        return _postgresql(url)
    raise SystemExit(f"QINGYU_DATABASE_URL: unknown database {parts.scheme!r}; use sqlite:/// or postgresql://")


def _sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;"
                "PRAGMA cache_size=-32000; PRAGMA mmap_size=268435456;"
            ),
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "") or ""),
        "CONN_MAX_AGE": 600,
        "OPTIONS": {**query, "server_side_binding": True, "prepare_threshold": 2},
    }
