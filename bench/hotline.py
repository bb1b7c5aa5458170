"""The hotline: from an event at the door to the page data at the agent's desk, and what an event costs.

.venv/bin/python -m bench.hotline
"""

from __future__ import annotations

import http.client
import json
import re
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from bench._web import cpu_seconds, figure
from qingyu.desk.demo.data import records
from tools.server import Installation

CALLS = 60
EVENTS = 600
# Whoever of the demo city's people has filed most.
KNOWN = Counter(
    row["person"]["phone"] for row in records("requests") if row["person"] and row["type"] != "report"
).most_common(1)[0][0]


class Browser:
    """An agent's browser, as far as the desk needs one."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        body = urlencode({**fields, "csrfmiddlewaretoken": self.token}) if fields is not None else None
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        text = response.read().decode()
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
        self.token = found.group(1) if found else getattr(self, "token", "")
        return response.status, text


class Vendor:
    """A switch that tells events, signed."""

    def __init__(self, port: int, secret: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self.secret, self.seq = secret, 0

    def tell(self, type_: str, ref: str, **data: Any) -> None:
        from qingyu.hotline.adapters.webhook import sign

        self.seq += 1
        now = datetime.now(UTC).isoformat()
        body = json.dumps({"type": type_, "call_ref": ref, "seq": self.seq, "at": now, "data": data}).encode()
        headers = sign(self.secret, switch="bench", body=body, timestamp=int(time.time()))
        self.connection.request("POST", "/api/v1/switches/bench/events", body, headers)
        response = self.connection.getresponse()
        assert response.status == 202, response.read()
        response.read()


def seated(installation: Installation) -> Browser:
    login = installation.logins()["agent"]
    browser = Browser(installation.port)
    browser.ask("GET", "/login/")
    browser.ask("POST", "/login/", {"username": login["username"], "password": login["password"]})
    browser.ask("GET", "/hotline/")
    browser.ask("POST", "/hotline/state/", {"state": "ready", "switch": "bench", "extension": "8001"})
    return browser


def pop(vendor: Vendor, browser: Browser, ref: str) -> float:
    """Milliseconds from the event's leaving the switch until the desk's page data is there."""
    vendor.tell("call.offered", ref, caller=KNOWN)
    vendor.tell("queue.joined", ref, position=1)
    begun = time.perf_counter()
    vendor.tell("agent.offered", ref, agent="8001")
    status, _text = browser.ask("GET", "/hotline/pulse/?seen=")
    assert status == 200
    status, text = browser.ask("GET", "/hotline/")
    took = (time.perf_counter() - begun) * 1000
    assert "call-form" in text
    assert "/desk/cases/" in text, "no earlier case on the page"
    vendor.tell("call.ended", ref, reason="caller")
    return took


def main() -> int:
    """Both databases, one after the other; 0 however they come out: a missed target is told."""
    from tools.postgres import DURABLE, NoPostgres, cluster

    measure("sqlite", "")
    try:
        with cluster(settings=DURABLE) as running:
            measure("postgresql", running.create("hotline"))
    except NoPostgres:
        print("bench: missing: PostgreSQL", file=sys.stderr)
    return 0


def measure(database: str, database_url: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        options = {"QINGYU_RATE_LIMITS": "off"}
        installation = Installation(Path(folder) / "data", database_url, options=options)
        installation.data_dir.mkdir()
        installation.command("migrate", "--verbosity", "0")
        installation.command("demo", "city", "--seed", "1")
        secret = json.loads(installation.command("telephone", "switch", "bench", "--json"))["secret"]
        with installation.process("serve") as server:
            installation._wait(server)
            vendor, browser = Vendor(installation.port, secret), seated(installation)
            times = sorted(pop(vendor, browser, f"pop-{n}") for n in range(CALLS))
            before = cpu_seconds(server.pid)
            for n in range(EVENTS // 3):
                vendor.tell("call.offered", f"c{n}", caller="19900001234")
                vendor.tell("queue.joined", f"c{n}", position=1)
                vendor.tell("call.ended", f"c{n}", reason="caller")
            cpu = (cpu_seconds(server.pid) - before) * 1000 / EVENTS
    worst = times[int(len(times) * 0.95)]
    detail = (
        f"{CALLS} calls, median {median(times):.1f} ms, page with earlier cases; the desk looks once a second besides"
    )
    figure("hotline.pop_p95", worst, "ms", 300, ok=worst < 300, database=database, detail=detail)
    figure("hotline.event_cpu", cpu, "ms", 20, ok=cpu < 20, database=database, detail=f"{EVENTS} signed events")


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingyu.config.settings")
    os.environ.setdefault("QINGYU_DATA_DIR", tempfile.mkdtemp(prefix="qingyu-bench-"))
    django.setup()
    sys.exit(main())
