"""One form, acted on once: pressing twice is pressing once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest

from qingyu.cases.idempotency import Call, once
from qingyu.cases.staff import doing


def once_only(request: HttpRequest, act: Callable[[], object], *, at: datetime) -> None:
    """Does the act unless this form has done it before; a refusal goes on to the caller."""

    def done() -> tuple[int, str]:
        act()
        return 303, ""

    once(
        Call(f"staff:{request.user.pk}", request.path, request.POST.get("key", ""), doing.body(request.POST)),
        done,
        at=at,
    )
