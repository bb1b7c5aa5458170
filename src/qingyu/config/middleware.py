"""What every request may weigh, and what every answer has: policies, no trace of capabilities in addresses."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from qingyu.cases.wording import wording

Handler = Callable[[HttpRequest], HttpResponse]
WITH_CAPABILITY = ("/rate/", "/t/", "/track/")
PERMISSIONS = "geolocation=(self), camera=(self), microphone=()"
MEGABYTE = 1024 * 1024
# Doors that take files: of everybody, and of staff, for whom it needs the cookie of somebody who has signed in.
WITH_FILES = re.compile(r"/(?:file|track|apply)/.*|/api/v1/cases/.*|/api/v1/applications/files|/f/[^/]+/")
OF_STAFF = re.compile(r"/desk/letter/|/hall/[^/]+/(?:rounds|facilities)/[^/]+/")


def content_security_policy(events: str = "") -> str:
    """The policy; ``events`` is the origin of the event process where it is another one."""
    connect = f"connect-src 'self' {events}".rstrip()
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
        f"{connect}; media-src 'self' blob:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; manifest-src 'self'"
    )


class Policies:
    """Sets the policies of the page; answers to a capability also send no referrer and are kept nowhere."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.policy = content_security_policy(settings.EVENTS_ORIGIN)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if request.path.startswith(WITH_CAPABILITY) or "code" in request.GET:
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["Cache-Control"] = "private, no-store"
        elif request.method == "POST" or settings.SESSION_COOKIE_NAME in request.COOKIES:
            # What staff see, and what a form said back: nobody finds it in the browser after they have left.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class Doors:
    """Deny by default: a view that does not say who may come in lets nobody in. The API says it for each router."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *_given: object) -> None:
        """PermissionDenied (403) for a view without one of the marks of ``people.doors``."""
        match = request.resolver_match
        if not getattr(view, "permission", None) and (match is None or match.app_name != "ninja"):
            raise PermissionDenied


class Sizes:
    """Answers 413 before anything of a body is read that is larger than its door can use.

    Without a ``Content-Length`` Django reads nothing, so there is nothing to limit.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return too_large(request) if _length(request) > most_bytes(request) else self.get_response(request)


def most_bytes(request: HttpRequest) -> int:
    """All files of one form and room for its words; two megabytes where no files are taken."""
    files = settings.ATTACHMENT_MAX_COUNT * settings.ATTACHMENT_MAX_BYTES + 5 * MEGABYTE
    by_staff = settings.SESSION_COOKIE_NAME in request.COOKIES and OF_STAFF.fullmatch(request.path)
    return files if by_staff or WITH_FILES.fullmatch(request.path) else 2 * MEGABYTE


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def too_large(request: HttpRequest) -> HttpResponse:
    """413 as JSON where a program asks, else as a page."""
    message = wording("too_large")
    if request.path.startswith("/api/"):
        return JsonResponse({"code": "too_large", "message": message}, status=413)
    if request.path.startswith("/open311/"):
        return JsonResponse([{"code": "413", "description": message}], status=413, safe=False)
    return render(request, "413.html", status=413)
