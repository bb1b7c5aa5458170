"""What every answer has: a content security policy, and no trace of capabilities that stand in addresses."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]
WITH_CAPABILITY = ("/rate/", "/t/", "/track/")
PERMISSIONS = "geolocation=(self), camera=(self), microphone=()"


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
        return response
