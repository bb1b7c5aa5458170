"""A browser's way through the sign-in page: cookies, the form's token, the post."""

from __future__ import annotations

import http.client
import re
from contextlib import closing
from urllib.parse import urlencode

from tests.faults.citizens import TIMEOUT, Answer, headers_of
from tools.server import Installation

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PASSWORD = "晴川-test-2026"


def sign_in(house: Installation, username: str, *, language: str = "zh-CN") -> Answer:
    """The answer to the sign-in form of a member of staff of tests/people.py."""
    with closing(http.client.HTTPConnection("127.0.0.1", house.port, timeout=TIMEOUT)) as link:
        link.request("GET", "/login/", headers={"Accept-Language": language})
        page = link.getresponse()
        html, cookie = page.read().decode(), (page.getheader("Set-Cookie") or "").partition(";")[0]
        token = TOKEN.search(html)
        assert token, html[:500]
        fields = {"csrfmiddlewaretoken": token[1], "username": username, "password": PASSWORD}
        headers = {
            "Accept-Language": language,
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": cookie,
            "Referer": f"{house.url}/login/",
        }
        link.request("POST", "/login/", urlencode(fields).encode(), headers)
        answer = link.getresponse()
        return Answer(answer.status, headers_of(answer), answer.read().decode())
