"""What the tests need from the machine beside Python packages: looked for here, installed or named here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Part:
    """One program of the machine: its name, its Debian package, and how to see that it is there."""

    name: str
    package: str
    there: Callable[[], bool]


def chromium() -> str | None:
    """Path of a Chromium or Chrome, or None; ``QINGYU_CHROMIUM`` names another."""
    named = os.environ.get("QINGYU_CHROMIUM")
    found = (shutil.which(name) for name in ([named] if named else CHROMIUM))
    return next((path for path in found if path), None)


def postgres_folder() -> Path | None:
    """The folder with ``initdb`` and ``postgres`` of the newest PostgreSQL here, or None."""
    if path := shutil.which("initdb"):
        return Path(path).resolve().parent
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((path.parent for path in found), key=_version, default=None)


def _version(folder: Path) -> int:
    return int(re.sub(r"\D", "", folder.parent.name) or 0)


def chinese_font() -> bool:
    """Whether a font with Chinese characters is installed (pages are looked at by their pixels too)."""
    if lister := shutil.which("fc-list"):
        return bool(subprocess.run([lister, ":lang=zh"], capture_output=True).stdout.strip())
    return any(Path("/usr/share/fonts").rglob("*CJK*"))


PARTS = (
    Part("Chromium", "chromium", lambda: chromium() is not None),
    Part("a Chinese font", "fonts-noto-cjk", chinese_font),
    Part("PostgreSQL 15 or later", "postgresql", lambda: postgres_folder() is not None),
)


def missing() -> list[Part]:
    """The parts that are not on this machine."""
    return [part for part in PARTS if not part.there()]


def provide() -> None:
    """Install what is missing where we may (Debian, as root); say exactly what to install elsewhere."""
    absent = missing()
    if not absent:
        return
    packages = [part.package for part in absent]
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        _apt(packages)
    for part in missing():
        print(f"missing: {part.name} (Debian: apt-get install {part.package})", file=sys.stderr)


def _apt(packages: list[str]) -> None:
    print("Installing " + " ".join(packages), flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *arguments], env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
