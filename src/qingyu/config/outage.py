"""When the house is out of order: a locked database, a full disk, a database that is away. 503, plain words, try again.

This is the handler of last resort (``handler500``): Django calls it for what a view, the API or a middleware let
through, so no exception misses it wherever it is raised. What was begun is rolled back by its own transaction, and
the idempotency key of the request makes the second try safe. Nothing here asks the database again.
"""

from __future__ import annotations

import errno
import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.translation import gettext as _

from qingyu.config.context import site
from qingyu.people.doors import open_door

log = logging.getLogger("qingyu.outage")
OF_THE_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE})
RETRY_AFTER = 30  # seconds
PROGRAMS = ("/api/", "/open311/")


def is_outage(error: BaseException | None) -> bool:
    """Whether it will pass without anybody changing the program: the same request may work in a minute."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return isinstance(error, OSError) and error.errno in OF_THE_DISK


@open_door
def failed(request: HttpRequest) -> HttpResponse:
    """503 with ``Retry-After`` for an outage, 500 for a mistake of ours; JSON for programs, a page for people."""
    error = sys.exc_info()[1]
    return out_of_order(request, error) if is_outage(error) else broken(request)


def out_of_order(request: HttpRequest, error: BaseException | None = None) -> HttpResponse:
    """503 in the person's language: nothing is saved, nothing is lost, the same may be sent again."""
    log.error("out of order: %s: %s at %s", type(error).__name__, _words(error), request.path)
    message = _("We cannot save right now. Nothing was lost or filed twice. Please try again in a minute.")
    response = _answer(request, "503.html", status=503, code="out_of_order", message=message)
    response["Retry-After"] = str(RETRY_AFTER)
    response._has_been_logged = True  # type: ignore[attr-defined]  # one line says it, hundreds would come
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """500: Django has logged where."""
    message = _("Something went wrong on our side")
    return _answer(request, "500.html", status=500, code="failed", message=message)


def _answer(request: HttpRequest, template: str, *, status: int, code: str, message: str) -> HttpResponse:
    if request.path.startswith("/open311/"):
        body: object = [{"code": str(status), "description": message}]
        return JsonResponse(body, status=status, safe=False)
    if request.path.startswith(PROGRAMS):
        return JsonResponse({"code": code, "message": message}, status=status)
    # Without the request: its context processors would ask the session and the database who this is.
    return HttpResponse(loader.render_to_string(template, {"message": message, **site(request)}), status=status)


def _words(error: BaseException | None) -> str:
    """The first line of what the driver said; no SQL, no values."""
    return next(iter(str(error).splitlines()), "")[:200]
