"""Measuring a served installation: CPU of its processes per request, and times at several clients at once."""

from __future__ import annotations

import http.client
import json
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

TICKS = os.sysconf("SC_CLK_TCK")
ROUNDS = 7
Request = tuple[str, str, bytes, dict[str, str]]  # method, path, body, headers


def figure(name: str, value: float, unit: str, target: float | None, *, ok: bool, database: str, detail: str) -> None:
    """One line of JSON as ``make bench`` collects them."""
    line = {"name": name, "value": round(value, 3), "unit": unit, "target": target, "ok": ok}
    print(json.dumps(line | {"database": database, "detail": detail}), flush=True)


def cpu_seconds(root: int) -> float:
    """User and system time of a process and all below it so far, in seconds."""
    return sum(_ticks(pid) for pid in _family(root)) / TICKS


def _family(root: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents.setdefault(int(_stat(int(entry.name))[1]), []).append(int(entry.name))
            except (OSError, IndexError):
                continue
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        found.append(pid)
        todo.extend(parents.get(pid, []))
    return found


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _ticks(pid: int) -> int:
    try:
        fields = _stat(pid)
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12]) + int(fields[13]) + int(fields[14])


class Client:
    """One connection that is kept open."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=60)

    def send(self, request: Request) -> tuple[int, bytes]:
        """Status and body; a connection that was closed is opened again once."""
        method, path, body, headers = request
        for attempt in (0, 1):
            try:
                self.connection.request(method, path, body or None, headers)
                answer = self.connection.getresponse()
                return answer.status, answer.read()
            except (http.client.HTTPException, ConnectionError):
                self.connection.close()
                if attempt:
                    raise
        raise AssertionError


@dataclass(frozen=True)
class Cost:
    """What requests cost the server: milliseconds of CPU each, and how many were not answered as wanted.

    ``cpu_ms`` is the least disturbed of the rounds and ``median_ms`` the middle one: on a machine that others share
    the same loop takes up to twice the CPU from one second to the next.
    """

    cpu_ms: float
    median_ms: float
    wrong: int


def cost(url: str, pid: int, requests: Sequence[Request], *, wanted: int, warm: int = 30) -> Cost:
    """CPU per request in rounds, one client, warm; ``wanted`` is the status that counts as right."""
    client = Client(url)
    for request in requests[:warm]:
        client.send(request)
    size, spent, wrong = max(1, (len(requests) - warm) // ROUNDS), list[float](), 0
    for start in range(warm, warm + ROUNDS * size, size):
        before = cpu_seconds(pid)
        for request in requests[start : start + size]:
            wrong += client.send(request)[0] != wanted
        spent.append((cpu_seconds(pid) - before) * 1000 / size)
    return Cost(min(spent), median(spent), wrong)


def latencies(
    url: str, make: Callable[[int], Request], *, clients: int, seconds: float, wanted: int
) -> tuple[list[float], int]:
    """Sorted answer times in ms of ``clients`` at once for ``seconds``, and how many answers were wrong."""
    times: list[float] = []
    wrong = [0]
    until = time.monotonic() + seconds

    def go(number: int) -> None:
        client, count = Client(url), 0
        while time.monotonic() < until:
            request = make(number * 1_000_000 + count)
            start = time.perf_counter()
            status, _body = client.send(request)
            times.append((time.perf_counter() - start) * 1000)
            wrong[0] += status != wanted
            count += 1

    threads = [threading.Thread(target=go, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(times), wrong[0]


def sign_in(url: str, login: dict[str, Any]) -> dict[str, str]:
    """Headers of an API session of a demo account."""
    body = json.dumps({"username": login["username"], "password": login["password"]}).encode()
    status, answer = Client(url).send(("POST", "/api/v1/session", body, {"Content-Type": "application/json"}))
    assert status in (200, 201), answer
    return {"Authorization": f"Bearer {json.loads(answer)['token']}"}
