"""What every template may use: the city's name, its hotline, and how this person reads."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

MODES = ("normal", "elder")
CONTRASTS = ("normal", "high")


def site(request: HttpRequest) -> dict[str, Any]:
    """``site.city``, ``site.help_phone``, ``site.mode`` and ``site.contrast``; costs no statement."""
    return {
        "site": {
            "name": "晴雨",
            "city": settings.CITY,
            "help_phone": settings.HELP_PHONE,
            "mode": _chosen(request, "qingyu_mode", MODES),
            "contrast": _chosen(request, "qingyu_contrast", CONTRASTS),
            "public_url": settings.PUBLIC_URL,
        }
    }


def _chosen(request: HttpRequest, cookie: str, values: tuple[str, ...]) -> str:
    value = request.COOKIES.get(cookie, values[0])
    return value if value in values else values[0]
