"""The hall: what a ticket and a call cost, whether anything doubles under hammering, how soon a call is on the board.

CPU is user and system time of all web processes divided by requests, as in bench/web.py; the hammer talks HTTP to
forty windows and eight kiosks at once; a hundred boards listen to one event process.

    python3 run.py bench hall                 both databases
    python -m bench.hall sqlite             one of them
"""

from __future__ import annotations

import json
import re
import selectors
import socket
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bench._web import ROUNDS, Client, Cost, Request, cost, figure, sign_in
from tools.postgres import DURABLE, NoPostgres, cluster
from tools.server import Installation

JSON = {"Content-Type": "application/json"}
OLD = 200_000
WINDOWS, KIOSKS, EACH = 40, 8, 60
BOARDS, CALLS = 100, 300
NUMBER = re.compile(rb'"number":"([^"]+)"')
HALLS, EACH_HALL = 6, 22

SET_UP = """
from datetime import UTC, datetime
from qingyu.cases.actors import SYSTEM
from qingyu.hall import operations
from qingyu.people.models import Staff
unit = Staff.objects.get(username="{clerk}").unit
for name, windows in [("bench", {windows}), *((f"hall{{n}}", {each}) for n in range({halls}))]:
    hall, _ = operations.place_hall(code=name, name=name, unit=unit)
    services = [operations.place_service(hall, code=code, name=code, order=n)[0] for n, code in enumerate("ABCDEF")]
    for n in range(windows):
        known = services if name == "bench" else [services[n % 6], services[(n + 1) % 6]]
        window, _ = operations.place_window(hall, code=str(n), label=f"{{n}}号", services=known, order=n)
        operations.open_window(window, by=SYSTEM, at=datetime.now(UTC))
"""
FILL = """
from datetime import UTC, datetime, timedelta
from qingyu.hall.models import Hall, Service, Ticket, new_ticket
hall = Hall.objects.get(code="hall0")
services = list(Service.objects.filter(hall=hall))
at = datetime.now(UTC) - timedelta(days=900)
def rows():
    for n in range({old}):
        day, place = at + timedelta(days=n // 1000), n % 1000
        yield Ticket(hall=hall, service=services[n % 6], day=day.date(), number=f"X{{place:03d}}", ticket=new_ticket(),
                     state="finished", place=n, issued_at=day, called_at=day, finished_at=day)
batch = []
for row in rows():
    batch.append(row)
    if len(batch) == 2000:
        Ticket.objects.bulk_create(batch)
        batch = []
"""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        wanted = sys.argv[1:] or ["sqlite", "postgresql"]
        if "sqlite" in wanted:
            with _house(Path(folder) / "sqlite") as house:
                _measure(house, "sqlite")
        if "postgresql" not in wanted:
            return 0
        try:
            with cluster(settings=DURABLE) as postgres, _house(Path(folder) / "pg", postgres.create("bench")) as house:
                _measure(house, "postgresql")
        except NoPostgres:
            print("PostgreSQL is missing; its figures are left out", file=sys.stderr)
    return 0


@contextmanager
def _house(folder: Path, url: str = "") -> Iterator[Installation]:
    options = {"QINGYU_RATE_LIMITS": "off"} | ({"QINGYU_WORKERS": "2"} if url else {})
    house = Installation(folder, database_url=url, options=options)
    folder.mkdir()
    house.command("migrate", "--verbosity", "0")
    house.command("demo", "city", "--seed", "1")
    clerk = house.logins()["clerk"]["username"]
    house.command("shell", "-v0", "-c", SET_UP.format(clerk=clerk, windows=WINDOWS, halls=HALLS, each=EACH_HALL))
    yield house


def _measure(house: Installation, database: str) -> None:
    with house.process("serve") as process:
        house._wait(process)
        views: list[Request] = [("GET", "/health/live", b"", {})] * 1_500
        empty = cost(house.url, process.pid, views, wanted=200, warm=200)
        at = f"empty view {empty.cpu_ms:.2f} ms"
        _costs(house, process.pid, database, f"few old tickets, {at}", "")
        _hammer(house, database)
        _boards(house, database)
        house.command("shell", "-v0", "-c", FILL.format(old=OLD))
        _costs(house, process.pid, database, f"{OLD:,} old tickets, {at}", "_old")


# What it costs ----------------------------------------------------------------------------------------------------


def _costs(house: Installation, pid: int, database: str, at: str, ending: str) -> None:
    clerk = sign_in(house.url, house.logins()["clerk"])
    _clear(house)
    spent = cost(house.url, pid, [_issue(number, f"hall{number % HALLS}") for number in range(450)], wanted=201)
    _tell(
        f"hall.issue{ending}_cpu", spent, database, f"{at}; POST tickets, in the end 75 wait in each of {HALLS} halls"
    )
    spent = cost(
        house.url,
        pid,
        [_call(number, "no-show", clerk, f"hall{number // 2 % HALLS}") for number in range(400)],
        wanted=200,
    )
    _tell(
        f"hall.next{ending}_cpu",
        spent,
        database,
        f"{at}; POST next and no-show in turns, {EACH_HALL} windows, 75 waiting",
    )
    _clear(house)


def _clear(house: Installation) -> None:
    words = "from qingyu.hall.models import Ticket; Ticket.objects.exclude(state='finished').update(state='left')"
    house.command("shell", "-v0", "-c", words)


def _issue(number: int, hall: str = "bench") -> Request:
    body = {"service": "ABCDEF"[number // 6 % 6], "needs": ["elder"] if number % 6 == 0 else []}
    key = {"Idempotency-Key": uuid.uuid4().hex}
    return ("POST", f"/api/v1/halls/{hall}/tickets", json.dumps(body).encode(), JSON | key)


def _call(number: int, after: str, clerk: dict[str, str], hall: str = "bench") -> Request:
    """Calls and, in turns, lets go again: windows one after the other."""
    windows = WINDOWS if hall == "bench" else EACH_HALL
    window, act = number // 2 % windows, after if number % 2 else "next"
    key = {"Idempotency-Key": uuid.uuid4().hex}
    return ("POST", f"/api/v1/halls/{hall}/windows/{window}/{act}", b"{}", JSON | clerk | key)


def _tell(name: str, spent: Cost, database: str, at: str) -> None:
    detail = f"{at}; least of {ROUNDS} rounds, median {spent.median_ms:.2f}; {spent.wrong} wrong"
    ok = spent.cpu_ms <= 6 and not spent.wrong
    figure(name, spent.cpu_ms, "ms", 6, ok=ok, database=database, detail=detail)


# Whether anything doubles -----------------------------------------------------------------------------------------


def _hammer(house: Installation, database: str) -> None:
    clerk = sign_in(house.url, house.logins()["clerk"])
    issued: list[str] = []
    called: list[str] = []
    wrong: Counter[int] = Counter()
    over = threading.Event()

    def kiosk(place: int) -> None:
        client = Client(house.url)
        for number in range(EACH):
            status, body = _patient(client, _issue(place + number), wrong)
            assert status == 201, body
            issued.append(json.loads(body)["number"])

    def window(place: int) -> None:
        client, path = Client(house.url), f"/api/v1/halls/bench/windows/{place}"
        while True:
            last = over.is_set()
            status, body = _patient(client, ("POST", f"{path}/next", b"{}", JSON | clerk), wrong)
            if status == 200:
                called.append(json.loads(body)["ticket"])
                _patient(client, ("POST", f"{path}/finish", b"{}", JSON | clerk), wrong)
            elif last:
                return
            else:
                time.sleep(0.05)

    begun = time.monotonic()
    kiosks = [threading.Thread(target=kiosk, args=(n,)) for n in range(KIOSKS)]
    windows = [threading.Thread(target=window, args=(n,)) for n in range(WINDOWS)]
    _run([*kiosks, *windows], first=kiosks, then=over.set)
    doubles = sum(n - 1 for n in [*Counter(issued).values(), *Counter(called).values()])
    lost = abs(len(issued) - len(called)) + (KIOSKS * EACH - len(issued))
    detail = (
        f"{len(issued)} issued, {len(called)} called and finished by {WINDOWS} windows and {KIOSKS} kiosks in "
        f"{time.monotonic() - begun:.0f} s; {lost} lost; asked again after {dict(wrong)}"
    )
    figure(
        "hall.hammer_doubles", doubles + lost, "tickets", 0, ok=doubles + lost == 0, database=database, detail=detail
    )


def _patient(client: Client, request: Request, wrong: Counter[int]) -> tuple[int, bytes]:
    """Asks again where the database was busy, with the same key, as a page does."""
    method, path, body, headers = request
    sent = (method, path, body, {"Idempotency-Key": uuid.uuid4().hex} | headers)
    while True:
        status, answer = client.send(sent)
        if status != 503:
            return status, answer
        wrong[status] += 1
        time.sleep(0.05)


def _run(threads: list[threading.Thread], *, first: list[threading.Thread], then) -> None:  # type: ignore[no-untyped-def]
    for thread in threads:
        thread.start()
    for thread in first:
        thread.join()
    then()
    for thread in threads:
        thread.join()


# From a call to the board -----------------------------------------------------------------------------------------


def _boards(house: Installation, database: str) -> None:
    clerk = sign_in(house.url, house.logins()["clerk"])
    client, seen = Client(house.url), Seen()
    threading.Thread(target=_listen, args=(house, seen), daemon=True).start()
    seen.wait(BOARDS)
    times: list[float] = []
    for number in range(CALLS):
        status, body = client.send(_issue(number))
        assert status == 201, body
        begun = time.monotonic()
        status, body = client.send(_call(2 * number, "", clerk))
        assert status == 200, body
        called = json.loads(body)["number"]
        answered = time.monotonic()
        times += [(at - begun) * 1000 for at in seen.all_told(called, begun)]
        client.send(("POST", f"/api/v1/halls/bench/windows/{number % WINDOWS}/finish", b"{}", JSON | clerk))
        time.sleep(max(0.0, 0.1 - (time.monotonic() - answered)))
    seen.over = True
    times.sort()
    p99 = times[int(len(times) * 0.99)]
    missing = CALLS * BOARDS - len(times)
    detail = f"{CALLS} calls, {BOARDS} boards, median {times[len(times) // 2]:.0f} ms, {missing} not told within 2 s"
    ok = p99 < 200 and not missing
    figure("hall.board_p99", p99, "ms", 200, ok=ok, database=database, detail=detail)


class Seen:
    """When each board showed a number first."""

    def __init__(self) -> None:
        self.lock, self.ready, self.over = threading.Condition(), 0, False
        self.told: dict[str, list[float]] = {}

    def wait(self, boards: int) -> None:
        with self.lock:
            assert self.lock.wait_for(lambda: self.ready >= boards, timeout=60), self.ready

    def tell(self, number: str, at: float) -> None:
        with self.lock:
            self.ready += not number
            self.told.setdefault(number, []).append(at)
            self.lock.notify_all()

    def all_told(self, number: str, since: float) -> list[float]:
        """The moments at which boards showed it; waits two seconds for all of them."""
        with self.lock:
            self.lock.wait_for(lambda: len(self.told.get(number, ())) >= BOARDS, timeout=2)
            return [at for at in self.told.get(number, ()) if at >= since]


def _listen(house: Installation, seen: Seen) -> None:
    """A hundred boards in one thread: it only looks when each call came."""
    parts, lines = urlsplit(house.events_url), selectors.DefaultSelector()
    asked = b"GET /api/v1/halls/bench/events HTTP/1.1\r\nHost: board\r\nAccept: text/event-stream\r\n\r\n"
    for _ in range(BOARDS):
        line = socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 80), timeout=30)
        line.sendall(asked)
        lines.register(line, selectors.EVENT_READ, Board())
    while not seen.over:
        for key, _ready in lines.select(timeout=1):
            assert isinstance(key.fileobj, socket.socket)
            news = key.data.read(key.fileobj.recv(1 << 20))
            at = time.monotonic()
            for number in news:
                seen.tell(number, at)


@dataclass
class Board:
    """What one line has told so far."""

    text: bytes = b""
    known: set[bytes] = field(default_factory=set)

    def read(self, more: bytes) -> list[str]:
        """The numbers that are new in what just came; an empty name when the first board is there."""
        self.text = (self.text + more)[-60_000:]
        found = set(NUMBER.findall(self.text))
        fresh = [number.decode() for number in found - self.known]
        began = [] if self.known or b"event: board" not in self.text else [""]
        self.known |= found | {b""} if began else found
        return began + fresh


if __name__ == "__main__":
    sys.exit(main())
