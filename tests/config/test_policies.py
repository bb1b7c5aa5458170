"""What every answer carries; where a request comes from; what logs never show."""

from __future__ import annotations

import logging
import sys

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings

from qingyu.config.logs import Lines, MaskCapabilities
from qingyu.config.middleware import Sizes, content_security_policy
from qingyu.config.ratelimit import address


def test_every_page_allows_only_what_is_ours(client: Client) -> None:
    policy = client.get("/health/live")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert f"connect-src 'self' {settings.EVENTS_ORIGIN};" in policy
    assert "unsafe" not in policy
    assert "http:" not in policy.replace(settings.EVENTS_ORIGIN, "")


def test_the_event_process_is_named_only_where_there_is_one() -> None:
    assert "connect-src 'self' https://events.example;" in content_security_policy("https://events.example")


@pytest.mark.parametrize(
    ("path", "private"),
    [("/track/?code=ABCDEFGH", True), ("/health/live?code=x", True), ("/rate/TOKEN/", True), ("/health/live", False)],
)
@pytest.mark.django_db
def test_capabilities_are_kept_nowhere_and_passed_to_nobody(client: Client, path: str, private: bool) -> None:
    answer = client.get(path)
    assert (answer.get("Referrer-Policy") == "no-referrer") is private
    assert ("no-store" in answer.get("Cache-Control", "")) is private


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "expected"),
    [
        ([], "198.51.100.7", "", "198.51.100.7"),
        ([], "198.51.100.7", "203.0.113.9", "198.51.100.7"),  # nobody is believed who is not named
        (["10.0.0.1"], "198.51.100.7", "203.0.113.9", "198.51.100.7"),
        (["10.0.0.1"], "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (["10.0.0.1"], "10.0.0.1", "1.2.3.4, 203.0.113.9", "203.0.113.9"),  # what the client wrote itself
        (["10.0.0.1", "10.0.0.2"], "10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (["10.0.0.1"], "10.0.0.1", "", "10.0.0.1"),
    ],
)
def test_only_trusted_proxies_say_who_asks(proxies: list[str], peer: str, forwarded: str, expected: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"x-forwarded-for": forwarded} if forwarded else {})
    with override_settings(TRUSTED_PROXIES=proxies):
        assert address(request) == expected


@pytest.mark.parametrize("path", ["/track/?code=ABCDEFGH", "/rate/abcdefgh123/", "/t/abcdefgh123/x"])
def test_log_lines_never_show_a_capability(path: str) -> None:
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: %s", (path,), None)
    assert MaskCapabilities().filter(record)
    assert "***" in record.getMessage()
    assert "bcdefgh" not in record.getMessage().lower()


QUOTED = "null value in column\nDETAIL:  Failing row contains (1, 王晓\n\n13800138000)."
CAPABILITY = "nothing at /t/abcdefgh123/x"


def test_log_lines_never_show_a_row_or_a_capability_of_an_exception() -> None:
    try:
        raise ValueError(QUOTED) from OSError(CAPABILITY)
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "failed", (), sys.exc_info())
    line = Lines("%(message)s").format(record)
    assert "null value in column" in line
    assert not any(secret in line for secret in ("王晓", "13800138000", "abcdefgh"))


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Forwarded-Proto", "X-Real-IP", "Via"])
def test_what_a_proxy_passes_on_is_not_this_machine(client: Client, name: str, db: None) -> None:
    assert client.get("/health").status_code == 200
    assert client.get("/health", headers={name: "x"}).status_code == 404


@pytest.mark.parametrize(
    ("path", "length", "expected"),
    [
        ("/login/", 3, True),
        ("/mode/", 3, True),
        ("/file/", 50, False),
        ("/file/", 56, True),
        ("/api/v1/cases/1/attachments", 56, True),
        ("/open311/v2/requests.json", 3, True),
        ("/apply/birth-card/", 50, False),
        ("/apply/birth-card/", 56, True),
        ("/api/v1/applications/files", 50, False),
        ("/api/v1/applications", 3, True),
        ("/f/seat-1/", 12, False),
        ("/desk/letter/", 3, True),  # nobody has signed in
        ("/hall/demo/facilities/seat-1/", 3, True),
    ],
)
def test_what_no_door_can_use_is_not_read(path: str, length: int, expected: bool) -> None:
    assert (weighed(path, length).status_code == 413) is expected


def weighed(path: str, megabytes: int, **cookies: str) -> HttpResponse:
    sizes = Sizes(lambda request: HttpResponse(status=200))
    request = RequestFactory().post(path, CONTENT_LENGTH=str(megabytes * 1024 * 1024))
    request.user, request.COOKIES = AnonymousUser(), cookies
    return sizes(request)


@pytest.mark.parametrize("path", ["/desk/letter/", "/hall/demo/facilities/seat-1/", "/hall/demo/rounds/opening/"])
def test_staff_send_photos_as_large_as_a_phone_makes_them(path: str) -> None:
    assert weighed(path, 50, sessionid="x").status_code == 200
    assert weighed(path, 56, sessionid="x").status_code == 413


def test_what_staff_see_is_kept_in_no_cache(client: Client, db: None) -> None:
    assert "Cache-Control" not in client.get("/privacy/")
    client.cookies["sessionid"] = "x"
    assert client.get("/privacy/")["Cache-Control"] == "private, no-store"
    assert "no-store" in client.post("/login/", {"username": "x"})["Cache-Control"]
