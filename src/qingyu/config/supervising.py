"""``qingyu up`` and ``qingyu serve``: several commands kept going in one process group; who dies is started again."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any

from qingyu.config import parents

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
STEADY = 60.0
"""Who ran this long was well: after that the wait begins again at the shortest."""
PATIENCE = 15.0
STOPPING = [getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)]
# A fork has everything imported already, which halves the time of a start; it is safe here: no threads, no connection.
_processes: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


@dataclass
class Child:
    """One command kept going; ``wait`` grows while it keeps dying young. Times in seconds of the monotonic clock."""

    command: list[str]
    process: BaseProcess | None = None
    wait: float = FIRST_WAIT
    start_at: float = 0.0
    started: float = 0.0

    def tend(self, now: float) -> None:
        """Starts it if it is due and not running."""
        if self.process is not None and self.process.is_alive():
            return
        if self.process is not None:
            self._plan_again(now)
        if now >= self.start_at:
            self.process = _processes.Process(target=become, args=(self.command, os.getpid()), name=self.command[0])
            self.process.start()
            self.started = now

    def _plan_again(self, now: float) -> None:
        assert self.process is not None
        self.wait = FIRST_WAIT if now - self.started > STEADY else min(self.wait * 2, LONGEST_WAIT)
        self.start_at = now + self.wait
        words = f"{self.command[0]} ended with {self.process.exitcode}; it starts again in {self.wait:.0f} s"
        sys.stderr.write(f"qingyu: {words}\n")
        self.process = None

    def end(self, until: float) -> None:
        """Waits for it until then, and ends it if it has not ended."""
        if self.process is None:
            return
        self.process.join(max(0.1, until - time.monotonic()))
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def become(command: list[str], parent: int) -> None:
    """In the new process: the command, with nothing of the supervisor's left but what it has imported."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_DFL if number != signal.SIGINT else signal.default_int_handler)
    parents.end_with(parent)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingyu.config.settings")
    from qingyu.config.commands import execute

    sys.exit(execute(["qingyu", *command]))


class Supervisor:
    """Keeps its children going until SIGTERM or SIGINT, then stops all and waits for them."""

    def __init__(self, *commands: list[str]) -> None:
        self.children = [Child(command) for command in commands]
        self.going = True

    def run(self) -> None:
        """Until it is told to stop; children get 15 seconds, then are ended. No connection may be open."""
        for number in STOPPING:
            signal.signal(number, self._told)
        try:
            while self.going:
                for child in self.children:
                    child.tend(time.monotonic())
                time.sleep(0.2)
        finally:
            self._end()

    def _told(self, number: int, frame: FrameType | None) -> None:
        self.going = False

    def _end(self) -> None:
        for child in self.children:
            if child.process is not None:
                child.process.terminate()
        until = time.monotonic() + PATIENCE
        for child in self.children:
            child.end(until)
