"""Two things every answer has: a content security policy, and plain words when the house is out of order."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

log = logging.getLogger("qingyu.outage")
Handler = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self' {events}; media-src 'self' blob:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; manifest-src 'self'"
)


class Policies:
    """Sets the content security policy; capability pages also send no referrer."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.policy = CONTENT_SECURITY_POLICY.format(events=f"http://{settings.HOST}:{settings.EVENTS_PORT}")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", self.policy)
        response.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
        if request.GET.get("code") or request.path.startswith(("/rate/", "/t/", "/track/")):
            response["Referrer-Policy"] = "no-referrer"
            response["Cache-Control"] = "private, no-store"
        return response


class Outage:
    """A locked database or a full disk answers 503 with ``Retry-After`` and says what to do."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OperationalError | OSError):
            return None
        log.error("out of order: %s at %s", exception.__class__.__name__, request.path, exc_info=exception)
        return out_of_order(request)


def out_of_order(request: HttpRequest) -> HttpResponse:
    """503 in the person's language, as JSON under ``/api/`` and as a page elsewhere."""
    message = _("We cannot save right now. Nothing was lost or filed twice. Please try again in a minute.")
    response: HttpResponse
    if request.path.startswith(("/api/", "/open311/")):
        response = JsonResponse({"code": "out_of_order", "message": message}, status=503)
    else:
        response = render(request, "503.html", {"message": message}, status=503)
    response["Retry-After"] = "30"
    return response
