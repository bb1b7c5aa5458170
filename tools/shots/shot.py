"""One picture: what it shows, who looks, and what is done before it is taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tools.server import Installation

DESKTOP, PHONE, LONG_PHONE = (1440, 900), (390, 844), (390, 1200)
DOOR, LONG_DOOR, BOARD, KIOSK = (1180, 760), (1180, 1100), (1280, 720), (720, 960)

Steps = Callable[[Any, Installation], None]


def stay(page: Any, city: Installation) -> None:
    """The page as it opens."""


@dataclass(frozen=True)
class Shot:
    """``path``: address without host; ``role``: whose login, empty for a citizen; ``size``: CSS pixels."""

    name: str
    path: str
    role: str = ""
    size: tuple[int, int] = DESKTOP
    steps: Steps = stay


def asked(city: Installation, script: str) -> str:
    """What a few lines of Python print that run inside the demo city."""
    return city.command("shell", "-v0", "-c", script).strip()
