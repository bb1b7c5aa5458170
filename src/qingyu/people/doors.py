"""Who may come in by which door. Every view says so itself, and a test walks all routes to see that it does.

``@staff_door("case.read")`` lets in signed-in staff who hold one of the permission codes; ``@staff_door()`` any
signed-in staff; ``@open_door`` everybody. Inside, ``request.viewer`` holds the rights of who came in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from qingyu.people import policy, queries
from qingyu.people.models import Staff
from qingyu.people.policy import Viewer

View = Callable[..., HttpResponseBase]
V = TypeVar("V", bound=Callable[..., Any])
SIGNED_IN = "signed_in"
OPEN = "open"


def staff_door(*permissions: str) -> Callable[[View], View]:
    """Lets in staff who hold at least one of the codes; none given: all who are signed in.

    Others are led to sign-in (with the way back), to their first change of password, or get 403.
    """

    def door(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            stopped = _stopped(request, permissions)
            return stopped or view(request, *args, **kwargs)

        guarded.permission = permissions or (SIGNED_IN,)  # type: ignore[attr-defined]
        return guarded

    return door


def open_door(view: V) -> V:
    """Marks a view that asks nobody who they are; a capability in the address or a code may still be asked for."""
    view.permission = (OPEN,)  # type: ignore[attr-defined]
    return view


def viewer_of(request: HttpRequest) -> Viewer:
    """The rights of who came in by a ``staff_door``."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


def staff_of(request: HttpRequest) -> Staff:
    """Who came in by a ``staff_door``."""
    return cast("Staff", request.user)


def _stopped(request: HttpRequest, permissions: tuple[str, ...]) -> HttpResponse | None:
    staff: Any = request.user
    if not staff.is_authenticated:
        return redirect_to_login(_way_back(request), login_url=reverse("login"))
    if staff.must_change_password and request.path != reverse("password"):
        return HttpResponseRedirect(reverse("password"))
    viewer = policy.viewer(staff, on=queries.city_day(datetime.now(UTC)))
    if permissions and not any(viewer.may(code) for code in permissions):
        raise PermissionDenied
    request.viewer = viewer  # type: ignore[attr-defined]
    return None


def _way_back(request: HttpRequest) -> str:
    return request.get_full_path() if request.method == "GET" else reverse("desk")
