"""Addresses behind which something is out of order, as the tests need it."""

from __future__ import annotations

import errno
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path
from ninja import NinjaAPI

from qingyu.config.urls import urlpatterns as served
from qingyu.people.doors import open_door

TROUBLES: dict[str, Exception] = {
    "locked": OperationalError("database is locked"),
    "full": OperationalError("database or disk is full"),
    "gone": InterfaceError("connection already closed"),
    "disk": OSError(errno.ENOSPC, "No space left on device"),
    "read_only": OSError(errno.EROFS, "Read-only file system"),
    "mistake": ValueError("a mistake"),
    "no_file": FileNotFoundError(errno.ENOENT, "No such file"),
}
api = NinjaAPI(urls_namespace="out-of-order", docs_url=None, openapi_url=None)


@open_door
def fail(request: HttpRequest, what: str) -> HttpResponse:
    raise TROUBLES[what]


@api.post("/{what}")
def fail_in_api(request: HttpRequest, what: str) -> None:
    raise TROUBLES[what]


class Broken:
    """A middleware that fails before any view is asked, where the query says so."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if trouble := request.GET.get("middleware"):
            raise TROUBLES[trouble]
        return self.get_response(request)  # type: ignore[no-any-return]


urlpatterns = [
    path("broken/<str:what>/", fail),
    path("api/broken/", api.urls),
    path("open311/broken/<str:what>/", fail),
    *served,
]
handler500 = "qingyu.config.outage.failed"
