"""Where a setting comes from: a flag, the environment ``QINGYU_*``, or ``qingyu.toml``, in that order.

Flags are written into the environment by the command before settings load; ``QINGYU_FLAGS`` remembers which.
Every option may also be given as a file (``QINGYU_SECRET_KEY_FILE``). ``asked`` remembers what settings asked for.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Option:
    """A value in force and where it came from: flag, environment, a file's path, ``qingyu.toml`` or default."""

    name: str
    value: str
    source: str


asked: dict[str, Option] = {}
"""Every option that was read, by name without the prefix."""


def toml_path() -> Path:
    """The file of options: ``qingyu.toml`` in the working directory unless ``QINGYU_CONFIG`` names another."""
    return Path(os.environ.get("QINGYU_CONFIG", "qingyu.toml"))


def _toml() -> dict[str, Any]:
    path = toml_path()
    if not path.is_file():
        if "QINGYU_CONFIG" in os.environ:
            raise SystemExit(f"qingyu: QINGYU_CONFIG names {path}, but there is no such file")
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SystemExit(f"qingyu: {path} cannot be read: {error}") from None


in_file = _toml()


def option(name: str, default: str = "") -> str:
    """The text value of ``QINGYU_<name>``; an empty value counts as not given."""
    found = _find(name) or Option(name, default, "default")
    asked[name] = found
    return found.value


def _find(name: str) -> Option | None:
    if value := os.environ.get(f"QINGYU_{name}"):
        flag = name in os.environ.get("QINGYU_FLAGS", "").split(",")
        return Option(name, value, "flag" if flag else "environment")
    if path := os.environ.get(f"QINGYU_{name}_FILE"):
        return Option(name, _content(name, path), f"file {path}")
    if name.lower() in in_file:
        return Option(name, _plain(in_file[name.lower()]), str(toml_path()))
    return None


def _content(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise SystemExit(f"qingyu: QINGYU_{name}_FILE names {path}, which cannot be read: {error}") from None


def _plain(value: Any) -> str:
    """A TOML value as the environment would give it: lists by commas, true and false as on and off."""
    if isinstance(value, list):
        return ",".join(str(one) for one in value)
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)


def numbers(name: str, default: int) -> int:
    """The whole number of ``QINGYU_<name>``; anything else is a clear error that names the option."""
    text = option(name, str(default))
    try:
        return int(text)
    except ValueError:
        raise SystemExit(f"qingyu: QINGYU_{name} must be a whole number, not {text!r}") from None


def port(name: str, default: int) -> int:
    """The TCP port of ``QINGYU_<name>``: 1 to 65535."""
    number = numbers(name, default)
    if not 0 < number < 65536:
        raise SystemExit(f"qingyu: QINGYU_{name} must be a port from 1 to 65535, not {number}")
    return number


def words(name: str, default: str = "") -> list[str]:
    """The comma separated values of ``QINGYU_<name>``."""
    return [word.strip() for word in option(name, default).split(",") if word.strip()]


def folder(name: str, default: str) -> Path:
    """The folder of ``QINGYU_<name>``, made for the owner alone; a clear error where that cannot be."""
    path = Path(option(name, default)).expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SystemExit(f"qingyu: QINGYU_{name} is {path}, which cannot be made: {error.strerror}") from None
    return path


def events_origin(public_url: str, port: int, *, proxied: bool) -> str:
    """Where browsers reach the event process: its own port of the public host; empty behind a proxy, which hands
    ``/api/v1/halls/CODE/events`` on to it, so that both are one origin."""
    parts = urlsplit(public_url)
    if proxied or not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{port}"


def database(url: str) -> dict[str, Any]:
    """Django's database dictionary for ``sqlite:///path`` or ``postgresql://user:password@host/name``."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(url.removeprefix("sqlite://").removeprefix("/") or ":memory:")
    if parts.scheme in ("postgresql", "postgres"):
        return _postgresql(url)
    raise SystemExit(f"qingyu: QINGYU_DATABASE_URL: unknown database {parts.scheme!r}; use sqlite:/// or postgresql://")


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
    try:
        import psycopg  # noqa: F401
    except ImportError:
        raise SystemExit(
            "qingyu: QINGYU_DATABASE_URL asks for PostgreSQL, whose driver is not installed; "
            "install it with: pip install -r requirements-postgres.txt"
        ) from None
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
        "OPTIONS": {"connect_timeout": 10, **query, "server_side_binding": True, "prepare_threshold": 2},
    }
