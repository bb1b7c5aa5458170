"""Citizens who file through the API and try again with the same key until they are told a number."""

from __future__ import annotations

import http.client
import json
import os
import threading
import time
import uuid
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from tools.server import Installation

TIMEOUT = 30.0
OPERATIONS = int(os.environ.get("QINGYU_FAULT_OPERATIONS", "600"))  # `make long` asks for 5,000
SLOWEST = 10.0  # acknowledged requests a second that even a crowd on a machine under load gets through


@dataclass
class Answer:
    """Status (0: the connection broke), headers and JSON body of one try."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None


def file_case(house: Installation, key: str, *, text: str = "", headers: dict[str, str] | None = None) -> Answer:
    """One try to file a request."""
    body = json.dumps(
        {"text": text or f"夜间施工噪声扰民，请处理。{key}", "channel": "web", "contact": {"phone": "13800000000"}}
    )
    sent = {"Content-Type": "application/json", "Idempotency-Key": key.ljust(32, "-"), **(headers or {})}
    return ask(house, "POST", "/api/v1/cases", body, sent)


def ask(
    house: Installation, method: str, path: str, body: str | bytes = b"", headers: dict[str, str] | None = None
) -> Answer:
    """One request on a connection of its own; a broken connection is status 0."""
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", house.port, timeout=TIMEOUT)) as link:
            link.request(method, path, body.encode() if isinstance(body, str) else body, headers or {})
            answer = link.getresponse()
            return Answer(answer.status, headers_of(answer), _read(answer.read()))
    except (OSError, http.client.HTTPException):
        return Answer(0)


def headers_of(answer: http.client.HTTPResponse) -> dict[str, str]:
    """Headers by their usual names: ``Retry-After``."""
    return {name.title(): value for name, value in answer.getheaders()}


def _read(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return raw.decode(errors="replace")


class Crowd:
    """So many citizens at once until ``wanted`` requests are acknowledged or the time is over.

    ``told`` maps each key to the answer that acknowledged it; ``statuses`` counts every try.
    """

    def __init__(self, house: Installation, *, citizens: int = 6, wanted: int = OPERATIONS) -> None:
        self.house, self.wanted = house, wanted
        self.until = time.monotonic() + max(60.0, wanted / SLOWEST)
        self.told: dict[str, Any] = {}
        self.statuses: dict[int, int] = {}
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self._file, daemon=True) for _citizen in range(citizens)]

    def __enter__(self) -> Crowd:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *trouble: object) -> None:
        """Until all is filed; after a failure nobody begins anew. Who has begun goes on until told, 60 s at most."""
        self.wait_for(0 if any(trouble) else self.wanted)
        self.wanted = 0
        for thread in self.threads:
            thread.join(60)
        assert not any(thread.is_alive() for thread in self.threads), "a citizen was never answered"

    @property
    def going(self) -> bool:
        return len(self.told) < self.wanted and time.monotonic() < self.until

    def wait_for(self, count: int) -> None:
        """Until so many are acknowledged or the time is over."""
        while len(self.told) < count and self.going:
            time.sleep(0.02)

    def _file(self) -> None:
        while self.going:
            self._insist(uuid.uuid4().hex)

    def _insist(self, key: str) -> None:
        patience = time.monotonic() + 40
        while time.monotonic() < patience:
            answer = file_case(self.house, key)
            with self.lock:
                self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
            if answer.status == 201:
                self.told[key] = answer.body
                return
            assert answer.status in (0, 503), answer
            time.sleep(0.1)
