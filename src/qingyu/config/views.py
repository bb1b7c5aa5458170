"""The few pages that belong to no app: reading modes and a form that has become stale."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from qingyu.config.context import CONTRASTS, MODES
from qingyu.people.doors import open_door

YEAR = 365 * 24 * 3600


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose protection token has expired: what was typed is still in the browser's back page."""
    return render(request, "403_csrf.html", status=403)


@open_door
@require_POST
def mode(request: HttpRequest) -> HttpResponse:
    """Remembers elder mode and contrast in a cookie and returns to the page the person came from."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = HttpResponseRedirect(target)
    for field, values in (("mode", MODES), ("contrast", CONTRASTS)):
        value = request.POST.get(field)
        if value in values:
            response.set_cookie(f"qingyu_{field}", value, max_age=YEAR, samesite="Lax", httponly=True)
    return response
