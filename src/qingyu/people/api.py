"""Signing in to the API: ``POST`` and ``DELETE /session``, and who a token belongs to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from ninja.security import HttpBearer
from pydantic import AwareDatetime, Field

from qingyu.people import policy, queries, tokens
from qingyu.people.models import Staff
from qingyu.rules.refusals import NotPermitted

router = Router(tags=["session"])


class SignInRefused(Exception):
    """HTTP 401: ``code`` is sign_in_needed, sign_in_failed or otp_required."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SignInLocked(Exception):
    """HTTP 429: too many wrong passwords for this account from this place."""


class Problem(Schema):
    """Every refusal of the API. ``code`` is stable; ``message`` is a sentence; ``fields`` names culprits of a body."""

    code: str
    message: str
    fields: dict[str, str] | None = None


class StaffToken(HttpBearer):
    """``Authorization: Bearer``: ``request.auth`` becomes the viewer whose rights hold for the request."""

    def __call__(self, request: HttpRequest) -> policy.Viewer:
        """The viewer; SignInRefused("sign_in_needed") without a token that holds."""
        found = bearer(request)
        if found is None:
            raise SignInRefused("sign_in_needed")
        return found

    def authenticate(self, request: HttpRequest, token: str) -> policy.Viewer | None:
        return bearer(request)


def bearer(request: HttpRequest) -> policy.Viewer | None:
    """The viewer of the token that came with the request; None without one. A token that ended is refused."""
    text = token_text(request)
    if not text:
        return None
    at = datetime.now(UTC)
    staff = tokens.holder(text, at=at)
    if staff is None:
        raise SignInRefused("sign_in_needed")
    return policy.viewer(staff, on=queries.city_day(at))


def token_text(request: HttpRequest) -> str:
    """The token that came with the request; empty without one."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""


staff_token = StaffToken()


class Credentials(Schema):
    username: Annotated[str, Field(max_length=60)]
    password: Annotated[str, Field(max_length=256)]
    otp: Annotated[str | None, Field(max_length=12)] = None


class Session(Schema):
    token: str
    expires_at: AwareDatetime


@router.post("/session", response={200: Session, 401: Problem, 403: Problem, 422: Problem, 429: Problem})
def sign_in(request: HttpRequest, body: Credentials) -> tokens.Issued:
    """A token for 12 hours, at most 30 of its minutes idle; send it as ``Authorization: Bearer``."""
    return tokens.issue(_proved(request, body), at=datetime.now(UTC))


def _proved(request: HttpRequest, body: Credentials) -> Staff:
    staff = authenticate(request, username=body.username.replace("\x00", ""), password=body.password)
    if getattr(request, "axes_locked_out", False):
        request.axes_locked_out = False  # type: ignore[attr-defined]  # else a page would replace our answer
        raise SignInLocked
    if not isinstance(staff, Staff):
        raise SignInRefused("sign_in_failed")
    if staff.must_change_password:
        raise NotPermitted("password_must_change")
    return staff


@router.delete("/session", auth=staff_token, response={204: None, 401: Problem})
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the token that came with the request."""
    tokens.revoke(token_text(request))
    return HttpResponse(status=204)
