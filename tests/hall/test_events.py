"""The event process: whoever listens has the board at once, the newest after each change, and again after a rest."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from qingyu.config import eventing
from qingyu.config.eventing import Events
from tests.hall.floors import Floor, build_floor


class Listener:
    """One screen, without a network between."""

    def __init__(self, app: Events, path: str, **scope: Any) -> None:
        self.app, self.scope = app, {"type": "http", "method": "GET", "path": path} | scope
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.leaving = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Listener:
        self.task = asyncio.create_task(self.app(self.scope, self._receive, self._send))  # type: ignore[arg-type]
        self.start = await asyncio.wait_for(self.sent.get(), 5)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.leaving.set()
        assert self.task is not None
        await asyncio.wait_for(self.task, 5)

    async def _receive(self) -> dict[str, Any]:
        await self.leaving.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        await self.sent.put(message)

    async def board(self) -> dict[str, Any]:
        """The next board that comes."""
        while True:
            body = (await asyncio.wait_for(self.sent.get(), 5))["body"].decode()
            if "event: board" in body:
                found: dict[str, Any] = json.loads(body.split("data: ", 1)[1])
                return found


PATH = "/api/v1/halls/demo/events"


@pytest.mark.django_db(transaction=True)
def test_screens_hear_of_each_change_and_of_the_present_when_they_come_again(event_guard: None) -> None:
    from tests import guards
    from tests.people import build_city

    guards.stand()
    floor = build_floor(build_city(), opened=datetime.now(UTC))

    async def story() -> None:
        app = Events()
        async with Listener(app, PATH) as first, Listener(app, PATH) as second:
            assert first.start["status"] == 200
            empty = [await first.board(), await second.board()]
            assert [board["waiting"] for board in empty] == [0, 0]
            for _ in range(3):
                await asyncio.to_thread(_take, floor)
            board = await first.board()
            while board["waiting"] < 3:
                board = await first.board()
        async with Listener(app, PATH) as again:
            assert (await again.board())["waiting"] == 3
        async with Listener(app, "/api/v1/halls/nowhere/events") as lost:
            assert lost.start["status"] == 404
        if app.watching:
            app.watching.cancel()
        app.thread.submit(app.reader.close).result()
        app.thread.shutdown()

    with ThreadPoolExecutor(1) as thread:  # the browser of other tests leaves a loop running in this one
        thread.submit(asyncio.run, story()).result()


@pytest.mark.django_db(transaction=True)
def test_one_address_does_not_take_the_lines_of_all_others(
    event_guard: None, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    from tests import guards
    from tests.people import build_city

    guards.stand()
    build_floor(build_city(), opened=datetime.now(UTC))
    monkeypatch.setattr(eventing, "MOST_OF_ONE", 1)
    settings.TRUSTED_PROXIES = ["10.0.0.1"]
    through = {"client": ("10.0.0.1", 1), "headers": [(b"x-forwarded-for", b"1.2.3.4, 198.51.100.7")]}

    async def story() -> None:
        app = Events()
        async with Listener(app, PATH, client=("198.51.100.7", 1)) as first:
            assert first.start["status"] == 200
            for again in ({"client": ("198.51.100.7", 2)}, through):
                async with Listener(app, PATH, **again) as refused:
                    assert refused.start["status"] == 503
            async with Listener(app, PATH, client=("203.0.113.9", 1)) as other:
                assert other.start["status"] == 200
        assert app.senders.total() == 0
        async with Listener(app, PATH, client=("198.51.100.7", 3)) as later:
            assert later.start["status"] == 200
        if app.watching:
            app.watching.cancel()
        app.thread.submit(app.reader.close).result()
        app.thread.shutdown()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, story()).result()


def _take(floor: Floor) -> None:
    from django.db import connection

    floor.issue("A", at=datetime.now(UTC))
    connection.close()
