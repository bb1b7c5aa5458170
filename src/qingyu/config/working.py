"""The worker: lets followers read the log and runs the scheduled tasks, until it is told to stop."""

from __future__ import annotations

import json
import logging
import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils.module_loading import import_string

from qingyu.cases import following
from qingyu.rules.refusals import Refusal

log = logging.getLogger("qingyu.worker")
IDLE = 0.25  # seconds between looks at the log when nothing happens
BEAT = 5.0


class Worker:
    """One loop in one process. Everything it does is a transaction, so it may be ended at any moment."""

    def __init__(self) -> None:
        self.going = True
        self.next_run = {path: 0.0 for path, _seconds in settings.TASKS}
        self.last_beat = 0.0

    def run(self) -> None:
        """Works until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while self.going:
            busy = self.turn()
            if not busy:
                time.sleep(IDLE)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.going = False

    def turn(self) -> bool:
        """One look at everything; whether there was something to do. A database that is away is waited for."""
        try:
            close_old_connections()
            read = following.catch_up(at=datetime.now(UTC), limit=5)
            done = sum(self._task(path, seconds) for path, seconds in settings.TASKS if self._is_due(path))
        except DatabaseError as error:
            log.error("the database is away: %s", type(error).__name__)
            time.sleep(2)
            return False
        self._beat()
        return bool(read or done)

    def _is_due(self, path: str) -> bool:
        return time.monotonic() >= self.next_run[path]

    def _task(self, path: str, seconds: float) -> int:
        done = 0
        try:
            done = int(import_string(path)(at=datetime.now(UTC)) or 0)
        except DatabaseError:
            raise
        except (Refusal, OSError, ArithmeticError, LookupError, TypeError, ValueError):
            log.exception("task %s failed; it is tried again", path)
            seconds = max(seconds, 30)
        self.next_run[path] = time.monotonic() + (0 if done else seconds)
        return done

    def _beat(self) -> None:
        if time.monotonic() - self.last_beat > BEAT:
            self.last_beat = time.monotonic()
            beat(datetime.now(UTC))


def heartbeat_file() -> Path:
    """Where the worker says that it is alive."""
    return Path(settings.DATA_DIR) / "worker.json"


def beat(at: datetime) -> None:
    """Writes the heartbeat; a full disk must not end the worker."""
    temporary = heartbeat_file().with_suffix(".new")
    try:
        temporary.write_text(json.dumps({"pid": os.getpid(), "at": at.isoformat()}))
        temporary.replace(heartbeat_file())
    except OSError as error:
        log.error("cannot write the heartbeat: %s", error.strerror)


def last_beat() -> datetime | None:
    """When the worker was last alive; None where it never ran here."""
    try:
        return datetime.fromisoformat(json.loads(heartbeat_file().read_text())["at"])
    except (OSError, ValueError, KeyError):
        return None
