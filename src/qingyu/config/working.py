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
from django.db import InterfaceError, OperationalError, connection
from django.utils.module_loading import import_string

from qingyu.cases import following
from qingyu.config.alone import alone

log = logging.getLogger("qingyu.worker")
IDLE = 0.25  # seconds between looks at the log when nothing happens
AWAY = 2.0  # seconds until the next look at a database that does not answer
AFTER_FAILURE = 30.0  # least seconds until a task that failed is tried again
BEAT = 5.0


class Worker:
    """One loop in one process. Everything it does is a transaction, so it may be ended at any moment.

    Several may run: positions are locked row by row, and each task is run by one worker at a time.
    """

    def __init__(self) -> None:
        self.going = True
        self.next_run = {path: 0.0 for path, _seconds in settings.TASKS}
        self.last_beat = 0.0
        self.away = False

    def run(self) -> None:
        """Works until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while self.going:
            if not self.turn():
                time.sleep(AWAY if self.away else IDLE)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.going = False

    def turn(self) -> bool:
        """One look at everything; whether there was something to do. A database that is away is waited for."""
        try:
            done = following.catch_up(at=datetime.now(UTC), limit=1)
            self._beat()
            done += self._tasks()
        except (OperationalError, InterfaceError, OSError) as error:
            self._wait_for(error)
            return False
        if self.away:
            self.away = False
            log.warning("the database answers again")
        return bool(done)

    def _wait_for(self, error: Exception) -> None:
        if not self.away:
            log.error("the database or the disk is away (%s: %s); waiting", type(error).__name__, error)
        self.away = True
        connection.close()

    def _tasks(self) -> int:
        done = 0
        for path, seconds in settings.TASKS:
            if self.going and time.monotonic() >= self.next_run[path]:
                done += self._task(path, seconds)
                self._beat()
        return done

    def _task(self, path: str, seconds: float) -> int:
        """Runs one task unless another worker does. A mistake in it is logged and holds up nothing else."""
        done = 0
        try:
            with alone(path) as ours:
                done = int(import_string(path)(at=datetime.now(UTC)) or 0) if ours else 0
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("task %s failed; it is tried again", path)
            seconds = max(seconds, AFTER_FAILURE)
        self.next_run[path] = time.monotonic() + (min(seconds, IDLE) if done else seconds)
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
    temporary = heartbeat_file().with_suffix(f".{os.getpid()}")
    try:
        temporary.write_text(json.dumps({"pid": os.getpid(), "at": at.isoformat()}))
        temporary.replace(heartbeat_file())
    except OSError as error:
        log.error("cannot write the heartbeat: %s", error.strerror)
        temporary.unlink(missing_ok=True)


def last_beat() -> datetime | None:
    """When the worker was last alive; None where it never ran here."""
    try:
        return datetime.fromisoformat(json.loads(heartbeat_file().read_text())["at"])
    except (OSError, ValueError, KeyError):
        return None
