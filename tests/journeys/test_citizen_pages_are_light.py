"""What a first visit to each citizen's page costs on the line: the page, its styles, scripts and pictures, as sent.

150 kB is two seconds on a slow mobile line. Without a browser: addresses are read from markup, styles and scripts.
"""

from __future__ import annotations

import gzip
import re
import urllib.error
import urllib.parse
import urllib.request
from functools import cache
from urllib.parse import quote, urljoin, urlsplit

from tests.journeys.test_every_page_can_be_used_by_everybody import NO_PAGE, filed, filled, routes, token
from tools.server import Installation

MOST = 150_000
ONE_PERSON = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
FILES = (
    re.compile(r"""<(?:link|script|img|use|source|audio|video)\b[^>]*?\b(?:href|src)=["']([^"'#]+)"""),
    re.compile(r"""url\(["']?([^"')#]+)"""),
    re.compile(r"""\b(?:from|import)\s*\(?\s*["'](\.{0,2}/[^"']+)["']"""),
)


def sent(address: str) -> tuple[int, str]:
    """Bytes of the answer as they travel, and its text."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip, br", "Accept-Language": "zh-CN"})
    try:
        answer = ONE_PERSON.open(request, timeout=20)
    except urllib.error.HTTPError as refused:
        answer = refused
    with answer:
        body = answer.read()
        packed = answer.headers.get("Content-Encoding") == "gzip"
    return len(body), (gzip.decompress(body) if packed else body).decode("utf-8", "replace")


@cache
def fetched(address: str) -> tuple[int, tuple[str, ...]]:
    """Bytes of a file and what it asks for in turn."""
    size, text = sent(address)
    return size, tuple(asked(text, address))


def asked(text: str, address: str) -> set[str]:
    """Addresses of this house that a browser fetches by itself for this text."""
    found = {urljoin(address, one) for pattern in FILES for one in pattern.findall(text)}
    return {one for one in found if urlsplit(one).netloc == urlsplit(address).netloc and "/static/" in one}


def first_visit(address: str) -> int:
    """Bytes of a page with nothing kept from before."""
    size, text = sent(address)
    open_, seen = asked(text, address), set()
    while open_:
        one = open_.pop()
        seen.add(one)
        size += fetched(one)[0]
        open_ |= set(fetched(one)[1]) - seen
    return size


def test_files_are_found_in_markup_styles_and_scripts() -> None:
    page = '<link rel="stylesheet" href="/static/a.css"><svg><use href="/static/s.svg#x"></use></svg><a href="/help/">'
    assert asked(page, "http://h/") == {"http://h/static/a.css", "http://h/static/s.svg"}
    assert asked('b{background:url("i.png")}', "http://h/static/c/a.css") == {"http://h/static/c/i.png"}
    assert asked('import { x } from "./y.js";', "http://h/static/js/a.js") == {"http://h/static/js/y.js"}


def test_every_page_of_citizens_is_light_on_the_first_visit(served_city: Installation) -> None:
    number, code = filed(served_city)
    addresses = [
        filled(name, path, served_city)
        for name, path, permission in routes()
        if permission == ("open",) and name not in NO_PAGE | {"rate"}
    ]
    addresses += [
        f"/track/?number={number}&code={code}", f"/rate/{token(served_city, number)}/", "/nowhere/",
        "/items/?q=证", "/answers/?q=费", "/hall/demo/kiosk/?service=A&phone=1", "/barometer/?period=last30",
    ]  # fmt: skip
    weights = {address: first_visit(served_city.url + quote(address, safe="/?=&%")) for address in addresses}
    assert len(weights) > 30
    assert {address: size for address, size in weights.items() if size > MOST} == {}
    assert min(weights.values()) > 5_000, "styles are not counted"
