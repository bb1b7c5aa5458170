"""What a request costs: filing, a list of fifty at ten thousand and at a million cases, the public status.

CPU is user and system time of all web processes divided by requests, the client left out, warm, rate limits off;
beside each figure stands the ratio to an empty view in the same run.
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench._web import ROUNDS, Client, Cost, Request, cost, figure, latencies, sign_in
from tools.postgres import DURABLE, NoPostgres, cluster
from tools.server import Installation

DATA = Path(os.environ.get("QINGYU_BENCH_DIR", "var/bench")).resolve()
SIZES = (10_000, 1_000_000)
JSON = {"Content-Type": "application/json"}
TEXT = "小区三号楼楼下的工地连续几天夜里两点还在施工，噪音很大，老人和孩子睡不着，请尽快处理。"


def main() -> int:
    sizes = [int(word) for word in sys.argv[1:] if word.isdigit()] or SIZES
    ok = True
    for size in sizes:
        with _sqlite(size) as installation:
            ok &= _measure(installation, size, "sqlite")
    try:
        with cluster(settings=DURABLE) as postgres:
            ok &= _measure_postgresql(postgres.create("bench"), sizes)
    except NoPostgres:
        print("PostgreSQL is missing; its figures are left out", file=sys.stderr)
    return 0


@contextmanager
def _sqlite(size: int) -> Iterator[Installation]:
    folder = DATA / f"sqlite-{size}"
    installation = made(Installation(folder, options={"QINGYU_RATE_LIMITS": "off"}), size)
    yield installation


def _measure_postgresql(url: str, sizes: list[int] | tuple[int, ...]) -> bool:
    ok = True
    for size in sizes:
        folder = DATA / "postgresql"
        options = {"QINGYU_RATE_LIMITS": "off", "QINGYU_WORKERS": "2"}
        ok &= _measure(made(Installation(folder, database_url=url, options=options), size), size, "postgresql")
    return ok


def made(installation: Installation, size: int) -> Installation:
    """Migrated, with the demo city, filled to ``size`` cases; kept for the next run where that is a file."""
    import subprocess

    installation.data_dir.mkdir(parents=True, exist_ok=True)
    installation.command("migrate")
    if (
        installation.command(
            "shell", "-v0", "-c", "from qingyu.cases.models import Case; print(Case.objects.count())"
        ).strip()
        == "0"
    ):
        installation.command("demo", "city")
    subprocess.run([sys.executable, "-m", "bench._fill", str(size)], env=installation.environment, check=True, stdout=2)
    return installation


def _measure(installation: Installation, size: int, database: str) -> bool:
    with installation.process("serve") as process:
        installation._wait(process)
        views = [("GET", "/health/live", b"", {})] * 2_300
        empty = cost(installation.url, process.pid, views, wanted=200, warm=200)
        at = f"{size:,} cases, empty view {empty.cpu_ms:.2f} ms"
        ok = _filing(installation, process.pid, database, at)
        ok &= _list(installation, process.pid, database, at, size)
        ok &= _status(installation, process.pid, database, at)
        if database == "postgresql" and size == SIZES[0]:
            ok &= _crowd(installation, database, at)
    return ok


def detail(at: str, spent: Cost) -> str:
    return f"{at}; least of {ROUNDS} rounds, median {spent.median_ms:.2f}; {spent.wrong} wrong"


def _file(number: int) -> Request:
    body = {
        "text": f"{TEXT}第{number}件",
        "channel": "web",
        "contact": {"name": "张三", "phone": f"199{number % 10**8:08d}"},
    }
    key = {"Idempotency-Key": uuid.uuid4().hex}
    return ("POST", "/api/v1/cases", json.dumps(body).encode(), JSON | key)


def _filing(installation: Installation, pid: int, database: str, at: str) -> bool:
    spent = cost(installation.url, pid, [_file(number) for number in range(660)], wanted=201)
    ok = spent.cpu_ms <= 6 and not spent.wrong
    figure("web.file_cpu", spent.cpu_ms, "ms", 6, ok=ok, database=database, detail=detail(at, spent))
    return ok


def _list(installation: Installation, pid: int, database: str, at: str, size: int) -> bool:
    ok = True
    headers = sign_in(installation.url, installation.logins()["dispatcher"])
    pages = {"api": ("/api/v1/desk/cases?page=1", headers), "desk": ("/desk/", browser(installation, "dispatcher"))}
    for name, (path, more) in pages.items():
        spent = cost(installation.url, pid, [("GET", path, b"", more)] * 450, wanted=200)
        good = spent.cpu_ms <= 10 and not spent.wrong
        told = f"{detail(at, spent)}; {path}"
        figure(f"web.list_{name}_cpu", spent.cpu_ms, "ms", 10, ok=good, database=database, detail=told)
        ok &= good
    return ok


def browser(installation: Installation, role: str) -> dict[str, str]:
    """Cookies of somebody signed in, as a browser would send them."""
    import re
    import urllib.parse
    import urllib.request
    from http.cookiejar import CookieJar

    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    form = opener.open(f"{installation.url}/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    login = installation.logins()[role]
    fields = {
        "username": login["username"],
        "password": login["password"],
        "csrfmiddlewaretoken": token[1] if token else "",
    }
    opener.open(f"{installation.url}/login/", urllib.parse.urlencode(fields).encode()).read()
    return {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)}


def _status(installation: Installation, pid: int, database: str, at: str) -> bool:
    filed = json.loads(Client(installation.url).send(_file(7))[1])
    path = f"/api/v1/cases/{filed['number']}"
    requests: list[Request] = [("GET", path, b"", {"X-Query-Code": filed["query_code"]})] * 730
    spent = cost(installation.url, pid, requests, wanted=200)
    ok = spent.cpu_ms <= 3 and not spent.wrong
    figure("web.status_cpu", spent.cpu_ms, "ms", 3, ok=ok, database=database, detail=detail(at, spent))
    return ok


def _crowd(installation: Installation, database: str, at: str) -> bool:
    times, wrong = latencies(installation.url, _file, clients=16, seconds=30, wanted=201)
    p99 = times[int(len(times) * 0.99)]
    ok = p99 < 100 and not wrong
    median, rate = times[len(times) // 2], len(times) / 30
    detail = f"{at}; filing, 16 clients, 30 s, {rate:.0f}/s, median {median:.0f} ms, {wrong} wrong"
    figure("web.file_p99", p99, "ms", 100, ok=ok, database=database, detail=detail)
    return ok


if __name__ == "__main__":
    sys.exit(main())
