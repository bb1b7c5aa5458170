"""A citizen at the pages, without a browser: fills in forms as they stand in the answer."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.test import Client


class Forms(HTMLParser):
    """The hidden fields of a page, by name; a name may come several times."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden" and given.get("name"):
            self.hidden.setdefault(str(given["name"]), []).append(given.get("value") or "")


def hidden(response: Any) -> dict[str, list[str]]:
    """What the page's forms carry unseen, but for the token and the way back of the display buttons."""
    forms = Forms()
    forms.feed(response.content.decode())
    return {name: values for name, values in forms.hidden.items() if name not in ("csrfmiddlewaretoken", "next")}


def step(client: Client, page: Any, do: str = "next", **answers: Any) -> Any:
    """Presses a button of a filing page with these answers filled in."""
    return client.post("/file/", {**hidden(page), **answers, "do": do})


ANSWERS: dict[str, dict[str, Any]] = {
    "words": {"text": "楼下夜间施工到两点"},
    "where": {"area": "990102001000", "address": "柳岸路 1 号"},
    "kind": {"type": "complaint"},
    "reach": {"name": "王晓", "phone": "199 0000 1234", "email": ""},
}


def filled_in(client: Client, **answers: Any) -> Any:
    """The page with all answers, just before sending; ``answers`` replaces some."""
    page = client.get("/file/")
    more = {name: value for name, value in answers.items() if name in ("confidential", "topic")}
    for given in ANSWERS.values():
        page = step(client, page, **{name: answers.get(name, value) for name, value in given.items()}, **more)
    return page


def file(client: Client, **answers: Any) -> tuple[str, str]:
    """Files a request; its number and code as the page shows them."""
    answer = step(client, filled_in(client, **answers), "send")
    assert answer.status_code == 302, answer.content.decode()
    context = client.get(answer["Location"]).context
    return context["view"].number, context["code"]
