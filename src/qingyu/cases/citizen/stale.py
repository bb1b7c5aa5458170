"""A form that was open too long must not cost a person their words.

The pages where people write are exempt from the protection that runs before a view, ask it themselves, and show the
form again as it was filled in when the token no longer holds.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware


class _Check(CsrfViewMiddleware):
    """Answers why a form is refused instead of refusing it."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason)


def is_stale(request: HttpRequest) -> bool:
    """Whether the form's token is missing, foreign or outdated."""
    check = _Check(lambda _request: HttpResponse())
    check.process_request(request)
    return check.process_view(request, lambda _request: HttpResponse(), (), {}) is not None
