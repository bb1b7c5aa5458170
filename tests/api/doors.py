"""What the tests of the API have in common: sending JSON, signing in, a request that was filed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.test import Client

API = "/api/v1"
PASSWORD = "晴川-test-2026"
FILING = {"text": "楼下夜间施工到两点", "channel": "web", "topic": "city.noise.night"}


@dataclass
class Caller:
    """Somebody who calls the API, signed in or not."""

    client: Client = field(default_factory=Client)
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.client.get(API + path, headers=self.headers | _named(headers))

    def post(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.client.post(
            API + path, body, content_type="application/json", headers=self.headers | _named(headers)
        )

    def delete(self, path: str) -> HttpResponse:
        return self.client.delete(API + path, headers=self.headers)


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def signed_in(username: str) -> Caller:
    """A caller with a token of that member of staff."""
    answer = Caller().post("/session", {"username": username, "password": PASSWORD})
    assert answer.status_code == 200, answer.content
    return Caller(headers={"Authorization": f"Bearer {answer.json()['token']}"})


def filed(**more: Any) -> dict[str, str]:
    """Number, query code, state, owner and due date of a new request."""
    answer = Caller().post("/cases", FILING | more)
    assert answer.status_code == 201, answer.content
    found: dict[str, str] = answer.json()
    return found
