"""The event process: one raw ASGI application that tells screens what has changed in their hall.

It looks at one small row for each hall every 40 ms and, where a version has changed, makes the board once and hands
the latest one to everybody who listens: whoever is slow misses what lies between, never the last. It has one plain
connection of its own and no ORM, so nothing here can wait for a page or hold one up.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingyu.config.settings")
from django.conf import settings

from qingyu.hall import board

log = logging.getLogger("qingyu.events")
LOOK_EVERY = 0.04
AFTER_FAILURE = 1.0
SILENCE = 15.0
"""After so many seconds without news a comment is sent, so that nobody between takes the line for dead."""
MOST = 2_000
MOST_OF_ONE = MOST // 2
"""Of one address: a hall is one for all its screens and for the telephones in its network, and none takes all."""
PATH = re.compile(r"/api/v1/halls/([A-Za-z0-9_-]{1,20})/events")
VERSIONS = """
SELECT h.code, h.id, h.name, b.version FROM hall_boardversion b JOIN hall_hall h ON h.id = b.hall_id WHERE h.active"""

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Reader:
    """A plain connection, opened when needed and opened anew after a failure. Used by one thread."""

    def __init__(self) -> None:
        self.connection: Any = None

    def fetch(self, text: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a statement that has ``%s`` for its values."""
        if self.connection is None:
            self.connection = connect(settings.DATABASES["default"])
        if isinstance(self.connection, sqlite3.Connection):
            return self.connection.execute(text.replace("%s", "?"), tuple(values)).fetchall()
        rows: list[tuple[Any, ...]] = self.connection.execute(text, tuple(values)).fetchall()
        return rows

    def close(self) -> None:
        """Also where the connection is broken."""
        with suppress(Exception):
            self.connection.close()
        self.connection = None


def connect(database: dict[str, Any]) -> Any:
    """A connection that reads only, each statement for itself."""
    if database["ENGINE"].endswith("sqlite3"):
        connection = sqlite3.connect(database["NAME"], timeout=1, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA query_only = on")
        return connection
    import psycopg

    return psycopg.connect(
        dbname=database["NAME"], user=database["USER"] or None, password=database["PASSWORD"] or None,
        host=database["HOST"] or None, port=database["PORT"] or None, connect_timeout=5, autocommit=True,
        options="-c default_transaction_read_only=on", prepare_threshold=2,
    )  # fmt: skip


@dataclass
class Channel:
    """One hall: its last board, and a bell that rings when there is a newer one."""

    version: int = -1
    news: bytes = b""
    listeners: int = 0
    bell: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, version: int, news: bytes) -> None:
        self.version, self.news = version, news
        bell, self.bell = self.bell, asyncio.Event()
        bell.set()


class Events:
    """The application: ``GET /api/v1/halls/CODE/events`` and ``/health/live``."""

    def __init__(self) -> None:
        self.channels: dict[str, Channel] = {}
        self.known: dict[str, tuple[int, str, int]] = {}
        self.reader = Reader()
        self.thread = ThreadPoolExecutor(1)
        self.watching: asyncio.Task[None] | None = None
        self.senders: Counter[str] = Counter()
        self.looked = -AFTER_FAILURE

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        match = PATH.fullmatch(scope["path"])
        if scope["path"] == "/health/live":
            await _plain(send, 200, b"ok\n")
        elif match is None or scope["method"] not in ("GET", "HEAD"):
            await _plain(send, 404, b"not found\n")
        else:
            await self._listen(match[1], scope, receive, send)

    async def _listen(self, code: str, scope: Message, receive: Receive, send: Send) -> None:
        if self.watching is None or self.watching.done():
            self.watching = asyncio.create_task(self._watch())
        if not await self._knows(code):
            await _plain(send, 404, b"not found\n")
        elif self.senders.total() >= MOST or self.senders[sender := sender_of(scope)] >= MOST_OF_ONE:
            await _plain(send, 503, b"too many screens\n", ((b"retry-after", b"30"),))
        else:
            await send({"type": "http.response.start", "status": 200, "headers": _headers(b"text/event-stream")})
            if scope["method"] == "HEAD":
                await send({"type": "http.response.body", "body": b""})
                return
            self.senders[sender] += 1
            try:
                await self._tell(self.channels.setdefault(code, Channel()), receive, send)
            finally:
                self.senders[sender] -= 1
                self.senders += Counter()  # forgets those who have gone

    async def _knows(self, code: str) -> bool:
        clock = asyncio.get_running_loop().time
        if code not in self.known and clock() - self.looked >= AFTER_FAILURE:  # strangers do not keep the reader busy
            with suppress(Exception):
                await self._read(self._look)
                self.looked = clock()
        return code in self.known

    async def _tell(self, channel: Channel, receive: Receive, send: Send) -> None:
        """Sends the board now and each time it is another one, until the listener goes."""
        gone = asyncio.create_task(_gone(receive))
        channel.listeners += 1
        told = -1
        try:
            await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
            while not gone.done():
                bell = channel.bell
                body = channel.news if channel.news and channel.version != told else b""
                if body:
                    told = channel.version
                    await send({"type": "http.response.body", "body": body, "more_body": True})
                    continue
                if not await _rings(bell, gone):
                    await send({"type": "http.response.body", "body": b": still here\n\n", "more_body": True})
        except (OSError, RuntimeError):
            pass  # the line was cut between two looks
        finally:
            channel.listeners -= 1
            gone.cancel()

    # Watching

    async def _watch(self) -> None:
        while True:
            try:
                await self._read(self._news)
                await asyncio.sleep(LOOK_EVERY)
            except Exception as error:
                log.warning("the database does not answer: %s", " ".join(str(error).split()))
                await self._read(self.reader.close)
                await asyncio.sleep(AFTER_FAILURE)

    async def _read(self, act: Callable[[], Any]) -> None:
        """Reads in the thread of the connection; what is new is told in the loop."""
        found = await asyncio.get_running_loop().run_in_executor(self.thread, act)
        for code, version, news in found or ():
            self.channels[code].tell(version, news)

    def _look(self) -> None:
        rows = self.reader.fetch(VERSIONS)
        self.known = {code: (hall, name, version) for code, hall, name, version in rows}

    def _news(self) -> list[tuple[str, int, bytes]]:
        if not any(channel.listeners for channel in self.channels.values()):
            return []
        self._look()
        return [
            self._board(code)
            for code, channel in self.channels.items()
            if channel.listeners and code in self.known and self.known[code][2] != channel.version
        ]

    def _board(self, code: str) -> tuple[str, int, bytes]:
        hall, name, _version = self.known[code]
        state = {"code": code, "name": name} | board.state(self.reader.fetch, hall, at=datetime.now(UTC))
        text = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
        return code, int(state["version"]), f"id: {state['version']}\nevent: board\ndata: {text}\n\n".encode()


def sender_of(scope: Message) -> str:
    """Where a listener is; behind trusted proxies the last address that is none of them."""
    found = str((scope.get("client") or ("",))[0])
    if found not in settings.TRUSTED_PROXIES:
        return found
    named = [value.decode("latin-1") for name, value in scope.get("headers", ()) if name == b"x-forwarded-for"]
    hops = [hop.strip() for hop in ",".join(named).split(",")]
    return next((hop for hop in reversed(hops) if hop and hop not in settings.TRUSTED_PROXIES), found)


async def _rings(bell: asyncio.Event, gone: asyncio.Task[None]) -> bool:
    """Whether the bell rang, or the listener went, before the silence grew too long."""
    ring = asyncio.ensure_future(bell.wait())
    done, _ = await asyncio.wait({ring, gone}, timeout=SILENCE, return_when=asyncio.FIRST_COMPLETED)
    ring.cancel()
    return bool(done)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _headers(kind: bytes) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-type", kind), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no"),
        (b"access-control-allow-origin", settings.PUBLIC_URL.encode()), (b"vary", b"origin"),
        (b"x-content-type-options", b"nosniff"),
    ]  # fmt: skip


async def _plain(send: Send, status: int, body: bytes, more: Sequence[tuple[bytes, bytes]] = ()) -> None:
    headers = [*_headers(b"text/plain; charset=utf-8"), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"].removeprefix("lifespan.")
        await send({"type": f"lifespan.{kind}.complete"})
        if kind == "shutdown":
            return


application = Events()
if "QINGYU_EVENTING" in os.environ:
    from qingyu.config import parents

    parents.end_with(int(os.environ["QINGYU_EVENTING"]))
