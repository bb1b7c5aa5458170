"""What a citizen's browser remembers for us: which case it may show for a while, and how the person reads.

The case cookie keeps number and query code out of addresses, so that neither the history of a shared computer nor a
log holds them. It is signed, kept from scripts, and gone after half an hour of rest.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import translation

NAME = "qingyu_case"
SALT = "qingyu.case-cookie"
SECONDS = 30 * 60
YEAR = 365 * 24 * 3600
READING = {"mode": ("normal", "elder"), "contrast": ("normal", "high")}


@dataclass(frozen=True)
class Pass:
    """Number and query code as a person gave them."""

    number: str
    code: str


def remember(response: HttpResponse, shown: Pass) -> None:
    """The next pages may show this case."""
    value = signing.dumps([shown.number, shown.code], salt=SALT)
    response.set_cookie(
        NAME, value, max_age=SECONDS, httponly=True, samesite="Lax", secure=bool(settings.SESSION_COOKIE_SECURE)
    )


def remembered(request: HttpRequest) -> Pass | None:
    """The case that this browser may show, or None."""
    try:
        number, code = signing.loads(request.COOKIES.get(NAME, ""), salt=SALT, max_age=SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Pass(str(number), str(code))


def forget(response: HttpResponse) -> None:
    """The person has left; the next one at this computer sees nothing."""
    response.delete_cookie(NAME, samesite="Lax")


def wants_other_reading(request: HttpRequest) -> bool:
    """Whether a button for type size, contrast or language was pressed inside a form."""
    return any(name in request.POST for name in (*READING, "language"))


def change_reading(request: HttpRequest) -> dict[str, str]:
    """Applies the button to this request already; returns the cookies that keep it."""
    chosen = {f"qingyu_{name}": request.POST.get(name, "") for name, values in READING.items()
              if request.POST.get(name) in values}  # fmt: skip
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        translation.activate(language)
        request.LANGUAGE_CODE = language
        chosen[settings.LANGUAGE_COOKIE_NAME] = language
    request.COOKIES = {**request.COOKIES, **chosen}
    return chosen


def keep_reading(response: HttpResponse, chosen: dict[str, str]) -> HttpResponse:
    """Sets the cookies of ``change_reading``."""
    for name, value in chosen.items():
        response.set_cookie(name, value, max_age=YEAR, samesite="Lax", httponly=True)
    return response
